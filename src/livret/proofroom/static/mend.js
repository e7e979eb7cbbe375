// The text of a file that cannot be read, with the line marked at which reading ends.

import { send } from "./api.js";
import { make, once, word } from "./dom.js";

let mends = 0;

/** `form` has the names of the file and its digest; it takes the state that is answered when the file can be read. */
export class Mend {
  constructor(form) {
    mends += 1;
    this.form = form;
    this.lines = make("ol", { class: "mend-lines", "aria-hidden": "true" });
    this.told = make("div", { class: "told-here", id: `mend-${mends}`, role: "alert" });
    this.box = make("textarea", { class: "mend-text", spellcheck: "false", wrap: "off", rows: 18, "aria-describedby": this.told.id, "aria-label": word("mend") });
    this.box.addEventListener("scroll", () => { this.lines.scrollTop = this.box.scrollTop; });
    this.box.addEventListener("input", () => this.number());
    const save = make("button", { type: "button", class: "main", onclick: () => once(this.element, () => this.save()) }, word("mend_save"));
    this.element = make("div", { class: "mend", hidden: true }, make("p", {}, word("mend")), this.told, make("div", { class: "mend-area" }, this.lines, this.box), make("p", { class: "buttons" }, save));
  }

  /** Whether somebody has begun to mend the text that is shown. */
  get isBegun() {
    return !this.element.hidden && this.text !== undefined && this.box.value !== this.text;
  }

  /** Show a state of the file; what somebody has begun to mend stays. */
  take(state) {
    if (this.isBegun && state.text !== this.text) return;
    if (this.text !== state.text) this.box.value = this.text = state.text;
    this.digest = state.digest;
    this.tell(state.findings);
  }

  /** Leave what somebody has begun to mend: what the file holds is shown next. */
  forget() {
    this.text = undefined;
  }

  tell(findings) {
    const wrong = findings.filter((one) => one.severity === "error");
    this.marked = wrong[0]?.line;
    this.told.replaceChildren(...wrong.map((one) => make("p", { class: "error" }, make("strong", {}, one.line ? word("line_n", { line: one.line }) : word("severity_error")), " ", one.message, ...one.hints.map((hint) => make("span", { class: "hint" }, ` ${hint}`)))));
    this.number();
    this.goTo(this.marked);
  }

  number() {
    const count = this.box.value.split("\n").length;
    this.lines.replaceChildren(...Array.from({ length: count }, (_, at) => make("li", at + 1 === this.marked ? { class: "wrong" } : {}, String(at + 1))));
  }

  /** Scroll to a line and put the cursor before it. */
  goTo(line) {
    if (!line) return;
    const before = this.box.value.split("\n").slice(0, line - 1).join("\n").length;
    const place = Math.min(before + (line > 1 ? 1 : 0), this.box.value.length);
    this.box.setSelectionRange(place, place);
    const high = this.box.scrollHeight / Math.max(1, this.box.value.split("\n").length);
    this.box.scrollTop = Math.max(0, (line - 5) * high);
    this.lines.scrollTop = this.box.scrollTop;
  }

  /** Save the text over the state of the file that this digest tells. */
  async save(digest = this.digest) {
    // What would be typed meanwhile would be in no file.
    this.box.readOnly = true;
    try {
      const state = await send("/api/text", { ...this.form.names, digest, text: this.box.value }, "PUT");
      if (!state.values) return this.tell(state.findings);
      this.text = undefined;
      this.form.mended(state);
    } catch (failure) {
      this.form.failed(failure);
    } finally {
      this.box.readOnly = false;
    }
  }
}
