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
    label: words(!stacked && data.series.length * data.names.length <= 24, one.texts),
  };
}

const words = (show, texts) => ({ show, position: "right", color: css("ink"), fontWeight: 600, fontSize: 12, formatter: (mark) => texts[mark.dataIndex] });

/** A bar without length at the end of each stack, to carry the total the engine gave. */
const totals = (data) => ({ name: "Cộng", type: "bar", stack: "all", silent: true, data: data.names.map(() => 0), label: words(true, data.totals) });

function lines(data, one, at) {
  const colour = look(data, at);
  return { name: one.name, type: "line", data: one.values, symbol: "circle", symbolSize: 6, connectNulls: false, itemStyle: { color: colour }, lineStyle: { color: colour, width: 2 }, emphasis: { disabled: true } };
}

/** The box under the pointer, as DOM nodes: the strict CSP refuses markup with styles. */
function tip(data, at) {
  const box = document.createElement("div");
  box.append(Object.assign(document.createElement("b"), { textContent: `${data.names[at]} (${data.unit})` }));
  for (const one of [...data.series, ...(data.totals ? [{ name: "Cộng", texts: data.totals }] : [])]) {
    const row = document.createElement("p");
    row.append(Object.assign(document.createElement("span"), { textContent: one.name }), Object.assign(document.createElement("span"), { className: "num", textContent: one.texts[at] }));
    box.append(row);
  }
  return box;
}

function option(data, narrow) {
  const plain = { color: css("ink2"), fontSize: 12.5, fontFamily: "Inter, sans-serif" };
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
    series: [...data.series.map((one, at) => (data.kind === "line" ? lines(data, one, at) : bars(data, one, at))), ...(data.totals ? [totals(data)] : [])],
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
