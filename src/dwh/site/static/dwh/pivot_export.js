// A file too large to wait for: the worker makes it, this tells how far it is, fetches it, or cancels it.
const $ = (selector) => document.querySelector(selector);
const EVERY = 800; // ms between two questions about the progress

/** Follow a job until it has ended; `tools` are the page's own ways to post, refuse, warn, keep a file and say. */
export async function follow(job, tools) {
  const bar = $("#pv-job").content.firstElementChild.cloneNode(true);
  const [words, progress, button] = ["[data-words]", "progress", "button"].map((one) => bar.querySelector(one));
  button.onclick = async () => { button.disabled = true; await tools.post({}, job.cancel); };
  $("#pv-message").replaceChildren(bar);
  while (job.active) {
    words.textContent = `Đang tạo tệp ở nền: ${job.step}${job.percent ? `, ${job.percent} %` : ""}`;
    if (job.percent) progress.value = job.percent; else progress.removeAttribute("value");
    await new Promise((done) => { setTimeout(done, EVERY); });
    const reply = await fetch(job.at, { headers: { Accept: "application/json" } }).catch(() => null);
    if (reply?.ok) job = await reply.json();
    else if (reply) return void tools.refuse(await reply.text());
  }
  bar.remove();
  if (!job.file) return void (job.state === "cancelled" ? tools.say(job.message) : tools.warn(job.message));
  const reply = await fetch(job.file).catch(() => null);
  if (!reply?.ok) return void tools.warn("Không tải được tệp đã tạo. Bấm Xuất lại sau ít phút.");
  tools.keep(await reply.blob(), /filename="([^"]+)"/.exec(reply.headers.get("Content-Disposition"))[1]);
}
