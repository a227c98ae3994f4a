// Counts the words of a text field while it is written: <word-count for="id of the field" data-text="… {count} …">.
// The rule is that of exams/bank/types/written.py (word_count); a test holds the two together.
const CHINESE =
  "\\u00b7\\u2014\\u2018\\u2019\\u201c\\u201d\\u2026\\u2e80-\\u2fff\\u3001-\\u9fff\\uf900-\\ufaff\\ufe30-\\ufe4f" +
  "\\uff00-\\uffef\\u{20000}-\\u{3ffff}";
const BLANK = "\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff";
const WORDS = new RegExp(`[${CHINESE}]|[^${BLANK}${CHINESE}]+`, "gu");

export const wordCount = (text) => text.match(WORDS)?.length ?? 0;

if (!customElements.get("word-count")) {
  customElements.define(
    "word-count",
    class extends HTMLElement {
      connectedCallback() {
        this.field = document.getElementById(this.getAttribute("for"));
        this.show = () => {
          this.textContent = this.dataset.text.replace("{count}", wordCount(this.field.value));
        };
        for (const event of ["input", "answer:set"]) this.field?.addEventListener(event, this.show);
      }

      disconnectedCallback() {
        for (const event of ["input", "answer:set"]) this.field?.removeEventListener(event, this.show);
      }
    },
  );
}
