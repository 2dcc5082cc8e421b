// Draws the chart of a pivot from JSON the server wrote. Numbers only place the marks; every label is already text.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const SERIES = ["s1", "s2", "s3", "s4", "s5"];
const STEPS = { 1: ["s1"], 2: ["m3", "m5"], 3: ["m2", "m3", "m5"], 4: ["m2", "m3", "m4", "m5"], 5: ["m1", "m2", "m3", "m4", "m5"] };
const drawn = new Map(); // place -> chart

const hatch = () => ({ symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -Math.PI / 4, color: css("surface") });

function look(data, at) {
  const names = data.ordered && data.kind !== "line" ? STEPS[data.series.length] : SERIES;
  return css(names[at % names.length]);
}

function bars(data, one, at) {
  const stacked = data.kind === "stacked";
  return {
    name: one.name,
    type: "bar",
    stack: stacked ? "all" : undefined,
    barMaxWidth: stacked || data.series.length === 1 ? 28 : 16,
    itemStyle: { color: look(data, at), borderColor: css("surface"), borderWidth: stacked ? 1 : 0, decal: one.open ? hatch() : undefined },
    emphasis: { disabled: true },
    data: one.values,
    label: words(!stacked && data.series.length * data.names.length <= 24, one.texts, data.horizontal ? "right" : "top"),
  };
}

const words = (show, texts, position = "right") => ({ show, position, color: css("ink"), fontWeight: 600, fontSize: 12, formatter: (mark) => texts[mark.dataIndex] });

/** A bar without length at the end of each stack, to carry the total the engine gave. */
const totals = (data) => ({ name: "Cộng", type: "bar", stack: "all", silent: true, data: data.names.map(() => 0), label: words(true, data.totals, data.horizontal ? "right" : "top") });

function lines(data, one, at) {
  const colour = look(data, at);
  const area = data.kind === "area" ? { stack: "all", areaStyle: { color: colour, opacity: 0.35 } } : {};
  return { ...area, name: one.name, type: "line", data: one.values, symbol: "circle", symbolSize: 6, connectNulls: false, itemStyle: { color: colour }, lineStyle: { color: colour, width: 2 }, emphasis: { disabled: true } };
}

/** The box under the pointer, as DOM nodes: the strict CSP refuses markup with styles. */
function tip(data, at) {
  const box = document.createElement("div");
  box.append(Object.assign(document.createElement("b"), { textContent: data.unit ? `${data.names[at]} (${data.unit})` : data.names[at] }));
  for (const one of [...data.series, ...(data.totals ? [{ name: "Cộng", texts: data.totals }] : []), ...(data.line ? [data.line] : [])]) {
    const row = document.createElement("p");
    row.append(Object.assign(document.createElement("span"), { textContent: one.name }), Object.assign(document.createElement("span"), { className: "num", textContent: one.texts[at] }));
    box.append(row);
  }
  return box;
}

/** Points of two measures: the name of each is under the pointer, and in the chart's table. */
function scatter(data) {
  const axis = (name, place) => ({ type: "value", name, nameLocation: "middle", nameGap: place === "x" ? 30 : 66, scale: true, nameTextStyle: plainText(), splitLine: { lineStyle: { color: css("line") } }, axisLabel: { ...plainText(), formatter: (value) => value.toLocaleString("vi-VN"), hideOverlap: true } });
  const words = (at) => { const point = data.points[at]; return { names: [point.name], unit: "", series: [{ name: data.x, texts: [point.texts[0]] }, { name: data.y, texts: [point.texts[1]] }] }; };
  return {
    animation: false, grid: { left: 24, right: 18, top: 12, bottom: 30, containLabel: true },
    tooltip: { trigger: "item", transitionDuration: 0, className: "chart-tip", confine: true, formatter: (mark) => tip(words(mark.dataIndex), 0) },
    xAxis: axis(data.x, "x"), yAxis: axis(data.y, "y"),
    series: [{ type: "scatter", symbolSize: 10, itemStyle: { color: css("s1"), opacity: 0.75 }, emphasis: { disabled: true }, data: data.points.map((point) => [point.x, point.y]),
      label: { show: data.points.length <= 40, position: "right", fontSize: 11, color: css("ink2"), formatter: (mark) => data.points[mark.dataIndex].name }, labelLayout: { hideOverlap: true } }],
  };
}

/** Squares in five steps of colour; the server said which, and writes the number in each. */
function heat(data) {
  const axis = (names, more) => ({ type: "category", data: names, axisTick: { show: false }, axisLine: { show: false }, splitArea: { show: false }, axisLabel: { ...plainText(), color: css("ink"), width: 150, overflow: "truncate", hideOverlap: true, ...more } });
  const wide = data.columns.length <= 12;
  return {
    animation: false, grid: { left: 4, right: 8, top: 4, bottom: 4, containLabel: true },
    tooltip: { trigger: "item", transitionDuration: 0, className: "chart-tip", confine: true, formatter: ({ value: [x, y, , text] }) => tip({ names: [data.names[y]], unit: data.unit, series: [{ name: data.columns[x], texts: [text] }] }, 0) },
    xAxis: axis(data.columns, { rotate: wide ? 0 : 45 }), yAxis: { ...axis(data.names), inverse: true },
    series: [{ type: "custom", encode: { x: 0, y: 1 }, data: data.cells, renderItem: (_, api) => square(data, api, wide) }],
  };
}

function square(data, api, wide) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [width, height] = api.size([1, 1]);
  const step = api.value(2);
  const text = data.cells.find((one) => one[0] === api.value(0) && one[1] === api.value(1))[3];
  return { type: "group", children: [
    { type: "rect", shape: { x: x - width / 2 + 1, y: y - height / 2 + 1, width: width - 2, height: height - 2 }, style: { fill: css(`m${step}`) } },
    { type: "text", silent: true, style: { text: wide && height >= 15 ? text : "", x, y, textAlign: "center", textVerticalAlign: "middle", fontSize: 12, fontFamily: "Inter, sans-serif", fill: css(step >= 4 ? "surface" : "ink") } },
  ] };
}

/** The running share of a Pareto chart, in % on an axis of its own. */
const running = ({ line }) => ({ name: line.name, type: "line", yAxisIndex: 1, data: line.values, symbolSize: 6, itemStyle: { color: css("s2") }, lineStyle: { color: css("s2"), width: 2 }, emphasis: { disabled: true } });
const plainText = () => ({ color: css("ink2"), fontSize: 12.5, fontFamily: "Inter, sans-serif" });

function option(data, narrow) {
  if (data.kind === "scatter") return scatter(data);
  if (data.kind === "heat") return heat(data);
  const drawn = series(data, narrow);
  if (data.kind !== "pareto") return drawn;
  const share = { type: "value", min: 0, max: 100, splitLine: { show: false }, axisLabel: { ...plainText(), formatter: (value) => `${value} %` } };
  return { ...drawn, grid: { ...drawn.grid, right: 8 }, xAxis: { ...drawn.xAxis, axisLabel: { ...drawn.xAxis.axisLabel, rotate: 35, width: 90 } }, yAxis: [drawn.yAxis, share], series: [...drawn.series, running(data)] };
}

function series(data, narrow) {
  const plain = plainText();
  const names = { type: "category", data: data.names, inverse: data.horizontal, axisTick: { show: false }, axisLine: { lineStyle: { color: css("line-strong") } }, axisLabel: { ...plain, color: css("ink"), width: narrow ? 110 : 190, overflow: "truncate" } };
  const numbers = { type: "value", splitNumber: narrow ? 3 : 6, splitLine: { lineStyle: { color: css("line") } }, axisLabel: { ...plain, formatter: (value) => value.toLocaleString("vi-VN"), hideOverlap: true } };
  return {
    animation: false,
    textStyle: { fontFamily: "Inter, sans-serif" },
    aria: { enabled: true, decal: { show: true, decals: [{ symbol: "none" }] }, label: { enabled: false } },
    legend: data.series.length > 1 ? { left: 0, top: 0, icon: "rect", itemWidth: 10, itemHeight: 10, textStyle: plain, data: data.series.map((one) => one.name) } : undefined,
    grid: { left: 4, right: data.horizontal ? (narrow ? 56 : 84) : 12, top: data.series.length > 1 ? 34 : 8, bottom: 2, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow", animation: false }, transitionDuration: 0, className: "chart-tip", confine: true, formatter: (marks) => tip(data, marks[0].dataIndex) },
    xAxis: data.horizontal ? numbers : names,
    yAxis: data.horizontal ? names : numbers,
    series: [...data.series.map((one, at) => (data.kind === "line" || data.kind === "area" ? lines(data, one, at) : bars(data, one, at))), ...(data.totals ? [totals(data)] : [])],
  };
}

function draw(place) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = drawn.get(place) ?? window.echarts.init(place, null, { renderer: "svg" });
  drawn.set(place, chart);
  chart.setOption(option(data, place.clientWidth < 480), true);
}

/** Draw every chart inside `root`; those that left the page are forgotten. */
export function drawCharts(root) {
  for (const [place, chart] of drawn) if (!place.isConnected) { chart.dispose(); drawn.delete(place); }
  for (const place of root.querySelectorAll("[data-chart]")) draw(place);
}

new ResizeObserver(() => { for (const [place, chart] of drawn) if (place.clientWidth) chart.resize(); }).observe(document.body);
document.addEventListener("dwh:theme", () => { for (const place of drawn.keys()) draw(place); });
