// The chart on the screen as a picture: its SVG with its colours written in, or that drawn into a PNG. No data is asked for.
const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "text-anchor"];
const WIDE = 2; // a PNG has twice the points of the screen

function standAlone(svg) {
  const copy = svg.cloneNode(true);
  const [from, to] = [svg, copy].map((root) => [root, ...root.querySelectorAll("*")]);
  from.forEach((part, at) => {
    const look = getComputedStyle(part);
    for (const name of LOOKS) if (look.getPropertyValue(name)) to[at].setAttribute(name, look.getPropertyValue(name));
  });
  const { width, height } = svg.getBoundingClientRect();
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", Math.round(width));
  copy.setAttribute("height", Math.round(height));
  const ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: "-2000", y: "-2000", width: "9000", height: "9000", fill: getComputedStyle(document.documentElement).getPropertyValue("--surface").trim() })) ground.setAttribute(name, value);
  copy.prepend(ground);
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

async function asPng({ text, width, height }) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * WIDE, height: height * WIDE });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

/** The picture of the first chart inside `root`, as a Blob: «png» or «svg». */
export async function imageOf(root, kind) {
  const drawn = standAlone(root.querySelector("[data-chart] svg, .pv-map svg"));
  return kind === "svg" ? new Blob([drawn.text], { type: "image/svg+xml" }) : asPng(drawn);
}
