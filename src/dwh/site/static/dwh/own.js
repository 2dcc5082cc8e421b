// Arranges the tiles of a board by mouse or pen: the grip is dragged, the server answers with the settled grid.
// The buttons of each tile do the same without this file.

let drag = null;

/** Return the cell of the grid under a point, as the tile's upper left corner would stand there. */
function cell(grid, x, y, width) {
  const box = grid.getBoundingClientRect();
  const style = getComputedStyle(grid);
  const [left, top, gap] = ["paddingLeft", "paddingTop", "columnGap"].map((name) => parseFloat(style[name]) || 0);
  const step = (box.width - 2 * left + gap) / 12;
  const row = parseFloat(style.gridAutoRows) + gap;
  const at = (value, size, most) => Math.min(Math.max(Math.round(value / size), 0), most);
  return [at(x - box.left - left, step, 12 - width), at(y - box.top - top, row, 96)];
}

function mark([x, y]) {
  const { drop, tile } = drag;
  const size = [...tile.classList].filter((name) => /^g[wh]\d+$/.test(name)).join(" ");
  drop.className = `ob-drop gx${x} gy${y} ${size}`;
  drag.at = [x, y];
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target instanceof Element ? event.target.closest("[data-grip]") : null;
  const grid = grip?.closest("[data-arrange]");
  if (!grid || event.button !== 0 || getComputedStyle(grid).display !== "grid") return;
  event.preventDefault();
  const tile = grip.closest("[data-key]");
  const box = tile.getBoundingClientRect();
  const drop = document.createElement("div");
  drag = { grid, tile, drop, dx: event.clientX - box.left, dy: event.clientY - box.top, at: null };
  tile.classList.add("is-dragged");
  grid.append(drop);
  move(event);
});

function move(event) {
  mark(cell(drag.grid, event.clientX - drag.dx, event.clientY - drag.dy, Number(drag.tile.dataset.width)));
}

document.addEventListener("pointermove", (event) => {
  if (drag) move(event);
});

function stop() {
  drag.tile.classList.remove("is-dragged");
  drag.drop.remove();
  drag = null;
}

document.addEventListener("pointerup", () => {
  if (!drag) return;
  const { tile, at: [x, y] } = drag;
  stop();
  const form = tile.querySelector("form");
  window.htmx.ajax("POST", form.action, { target: "#ob-grid", swap: "outerHTML", values: { x, y } });
});

document.addEventListener("pointercancel", () => drag && stop());
document.addEventListener("keydown", (event) => {
  if (drag && event.key === "Escape") stop();
});
