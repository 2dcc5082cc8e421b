// On which tree the units of the table stand: today's, that of each row's day, or that of one day.
const dialog = document.querySelector("#pv-basis");
const input = document.querySelector("#pv-basis-day");
let setBasis = () => {};

dialog.querySelector("form").addEventListener("submit", () => setBasis(`as_of:${input.value}`));

/** Menu items of the three trees; `edit` changes the query. */
export function basisItems(now, edit) {
  const day = now.startsWith("as_of:") ? now.slice(6) : "";
  setBasis = (basis) => edit((query) => { query.org_basis = basis; }, "Đã xếp lại theo tổ chức");
  const item = (label, basis) => ({ label, checked: now === basis, run: () => setBasis(basis) });
  const label = day ? `Tổ chức: tại ngày ${day.split("-").reverse().join("/")}…` : "Tổ chức: tại một ngày…";
  return [
    item("Tổ chức: hiện nay", "as_is"), item("Tổ chức: theo ngày số liệu", "as_was"),
    { label, checked: Boolean(day), run: () => { input.value = day || input.value || input.dataset.first; dialog.showModal(); } },
  ];
}
