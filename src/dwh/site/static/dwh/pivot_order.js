// The dialog of order and top N: by which field or value, how many rows, the rest as one row «Khác».
import { calculationName, dimension, FIELDS, isMeasure, nameOf } from "./pivot_query.js";

const $ = (selector) => document.querySelector(selector);
const dialog = $("#pv-order");
let desk = null;

const textOf = (field) => (isMeasure(field) || !field.includes(".") ? nameOf(field) : `${dimension(field).label}: ${nameOf(field)}`);

/** Open the dialog on the question of `owner` ({state, edit}). */
export function openOrder(owner) {
  desk = owner;
  const { query } = owner.state;
  const calculated = (query.calculations ?? []).map((one) => one.name);
  const fields = [...query.values, ...calculated, ...query.rows];
  for (const at of [1, 2]) {
    const now = query.sort?.[at - 1];
    $(`#pv-by-${at}`).replaceChildren(new Option(at === 1 ? "Thứ tự sẵn có" : "Không", ""), ...fields.map((field) => new Option(calculated.includes(field) ? calculationName(query, field) : textOf(field), field)));
    $(`#pv-by-${at}`).value = now?.field ?? "";
    $(`#pv-way-${at}`).value = now && !now.desc ? "asc" : "desc";
  }
  $("#pv-top").value = query.limit ?? "";
  $("#pv-others").checked = Boolean(query.others);
  $("#pv-others-l").hidden = !FIELDS.calculations.length; // both came with the same compiler
  dialog.showModal();
}

dialog.querySelector("form").addEventListener("submit", () => {
  const sort = [1, 2].map((at) => ({ field: $(`#pv-by-${at}`).value, desc: $(`#pv-way-${at}`).value === "desc" })).filter((one) => one.field);
  const limit = Number($("#pv-top").value) || null;
  const others = limit !== null && $("#pv-others").checked;
  desk.edit((query) => {
    query.sort = sort.filter((one, at) => sort.findIndex((other) => other.field === one.field) === at);
    if (limit) query.limit = limit; else delete query.limit;
    if (others) query.others = true; else delete query.others;
  }, limit ? `Đã lấy ${limit} dòng đầu.` : "Đã sắp xếp.");
});
