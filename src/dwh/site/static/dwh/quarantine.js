// Counts what is chosen on the desk of failed rows, and says so before anything is decided. The server decides.

const number = new Intl.NumberFormat("vi-VN", { maximumFractionDigits: 0 });

function tell(form) {
  const boxes = [...form.querySelectorAll('input[name="dong"]')];
  const whole = form.querySelector("[data-whole]");
  const said = form.querySelector("[data-chosen]");
  if (!said) return;
  const chosen = boxes.filter((box) => box.checked);
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = boxes.length > 0 && chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  }
  for (const box of boxes) box.disabled = Boolean(whole?.checked);
  const rows = whole?.checked ? Number(whole.dataset.rows) : chosen.length;
  const total = whole?.checked ? Number(whole.dataset.total) : chosen.reduce((sum, box) => sum + Number(box.dataset.vnd), 0);
  said.textContent = rows ? `Đã chọn ${number.format(rows)} dòng, ${number.format(total)} đồng.` : "Chưa chọn dòng nào.";
}

document.addEventListener("change", (event) => {
  const at = event.target;
  const form = at instanceof Element ? at.closest("form[data-choose]") : null;
  if (!form) return;
  if (at.matches("[data-all]")) for (const box of form.querySelectorAll('input[name="dong"]')) box.checked = at.checked;
  tell(form);
});

for (const form of document.querySelectorAll("form[data-choose]")) tell(form); // what the browser restored
document.addEventListener("htmx:afterSwap", () => {
  for (const form of document.querySelectorAll("form[data-choose]")) tell(form);
});
