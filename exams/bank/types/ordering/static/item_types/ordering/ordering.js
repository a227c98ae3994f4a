// Steps are moved by buttons, or by choosing a rank: the others make room. The selects hold the answer, so that
// saving, clearing and a page without this module need to know nothing of it.

class OrderingSteps extends HTMLElement {
  connectedCallback() {
    for (const tools of this.querySelectorAll("[data-tools]")) tools.hidden = false;
    if (this.isReady) return;
    this.isReady = true;
    this.addEventListener("click", (event) => this.press(event.target.closest("[data-move]")));
    this.addEventListener("change", (event) => this.choose(event.target));
    this.addEventListener("answer:set", () => this.settle());
  }

  get rows() {
    return [...this.querySelectorAll("[data-step]")];
  }

  press(button) {
    if (!button) return;
    this.settle();
    const rows = this.rows;
    const row = button.closest("[data-step]") ?? rows[0];
    const step = { up: -1, down: 1, keep: 0 }[button.dataset.move];
    this.place(row, Math.min(Math.max(rows.indexOf(row) + step, 0), rows.length - 1));
    button.focus();
    this.isMoving = true; // whoever saves answers hears of it as of any other change
    row.querySelector("select").dispatchEvent(new Event("change", { bubbles: true }));
    this.isMoving = false;
  }

  choose(select) {
    const row = select.closest("[data-step]");
    if (this.isMoving || !row || !select.value) return;
    const rank = Number(select.value);
    const isFocused = document.activeElement === select;
    select.value = "";
    this.settle(row);
    this.place(row, rank - 1);
    if (isFocused) select.focus();
  }

  // An answer put into the selects from elsewhere (another window) comes first: the list follows it.
  settle(moving = null) {
    const rank = (row) => Number(row.querySelector("select").value);
    const rows = this.rows.filter((row) => row !== moving);
    if (new Set(rows.map(rank)).size !== rows.length || !rows.every(rank)) return;
    for (const row of rows.sort((a, b) => rank(a) - rank(b))) row.parentElement.append(row);
  }

  place(row, index) {
    const others = this.rows.filter((other) => other !== row);
    if (others[index]) others[index].before(row);
    else row.parentElement.append(row);
    this.rows.forEach((one, position) => {
      one.querySelector("select").value = String(position + 1);
      one.classList.toggle("moved", one === row);
    });
    const words = { step: row.querySelector("[data-text]").textContent, rank: index + 1 };
    this.querySelector("[role=status]").textContent = this.dataset.textMoved.replace(
      /\{(\w+)\}/g,
      (whole, name) => words[name] ?? whole,
    );
  }
}

if (!customElements.get("ordering-steps")) customElements.define("ordering-steps", OrderingSteps);
