// One cell of the table: «Giải thích số liệu», the panel that takes it apart, and the menu that goes on from it. The server
// writes the panel whole; going down, up and across changes the question, and the server answers it like any other.
import { FIELDS, dimension, levelLabel, same } from "./pivot_query.js";

const $ = (selector, root = document) => root.querySelector(selector);
const page = $("#pv");
const panel = $("#pv-explain");
const OTHERS = "~~"; // the rows a limit left out, as one row: no member, nothing can be asked about it
const NO_MEMBER = "«Khác» gộp nhiều dòng; bỏ giới hạn số dòng đầu để xem từng dòng";
const HIDDEN = "***"; // a member that may not be seen is every row of the table: it filters nothing
let cell = null;

/** Which cell this is, in the words of the question: the members of its row and column, and its measure. */
function nameOf(td) {
  const told = JSON.parse($("#pv-told").textContent);
  const row = td.closest("tr");
  const leaf = told.leaves[td.cellIndex - 1];
  const path = row.dataset.id ? row.dataset.id.split("/").map(decodeURIComponent) : [];
  const rows = told.rows ? [...path, ...Array(told.rows - path.length).fill(null)] : [];
  const place = [...(path.length ? [row.cells[0].textContent.trim()] : []), ...leaf.labels].join(" · ");
  return { keys: [...rows, ...leaf.keys], measure: leaf.measure, place };
}

export function closeExplanation() {
  page.classList.remove("is-explaining");
  panel.hidden = true;
  cell?.classList.remove("sel");
  if (cell?.isConnected) cell.focus();
  cell = null;
}

/** Ask about one cell and show what the server says; a refusal goes to `refuse`. */
export async function explainCell(td, post, refuse) {
  cell?.classList.remove("sel");
  cell = td;
  td.tabIndex = -1;
  td.classList.add("sel");
  const reply = await post({ cell: JSON.stringify(nameOf(td)) }, page.dataset.explain).catch(() => null);
  if (cell !== td) return;
  if (!reply?.ok) return void refuse(reply ? await reply.text() : "");
  panel.innerHTML = await reply.text();
  panel.hidden = false;
  page.classList.add("is-explaining");
  td.scrollIntoView({ block: "nearest", inline: "nearest" });
  $("button", panel).focus();
}

/** The members of the cell as filters; the only member of its place needs none, and may lie above one's own area. */
function membersOf(query, keys) {
  const rows = [...document.querySelectorAll("#pv-result tr[data-id]")].map((row) => row.dataset.id.split("/"));
  const only = (place) => place < query.rows.length && new Set(rows.map((path) => path[place]).filter(Boolean)).size === 1;
  return [...query.rows, ...query.columns].flatMap((field, place) =>
    keys[place] === null || keys[place] === HIDDEN || only(place) ? [] : [{ field, op: "eq", values: [keys[place]] }]);
}

const levelsOf = (field) => dimension(field).levels.map((level) => level.field);

/** Narrow the question to the cell and lay `fields` on its rows; its columns stay where they say more than one member. */
function through(query, keys, fields) {
  const taken = new Set(fields.map((field) => field.split(".")[0]));
  const narrowed = membersOf(query, keys);
  query.filters = [...query.filters.filter((one) => !narrowed.some((made) => made.field === one.field)), ...narrowed];
  query.columns = query.columns.filter((field, i) => keys[query.rows.length + i] === null && !taken.has(field.split(".")[0]));
  query.rows = fields;
}

/** One level up: the coarser level of the row's dimension, without what narrowed it below. */
function up(query, field, coarser) {
  const levels = levelsOf(field);
  const below = new Set(levels.slice(levels.indexOf(coarser)));
  query.filters = query.filters.filter((one) => !(one.op === "eq" && below.has(one.field)));
  query.rows = [coarser, ...query.rows.filter((one) => !levels.includes(one))];
}

const coarserThan = (query, field) => {
  const levels = levelsOf(field);
  const first = Math.min(...query.rows.filter((one) => levels.includes(one)).map((one) => levels.indexOf(one)));
  return levels[first - 1];
};

/** What a cell leads to: why, its rows, one level down, across by another dimension, one level up. */
export function cellItems(td, query, blocked, edit, why) {
  const { keys, measure, place } = nameOf(td);
  const fields = [...query.rows, ...query.columns];
  const named = fields.filter((field, i) => keys[i] !== null);
  const finer = [...new Set(named.map((field) => levelsOf(field)[levelsOf(field).indexOf(field) + 1]))].filter((field) => field && !fields.includes(field));
  const used = new Set([...fields, ...query.filters.map((one) => one.field)].map((field) => field.split(".")[0]));
  const across = Object.keys(FIELDS.dimensions).filter((name) => !used.has(name)).map((name) => dimension(name).default);
  const rest = keys.includes(OTHERS) ? NO_MEMBER : "";
  const isMade = query.calculations?.some((one) => one.name === measure); // a calculated column has no rows of its own
  const by = (field) => ({ label: `Xem theo ${levelLabel(field)}`, why: rest || (blocked[field] ?? ""), run: () => edit((next) => through(next, keys, [field]), `Đang xem ${place || "tổng"} theo ${levelLabel(field)}.`) });
  const first = query.rows[0];
  const coarser = first && coarserThan(query, first);
  return [
    { label: "Vì sao con số này?", keys: "Enter", why: isMade ? "" : rest, run: why },
    { label: "Xem dòng chi tiết", why: rest || (isMade ? "cột tính không có dòng riêng" : ""), run: () => location.assign(rowsAddress(query, { keys, measure, place })) },
    ...[...finer, ...across].filter((field) => !same(query.rows, [field])).map(by),
    ...(coarser ? [{ label: `Lên cấp ${levelLabel(coarser)}`, why: blocked[coarser] ?? "", run: () => edit((next) => up(next, first, coarser), `Đã lên cấp ${levelLabel(coarser)}.`) }] : []),
  ];
}

const rowsAddress = (query, wanted) => `${page.dataset.rows}?${new URLSearchParams({ q: JSON.stringify(query), o: JSON.stringify(wanted) })}`;

/** The cell under explanation, for what the panel offers. */
export const explainedCell = () => cell;
