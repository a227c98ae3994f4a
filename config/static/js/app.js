// Small conveniences on every page; nothing here is needed to use it.

// An open menu closes by Escape and by a click elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// After a refused form the reader starts at the summary of what is wrong.
const summary = document.querySelector(".summary-errors");
if (summary) {
  summary.tabIndex = -1;
  summary.focus();
}

// On a phone the bar scrolls: the current place is shown first.
const nav = document.querySelector(".bar nav");
const here = nav?.querySelector("[aria-current]");
if (here) {
  const left = here.getBoundingClientRect().left - nav.getBoundingClientRect().left;
  nav.scrollLeft = left - nav.clientWidth / 3;
}

// A form that is being sent is not sent twice; coming back by the Back button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.sending || event.defaultPrevented) {
    if (form.dataset.sending) event.preventDefault();
    return;
  }
  form.dataset.sending = "yes";
  setTimeout(() => delete form.dataset.sending, 3000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
});

// A button that prints: <button type="button" class="btn" data-print hidden>.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// The language switch comes back to where the reader is, also after htmx has changed the address.
for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) {
  document.addEventListener(moved, () => {
    for (const next of document.querySelectorAll(".foot input[name=next]")) next.value = location.pathname + location.search;
  });
}
