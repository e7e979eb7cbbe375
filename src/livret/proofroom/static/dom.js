// Elements, words and small things that every part of the page uses.

// Until the words of the page are there.
const SILENT = "The proof room does not answer; load this page again. La salle d’épreuves ne répond pas\u202f; rechargez cette page.";
let words = { lost: SILENT, no_answer: SILENT, page_fault: SILENT };

/** Take the words of the page, by key. */
export function setWords(found) {
  words = found;
}

/** A word of the page; `{name}` in it is replaced. */
export function word(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
}

/** A day such as 2026-05-01, in words. */
export function day(date) {
  const { lang } = document.documentElement;
  const text = new Date(`${date}T12:00`).toLocaleDateString(lang === "en" ? "en-GB" : lang, { dateStyle: "long" });
  return lang === "fr" ? text.replace(/^1 /, "1er ") : text;
}

/** An element: its attributes, listeners (`onclick`), properties (`.value`), and what is in it. */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith(".")) element[name.slice(1)] = value;
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return element;
}

/** Put other elements into one. Whoever is at a button or a link in it is at the same one afterwards. */
export function replace(container, ...inside) {
  const { activeElement: before } = document;
  const isHere = container.contains(before) && before !== container;
  const nameOf = (one) => `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent}`;
  const same = [...container.querySelectorAll("a, button, summary")].filter((one) => isHere && nameOf(one) === nameOf(before));
  const at = same.indexOf(before);
  container.replaceChildren(...inside);
  if (!isHere) return;
  const now = [...container.querySelectorAll("a, button, summary")].filter((one) => nameOf(one) === nameOf(before));
  now[Math.min(at, now.length - 1)]?.focus({ preventScroll: true });
}

/** Ask the server something for a form or a dialog; until it has answered, its buttons ask nothing more. */
export async function once(element, job) {
  if (element.ariaBusy === "true") return;
  element.ariaBusy = "true";
  try {
    await job();
  } finally {
    element.ariaBusy = null;
  }
}

/** A dialog; it stays open until the server has answered what it was asked from here. */
export function dialog(attributes, ...inside) {
  const made = make("dialog", attributes, ...inside);
  made.addEventListener("cancel", (event) => { if (made.ariaBusy === "true") event.preventDefault(); });
  return made;
}

/** The button that closes a dialog. */
export function closing(key) {
  const close = ({ target }) => {
    const around = target.closest("dialog");
    if (around.ariaBusy !== "true") around.close();
  };
  return make("button", { type: "button", onclick: close }, word(key));
}

/** Say something to a screen reader. */
export function announce(text) {
  const region = document.getElementById("said");
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** Put the words into what is written in the page itself. */
export function translate(root = document) {
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
}

/** Whether the keyboard is writing somewhere. */
export function isWriting(target) {
  return target instanceof Element && target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

// What a file may not hold, though it comes with pasted text: ends of lines of Word and of others, a hyphen of Word, and
// signs that nobody can see.
const LINE_ENDS = /[\v\f\u0085\u2028\u2029]/g;
const UNSEEN = /[^\t\n\r\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Whatever is typed or pasted is put as a file can hold it, before anything else sees it. */
export function keepReadable() {
  document.addEventListener("input", ({ target: box }) => {
    if (!box.matches("textarea, input:not([type=file])")) return;
    const clean = (text) => text.replace(LINE_ENDS, box.matches("textarea") ? "\n" : " ").replace(/\x1e/g, "-").replace(UNSEEN, "");
    if (clean(box.value) === box.value) return;
    const ends = [box.selectionStart, box.selectionEnd].map((end) => clean(box.value.slice(0, end ?? 0)).length);
    box.value = clean(box.value);
    if (box.selectionStart !== null) box.setSelectionRange(...ends);
  }, true);
}
