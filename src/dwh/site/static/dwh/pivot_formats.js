// The dialog of conditional formats: a list of rules of measures. The server colours the cells and writes the workbook.
import { calculationName, nameOf } from "./pivot_query.js";

const $ = (selector, root = document) => root.querySelector(selector);
const dialog = $("#pv-formats");
const list = $("#pv-rules");
let desk = null;

/** Open the dialog of `owner` ({state, look}); `of` begins a rule of this measure. */
export function openFormats(owner, of = "") {
  desk = owner;
  list.replaceChildren(...owner.state.formats.map(ruleElement));
  if (of) list.append(ruleElement({ value: of, kind: "threshold" }));
  $("#pv-formats-said").textContent = "";
  count();
  dialog.showModal();
  if (of) $("[data-of=kind]", list.lastElementChild).focus();
}

const count = () => { $("#pv-rules-none").hidden = Boolean(list.children.length); };

function ruleElement(rule) {
  const item = $("#pv-rule").content.firstElementChild.cloneNode(true);
  const part = (name) => $(`[data-of=${name}]`, item);
  const { query } = desk.state;
  const values = [...query.values.map((field) => [field, nameOf(field)]), ...(query.calculations ?? []).map((one) => [one.name, calculationName(query, one.name)])];
  part("value").replaceChildren(...values.map(([field, label]) => new Option(label, field)));
  part("value").value = values.some(([field]) => field === rule.value) ? rule.value : values[0]?.[0];
  part("kind").value = rule.kind ?? "scale";
  part("op").value = rule.op || "lt";
  part("low").value = rule.at?.[0]?.replace(".", ",") ?? "";
  part("high").value = rule.at?.[1]?.replace(".", ",") ?? "";
  part("look").value = rule.look || "bad";
  const shape = () => {
    $(".pv-rule-t", item).hidden = part("kind").value !== "threshold";
    part("high").hidden = part("op").value !== "between";
  };
  part("kind").onchange = part("op").onchange = shape;
  part("remove").onclick = () => { item.remove(); count(); $("#pv-rule-add").focus(); };
  shape();
  return item;
}

/** A number as people type it, 1.234,5, as the server reads it, 1234.5. */
const plain = (text) => text.trim().replaceAll(/[\s.](?=\d{3}(\D|$))/g, "").replace(",", ".");

function ruleOf(item) {
  const said = (name) => $(`[data-of=${name}]`, item).value;
  const rule = { value: said("value"), kind: said("kind") };
  if (rule.kind !== "threshold") return rule;
  const at = (said("op") === "between" ? ["low", "high"] : ["low"]).map((name) => plain(said(name)));
  return { ...rule, op: said("op"), at, look: said("look") };
}

$("#pv-rule-add").onclick = () => { list.append(ruleElement({})); count(); $("[data-of=value]", list.lastElementChild).focus(); };
$("form", dialog).addEventListener("submit", (event) => {
  const formats = [...list.children].map(ruleOf);
  const wrong = formats.find((one) => one.at?.some((text) => !/^-?\d+(\.\d+)?$/.test(text)));
  if (wrong) {
    event.preventDefault();
    $("#pv-formats-said").textContent = `Ngưỡng của «${nameOf(wrong.value)}» phải là một số, ví dụ 94,5.`;
    return;
  }
  desk.look({ formats }, "Đã đặt định dạng theo điều kiện.");
});
