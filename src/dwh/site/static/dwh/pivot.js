// The analysis page: edits one Query document, posts it, shows what the server answers.
// It knows fields by name and label only: no table, no SQL, no sum is made here.
import { basisItems } from "./pivot_basis.js";
import { openCalculation } from "./pivot_calc.js";
import { drawCharts } from "./pivot_chart.js";
import { cellItems, closeExplanation, explainCell, explainedCell } from "./pivot_explain.js";
import { follow } from "./pivot_export.js";
import { openFormats } from "./pivot_formats.js";
import { imageOf } from "./pivot_image.js";
import { restore, toggle, walk } from "./pivot_grid.js";
import { filterFor, openFilter } from "./pivot_filter.js";
import { closeMenu, menuIsOpen, openMenu } from "./pivot_menu.js";
import { openOrder } from "./pivot_order.js";
import { connectSaved, saved } from "./pivot_saved.js";
import { FIELDS, SHELVES, calculationName, chips, dimension, filterText, full, isMeasure, labels, levelLabel, nameOf, place, remove, same, setChips, shift, tidy, used } from "./pivot_query.js";

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = $("#pv");
const UNITS = { dong: "đồng", trieu: "triệu đồng", ty: "tỷ đồng" };
const state = { query: JSON.parse($("#pv-q").value), view: page.dataset.view, unit: page.dataset.unit, ...JSON.parse($("#pv-look").textContent), undo: [], redo: [], blocked: {}, run: null };

/** Why this field cannot lie on this shelf, or "". */
function refusal(field, shelf) {
  if (state.blocked[field]) return state.blocked[field];
  if (isMeasure(field)) return shelf === "values" ? "" : "Chỉ tiêu chỉ đưa vào Giá trị.";
  return shelf === "values" ? "Chiều không đưa vào Giá trị." : "";
}

// ---- changes: every one can be undone and has its address --------------------------------------------------------
function edit(change, said) {
  const next = structuredClone(state.query);
  change(next);
  tidy(next);
  changeTo({ query: next }, said);
}

/** Change the question, or how it is looked at; both can be undone. */
function changeTo(wanted, said) {
  const before = moment();
  if (same({ ...before, ...wanted }, before)) return;
  state.undo.push(before);
  state.redo = [];
  apply({ ...before, ...wanted }, { said });
}

function apply({ query, chart, formats }, { said = "", push = true } = {}) {
  Object.assign(state, { query, chart, formats });
  $("#pv-q").value = JSON.stringify(query);
  if (push) history.pushState(moment(), "", address());
  renderShelves();
  if (said) say(said);
  schedule();
}

function step(from, to, said) {
  if (!from.length) return;
  to.push(moment());
  apply(from.pop(), { said });
}

function packed(document) {
  const bytes = new TextEncoder().encode(JSON.stringify(document));
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function address() {
  const look = `${state.view === "chart" ? "&v=chart" : ""}${state.unit === "dong" ? "" : `&u=${state.unit}`}${state.chart === "auto" ? "" : `&c=${state.chart}`}`;
  return `?q=${packed(state.query)}${look}${state.formats.length ? `&f=${packed(state.formats)}` : ""}${saved() ? `&luu=${saved()}` : ""}`;
}

const moment = () => ({ query: state.query, view: state.view, unit: state.unit, chart: state.chart, formats: state.formats });
const say = (text) => { $("#pv-said").textContent = text; };

// ---- shelves ------------------------------------------------------------------------------------------------------
function renderShelves() {
  if (page.classList.contains("is-dragging")) return; // the dragged chip must stay in the page; drawn again on drop
  for (const list of $$("[data-shelf]")) {
    const shelf = list.dataset.shelf;
    list.replaceChildren(...chips(state.query, shelf).map((chip) => chipElement(shelf, chip)));
  }
  for (const item of $$("[data-field]", $("#pv-panel"))) {
    const field = item.dataset.field;
    const why = state.blocked[field] ?? "";
    item.classList.toggle("is-on", Boolean(used(state.query, field)) || state.query.filters.some((one) => one.field === field));
    item.classList.toggle("is-off", Boolean(why));
    const note = $(":scope > .pv-why", item);
    if (note) { note.textContent = why; note.hidden = !why; }
  }
  $("#pv-undo").disabled = !state.undo.length;
  $("#pv-redo").disabled = !state.redo.length;
}

function chipElement(shelf, chip) {
  const element = $("#pv-chip").content.firstElementChild.cloneNode(true);
  const [first] = chip.fields;
  const name = chip.calculation ? calculationName(state.query, first) : shelf === "rows" || shelf === "columns" ? dimension(first)?.label ?? first : nameOf(first);
  const sub = chip.filter ? filterText(chip.filter) : shelf === "values" ? "" : chip.fields.map(levelLabel).join(" › ");
  Object.assign(element.dataset, { id: chip.id, kind: isMeasure(first) || chip.calculation ? "measure" : "dimension" });
  $(".pv-chip-n", element).textContent = chip.filter ? `${name}:` : name;
  $(".pv-chip-s", element).textContent = sub === name ? "" : sub;
  const button = $(".pv-chip-b", element);
  button.setAttribute("aria-label", `${SHELVES[shelf]}: ${name} ${sub}`.trim());
  $(".pv-chip-x", element).setAttribute("aria-label", `Bỏ ${name} khỏi ${SHELVES[shelf]}`);
  return element;
}

const chipOf = (element) => {
  const item = element.closest(".pv-chip");
  const shelf = item.closest("[data-shelf]").dataset.shelf;
  return { shelf, chip: chips(state.query, shelf).find((one) => one.id === item.dataset.id) };
};
const focusChip = (shelf, id) => $$(`[data-shelf="${shelf}"] .pv-chip`).find((one) => one.dataset.id === id)?.querySelector(".pv-chip-b").focus();

function moveTo(shelf, fields, index) {
  const why = refusal(fields[0], shelf);
  if (why) return void (say(why), warn(why));
  if (shelf === "filters") return void openFilter(full(fields[0]));
  edit((query) => place(query, shelf, fields.map(full), index), `Đã đưa «${nameOf(fields[0])}» vào ${SHELVES[shelf]}.`);
}

function take(shelf, id) {
  edit((query) => remove(query, shelf, id), `Đã bỏ khỏi ${SHELVES[shelf]}.`);
  ($(`[data-shelf="${shelf}"] .pv-chip-b`) ?? $(`[data-add="${shelf}"]`)).focus();
}

function nudge(shelf, chip, by) {
  edit((query) => shift(query, shelf, chip.id, by), `Đã chuyển «${chip.calculation ? calculationName(state.query, chip.id) : nameOf(chip.fields[0])}».`);
  focusChip(shelf, chip.id);
}

// ---- menus: everything the mouse can drag, the keyboard can choose ------------------------------------------------
function fieldMenu(owner, field) {
  openMenu(owner, nameOf(field), Object.entries(SHELVES).map(([shelf, label]) => ({
    label: `Đưa vào ${label}`, why: refusal(field, shelf), run: () => moveTo(shelf, [field]),
  })));
}

function chipMenu(owner) {
  const { shelf, chip } = chipOf(owner);
  const [first] = chip.fields;
  const back = (change) => { edit(change); focusChip(shelf, chip.id); };
  const items = [];
  if (shelf === "filters") items.push({ label: "Sửa điều kiện…", run: () => openFilter(first, chip) });
  if (shelf === "rows" || shelf === "columns") {
    for (const level of dimension(first).levels) {
      const on = chip.fields.includes(level.field);
      items.push({ label: `Cấp: ${level.label}`, checked: on, why: on && chip.fields.length === 1 ? "cấp cuối cùng còn lại" : state.blocked[level.field] ?? "",
        run: () => back((query) => (on ? setChips(query, shelf, chips(query, shelf).map((one) => ({ ...one, fields: one.fields.filter((f) => f !== level.field) }))) : place(query, shelf, [level.field]))) });
    }
    const other = shelf === "rows" ? "columns" : "rows";
    items.push({ label: `Chuyển sang ${SHELVES[other]}`, run: () => { moveTo(other, chip.fields); focusChip(other, chip.id); } });
    items.push({ label: "Lọc theo trường này…", run: () => openFilter(chip.fields.at(-1)) });
  }
  if (shelf === "rows" || shelf === "values") {
    const field = chip.fields[0];
    for (const [desc, label] of [[true, "Xếp giảm dần"], [false, "Xếp tăng dần"]]) {
      const on = Boolean(state.query.sort?.some((one) => one.field === field && one.desc === desc));
      items.push({ label, checked: on, run: () => back((query) => { query.sort = on ? [] : [{ field, desc }]; }) });
    }
  }
  if (shelf !== "columns" && shelf !== "filters") items.push({ label: "Sắp xếp, lấy nhóm đầu…", run: () => openOrder(desk) });
  if (shelf === "values") items.push({ label: "Định dạng theo điều kiện…", run: () => openFormats(desk, first) });
  if (chip.calculation) items.unshift({ label: "Sửa phép tính…", run: () => openCalculation(desk, { name: first }) });
  else if (shelf === "values" && FIELDS.calculations.length) items.push({ label: "Thêm cột tính từ chỉ tiêu này…", run: () => openCalculation(desk, { of: first }) });
  items.push({ label: "Chuyển sang trái", keys: "Alt+←", run: () => nudge(shelf, chip, -1) }, { label: "Chuyển sang phải", keys: "Alt+→", run: () => nudge(shelf, chip, 1) });
  items.push({ label: `Bỏ khỏi ${SHELVES[shelf]}`, keys: "Delete", run: () => take(shelf, chip.id) });
  openMenu(owner, chip.calculation ? calculationName(state.query, first) : nameOf(first), items);
}

function addMenu(owner, shelf) {
  const names = shelf === "values" ? Object.keys(FIELDS.measures) : Object.values(FIELDS.dimensions).flatMap((one) => one.levels.map((level) => level.field));
  const free = names.filter((field) => shelf === "filters" || !state.query[shelf].includes(field));
  openMenu(owner, `Thêm vào ${SHELVES[shelf]}`, free.map((field) => ({
    label: isMeasure(field) || dimension(field).levels.length < 2 ? nameOf(field) : `${dimension(field).label}: ${nameOf(field)}`,
    why: refusal(field, shelf), run: () => moveTo(shelf, [field]),
  })));
}

function optionsMenu(owner) {
  const option = (label, key, on, off) => ({ label, checked: state.query[key] === on, run: () => edit((query) => { query[key] = query[key] === on ? off : on; }) });
  openMenu(owner, "Tùy chọn của bảng", [
    option("Dòng và cột tổng", "totals", true, false),
    { label: "Sắp xếp, lấy nhóm đầu…", run: () => openOrder(desk) },
    ...(FIELDS.calculations.length ? [{ label: "Thêm cột tính…", run: () => openCalculation(desk) }] : []),
    { label: "Định dạng theo điều kiện…", run: () => openFormats(desk) },
    ...basisItems(state.query.org_basis, edit),
    ...Object.entries(UNITS).map(([unit, label]) => ({ label: `Tiền trên màn hình: ${label}`, checked: state.unit === unit, run: () => setScreen({ unit }) })),
  ]);
}

const desk = { state, edit, focusChip, look: (wanted, said) => changeTo(wanted, said) }; // what the dialogs work on

// ---- asking and showing -------------------------------------------------------------------------------------------
const result = $("#pv-result");
const asPart = { "HX-Request": "true" }; // a refusal comes back as a message to place, not as a page
let timer = 0;

function schedule(delay = 300) {
  clearTimeout(timer);
  if (!state.query.values.length) return warn("Đưa ít nhất một chỉ tiêu vào Giá trị để tính bảng.", "note");
  timer = setTimeout(run, delay);
}

function post(more, url = page.dataset.answer, signal = undefined) {
  const body = new URLSearchParams({ q: $("#pv-q").value, v: state.view, u: state.unit, c: state.chart, f: state.formats.length ? JSON.stringify(state.formats) : "", ...more });
  const headers = { ...asPart, "X-CSRFToken": $("[name=csrfmiddlewaretoken]").value };
  if (signal) headers["X-Question"] = signal.ticket;
  return fetch(url, { method: "POST", body, signal, headers });
}

/** Give up the question under way: here, and in the engine, which would go on for nobody. A beacon outlives the page. */
function halt() {
  if (!state.run) return;
  const csrfmiddlewaretoken = $("[name=csrfmiddlewaretoken]").value;
  navigator.sendBeacon(page.dataset.stop, new URLSearchParams({ ticket: state.run.signal.ticket, csrfmiddlewaretoken }));
  state.run.abort();
}

async function run() {
  halt();
  const mine = (state.run = new AbortController());
  mine.signal.ticket = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  page.classList.add("is-running");
  result.setAttribute("aria-busy", "true");
  try {
    const reply = await post({}, undefined, mine.signal);
    if (reply.headers.has("HX-Redirect")) return void location.assign(reply.headers.get("HX-Redirect")); // the session ended
    const html = await reply.text();
    if (reply.ok) show(html); else refuse(html);
  } catch (error) {
    if (mine !== state.run) return;
    if (error.name === "AbortError") warn("Đã dừng. Bảng bên dưới là kết quả trước đó, chưa theo bố trí mới.", "stopped");
    else warn("Không kết nối được máy chủ. Bảng bên dưới là kết quả trước đó. Thử lại sau ít phút.", "stopped");
  }
  if (mine !== state.run) return;
  state.run = null;
  page.classList.remove("is-running");
  result.removeAttribute("aria-busy");
}

/** Show the server's part; what it says about fields goes to the panel. */
function show(html) {
  const link = $("#pv-message [data-refusal]"); // why a link gave this first table: it stays beside it, until the next
  if (link) delete link.dataset.refusal; else $("#pv-message").replaceChildren();
  page.classList.remove("is-stale");
  if (page.classList.contains("is-explaining")) closeExplanation();
  result.innerHTML = html;
  const told = JSON.parse($("#pv-told").textContent);
  state.blocked = told.blocked;
  Object.assign(labels, told.labels);
  $("h1").textContent = told.title;
  document.title = told.title + page.dataset.titleEnd;
  renderShelves();
  restore(result, post);
  drawCharts(result);
  say(told.said);
}

/** A refusal: the server's one sentence, in place; the table before stays readable, marked as old. */
function refuse(html) {
  const part = new DOMParser().parseFromString(html, "text/html").querySelector(".note p");
  warn(part?.textContent.trim() || "Máy chủ gặp lỗi khi tính bảng. Thử lại sau ít phút.");
}

function warn(text, kind = "refused") {
  const message = $("#pv-warn").content.firstElementChild.cloneNode(true);
  message.dataset.kind = kind;
  $(".pv-warn-t", message).textContent = text;
  $("#pv-message").replaceChildren(message);
  page.classList.toggle("is-stale", Boolean($("table, [data-chart]", result)));
}

async function more(button) {
  const row = button.closest("tr");
  button.disabled = true;
  const reply = await post({ from: button.dataset.from });
  if (reply.ok) row.outerHTML = await reply.text(); else { button.disabled = false; refuse(await reply.text()); }
}

function exported(form) {
  const body = new FormData(form);
  if (state.formats.length) body.set("f", JSON.stringify(state.formats));
  return body;
}

async function download(button) {
  const reply = await fetch(button.formAction, { method: "POST", body: exported(button.form), headers: asPart }).catch(() => null);
  if (!reply?.ok) return reply ? refuse(await reply.text()) : warn("Không kết nối được máy chủ, chưa có tệp nào được tạo. Thử lại sau ít phút.");
  if (reply.status === 202) return void follow(await reply.json(), { post, refuse, warn, keep, say });
  keep(await reply.blob(), /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition"))?.[1] ?? "dwh-bhxh");
}

function keep(blob, name) {
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Đã tạo tệp ${name}.`);
}

/** The chart as a picture: on record first, as every file that is taken out. */
async function picture(kind) {
  const reply = await post({ kind }, page.dataset.image).catch(() => null);
  if (!reply?.ok) return reply ? refuse(await reply.text()) : warn("Không kết nối được máy chủ, chưa có tệp nào được tạo. Thử lại sau ít phút.");
  keep(await imageOf(result, kind), `${await reply.text()}.${kind}`);
}

// ---- what the person does -----------------------------------------------------------------------------------------
const acts = {
  undo: () => step(state.undo, state.redo, "Đã hoàn tác."),
  redo: () => step(state.redo, state.undo, "Đã làm lại."),
  stop: halt,
  again: () => schedule(0),
  options: (button) => optionsMenu(button),
  sheet: () => { page.classList.toggle("is-editing"); $(page.classList.contains("is-editing") ? "#pv-find" : "[data-act=sheet]").focus(); },
  more,
  table: () => setScreen({ view: "table" }),
  chart: () => setScreen({ view: "chart" }),
  unexplain: closeExplanation,
  drill: (button) => openMenu(button, "Đi tiếp từ ô này", cellMenu(explainedCell()).slice(1)),
  link: async () => { await navigator.clipboard.writeText(location.origin + location.pathname + address()); say("Đã chép liên kết. Người mở liên kết chỉ thấy số liệu trong quyền của mình."); },
};

/** Change how the same answer is shown: table or chart, unit of money. */
function setScreen(wanted, push = true) {
  Object.assign(state, wanted);
  page.dataset.view = state.view;
  for (const button of $$("[data-act=table], [data-act=chart]")) button.setAttribute("aria-pressed", button.dataset.act === state.view);
  if (push) history.pushState(moment(), "", address());
  schedule(0);
}

window.addEventListener("pagehide", halt);
document.addEventListener("click", (event) => {
  const at = (selector) => event.target.closest(selector);
  const act = at("[data-act]");
  if (act) return void acts[act.dataset.act](act);
  if (at("button[data-image]")) return void picture(at("button[data-image]").dataset.image);
  if (at("[data-export]")) { event.preventDefault(); at("details")?.removeAttribute("open"); return void download(at("[data-export]")); }
  if (at(".pv-chip-x")) { const { shelf, chip } = chipOf(event.target); return void take(shelf, chip.id); }
  if (at(".pv-chip-b")) return void (chipOf(event.target).shelf === "filters" ? openFilter(chipOf(event.target).chip.fields[0], chipOf(event.target).chip) : chipMenu(at(".pv-chip-b")));
  if (at("[data-add]")) return void addMenu(at("[data-add]"), at("[data-add]").dataset.add);
  if (at(".pv-fold")) { const list = at("li").querySelector("ul"); list.hidden = !list.hidden; return void at(".pv-fold").setAttribute("aria-expanded", !list.hidden); }
  if (at(".pv-fb")) return void fieldMenu(at(".pv-fb"), at("[data-field]").dataset.field);
  if (at(".pv-tree")) return void toggle(at("tr"), at(".pv-tree").getAttribute("aria-expanded") !== "true", post);
  if (at("#pv-result table.pt td.n")) return void explainCell(at("td.n"), post, refuse);
  if (at("[data-all]")) for (const row of $$("tr[data-id]", result)) toggle(row, at("[data-all]").dataset.all === "open", post);
});

// The menu of a cell: right button, long press, or the menu key on the cell that has the focus.
const cellMenu = (td) => cellItems(td, state.query, state.blocked, edit, () => explainCell(td, post, refuse));
result.addEventListener("contextmenu", (event) => {
  const td = event.target.closest("table.pt td.n");
  if (!td) return;
  event.preventDefault();
  openMenu(td, td.closest("tr").cells[0].textContent.trim(), cellMenu(td));
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog");
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && !typing && (key === "z" || key === "y")) {
    event.preventDefault();
    return (key === "y" || event.shiftKey ? acts.redo : acts.undo)();
  }
  if (event.key === "Escape" && page.classList.contains("is-explaining") && !typing && !event.defaultPrevented) return closeExplanation();
  if (event.key === "Escape" && page.classList.contains("is-editing") && !menuIsOpen()) return acts.sheet();
  const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (event.target.closest(".pv-chip") && (event.key === "Delete" || (event.altKey && arrow))) {
    event.preventDefault();
    const { shelf, chip } = chipOf(event.target);
    return event.key === "Delete" ? take(shelf, chip.id) : nudge(shelf, chip, arrow);
  }
  const cell = event.target.closest("#pv-result td, #pv-result tbody th, #pv-result tfoot th");
  if (cell) walk(event, cell, post, (td) => explainCell(td, post, refuse));
});

result.addEventListener("change", ({ target }) => { if (target.id === "pv-chart-kind") changeTo({ chart: target.value }, "Đã đổi kiểu biểu đồ."); });
$("#pv-find").addEventListener("input", (event) => {
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const sought = plain(event.target.value.trim());
  for (const item of $$("[data-field]", $("#pv-panel"))) item.hidden = !plain(item.textContent).includes(sought);
  if (sought) for (const list of $$("#pv-panel li > ul")) { list.hidden = false; list.parentElement.querySelector(".pv-fold").setAttribute("aria-expanded", "true"); }
});

window.addEventListener("popstate", ({ state: then }) => {
  if (!then) return;
  setScreen({ view: then.view, unit: then.unit }, false);
  apply(then, { push: false });
});

// ---- dragging: the same moves, with the mouse or a finger ----------------------------------------------------------
function dropped({ item, clone, from, to, oldDraggableIndex, newDraggableIndex }) {
  const shelf = to.dataset.shelf;
  const source = from.dataset.shelf;
  const chip = source && chips(state.query, source).find((one) => one.id === item.dataset.id);
  const fields = chip ? chip.fields : [item.dataset.field];
  if (!source && from !== to) clone.replaceWith(item); // the panel keeps its field
  if (source === shelf && shelf) return void edit((query) => shift(query, shelf, chip.id, newDraggableIndex - oldDraggableIndex));
  if (source && !shelf) return void take(source, chip.id);
  if (shelf) moveTo(shelf, fields, newDraggableIndex);
}

const common = { animation: 0, forceFallback: true, fallbackOnBody: true, fallbackTolerance: 5, delay: 180, delayOnTouchOnly: true, ghostClass: "pv-ghost", fallbackClass: "pv-dragged",
  onStart: () => page.classList.add("is-dragging"), onEnd: (event) => { page.classList.remove("is-dragging"); dropped(event); renderShelves(); } };
for (const list of $$("[data-shelf]")) {
  const shelf = list.dataset.shelf;
  const put = (_to, _from, item) => !refusal(item.dataset.field ?? (item.dataset.kind === "measure" ? item.dataset.id : item.dataset.id.split("#")[0]), shelf) && !(item.closest("[data-shelf=filters]") && shelf !== "filters");
  new Sortable(list, { ...common, draggable: ".pv-chip, [data-field]", group: { name: "pv", put } });
}
for (const list of $$("[data-source]")) new Sortable(list, { ...common, sort: false, draggable: "[data-field]", filter: list.dataset.source === "levels" ? ".is-off" : ".is-off, li li", preventOnFilter: false, group: { name: "pv", pull: "clone", put: (_to, from) => Boolean(from.el.dataset.shelf) } });

filterFor(desk);
connectSaved({ address, moment, documentOf: () => ({ q: $("#pv-q").value, xem: JSON.stringify({ shown: state.view, unit: state.unit, chart: state.chart, formats: state.formats }) }), say });
history.replaceState(moment(), "", location.href);
renderShelves();
schedule(0);
