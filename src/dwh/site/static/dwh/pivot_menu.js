// The menu of a field, a chip, a shelf: everything the mouse can drag, the keyboard can choose here.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
let menuOwner = null;
const menu = $("#pv-menu");

/** Open the menu of `owner`; an item is {label, run, why, checked, keys}, or ["p", heading]. */
export function openMenu(owner, title, items) {
  menuOwner = owner;
  menu.replaceChildren(...[["p", title], ...items].map((item) => (Array.isArray(item) ? heading(item[1]) : menuItem(item))));
  menu.hidden = false;
  const box = owner.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - menu.offsetWidth - 8))}px`;
  menu.style.top = `${Math.max(8, box.bottom + 4 + menu.offsetHeight > innerHeight ? box.top - menu.offsetHeight - 4 : box.bottom + 4)}px`;
  owner.setAttribute("aria-expanded", "true");
  $("[role^=menuitem]:not([aria-disabled=true])", menu)?.focus();
}

const heading = (text) => Object.assign(document.createElement("p"), { className: "pv-menu-t", textContent: text });

function menuItem({ label, run, why = "", checked, keys = "" }) {
  const item = document.createElement("button");
  item.type = "button";
  item.setAttribute("role", checked === undefined ? "menuitem" : "menuitemcheckbox");
  if (checked !== undefined) item.setAttribute("aria-checked", checked);
  if (why) item.setAttribute("aria-disabled", "true");
  item.append(Object.assign(document.createElement("span"), { textContent: label }), Object.assign(document.createElement("small"), { textContent: why || keys }));
  item.onclick = () => { if (!why) { closeMenu(); run(); } };
  return item;
}

export function closeMenu(back = true) {
  if (menu.hidden) return;
  menu.hidden = true;
  menuOwner?.setAttribute("aria-expanded", "false");
  if (back && menuOwner?.isConnected) menuOwner.focus();
}

menu.addEventListener("keydown", (event) => {
  const items = $$("[role^=menuitem]", menu);
  const go = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (go) items[(items.indexOf(document.activeElement) + go + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
});
document.addEventListener("pointerdown", (event) => { if (!menu.contains(event.target)) closeMenu(false); });

export const menuIsOpen = () => !menu.hidden;
