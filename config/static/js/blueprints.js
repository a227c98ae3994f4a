// The blueprint editor: rows of sections come and go, and unsaved work is not lost unasked.

const form = document.getElementById("blueprint_form");
const rows = () => [...form.querySelectorAll("[data-row]")];
const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
let isChanged = false;

for (const button of form.querySelectorAll("[data-add], [data-remove]")) button.hidden = false;

form.addEventListener("click", (event) => {
  const add = event.target.closest("[data-add]");
  const remove = event.target.closest("[data-remove]");
  if (add) {
    const last = rows().at(-1);
    const fresh = last.cloneNode(true);
    clear(fresh);
    last.after(fresh);
    fresh.querySelector("select").focus();
  }
  if (remove) {
    const row = remove.closest("[data-row]");
    const next = row.nextElementSibling;
    if (rows().length > 1) row.remove();
    else clear(row);
    (next?.querySelector("select") ?? form.querySelector("[data-add]"))?.focus();
    changed();
  }
});

function clear(row) {
  for (const field of row.querySelectorAll("input, select")) {
    field.value = "";
    field.removeAttribute("aria-invalid");
  }
  row.querySelector(".errorlist")?.remove();
}

// Whoever leaves the editor with unsaved work is asked; saving is not leaving.
form.addEventListener("input", () => (isChanged = true));
form.addEventListener("submit", () => (isChanged = false));
addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});
