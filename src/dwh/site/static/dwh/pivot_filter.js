// The filter dialog: which members of a field, or from which period to which. The server says which members there are.
import { chips, dimension, labels, nameOf, same } from "./pivot_query.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = $("#pv");
let desk = null; // the page's own: {state, edit, focusChip}

/** Tell the dialog whose question it edits. */
export function filterFor(owner) { desk = owner; }

const dialog = $("#pv-filter");
const filter = { field: "", chip: null, picked: new Map(), typing: 0 };

export async function openFilter(field, chip = null) {
  const old = chip?.filter ?? desk.state.query.filters.find((one) => one.field === field);
  Object.assign(filter, { field, old, picked: new Map((old?.values ?? []).map((value) => [value, labels[`${field}\t${value}`] ?? value])) });
  const period = dimension(field).period;
  const ranged = period && !["in", "not_in"].includes(old?.op);
  $("#pv-filter-title").textContent = `Lọc theo ${[...new Set([dimension(field).label, nameOf(field)])].join(" › ")}`;
  $("#pv-filter-find").value = "";
  for (const radio of $$("[name=op]", dialog)) { radio.closest("label").hidden = radio.value === "between" && !period; radio.checked = radio.value === (ranged ? "between" : old?.op === "not_in" ? "not_in" : "in"); }
  showFilterMode();
  dialog.showModal();
  await loadMembers();
}

const filterMode = () => $("[name=op]:checked", dialog).value;

function showFilterMode() {
  $("#pv-filter-list").hidden = filterMode() === "between";
  $("#pv-filter-range").hidden = filterMode() !== "between";
  countPicked();
}

const countPicked = () => { $("#pv-filter-count").textContent = filterMode() === "between" ? "" : `Đã chọn ${filter.picked.size}`; };

async function loadMembers() {
  const search = $("#pv-filter-find").value;
  const url = `${page.dataset.members}?${new URLSearchParams({ subject: desk.state.query.subject, field: filter.field, search, org_basis: desk.state.query.org_basis })}`;
  const box = $("#pv-filter-members");
  const reply = await fetch(url, { headers: { Accept: "application/json" } }).then((r) => r.json()).catch(() => ({ error: { message: "Không kết nối được máy chủ. Thử lại sau ít phút." } }));
  $("#pv-filter-note").textContent = reply.error?.message ?? reply.note;
  const members = reply.members ?? [];
  for (const { key, label } of members) labels[`${filter.field}\t${key}`] = label;
  box.replaceChildren(...members.map(memberElement));
  if (!dimension(filter.field).period || search) return;
  const [from, to] = $$("select", dialog);
  for (const select of [from, to]) select.replaceChildren(...members.map(({ key, label }) => new Option(label, key)));
  const range = ["between", "gte", "lte", "eq"].includes(filter.old?.op) ? filter.old.values : [];
  from.value = range[0] ?? members[0]?.key ?? "";
  to.value = range.at(-1) ?? members.at(-1)?.key ?? "";
}

function memberElement({ key, label }) {
  const element = $("#pv-member").content.firstElementChild.cloneNode(true);
  const box = $("input", element);
  $("span", element).textContent = label;
  box.checked = filter.picked.has(key);
  box.onchange = () => { if (box.checked) filter.picked.set(key, label); else filter.picked.delete(key); countPicked(); };
  return element;
}

function saveFilter() {
  const mode = filterMode();
  const values = mode === "between" ? $$("select", dialog).map((select) => select.value).sort() : [...filter.picked.keys()];
  if (!values.length || (mode === "between" && !values[0])) return void ($("#pv-filter-note").textContent = "Chọn ít nhất một giá trị, hoặc bấm Huỷ.");
  dialog.close();
  const made = { field: filter.field, op: mode, values };
  desk.edit((query) => {
    const at = query.filters.findIndex((one) => same(one, filter.old));
    if (at < 0) query.filters.push(made); else query.filters[at] = made;
  }, `Đã lọc theo ${nameOf(filter.field)}.`);
  const last = chips(desk.state.query, "filters").find((chip) => same(chip.filter, made));
  if (last) desk.focusChip("filters", last.id);
}

dialog.addEventListener("input", (event) => {
  if (event.target.name === "op") return showFilterMode();
  if (event.target.id !== "pv-filter-find") return;
  clearTimeout(filter.typing);
  filter.typing = setTimeout(loadMembers, 200);
});
dialog.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.id === "pv-filter-find") { event.preventDefault(); loadMembers(); } });
$("#pv-filter-ok").onclick = saveFilter;
$("#pv-filter-cancel").onclick = () => dialog.close();
