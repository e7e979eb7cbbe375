// The form of a file, saved as it is typed, with undo and conflicts.

import { ask, isPassing, pause, Question, Refusal, refusal, send, upload } from "./api.js";
import { cursor } from "./cursor.js";
import { make, word } from "./dom.js";
import { control, fold } from "./fields.js";
import { saved } from "./kept.js";
import { Mend } from "./mend.js";
import { removal } from "./remove.js";
import { buttons, differences, problem, tellBudgets, tellFindings, told } from "./told.js";
import { clean, isLess, same } from "./values.js";

// A change is saved when nothing was typed for so long, in milliseconds.
const PAUSE = 350;
// What could not be saved because the server does not answer is saved again after so long.
const AGAIN = 3000;
// A form with more groups than these begins with all of them folded; one with less, with those that are empty.
const MANY = 6;

let forms = 0;

export class Form {
  constructor(container, room, file) {
    forms += 1;
    this.id = forms;
    this.room = room;
    this.file = file;
    this.dirty = new Map();
    this.saving = null;
    // The save that was sent last, as long as it is not known whether it is in the file.
    this.unanswered = null;
    this.states = new Question("/api/form");
    this.taken = 0;
    this.options = {};
    this.status = make("p", { class: "saved", role: "status" });
    this.back = make("button", { type: "button", class: "small", onclick: () => this.undo(false) }, word("undo"));
    this.again = make("button", { type: "button", class: "small", onclick: () => this.undo(true) }, word("redo"));
    this.top = make("div", { class: "edit-top" }, this.back, this.again, this.status);
    this.alert = make("div", { class: "edit-alert", role: "alert" });
    this.general = make("div", { class: "told-here" });
    this.body = make("form", { class: "edit-form", autocomplete: "off" });
    this.body.addEventListener("submit", (event) => event.preventDefault());
    this.body.addEventListener("focusout", () => this.flush());
    this.body.addEventListener("keydown", (event) => this.onKey(event));
    this.mend = new Mend(this);
    this.foot = make("div", {});
    this.moveTo(container);
  }

  moveTo(container) {
    this.container = container;
    container.replaceChildren(this.top, this.alert, this.general, this.mend.element, this.body, this.foot);
  }

  get names() {
    // Without a catalogue that can be read there is no edition.
    const { edition, layout } = this.room;
    return { edition: edition ?? "", layout: layout ?? "", file: this.file };
  }

  /** Whether nothing that is typed here waits for the file. */
  get isQuiet() {
    return Boolean(this.digest) && !this.isLoading && !this.saving && !this.dirty.size && !this.conflict;
  }

  /** Whether something is typed here that is not known to be in the file. */
  get isUnsaved() {
    return this.dirty.size > 0 || Boolean(this.saving || this.unanswered || this.conflict) || this.mend.isBegun;
  }

  /** Ask for the form and show it; nobody can type meanwhile, for the fields will be others. */
  async load() {
    this.isLoading = this.body.inert = true;
    try {
      this.build(await ask("/api/form", this.names));
    } finally {
      this.isLoading = this.body.inert = false;
    }
    this.catchUp();
  }

  build(state) {
    this.options = state.options;
    this.pictureLimit = state.picture_limit;
    this.file = state.file;
    this.controls = state.fields.map((field) => [field.name, control(field, [field.name], this)]);
    const pictures = make("datalist", { id: `pictures-${this.id}` }, ...state.options.picture.map((one) => make("option", { value: one.id })));
    const groups = this.controls.filter(([, one]) => one.element.matches("fieldset"));
    this.folds = new Map(groups.map(([name, one]) => [name, fold(one.element, this.folds?.get(name)?.open ?? (groups.length <= MANY && !same(clean(state.values?.[name]), "")))]));
    this.body.replaceChildren(...this.controls.map(([name, one]) => this.folds.get(name) ?? one.element), pictures);
    this.take(state, "whole");
    this.foot.replaceChildren(removal(this));
  }

  /**
   * Show a state of the file: `whole` for the first time, `mine` after a save from here, `theirs` when somebody else saved.
   * A field in which something waits to be saved stays as it is. So does the one in which somebody writes, unless its
   * value in the file has become another: then she must see it. One that was saved just now may stand in the file with
   * other spaces than those that are typed: `sent` has their paths.
   */
  take(state, whose, sent = []) {
    const before = this.state?.values ?? {};
    this.taken += 1;
    this.state = state;
    this.digest = state.digest;
    const focused = document.activeElement;
    this.back.disabled = !state.undo;
    this.again.disabled = !state.redo;
    // A button that is disabled loses the cursor, which then begins at the top of the page.
    if (focused === this.back && this.back.disabled) this.again.focus();
    if (focused === this.again && this.again.disabled) this.back.focus();
    // Hidden fields have no cursor: it waits until the file can be read again.
    if (!state.values && this.body.contains(focused)) this.goBack = cursor(this);
    this.body.hidden = !state.values;
    this.mend.element.hidden = state.values || state.text === null;
    if (!this.mend.element.hidden) return this.mend.take(state);
    this.alert.replaceChildren(...(state.problem ? problem(state.problem) : []));
    if (state.values) {
      for (const [name, one] of this.controls) this.put(one, state.values[name], before[name], whose === "whole", sent);
      tellBudgets(this);
      if (focused === document.body) this.goBack?.();
      this.goBack = null;
    }
    tellFindings(this);
  }

  put(one, value, before, isWhole, sent) {
    const { path } = one.element.dataset;
    if (one.parts && !isWhole) {
      for (const part of one.parts) {
        const name = JSON.parse(part.element.dataset.path).at(-1);
        this.put(part, (value ?? {})[name], (before ?? {})[name], isWhole, sent);
      }
      return;
    }
    if (isWhole) one.set(value);
    if (isWhole || this.dirty.has(path) || same(clean(one.get()), clean(value))) return;
    const isWriting = one.element.contains(document.activeElement);
    if (isWriting && (sent.includes(path) || same(value, before))) return;
    const goBack = isWriting ? cursor(this) : null;
    one.set(value);
    goBack?.();
  }

  /** Somebody else may have saved the file. One question at a time; what is told meanwhile is asked after it. */
  async refresh() {
    this.isOld = true;
    // A file that was not there may be there by now.
    await (this.state ? this.catchUp() : this.loadAgain());
  }

  async catchUp() {
    if (this.isAsking) return;
    this.isAsking = true;
    try {
      while (this.isOld && this.isQuiet) {
        this.isOld = false;
        await this.takeTheirs();
      }
    } finally {
      this.isAsking = false;
    }
  }

  async takeTheirs() {
    const { taken } = this;
    const askOnce = () => this.states.ask(this.names, () => this.isQuiet);
    let state = await askOnce();
    if (isLess(state, this.state)) {
      // A program that saves may empty a file first: what is there in a moment counts.
      await pause(PAUSE);
      state = await askOnce();
    }
    if (!state || !this.isQuiet) return;
    // What was saved here meanwhile is newer than this answer.
    if (taken !== this.taken) this.isOld = true;
    else if (state.digest !== this.digest || !same(state.findings, this.state.findings) || !same(state.budgets, this.state.budgets)) this.take(state, "theirs");
  }

  /** The text can be read again: the form comes back. */
  mended(state) {
    this.alert.replaceChildren();
    this.take(state, "whole");
    this.status.textContent = word("saved");
  }

  *all(list = this.controls.map(([, one]) => one)) {
    for (const one of list) {
      yield one;
      if (one.parts) yield* this.all(one.parts);
      if (one.rows) yield* this.all(one.rows());
    }
  }

  at(path) {
    const wanted = JSON.stringify(path);
    return [...this.all()].find((one) => one.element.dataset.path === wanted);
  }

  // --- saving ---

  changed(path) {
    this.dirty.set(JSON.stringify(path), path);
    this.status.textContent = word(this.conflict ? "not_saved" : "saving");
    this.flushIn(PAUSE);
  }

  flushIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), milliseconds);
  }

  /** Save what has changed, after what is on its way to the file already. */
  async flush() {
    clearTimeout(this.timer);
    if (!this.saving && !this.isLoading && (this.dirty.size || this.unanswered) && !this.conflict) this.saving = this.save();
    await this.saving;
  }

  /** A save that was not answered may be in the file: the same is sent again first, so that it is not taken for theirs. */
  async save() {
    const wanted = this.unanswered ?? this.takeDirty();
    const paths = wanted.changes.map((one) => one.path);
    this.unanswered = null;
    try {
      const state = await send("/api/form", { ...this.names, ...wanted }, "PUT");
      // What is typed again as it was sent is in the file now.
      for (const { path, value } of wanted.changes) if (same(this.at(path).get(), value)) this.dirty.delete(JSON.stringify(path));
      this.take(state, "mine", paths.map((path) => JSON.stringify(path)));
      this.status.textContent = word("saved");
    } catch (failure) {
      for (const path of paths) this.dirty.set(JSON.stringify(path), path);
      if (isPassing(failure)) this.unanswered = wanted;
      this.saving = null;
      this.notSaved(failure, paths);
      return;
    }
    await this.saveNext();
  }

  takeDirty() {
    const changes = [...this.dirty.values()].map((path) => ({ path, value: this.at(path).get() }));
    this.dirty.clear();
    return { digest: this.digest, changes };
  }

  /** Save what was typed meanwhile, or show what others have saved. */
  async saveNext() {
    this.saving = null;
    if (this.dirty.size) return this.flush();
    saved(this);
    this.catchUp();
  }

  /** What is typed is not in the file: a value that cannot be written is told at its field, all else on top. */
  notSaved(failure, paths) {
    const theirs = ["take_theirs", () => this.reload()];
    const isOfValue = [400, 409, 413, 422].includes(failure.status) && !failure.content.conflict;
    if (isPassing(failure)) this.flushIn(AGAIN);
    if (!isOfValue) return this.failed(failure, ["try_again", () => this.flush()], theirs);
    this.status.textContent = word("not_saved");
    const field = paths.length === 1 ? this.at(paths[0]) : null;
    const place = field?.element.querySelector(":scope > .told-here") ?? this.general;
    place.replaceChildren(told(failure), buttons(theirs));
    if (field?.control?.matches("input, textarea, select")) field.control.setAttribute("aria-invalid", "true");
  }

  /** Something did not go: why, and what can be done about it, as keys of words with what they do. */
  failed(failure, ...ways) {
    this.status.textContent = word("not_saved");
    if (failure.content?.conflict) return this.showConflict(failure.content.conflict);
    const { status, message, hints } = refusal(failure);
    const why = status === 404 ? word("file_gone") : message;
    // What was told already is told while she writes on: the pane stays where it is.
    if (this.alert.querySelector("strong")?.textContent === why) return;
    this.alert.replaceChildren(...problem({ message: why, hints }), ...(ways.length ? [buttons(...ways)] : []));
    this.scrollTo(this.alert);
  }

  /** The form could not be shown. */
  notLoaded(failure) {
    this.failed(failure, ["try_again", () => this.reload()]);
    this.status.textContent = "";
    if (isPassing(failure)) this.timer = setTimeout(() => this.loadAgain(), AGAIN);
  }

  async loadAgain() {
    if (!this.isUnsaved && !this.isLeft && !this.isLoading) await this.load().catch((failure) => this.notLoaded(failure));
  }

  /** Scroll the pane, and not the page around it, until something stands below the buttons on top. */
  scrollTo(element) {
    const pane = this.container.closest(".beside, dialog");
    // Somebody has left the form meanwhile.
    if (!pane) return;
    pane.scrollTop += element.getBoundingClientRect().top - pane.getBoundingClientRect().top - this.top.offsetHeight - 16;
    // On a narrow screen the pane stands below the pages and does not scroll by itself.
    if (pane.scrollHeight <= pane.clientHeight) element.scrollIntoView({ block: "center" });
  }

  /** The file was changed elsewhere: show what differs, and let her choose. */
  showConflict(conflict) {
    this.conflict = conflict;
    const ways = buttons(...(conflict.digest ? [["keep_mine", () => this.keepMine()]] : []), ["take_theirs", () => this.reload()]);
    if (conflict.digest) ways.firstChild.classList.add("main");
    this.alert.replaceChildren(...[make("p", {}, make("strong", {}, word(conflict.digest ? "conflict" : "file_gone"))), differences(conflict), ways].filter(Boolean));
    this.scrollTo(this.alert);
  }

  /** What she wrote goes into the file as it is now; what others wrote in other fields stays. */
  async keepMine() {
    this.digest = this.conflict.digest;
    this.conflict = null;
    this.alert.replaceChildren();
    await (this.mend.element.hidden ? this.flush() : this.mend.save(this.digest));
  }

  async reload() {
    const forget = () => {
      this.conflict = this.unanswered = null;
      this.dirty.clear();
    };
    forget();
    await this.saving;
    forget();
    this.mend.forget();
    this.alert.replaceChildren();
    this.status.textContent = "";
    await this.load().catch((failure) => this.notLoaded(failure));
    saved(this);
  }

  async undo(again) {
    await this.flush();
    // Two requests at once may arrive in any order, and so may their answers.
    while (this.saving) await this.saving;
    this.saving = this.takeBack(again);
    await this.saving;
  }

  async takeBack(again) {
    try {
      this.take(await send("/api/undo", { ...this.names, again }), "theirs");
      this.status.textContent = word(again ? "done_again" : "undone");
    } catch (failure) {
      this.failed(failure);
    }
    await this.saveNext();
  }

  onKey(event) {
    if (event.key === "Escape") {
      // The arrows and the plus of the room work again.
      event.target.blur();
      event.stopPropagation();
    }
  }

  /** Keep a picture; gives its path. One that is refused is told in `place`, and what stands in the file stays. */
  async keepPicture(file, place) {
    this.status.textContent = word("saving");
    try {
      // The server does not read more, and so could not say why.
      if (file.size > this.pictureLimit) throw new Refusal(413, word("picture_too_large", { name: file.name }), [word("picture_smaller")]);
      return (await upload(`/api/picture?${new URLSearchParams({ name: file.name })}`, file)).path;
    } catch (failure) {
      this.status.textContent = word("not_saved");
      place.replaceChildren(told(refusal(failure)));
      return null;
    }
  }

  /** Go to the field that a finding is about: the one where it is told here, else one of the same line. */
  goTo({ line, message }) {
    if (!line) return;
    const near = this.state?.findings.filter((one) => one.line === line) ?? [];
    const found = near.find((one) => one.message === message) ?? near[0];
    if (found) this.focus(found.path);
  }

  /** Put the cursor into a field, and in a long text to these words. */
  focus(path, words) {
    let field = null;
    for (let rest = path; rest.length && !field; rest = rest.slice(0, -1)) field = this.at(rest);
    if (!field?.control) return;
    const { control: box } = field;
    const around = field.element.closest("details");
    if (around) around.open = true;
    box.focus({ preventScroll: true });
    this.scrollTo(field.element);
    if (box.matches("textarea") && words) {
      const pattern = words.split(/\s+/).slice(0, 4).map((one) => one.replace(/[^\p{L}\p{N}]+/gu, "\\P{L}*?")).join("[\\s\\P{L}]*?");
      const found = new RegExp(pattern, "iu").exec(box.value);
      const place = found?.index ?? 0;
      box.setSelectionRange(place, place);
      box.scrollTop = (box.scrollHeight * place) / Math.max(1, box.value.length) - box.clientHeight / 3;
    }
  }
}
