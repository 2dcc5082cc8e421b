// Behaviour every page shares: dialogs, menus, keys, the search box, messages. No data passes through here.

const typing = (el) => el instanceof HTMLElement && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName));
const byId = (id) => document.getElementById(id);
const cookie = (name, value) => {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
};
const find = byId("find");
const found = byId("found");

function closeFound() {
  found?.replaceChildren();
  document.querySelector(".top")?.classList.remove("finding");
}

function openFind() {
  if (!find) return;
  document.querySelector(".top").classList.add("finding");
  find.focus();
  find.select();
}

document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target : null;
  if (!at) return;
  const opener = at.closest("[data-open]");
  if (opener) byId(opener.dataset.open)?.showModal();
  else if (at.closest("[data-close]")) at.closest("dialog")?.close();
  else if (at instanceof HTMLDialogElement && at.open) at.close();
  else if (at.closest("[data-dismiss]")) at.closest(".note")?.remove();
  else if (at.closest("[data-find]")) openFind();
  else if (at.closest("[data-print]")) window.print();
  else if (at.closest("[data-theme]")) switchTheme();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(at)) menu.open = false;
  if (!at.closest(".find") && !at.closest("[data-find]")) closeFound();
});

document.addEventListener("change", (event) => {
  const at = event.target;
  if (at.matches?.("[data-keys-off]")) localStorage.setItem("dwh.keys", at.checked ? "off" : "on");
  if (at.matches?.("[data-submit]")) at.form?.requestSubmit();
});

function switchTheme() {
  const next = document.documentElement.dataset.bsTheme === "dark" ? "light" : "dark";
  document.documentElement.dataset.bsTheme = next;
  cookie("dwh_theme", next);
  document.dispatchEvent(new CustomEvent("dwh:theme", { detail: next }));
}

// --- keys: `/` search, `g` + letter goes to a section, `?` help, Esc closes --------------------------------
let goingUntil = 0;
const keysOff = () => localStorage.getItem("dwh.keys") === "off";

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return escape(event);
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || keysOff()) return undefined;
  if (document.querySelector("dialog[open]")) return undefined;
  if (event.key === "/") { event.preventDefault(); return openFind(); }
  if (event.key === "?") { event.preventDefault(); return byId("keys")?.showModal(); }
  if (event.key === "g") { goingUntil = event.timeStamp + 1500; return undefined; }
  if (event.timeStamp < goingUntil) {
    goingUntil = 0;
    const link = document.querySelector(`.side a[data-key="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
  }
  return undefined;
});

function escape(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
  if (event.target === find) { find.value = ""; closeFound(); find.blur(); }
}

// Arrow keys walk the list of what was found.
document.addEventListener("keydown", (event) => {
  if (!found || !event.target.closest?.(".find") || !/^Arrow(Up|Down)$/.test(event.key)) return;
  const links = [...found.querySelectorAll("a")];
  if (!links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  (here < 0 ? find : links[Math.min(here, links.length - 1)]).focus();
});

for (const box of document.querySelectorAll("[data-keys-off]")) box.checked = keysOff();

// --- what the server cannot say when it does not answer -------------------------------------------------------
document.addEventListener("htmx:sendError", () => say("Không kết nối được máy chủ. Kiểm tra mạng rồi thử lại; nội dung đang nhập vẫn còn trên trang."));
document.addEventListener("htmx:timeout", () => say("Máy chủ trả lời quá lâu. Thử lại, hoặc thu hẹp câu hỏi."));

export function say(text, kind = "e") {
  const note = document.createElement("div");
  note.className = `note ${kind}`;
  note.setAttribute("role", kind === "e" ? "alert" : "status");
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  byId("messages")?.replaceChildren(note);
}
