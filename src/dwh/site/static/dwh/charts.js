// Draws a board's chart from JSON the server wrote: numbers only place the marks, every label is already text.
// Also the switch «Biểu đồ | Bảng». Colours come from CSS variables, so the dark theme and print follow.

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

// --- «Biểu đồ | Bảng» -----------------------------------------------------------------------------------------
function show(panel, pane) {
  for (const one of panel.querySelectorAll("[data-pane]")) one.hidden = one.dataset.pane !== pane;
  for (const button of panel.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === pane));
  }
  for (const place of panel.querySelectorAll("[data-chart]")) if (!place.closest("[hidden]")) draw(place);
}

document.addEventListener("click", (event) => {
  const at = event.target instanceof Element ? event.target : null;
  const button = at?.closest("[data-show]");
  if (button) show(button.closest("[data-view]"), button.dataset.show);
  const far = at?.closest("[data-show-in]");
  if (far) {
    const panel = document.querySelector(`.${CSS.escape(far.dataset.showIn)}`);
    show(panel, "table");
    panel.querySelector("[data-pane=table]").focus();
  }
});

// --- the chart --------------------------------------------------------------------------------------------------
const charts = new Map();

/** Return a series' look: its colour, a hatch on months that still receive data, pale where another was clicked. */
function bars(series, data, last) {
  const colour = css(series.colour);
  return {
    name: series.name,
    type: "bar",
    stack: "all",
    barMaxWidth: 34,
    barCategoryGap: "36%",
    itemStyle: { color: colour, borderColor: css("surface"), borderWidth: last ? 0.5 : 1 },
    emphasis: { itemStyle: { color: colour } },
    data: series.values.map((value, at) => ({
      value,
      itemStyle: { ...(data.open.includes(at) ? { decal: hatch() } : {}), opacity: clear(data, at) },
    })),
  };
}

const clear = (data, at) => (data.chosen === null || data.chosen === at ? 1 : 0.28);

function line(series, data) {
  return {
    name: series.name,
    type: "line",
    symbol: "circle",
    symbolSize: (_, mark) => (data.chosen === mark.dataIndex ? 11 : 5),
    data: series.values,
    itemStyle: { color: css(series.colour) },
    lineStyle: { color: css(series.colour), width: 2 },
    ...(data.target && { markLine: goal(data.target) }),
  };
}

/** Return the plan as a level line with its words. */
function goal(target) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: css("ok"), type: [8, 4], width: 1.6 },
    label: { formatter: `${target.name} ${target.text}`, position: "insideStartTop", color: css("ok"), fontWeight: 600, fontSize: 11.5 },
    data: [{ yAxis: target.value }],
  };
}

function hatch() {
  return { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], rotation: -Math.PI / 4, color: css("surface") };
}

/** Return a zero-high bar on top of each stack that carries its total in words. */
function totals(data, small) {
  return {
    name: "Cộng",
    type: "bar",
    stack: "all",
    silent: true,
    z: 6,
    data: data.months.map(() => 0),
    label: {
      show: !small || data.months.length < 8,
      position: "top",
      distance: 3,
      padding: [0, 2],
      backgroundColor: css("surface"),
      color: css("ink"),
      fontWeight: 600,
      fontSize: small ? 10.5 : 11.5,
      formatter: (mark) => data.totals[mark.dataIndex],
    },
  };
}

function lastYear(line) {
  return {
    name: line.name,
    type: "line",
    data: line.values,
    showSymbol: line.values.filter((value) => value !== null).length === 1,
    symbol: "circle",
    symbolSize: 5,
    connectNulls: false,
    z: 5,
    itemStyle: { color: css("ink") },
    lineStyle: { color: css("ink"), width: 1.6, type: [5, 4] },
  };
}

/** Return the box under the pointer as DOM nodes: the strict CSP refuses markup with styles. */
function tip(data, at) {
  const box = document.createElement("div");
  const head = document.createElement("b");
  head.textContent = `${data.names[at]} (${data.unit})`;
  box.append(head);
  const sum = data.kind === "stack" ? [{ name: "Cộng", texts: data.totals }] : [];
  const lines = [...data.series, ...sum, ...(data.line ? [data.line] : [])];
  for (const line of lines) {
    const row = document.createElement("p");
    const name = document.createElement("span");
    name.textContent = line.name;
    const value = document.createElement("span");
    value.className = "num";
    value.textContent = line.texts[at];
    row.append(name, value);
    box.append(row);
  }
  return box;
}

function axes(data, small) {
  const words = { color: css("ink2"), fontSize: 12, fontFamily: "Inter, sans-serif" };
  return {
    xAxis: {
      type: "category",
      data: small ? data.months.map((month) => month.slice(1)) : data.months,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: css("line-strong") } },
      axisLabel: { ...words, interval: data.months.some((month) => month.length > 3) ? "auto" : 0, margin: 9 },
    },
    yAxis: {
      type: "value",
      min: 0,
      ...(data.target && { max: (range) => Math.max(range.max, data.target.value) * 1.06 }),
      splitNumber: 5,
      splitLine: { lineStyle: { color: css("line") } },
      axisLabel: { ...words, showMaxLabel: !data.target, formatter: (value) => value.toLocaleString("vi-VN") },
    },
  };
}

function option(data, small) {
  return {
    animation: false,
    textStyle: { fontFamily: "Inter, sans-serif" },
    aria: { enabled: true, decal: { show: true, decals: [{ symbol: "none" }] }, label: { enabled: false } },
    grid: { left: 4, right: 4, top: 22, bottom: 2, containLabel: true },
    tooltip: {
      trigger: "axis",
      axisPointer: { type: "shadow", animation: false },
      transitionDuration: calm ? 0 : 0.1,
      className: "chart-tip",
      confine: true,
      formatter: (marks) => tip(data, marks[0].dataIndex),
    },
    ...axes(data, small),
    series: [
      ...(data.kind === "line"
        ? data.series.map((series) => line(series, data))
        : [...data.series.map((series, at) => bars(series, data, at === data.series.length - 1)), totals(data, small)]),
      ...(data.line ? [lastYear(data.line)] : []),
    ],
  };
}

function draw(place) {
  if (!place.clientWidth) return; // in a pane that is not shown: drawn when it is
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = charts.get(place) ?? window.echarts.init(place, null, { renderer: "svg" });
  if (!charts.has(place)) {
    chart.getZr().on("click", (event) => follow(chart, data, event));
    chart.getZr().on("mousemove", () => chart.getZr().setCursorStyle("pointer"));
  }
  charts.set(place, chart);
  chart.setOption(option(data, place.clientWidth < 360), true);
}

function follow(chart, data, event) {
  const [at] = chart.convertFromPixel({ seriesIndex: 0 }, [event.offsetX, event.offsetY]) ?? [];
  if (data.links[at]) window.location.assign(data.links[at]);
}

function resizeAll() {
  for (const [place, chart] of charts) if (place.clientWidth) chart.resize();
}

const redraw = () => { for (const place of document.querySelectorAll("[data-chart]")) draw(place); };
redraw();
new ResizeObserver(resizeAll).observe(document.body);
document.addEventListener("dwh:theme", redraw);
