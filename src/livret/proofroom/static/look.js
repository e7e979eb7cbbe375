// The pane with everything that is known of a part: findings, room for text, contacts, sign-off, history, proof.

import { reason, refusal, send } from "./api.js";
import { announce, day, make, once, replace, word } from "./dom.js";
import { tellProblem } from "./alerts.js";
import { writeAt } from "./edit.js";

const NAME = "livret.name";
// What is written for a sign-off and not sent yet, by edition and part: another pane or card may be looked at meanwhile.
const drafts = new Map();

function section(key, ...inside) {
  return make("section", { class: key }, make("h3", {}, word(key)), ...inside);
}

/** Where a finding is. In a file of the part, a click goes to its field. */
function placeOf(one, part, room) {
  const place = one.file === part.file ? word("line_n", { line: one.line }) : `${one.file}:${one.line}`;
  const isHere = part.files.some(({ file }) => file === one.file);
  return make("p", { class: "place" }, isHere ? make("button", { type: "button", onclick: () => writeAt(part, room, one) }, place) : place);
}

function findings(part, room) {
  if (!part.findings.length) return section("findings", make("p", { class: "quiet" }, word("no_findings")));
  return section("findings", make("ul", { class: "found" }, ...part.findings.map((one) => make("li", { class: one.severity },
    make("p", {}, make("strong", {}, word(`severity_${one.severity}`)), " ", one.message),
    ...one.hints.map((hint) => make("p", { class: "hint" }, hint)),
    one.line ? placeOf(one, part, room) : null))));
}

function budget(part) {
  if (!part.budgets.length) return null;
  const languages = new Intl.DisplayNames([document.documentElement.lang], { type: "language" });
  return section("budget", ...part.budgets.map((one) => {
    const name = one.language ? languages.of(one.language) : word(`flow_${one.flow}`);
    const isOver = one.over > 0;
    const most = Math.max(one.room, one.words, 1);
    const told = isOver ? word("words_over", { n: one.over }) : word("words_of", { words: one.words, room: one.room });
    return make("div", { class: `gauge${isOver ? " over" : ""}` },
      make("span", { class: "name" }, name), make("span", { class: "told" }, told),
      make("meter", { min: 0, max: most, high: one.room, value: one.words, "aria-label": name }));
  }));
}

function contacts(part) {
  if (!part.contacts.length) return null;
  return section("contacts", make("ul", { class: "contacts-list" }, ...part.contacts.map((one) => make("li", {},
    one.name ? make("span", { class: "who" }, one.name) : null, one.role ? make("span", { class: "role" }, one.role) : null,
    ...one.links.map((link) => link.address ? make("a", { href: link.address, rel: "noreferrer", target: "_blank" }, link.text) : make("span", {}, link.text))))));
}

function past(part) {
  if (!part.history.length) return section("history", make("p", { class: "quiet" }, word("no_history")));
  return section("history", make("ol", { class: "events" }, ...part.history.map((one) => make("li", { class: one.kind },
    make("time", { datetime: one.on }, day(one.on)), " ", make("strong", {}, word(`event_${one.kind}`)), " ",
    one.by ? word("by", { name: one.by }) : "", one.text ? make("p", {}, one.text) : null))));
}

const draftOf = (part, room) => `${room.edition} ${part.anchor}`;

/** The form that signs: a name, for corrections what is to be changed, and the button. */
function signing(part, room, kind, close) {
  const { edition, layout } = room;
  const draft = draftOf(part, room);
  const cancel = () => { if (form.ariaBusy !== "true") close(); };
  const name = make("input", { name: "by", required: true, autocomplete: "name", maxlength: 120, ".value": localStorage.getItem(NAME) ?? "" });
  const note = make("textarea", { name: "note", rows: 3, maxlength: 2000, required: kind === "correct", ".value": drafts.get(draft)?.note ?? "" });
  note.addEventListener("input", () => drafts.set(draft, { kind, note: note.value }));
  const problem = make("p", { class: "problem", role: "alert" });
  const form = make("form", { class: "signing" },
    make("label", {}, word("your_name"), name),
    make("label", {}, word(kind === "correct" ? "corrections_wanted" : "remark"), note), problem,
    make("p", { class: "buttons" }, make("button", { class: "main" }, word(kind)), make("button", { type: "button", onclick: cancel }, word("cancel"))));
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    cancel();
  });
  const sign = async () => {
    localStorage.setItem(NAME, name.value);
    drafts.delete(draft);
    note.readOnly = true;
    try {
      await send(`/api/${kind}`, { edition, layout, part: part.anchor, by: name.value, note: note.value, digest: part.sign_off.digest });
      announce(word(kind === "correct" ? "corrections_noted" : "approval_noted"));
      close();
    } catch (failure) {
      drafts.set(draft, { kind, note: note.value });
      if (!form.isConnected) tellProblem(refusal(failure));
      problem.textContent = reason(failure);
    } finally {
      note.readOnly = false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(form, sign);
  });
  return [form, name.value ? note : name];
}

function signOff(part, room, container) {
  if (!part.sign_off) return null;
  const { sign_off: now } = part;
  const place = make("div", {});
  const buttons = make("p", { class: "buttons" });
  const close = () => {
    const isHere = place.contains(document.activeElement);
    drafts.delete(draftOf(part, room));
    place.replaceChildren();
    buttons.hidden = false;
    container.isSigning = null;
    // Whoever signs with the keyboard goes on where the form was.
    if (isHere) buttons.querySelector("button").focus({ preventScroll: true });
    // Meanwhile the text may have changed.
    room.refreshSpread();
  };
  const open = (kind) => {
    const [form, first] = signing(part, room, kind, close);
    place.replaceChildren(form);
    buttons.hidden = true;
    container.isSigning = room.edition;
    return [form, first];
  };
  const begin = (kind) => () => {
    const [form, first] = open(kind);
    // Its buttons may be below what is seen.
    form.scrollIntoView({ block: "nearest" });
    first.focus({ preventScroll: true });
  };
  buttons.append(make("button", { type: "button", class: "main", onclick: begin("approve") }, word("approve")),
    make("button", { type: "button", onclick: begin("correct") }, word("correct")));
  const draft = drafts.get(draftOf(part, room));
  if (draft) open(draft.kind);
  const by = now.by ? make("span", {}, ` ${word("by_on", { name: now.by, on: day(now.on) })}`) : null;
  return section("sign_off",
    make("p", { class: `standing ${now.state}` }, make("strong", {}, word(`state_${now.state}`)), by),
    now.changed.length && now.state === "changed" ? make("p", { class: "quiet" }, word("changed_fields", { fields: now.changed.join(", ") })) : null,
    buttons, place);
}

export const look = {
  id: "look",
  title: "pane_look",
  fits: () => true,
  render(container, part, room) {
    // Somebody is writing in the form of the sign-off: it stays.
    if (container.isSigning === room.edition) return;
    container.isSigning = null;
    const proof = `/proof/${room.edition}/${part.anchor}.pdf`;
    replace(container, ...[findings(part, room), budget(part), signOff(part, room, container), contacts(part), past(part),
      part.file && make("p", { class: "buttons" }, make("a", { class: "button", href: proof, target: "_blank", rel: "noopener" }, word("proof_pdf")))].filter(Boolean));
  },
};
