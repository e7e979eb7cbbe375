// The proof room: which edition, layout and part are shown, and what happens meanwhile.

import { ask, askForWords, listen, Question, reason, send } from "./api.js";
import { announce, isWriting, keepReadable, make, setWords, translate, word } from "./dom.js";
import { renderAlerts, tellFault, tellLost, tellProblem } from "./alerts.js";
import { beginDialog } from "./begin.js";
import { edit, fileDialog, writeAt } from "./edit.js";
import { forms } from "./kept.js";
import { look } from "./look.js";
import { drawGuides, measure } from "./pages.js";
import { panes, Spread } from "./spread.js";
import { Wall } from "./wall.js";

const GUIDES = "livret.guides";
// A wall that the server did not give is asked for again after so many milliseconds.
const AGAIN = 2000;

class Room {
  constructor() {
    this.main = document.getElementById("main");
    this.edition = null;
    this.layout = null;
    this.part = null;
    this.view = "screen";
    this.wall = null;
    this.info = null;
    this.rooms = new Question("/api/room", (failure) => { if (!this.info) this.showReason(failure); });
    // The number of the last request for the wall, and of the one whose answer is shown.
    this.asked = 0;
    this.answered = 0;
    // What was told of parts while the wall was asked for: its answer may be older.
    this.told = new Map();
  }

  async start() {
    const { language, words } = await askForWords((failure) => this.showReason(failure));
    document.documentElement.lang = language;
    setWords(words);
    translate();
    keepReadable();
    this.wallRoom = new Wall(this);
    this.spreadRoom = new Spread(this);
    panes.unshift(look, edit);
    this.controls();
    document.getElementById("new").addEventListener("click", () => beginDialog(this));
    addEventListener("hashchange", () => this.route());
    document.addEventListener("keydown", (event) => this.onKey(event));
    await this.refreshRoom();
    listen((event) => this.onEvent(event), () => this.onReturn(), (refused) => tellLost(true, refused));
  }

  /** In place of pages: why there are none. */
  showReason(failure) {
    this.main.replaceChildren(make("p", { class: "empty" }, reason(failure)));
  }

  controls() {
    const changed = () => { location.hash = this.addressOf(this.part, this.editionBox.value, this.layoutBox.value); };
    this.editionBox = document.getElementById("edition");
    this.layoutBox = document.getElementById("layout");
    this.editionBox.addEventListener("change", () => {
      // An edition is shown in its own layout first.
      this.layoutBox.value = this.info.editions.find((one) => one.id === this.editionBox.value).layout;
      changed();
    });
    this.layoutBox.addEventListener("change", changed);
    document.getElementById("press").addEventListener("change", (event) => { this.view = event.target.value; this.redraw(); });
    const guides = document.getElementById("overlays");
    const kept = (localStorage.getItem(GUIDES) ?? "").split(" ");
    const apply = () => {
      const chosen = [...guides.querySelectorAll("input:checked")].map((one) => one.value);
      this.main.dataset.guides = chosen.join(" ");
      this.drawGuides();
      localStorage.setItem(GUIDES, chosen.join(" "));
    };
    for (const box of guides.querySelectorAll("input")) box.checked = kept.includes(box.value);
    guides.addEventListener("change", apply);
    document.addEventListener("click", (event) => { if (!guides.contains(event.target)) guides.open = false; });
    apply();
  }

  /** Lay the guides over pages that have none yet, if somebody wants any. */
  drawGuides() {
    if (!this.main.dataset.guides) return;
    for (const one of [this.wallRoom, this.spreadRoom]) drawGuides(one.element);
  }

  /** The address of a part, or of the wall. */
  addressOf(part, edition = this.edition, layout = this.layout) {
    return `#/${[edition, layout, ...(part ? [part] : [])].map(encodeURIComponent).join("/")}`;
  }

  go(part, focus = null) {
    this.focusOn = focus;
    location.hash = this.addressOf(part);
  }

  /** Ask what there is to see and what is wrong; gives what was known before, null if there is no newer answer. */
  async askForInfo() {
    const info = await this.rooms.ask();
    if (!info) return null;
    document.querySelector(".page-fault")?.remove();
    const before = this.info ?? {};
    this.info = info;
    tellProblem(info.problem);
    renderAlerts(this);
    return before;
  }

  async refreshRoom() {
    if (await this.askForInfo()) await this.offer();
  }

  /** Offer the editions and layouts that there are. */
  async offer() {
    const { editions, layouts, title } = this.info;
    // A server that begins again has none for a moment: what is shown stays.
    if (!editions.length && this.wall) return;
    document.getElementById("home").textContent = title ?? "Livret";
    const fill = (box, rows) => box.replaceChildren(...rows.map(([value, text]) => make("option", { value }, text)));
    const names = editions.map((one) => [one.id, one.subtitle && editions.filter((other) => other.title === one.title).length > 1 ? `${one.title}, ${one.subtitle}` : one.title]);
    const repeated = new Set(names.map(([, text]) => text)).size < names.length;
    fill(this.editionBox, names.map(([id, text]) => [id, repeated ? `${text} (${id})` : text]));
    fill(this.layoutBox, layouts.map((one) => [one, one]));
    if (editions.length) await this.route();
    else this.main.replaceChildren(make("p", { class: "empty" }, word(this.info.is_read ? "no_catalogue" : "reading")));
  }

  /** Show what the address says. While it asks the server, the address may become another: then that one is shown. */
  async route() {
    const address = location.hash;
    const [edition, layout, part] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
    const known = this.info?.editions.find((one) => one.id === edition) ?? this.info?.editions[0];
    if (!known) return;
    // Who has gone elsewhere meanwhile stays there.
    if (this.awaited && this.awaited.address !== address) this.awaited = null;
    const chosen = this.info.layouts.includes(layout) ? layout : known.layout;
    const isOther = known.id !== this.edition || chosen !== this.layout;
    this.edition = known.id;
    this.layout = chosen;
    this.editionBox.value = known.id;
    this.layoutBox.value = chosen;
    if (isOther || !this.wall) {
      this.wall = null;
      this.told.clear();
      if (!(await this.refreshWall()) || !this.wall || address !== location.hash) return;
      // The edition that is looked at is set before others.
      if (!part) send("/api/look", { edition: this.edition, layout: this.layout, part: this.wall.pages.find((page) => page.part)?.part }).catch(() => {});
    }
    this.part = part && this.wall.parts[part] ? part : null;
    this.showPart();
  }

  /** Ask for the wall; gives whether there is one of the edition and layout that are shown. */
  async refreshWall() {
    const { edition, layout } = this;
    this.asked += 1;
    const number = this.asked;
    const wall = await ask("/api/wall", { edition, layout }).catch(() => null);
    if (edition !== this.edition || layout !== this.layout) return false;
    if (!wall) return this.askAgain();
    // An answer may come after that to a later request.
    if (number < this.answered) return Boolean(this.wall);
    this.answered = number;
    for (const event of this.told.values()) if (event.version > wall.version) setAgain(wall, event);
    this.told.clear();
    this.wall = wall;
    measure(this.main, wall);
    this.tellBook();
    renderAlerts(this);
    return true;
  }

  /** The booklet is bound in the layout of its edition alone: in another one the link leads there. */
  tellBook() {
    const { edition, layout, wall } = this;
    const own = this.info.editions.find((one) => one.id === edition)?.layout ?? layout;
    const bound = document.getElementById("book");
    const isOther = own !== layout;
    bound.hidden = !isOther && !wall.bound;
    bound.href = isOther ? this.addressOf(null, edition, own) : `/book/${edition}.pdf`;
    bound.textContent = isOther ? word("book_in", { layout: own }) : word("book");
    bound.title = isOther ? word("book_why", { layout: own }) : "";
  }

  /** The server did not give the wall: what is shown stays, and it is asked for once more. */
  askAgain() {
    if (!this.wall) this.main.replaceChildren(make("p", { class: "empty" }, word("not_yet")));
    clearTimeout(this.again);
    this.again = setTimeout(() => this.onBook(), AGAIN);
    return Boolean(this.wall);
  }

  showPart() {
    const { wall, part } = this;
    document.title = `${part ? `${wall.parts[part].title} · ` : ""}${wall.title}`;
    if (part) {
      if (!this.spreadRoom.element.isConnected) this.main.replaceChildren(this.spreadRoom.element);
      this.spreadRoom.open(part);
      // Whoever writes beside the pages goes on writing.
      if (!this.main.contains(document.activeElement)) this.main.focus({ preventScroll: true });
      return;
    }
    if (!this.wallRoom.element.isConnected) this.main.replaceChildren(this.wallRoom.element);
    this.wallRoom.render();
    if (this.focusOn) this.wallRoom.focus(this.focusOn);
    this.focusOn = null;
  }

  redraw() {
    if (!this.wall) return;
    if (this.part) this.spreadRoom.render();
    else this.wallRoom.render();
  }

  refreshSpread() {
    return this.part ? this.spreadRoom.refresh() : undefined;
  }

  // --- what happens ---

  async onEvent(event) {
    if (!this.info) return;
    const isMine = event.edition === this.edition && event.layout === this.layout;
    if (event.kind === "part" && isMine) await this.onPart(event);
    else if (event.kind === "book" && isMine) await this.onBook();
    else if (event.kind === "progress" && isMine) this.tellProgress(event);
    else if (event.kind === "findings" || event.kind === "catalogue") await this.onFindings();
    else if (event.kind === "problem") {
      tellProblem(event.message ? event : null);
      // An answer on its way may be older, and is then not taken.
      await this.onFindings();
    }
    for (const pane of panes) pane.onEvent?.(event, this);
  }

  /** A part was set again: its picture first, all else after it. */
  async onPart(event) {
    this.told.set(event.anchor, event);
    // A part that was added just now comes with the next wall.
    if (!this.wall?.parts[event.anchor]) return;
    setAgain(this.wall, event);
    if (!this.part) return this.wallRoom.update(event.anchor);
    if (this.part !== event.anchor) return;
    this.spreadRoom.render();
    await this.spreadRoom.pictures;
    await this.refreshSpread();
    renderAlerts(this);
  }

  /** Go to a part, or to an edition, as soon as it is there. */
  awaitPart(kind, id) {
    this.awaited = { kind, id, address: location.hash };
    this.goToAwaited();
  }

  goToAwaited() {
    const { kind, id } = this.awaited ?? {};
    const isEdition = kind === "edition";
    if (!kind || !(isEdition ? this.info?.editions.some((one) => one.id === id) : this.wall?.parts[`${kind}-${id}`])) return;
    this.awaited = null;
    this.spreadRoom.pane = "edit";
    // The cover has the form that says which cards an edition has.
    if (isEdition) location.hash = this.addressOf("cover", id, this.info.editions.find((one) => one.id === id).layout);
    else this.go(`${kind}-${id}`);
  }

  /** Ask for the wall as it is now; what is told meanwhile is asked for once, after it. */
  async onBook() {
    const name = `${this.edition} ${this.layout}`;
    this.isStale = true;
    if (this.asking === name) return;
    this.asking = name;
    try {
      while (this.isStale && this.asking === name) {
        this.isStale = false;
        await this.takeBook();
      }
    } finally {
      if (this.asking === name) this.asking = null;
    }
  }

  async takeBook() {
    if (!this.wall) return this.route();
    const shown = this.wall.parts[this.part];
    if (!(await this.refreshWall())) return;
    this.goToAwaited();
    if (this.part && !this.wall.parts[this.part]) {
      if (!edit.isUnsaved(this.part)) return this.go(null);
      // What she wrote stands nowhere else: the form stays, and tells that the file is gone.
      this.wall.parts[this.part] = shown;
      return;
    }
    if (this.part) {
      this.spreadRoom.render();
      await this.refreshSpread();
    } else {
      // The address may name a part that was not there before.
      await this.route();
    }
  }

  async onFindings() {
    const before = await this.askForInfo();
    if (!before) return;
    const offered = ({ editions, layouts }) => JSON.stringify([editions, layouts]);
    if (offered(before) === offered(this.info)) return this.refreshSpread();
    await this.offer();
    this.goToAwaited();
  }

  async onReturn() {
    tellLost(false);
    // A server that began again counts anew.
    this.told.clear();
    for (const form of forms) form.flush();
    await this.refreshRoom();
    if (this.wall) await this.onBook();
  }

  /** Open the form of a file: beside its page, or alone. */
  mend(finding) {
    const key = Object.keys(this.wall?.parts ?? {}).find((one) => this.wall.parts[one].file === finding.file);
    if (!key) return fileDialog(this, finding);
    if (this.part === key && this.spreadRoom.details) return writeAt(this.spreadRoom.details, this, finding);
    this.spreadRoom.pane = "edit";
    edit.wanted = finding;
    this.go(key);
  }

  tellProgress({ what, done, total }) {
    const text = { typeset: word("typesetting", { done, total }), binding: word("binding"), bound: word("up_to_date"), settled: word("up_to_date"), failed: word("not_set") }[what];
    const place = document.getElementById("progress");
    place.textContent = text ?? "";
    place.dataset.what = what;
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isField = isWriting(event.target);
    if (event.key === "Escape" && isField && event.target.id === "search") {
      this.wallRoom.clear();
      event.target.blur();
      return;
    }
    if (isField || event.target.closest?.("details[open], [role=dialog]")) return;
    if (event.key === "/" && !this.part) {
      event.preventDefault();
      this.wallRoom.search.focus();
    } else if (this.part && this.spreadRoom.onKey(event)) {
      event.preventDefault();
    } else if (event.key === "Escape" && !this.part) {
      this.wallRoom.clear();
    } else if (!this.part && event.key.startsWith("Arrow") && !event.target.closest(".wall")) {
      event.preventDefault();
      this.wallRoom.focus(null);
    }
  }
}

/** A part was set again: its newest pages, in what is known of all. */
function setAgain(wall, { anchor, fragment, pages }) {
  if (wall.parts[anchor]) wall.parts[anchor] = { ...wall.parts[anchor], fragment, pages };
}

const room = new Room();
addEventListener("unhandledrejection", (event) => tellFault(event.reason));
addEventListener("error", (event) => { if (event.error) tellFault(event.error); });
room.start().catch((failure) => {
  announce(reason(failure));
  room.showReason(failure);
});
