// What is told above the pages: errors, files of the layout, and what went wrong.

import { refusal } from "./api.js";
import { isWriting, make, replace, word } from "./dom.js";
import { problem } from "./told.js";

// So many rows are shown; the others are unfolded.
const FEW = 5;

const place = (one) => `${one.file}${one.line ? `:${one.line}` : ""}`;

/** Tell the errors of the catalogue, and what is to be looked at in the files of the layout. */
export function renderAlerts(room) {
  const box = document.getElementById("alerts");
  const findings = room.info?.findings ?? [];
  const errors = findings.filter((one) => one.severity === "error");
  const open = (one) => make("button", { type: "button", class: "place", "aria-label": word("mend_here", { file: place(one) }), onclick: () => room.mend(one) }, place(one));
  const told = inLayout(room).filter((one) => !findings.some((other) => other.file === one.file));
  // What stands there already is not read aloud again.
  const key = JSON.stringify([errors, told]);
  if (box.dataset.told === key) return;
  box.dataset.told = key;
  const isUnfolded = ["errors", "layout"].filter((name) => box.querySelector(`.${name} details`)?.open);
  const others = [...box.children].filter((one) => !one.matches(".errors, .layout"));
  const rows = [];
  if (errors.length) rows.push(list("errors", "broken", errors, open, isUnfolded));
  if (told.length) rows.push(list("layout", "in_layout", told, (one) => make("code", {}, place(one)), isUnfolded));
  // What is told takes room: whoever writes still sees the field.
  const field = document.activeElement;
  const sees = () => { if (isWriting(field) && field.closest(".beside")?.clientHeight > 2 * field.offsetHeight) field.scrollIntoView({ block: "nearest" }); };
  requestAnimationFrame(sees);
  replace(box, ...others, ...rows);
}

/** What was found in files that only a designer mends, each once, in the order of the files. */
function inLayout(room) {
  const inPart = room.part && room.spreadRoom.key === room.part ? room.spreadRoom.details?.findings ?? [] : [];
  const found = [...(room.wall?.findings ?? []), ...inPart.filter((one) => one.file?.endsWith(".css"))];
  const all = new Map(found.map((one) => [`${place(one)} ${one.message}`, one]));
  const told = [...all.values()].filter((one) => one.line && /\.(css|html|ya?ml|svg)$/.test(one.file));
  return told.sort((one, other) => one.file.localeCompare(other.file) || one.line - other.line);
}

/** Findings below a sentence. All but the first few are folded, unless somebody has unfolded them. */
function list(name, head, all, first, isUnfolded) {
  const row = (one) => make("li", {}, first(one), " ", one.message, ...one.hints.slice(0, 1).map((hint) => make("span", { class: "hint" }, ` ${hint}`)));
  const more = all.slice(FEW);
  return make("div", { class: `alert ${name}` }, make("p", {}, make("strong", {}, word(head))), make("ul", {}, ...all.slice(0, FEW).map(row)),
    more.length ? make("details", { open: isUnfolded.includes(name) }, make("summary", {}, word("more_n", { n: more.length })), make("ul", {}, ...more.map(row))) : null);
}

/** What went wrong last in the room, until something works again. */
export function tellProblem(found) {
  const box = document.getElementById("alerts");
  box.querySelector(".fault")?.remove();
  if (found) box.prepend(make("div", { class: "alert fault" }, ...problem(found)));
}

/** Something went wrong that nobody waits for, such as an answer that nothing can be done with. */
export function tellFault(failure) {
  const refused = refusal(failure);
  // That the server does not answer is told as long as it is so.
  if (refused.status === 0) return;
  const box = document.getElementById("alerts");
  box.querySelector(".page-fault")?.remove();
  box.prepend(make("div", { class: "alert page-fault" }, ...problem(refused),
    make("p", { class: "buttons" }, make("button", { type: "button", onclick: () => location.reload() }, word("load_again")))));
}

/** Whether the server answers; `refused` is what it says when it asks for another token. */
export function tellLost(isLost, refused = null) {
  const box = document.getElementById("alerts");
  box.querySelector(".lost")?.remove();
  if (isLost) box.prepend(make("div", { class: "alert lost" }, make("p", {}, refused?.message ?? word("lost"))));
}
