// What a board does besides its drawings: full screen by button or `f`, and coming back.

const main = document.getElementById("main");
const typing = (el) => el instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName);

function toggle() {
  if (document.fullscreenElement) document.exitFullscreen();
  else main?.requestFullscreen?.();
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-full]")) toggle();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "f" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (localStorage.getItem("dwh.keys") === "off" || document.querySelector("dialog[open]")) return;
  toggle();
});

document.addEventListener("fullscreenchange", () => {
  const on = Boolean(document.fullscreenElement);
  for (const button of document.querySelectorAll("[data-full]")) {
    button.setAttribute("aria-label", on ? "Thôi xem toàn màn hình" : "Xem toàn màn hình");
  }
});
