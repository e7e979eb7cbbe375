// What a form tells: findings, refusals, conflicts, and the buttons below them.

import { make, word } from "./dom.js";

// The fields of a card whose texts share a page.
const FLOWS = { organisation: [["pilot", "about"], ["partners"]], project: [["description"], ["results"]] };

/** A finding, or why something was refused. */
export function told({ message, hints }, severity = "error") {
  return make("p", { class: severity }, make("strong", {}, word(`severity_${severity}`)), " ", message, ...(hints ?? []).slice(0, 1).map((hint) => make("span", { class: "hint" }, ` ${hint}`)));
}

/** Something that went wrong, with all hints. */
export function problem({ message, hints }) {
  return [make("p", {}, make("strong", {}, message)), ...(hints ?? []).map((hint) => make("p", { class: "hint" }, hint))];
}

/** Buttons: for each the key of its word, and what it does. */
export function buttons(...ways) {
  return make("p", { class: "buttons" }, ...ways.map(([key, onclick]) => make("button", { type: "button", onclick }, word(key))));
}

/** The fields in which a file differs from what is typed here. */
export function differences(conflict) {
  const rows = conflict.differences.map((one) => make("tr", {}, make("th", { scope: "row" }, one.label), make("td", {}, one.mine || "–"), make("td", {}, one.theirs || "–")));
  if (!rows.length) return null;
  const heads = ["field", "mine", "theirs"].map((key) => make("th", { scope: "col" }, word(key)));
  return make("table", { class: "differences" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows));
}

/** Tell each finding at its field. */
export function tellFindings(form) {
  for (const place of form.container.querySelectorAll(".told-here")) place.replaceChildren();
  for (const place of form.body.querySelectorAll("[aria-invalid]")) place.removeAttribute("aria-invalid");
  for (const one of form.state.findings.filter((finding) => finding.severity !== "note")) {
    let field = null;
    for (let path = one.path; path.length && !field; path = path.slice(0, -1)) field = form.at(path);
    const place = field?.element.querySelector(":scope > .told-here") ?? form.general;
    // In a form, what is missing has a field.
    place.append(told(field && one.rule === "missing-field" ? { message: word("to_fill_in"), hints: [] } : one, one.severity));
    const around = field?.element.closest("details");
    if (around && one.severity === "error") around.open = true;
    if (one.severity === "error" && field?.control?.matches("input, textarea, select")) field.control.setAttribute("aria-invalid", "true");
  }
}

/** Tell how many words each text has, and whether there is room for them. */
export function tellBudgets(form) {
  for (const { path, words } of form.state.words) form.at(path)?.tell?.(words);
  for (const flow of form.state.budgets) {
    const last = FLOWS[flow.flow].map((path) => form.at(path)).filter(Boolean);
    const isOver = flow.words > flow.room;
    for (const one of last) {
      let line = one.element.querySelector(".flow");
      if (!line) one.element.querySelector(".marks-row").after(line = make("p", { class: "flow" }));
      line.classList.toggle("over", isOver);
      line.textContent = word("told_of", { what: word(`flow_${flow.flow}`), told: word("words_of", { words: flow.words, room: flow.room }) });
    }
  }
}
