// The pivot table under the hand: groups of rows open and close, arrow keys walk the cells. It changes no question.
const $ = (selector, root = document) => root.querySelector(selector);
const opened = new Map(); // row id -> open or not, kept from one answer to the next

/** Rows of a group: shown or hidden; a large table brings them when first asked for. */
export async function toggle(row, open, post) {
  const button = $(".pv-tree", row);
  if (!button) return;
  opened.set(row.dataset.id, open);
  button.setAttribute("aria-expanded", open);
  if (open && row.dataset.lazy) {
    delete row.dataset.lazy;
    const reply = await post({ under: row.dataset.id }).catch(() => null);
    if (!reply?.ok) { row.dataset.lazy = "1"; return void button.setAttribute("aria-expanded", "false"); }
    row.insertAdjacentHTML("afterend", await reply.text());
  }
  const depth = Number(row.dataset.depth);
  let hiddenBelow = open ? Infinity : depth;
  for (let next = row.nextElementSibling; next && Number(next.dataset.depth) > depth; next = next.nextElementSibling) {
    const level = Number(next.dataset.depth);
    if (level <= hiddenBelow) hiddenBelow = Infinity;
    next.hidden = level > hiddenBelow;
    if (hiddenBelow === Infinity && $(".pv-tree[aria-expanded=false]", next)) hiddenBelow = level;
  }
}

/** Open or close the groups of a new answer as they were in the last one; let Tab reach its first number. */
export function restore(root, post) {
  const first = $("tbody td.n", root);
  if (first) first.tabIndex = 0;
  for (const row of root.querySelectorAll("tr[data-id]")) if (opened.has(row.dataset.id)) toggle(row, opened.get(row.dataset.id), post);
}

/** Arrows walk the cells, + and − open and close a group, Enter explains a number. */
export function walk(event, cell, post, explain) {
  const row = cell.parentElement;
  if (event.key === "+" || event.key === "-") toggle(row, event.key === "+", post);
  if (event.key === "Enter" && cell.matches("td.n")) explain(cell);
  const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  let to = arrow ? row.cells[cell.cellIndex + arrow] : null;
  const way = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (way) { let next = row[way]; while (next?.hidden) next = next[way]; to = next?.cells[cell.cellIndex]; }
  if (!to) return;
  event.preventDefault();
  to.tabIndex = -1;
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}
