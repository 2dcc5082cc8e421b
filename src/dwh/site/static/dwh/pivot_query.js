// The Query document of the analysis page and the edits a person can make of it. Values in, values out.
// Fields are known by name and label only; the server alone knows what they mean.

export const SHELVES = { rows: "Hàng", columns: "Cột", values: "Giá trị", filters: "Bộ lọc" };
export const FIELDS = JSON.parse(document.getElementById("pv-fields").textContent); // {subject, measures, dimensions, labels}
FIELDS.calculations ??= []; // the kinds of calculated columns the server knows
export const labels = FIELDS.labels; // "field\tvalue" -> what people call it, for the chips of filters

export const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
export const dimension = (field) => FIELDS.dimensions[field.split(".")[0]];
export const isMeasure = (field) => field in FIELDS.measures || field.includes(":"); // «claims:visits» is of another subject
export const full = (field) => (isMeasure(field) || field.includes(".") ? field : dimension(field).default);
export const levelLabel = (field) => dimension(field)?.levels.find((level) => level.field === field)?.label ?? field;
export const nameOf = (field) => FIELDS.measures[field]?.label ?? labels[field] ?? (field.includes(".") ? levelLabel(field) : dimension(field)?.label) ?? field;

/** The chips of a shelf: levels of one dimension that lie together on rows or columns are one chip. */
export function chips(query, shelf) {
  if (shelf === "filters") return query.filters.map((filter, i) => ({ id: `${filter.field}#${i}`, fields: [filter.field], filter }));
  const found = new Map();
  const made = shelf === "values" ? query.calculations ?? [] : []; // calculated columns stand after the measures
  for (const field of query[shelf]) {
    const id = shelf === "values" ? field : field.split(".")[0];
    found.set(id, { id, fields: [...(found.get(id)?.fields ?? []), field] });
  }
  return [...found.values(), ...made.map((one) => ({ id: one.name, fields: [one.name], calculation: one }))];
}

export function setChips(query, shelf, list) {
  if (shelf === "values" && query.calculations) {
    query.calculations = list.filter((chip) => chip.calculation).map((chip) => chip.calculation);
    list = list.filter((chip) => !chip.calculation);
  }
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
  const kin = list.map((chip, place) => (Boolean(chip.calculation) === Boolean(list[at].calculation) ? place : -1)).filter((place) => place >= 0);
  const to = Math.min(kin.at(-1), Math.max(kin[0], at + step)); // a calculated column stays after the measures
  list.splice(to, 0, ...list.splice(at, 1));
  setChips(query, shelf, list);
}

/** What people read above a calculated column: its own name, else its kind and what it is of. */
export function calculationName(query, name) {
  const one = query.calculations?.find((other) => other.name === name);
  if (!one || one.label) return one?.label ?? name;
  const kind = FIELDS.calculations.find((other) => other.kind === one.kind)?.label ?? one.kind;
  return one.of ? `${kind}: ${FIELDS.measures[one.of] ? nameOf(one.of) : calculationName(query, one.of)}` : kind;
}

/** Drop what no longer has its field: calculations of a measure that left, the order by it, «others» without a limit. */
export function tidy(query) {
  const there = new Set(query.values);
  query.calculations = (query.calculations ?? []).filter((one) => {
    const inputs = one.of ? [one.of] : (one.formula.match(/[a-z_][a-z_0-9]*/g) ?? []).filter((word) => word in FIELDS.measures || /^c\d+$/.test(word));
    const holds = inputs.every((name) => there.has(name));
    if (holds) there.add(one.name);
    return holds;
  });
  if (!query.calculations.length) delete query.calculations;
  if (!query.limit) delete query.others;
  query.sort = (query.sort ?? []).filter((one) => query.rows.includes(one.field) || there.has(one.field));
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
