// The bank's pages: choose all rows of a page, put a picture's text into the stem, ask before losing work.

function enhance(root) {
  for (const box of root.querySelectorAll("[data-all]")) box.hidden = false;
  for (const button of root.querySelectorAll("[data-insert]")) {
    button.hidden = !document.getElementById(button.dataset.into);
  }
}

document.addEventListener("change", (event) => {
  if (event.target.form?.id === "item_form") isChanged = true;
  const name = event.target.dataset?.all;
  if (!name) return;
  for (const box of event.target.form.querySelectorAll(`input[name="${name}"]`)) box.checked = event.target.checked;
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const text = document.getElementById(button.dataset.insert).value;
  const field = document.getElementById(button.dataset.into);
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${text}` : text;
  isChanged = true;
  field.focus();
});

// Whoever leaves the editor with unsaved work is asked; saving is not leaving.
let isChanged = false;

addEventListener("beforeunload", (event) => {
  if (isChanged) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  if (event.target.id === "item_form") isChanged = false;
});

document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
enhance(document);
