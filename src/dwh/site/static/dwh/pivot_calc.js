// The dialog of a calculated column: makes one entry of the question's `calculations`. The server reckons and checks.
import { calculationName, FIELDS, nameOf } from "./pivot_query.js";

const $ = (selector) => document.querySelector(selector);
const dialog = $("#pv-calc");
let desk = null;
let old = null; // the calculation under change, null for a new one

const kindNow = () => FIELDS.calculations.find((one) => one.kind === $("#pv-calc-kind").value);

/** Open the dialog of `owner` ({state, edit}): on the calculation `name`, else on a new one of the measure `of`. */
export function openCalculation(owner, { name = "", of = "" } = {}) {
  desk = owner;
  const { query } = owner.state;
  const made = query.calculations ?? [];
  old = made.find((one) => one.name === name) ?? null;
  const before = old ? made.slice(0, made.indexOf(old)) : made; // one may build on those that stand before it
  const inputs = [...query.values.map((field) => [field, nameOf(field)]), ...before.map((one) => [one.name, calculationName(query, one.name)])];
  $("#pv-calc-kind").replaceChildren(...FIELDS.calculations.map((one) => new Option(one.label, one.kind)));
  $("#pv-calc-of").replaceChildren(...inputs.map(([field, label]) => new Option(label, field)));
  $("#pv-calc-names").replaceChildren(...inputs.map(nameButton));
  $("#pv-calc-kind").value = old?.kind ?? FIELDS.calculations[0]?.kind;
  $("#pv-calc-of").value = old?.of ?? (of || inputs[0]?.[0]);
  $("#pv-calc-base").value = old?.base || "same_last_year";
  $("#pv-calc-periods").value = old?.periods || 3;
  $("#pv-calc-formula").value = old?.formula ?? "";
  $("#pv-calc-unit").value = old?.unit ?? "";
  $("#pv-calc-decimals").value = old?.decimals ?? 2;
  $("#pv-calc-label").value = old?.label ?? "";
  $("#pv-calc-said").textContent = "";
  showNeeds();
  dialog.showModal();
}

function nameButton([field, label]) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "btn sm", textContent: field, title: label });
  button.onclick = () => {
    const box = $("#pv-calc-formula");
    box.setRangeText(field, box.selectionStart, box.selectionEnd, "end");
    box.focus();
  };
  return button;
}

function showNeeds() {
  const kind = kindNow();
  for (const part of dialog.querySelectorAll("[data-calc]")) part.hidden = !kind?.needs.includes(part.dataset.calc);
  $("#pv-calc-about").textContent = kind?.description ?? "";
}

/** The entry as the question carries it: only the keys its kind takes. */
function entry() {
  const kind = kindNow();
  const taken = new Set([...(desk.state.query.calculations ?? []).map((one) => one.name), ...Object.keys(FIELDS.measures)]);
  let number = 1;
  while (taken.has(`c${number}`)) number += 1;
  const values = { of: $("#pv-calc-of").value, base: $("#pv-calc-base").value, periods: Number($("#pv-calc-periods").value), formula: $("#pv-calc-formula").value.trim() };
  const made = { name: old?.name ?? `c${number}`, kind: kind.kind };
  for (const key of kind.needs) made[key] = values[key];
  const label = $("#pv-calc-label").value.trim();
  if (label) made.label = label;
  if (kind.kind === "formula") Object.assign(made, { unit: $("#pv-calc-unit").value.trim(), decimals: Number($("#pv-calc-decimals").value) });
  return made;
}

$("#pv-calc-kind").addEventListener("change", showNeeds);
dialog.querySelector("form").addEventListener("submit", (event) => {
  const made = entry();
  if (made.kind === "formula" && !made.formula) {
    event.preventDefault();
    $("#pv-calc-said").textContent = "Ghi công thức, ví dụ 100 * tên chỉ tiêu / tên chỉ tiêu khác.";
    return;
  }
  desk.edit((query) => {
    const list = (query.calculations ??= []);
    const at = list.findIndex((one) => one.name === made.name);
    if (at < 0) list.push(made); else list[at] = made;
  }, "Đã thêm cột tính.");
});
