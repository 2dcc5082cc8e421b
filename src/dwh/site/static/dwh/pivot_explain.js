// «Giải thích số liệu»: the panel that docks beside the table and takes one cell apart. The server writes it whole.
const $ = (selector, root = document) => root.querySelector(selector);
const page = $("#pv");
const panel = $("#pv-explain");
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
