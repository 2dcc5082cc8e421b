// The saved analysis this page belongs to: its buttons come from the server; the question and the view are put in here.
const $ = (selector, root = document) => root.querySelector(selector);
const slot = $("#pv-saved");

/** The key of the saved analysis that is open, "" when there is none. */
export const saved = () => $("[data-saved]", slot)?.dataset.saved ?? new URLSearchParams(location.search).get("luu") ?? "";

/** Join the buttons to the page: `documentOf` gives what is saved; the address names what was saved. */
export function connectSaved({ address, moment, documentOf, say }) {
  document.addEventListener("htmx:configRequest", ({ target, detail }) => {
    if (!target.closest?.("[data-pv-document]")) return;
    for (const [name, text] of Object.entries(documentOf())) detail.formData.set(name, text);
  });
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target !== slot) return;
    const said = $("[data-saved]", slot)?.dataset.said;
    if (!said) return;
    history.replaceState(moment(), "", address());
    say(said);
    $("[data-pv-document] button, button", slot)?.focus();
  });
  document.addEventListener("click", ({ target }) => { // a new name starts as the title of the table
    if (!target.closest?.("[data-open=an-save]")) return;
    const name = $("[data-pv-title]", slot);
    if (!name.value) name.value = $("h1").textContent.slice(0, 120);
    $("#an-said", slot).replaceChildren();
    name.select();
  });
}
