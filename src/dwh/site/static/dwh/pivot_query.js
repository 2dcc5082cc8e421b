// The Query document of the analysis page and the edits a person can make of it. Values in, values out.
// Fields are known by name and label only; the server alone knows what they mean.

export const SHELVES = { rows: "Hàng", columns: "Cột", values: "Giá trị", filters: "Bộ lọc" };
export const FIELDS = JSON.parse(document.getElementById("pv-fields").textContent); // {subject, measures, dimensions, labels}
export const labels = FIELDS.labels; // "field\tvalue" -> what people call it, for the chips of filters

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const dimension = (field) => FIELDS.dimensions[field.split(".")[0]];
export const isMeasure = (field) => field in FIELDS.measures;
export const full = (field) => (isMeasure(field) || field.includes(".") ? field : dimension(field).default);
export const levelLabel = (field) => dimension(field)?.levels.find((level) => level.field === field)?.label ?? field;
export const nameOf = (field) => FIELDS.measures[field]?.label ?? (field.includes(".") ? levelLabel(field) : dimension(field)?.label) ?? field;

/** The chips of a shelf: levels of one dimension that lie together on rows or columns are one chip. */
export function chips(query, shelf) {
  if (shelf === "filters") return query.filters.map((filter, i) => ({ id: `${filter.field}#${i}`, fields: [filter.field], filter }));
  const found = new Map();
  for (const field of query[shelf]) {
    const id = shelf === "values" ? field : field.split(".")[0];
    found.set(id, { id, fields: [...(found.get(id)?.fields ?? []), field] });
  }
  return [...found.values()];
}

export function setChips(query, shelf, list) {
  query[shelf] = shelf === "filters" ? list.map((chip) => chip.filter) : list.flatMap((chip) => inOrder(chip.fields));
}

const inOrder = (fields) => {
  if (fields.length < 2 || isMeasure(fields[0])) return fields;
  const order = dimension(fields[0]).levels.map((level) => level.field);
  return [...fields].sort((a, b) => order.indexOf(a) - order.indexOf(b));
};
export const used = (query, field) => ["rows", "columns", "values"].find((shelf) => query[shelf].some((one) => one === field || one.split(".")[0] === field));

/** Put fields on a shelf before the chip at `index`; a field lies on one of rows and columns only. */
export function place(query, shelf, fields, index = Infinity) {
  for (const other of shelf === "values" ? ["values"] : ["rows", "columns"]) {
    const before = chips(query, other);
    const kept = before.map((chip) => ({ ...chip, fields: chip.fields.filter((one) => !fields.includes(one)) })).filter((chip) => chip.fields.length);
    if (other === shelf) index -= before.slice(0, index === Infinity ? 0 : index).filter((chip) => !kept.some((one) => one.id === chip.id)).length;
    setChips(query, other, kept);
  }
  const list = chips(query, shelf);
  const id = shelf === "values" ? fields[0] : fields[0].split(".")[0];
  const home = list.find((chip) => chip.id === id);
  if (home) home.fields.push(...fields);
  else list.splice(Math.max(0, index), 0, { id, fields: [...fields] });
  setChips(query, shelf, list);
}

export const remove = (query, shelf, id) => setChips(query, shelf, chips(query, shelf).filter((chip) => chip.id !== id));

export function shift(query, shelf, id, step) {
  const list = chips(query, shelf);
  const at = list.findIndex((chip) => chip.id === id);
  const to = Math.min(list.length - 1, Math.max(0, at + step));
  list.splice(to, 0, ...list.splice(at, 1));
  setChips(query, shelf, list);
}

/** Drop the order by a field that is no longer asked for. */
export function tidy(query) {
  query.sort = (query.sort ?? []).filter((one) => query.rows.includes(one.field) || query.values.includes(one.field));
  if (!query.sort.length) delete query.sort;
}

/** What a filter says, in words. */
export function filterText({ field, op, values }) {
  const text = (value) => labels[`${field}\t${value}`] ?? value;
  if (op === "between") return `${text(values[0])} – ${text(values[1])}`;
  if (op === "gte") return `từ ${text(values[0])}`;
  if (op === "lte") return `đến ${text(values[0])}`;
  const shown = values.length > 2 ? `${values.length} giá trị` : values.map(text).join(", ");
  return op === "not_in" ? `trừ ${shown}` : shown;
}
