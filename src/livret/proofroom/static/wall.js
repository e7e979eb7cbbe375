// The wall: every spread of the edition, in the order of the book.

import { Question, send } from "./api.js";
import { announce, make, word } from "./dom.js";
import { address, frame, handOf, shownBy, spreadsOf, Thumbnails } from "./pages.js";

const STATES = ["missing", "sent", "corrections", "changed", "approved"];
const THUMBNAIL = 150;
// How long after a scroll it is looked which pages in sight are not there yet, in milliseconds.
const LOOK = 250;

/** The marks of a part: what somebody should see before reading anything. */
function marks(part) {
  const shown = [];
  if (part.errors) shown.push(["error", word("errors_n", { n: part.errors })]);
  if (part.overset) shown.push(["overset", word("overset")]);
  if (part.warnings) shown.push(["warning", word("warnings_n", { n: part.warnings })]);
  if (part.state && part.state !== "missing") shown.push([part.state, word(`state_${part.state}`)]);
  return shown;
}

export class Wall {
  /** `room` gives the wall's content, the view, and goes to a part. */
  constructor(room) {
    this.room = room;
    this.filter = { words: "", theme: "", territory: "", state: "" };
    this.found = null;
    this.question = new Question("/api/search");
    this.cells = [];
    this.thumbnails = new Thumbnails();
    this.list = make("ol", { class: "wall", onkeydown: (event) => this.onKey(event) });
    this.count = make("p", { class: "count", role: "status" });
    this.bar = this.makeFilters();
    this.element = make("div", { class: "wall-room" }, this.bar, this.list);
    document.addEventListener("scroll", () => this.lookSoon(), { passive: true });
  }

  /** While pages are still being set, those that are in sight are asked for first. */
  lookSoon() {
    if (this.timerOfLook || this.room.wall?.settled) return;
    this.timerOfLook = setTimeout(() => {
      this.timerOfLook = null;
      this.look();
    }, LOOK);
  }

  look() {
    const { wall, edition, layout } = this.room;
    if (!wall || !this.element.isConnected) return;
    for (const item of this.list.querySelectorAll("li:not([hidden])")) {
      const { top, bottom } = item.getBoundingClientRect();
      if (top > innerHeight) return;
      const part = bottom > 0 && [...item.querySelectorAll("a")].map((one) => one.dataset.part).find((one) => !wall.parts[one].fragment);
      if (part) return void send("/api/look", { edition, layout, part }).catch(() => {});
    }
  }

  makeFilters() {
    const changed = () => this.onFilter();
    this.search = make("input", { type: "search", id: "search", placeholder: word("search"), "aria-label": word("search"), oninput: changed });
    this.theme = make("select", { onchange: changed, "aria-label": word("theme") });
    this.territory = make("select", { onchange: changed, "aria-label": word("territory") });
    this.state = make("select", { onchange: changed, "aria-label": word("state") });
    return make("form", { class: "filters", role: "search", onsubmit: (event) => event.preventDefault() },
      this.search, this.theme, this.territory, this.state, this.count);
  }

  /** Draw everything anew. */
  render() {
    const { wall } = this.room;
    const options = (select, all, rows) => {
      const { value } = select;
      select.replaceChildren(make("option", { value: "" }, all), ...rows.map(([key, text]) => make("option", { value: key }, text)));
      select.value = rows.some(([key]) => key === value) ? value : "";
    };
    options(this.theme, word("all_themes"), wall.themes.map((one) => [one.id, one.name]));
    options(this.territory, word("all_territories"), [["national", word("national")], ...wall.territories.map((one) => [one.code, one.name])]);
    options(this.state, word("all_states"), [["findings", word("with_findings")], ["overset", word("overset")], ...STATES.map((one) => [one, word(`state_${one}`)])]);
    this.colours = new Map(wall.themes.map((one) => [one.id, one.color]));
    const shape = JSON.stringify([wall.edition, wall.layout, wall.pages.map((page) => [page.part, page.below.map((one) => one.part)])]);
    this.lookSoon();
    if (shape === this.shape) return this.refresh();
    const focused = document.activeElement?.closest?.(".wall a")?.dataset.part;
    this.cells = [];
    this.list.replaceChildren(...spreadsOf(wall).map((spread) => this.cell(spread)));
    this.shape = shape;
    this.room.drawGuides();
    this.applyFilter();
    // Another edition has other parts that hold the words.
    if (this.filter.words) this.lookFor(this.filter.words);
    if (focused) this.focus(focused);
  }

  /** The same spreads as before: only what changed in them is drawn anew. */
  refresh() {
    const { wall } = this.room;
    for (const image of this.list.querySelectorAll("img")) this.place(image, wall.pages[Number(image.dataset.folio) - 1]);
    for (const link of this.cells) this.describe(link);
    this.applyFilter();
  }

  /** The caption and the name of a part, if they changed. */
  describe(link) {
    const { wall } = this.room;
    const part = wall.parts[link.dataset.part];
    const said = JSON.stringify([part, wall.themes]);
    if (link.said === said) return;
    link.said = said;
    const images = link.dataset.folio ? [link] : [...link.querySelectorAll("img:not(.below)")];
    const pages = images.map((one) => wall.pages[Number(one.dataset.folio) - 1]);
    link.querySelector(".caption").replaceWith(this.caption(pages, part));
    link.setAttribute("aria-label", this.name(pages, part));
  }

  cell(spread) {
    const item = make("li", { class: "spread" });
    this.thumbnails.watch(item);
    const [left, right] = spread;
    const isOne = left && right && left.part && left.part === right.part;
    for (const group of isOne ? [[left, right]] : [[left], [right]]) {
      const page = group.find(Boolean);
      const inside = group.map((one) => this.page(one, handOf(this.room.wall, one === left)));
      const key = page?.part;
      if (!key) {
        item.append(make("span", { class: page ? "blank" : "none" }, ...inside, page ? this.caption(page, null) : null));
        continue;
      }
      const part = this.room.wall.parts[key];
      const link = make("a", { href: this.room.addressOf(key), "data-part": key, class: isOne ? "both" : `one ${page === left ? "left" : "right"}`, "aria-label": this.name(group, part) }, ...inside);
      link.append(this.caption(group, part));
      item.append(link);
      this.cells.push(link);
      for (const below of page.below) item.append(this.cellBelow(page, below.part, page === left));
    }
    return item;
  }

  /** The caption of a card that stands below others on a page. */
  cellBelow(page, key, isLeft) {
    const part = this.room.wall.parts[key];
    const link = make("a", { href: this.room.addressOf(key), "data-part": key, "data-folio": String(page.folio), class: `one below ${isLeft ? "left" : "right"}`, "aria-label": this.name([page], part) }, this.caption([page], part));
    this.cells.push(link);
    return link;
  }

  page(page, hand) {
    const shell = frame(page, hand);
    for (const image of shell.querySelectorAll("img")) {
      image.dataset.folio = page.folio;
      this.place(image, page);
    }
    return shell;
  }

  place(image, page) {
    const width = THUMBNAIL * Math.min(devicePixelRatio, 2);
    this.thumbnails.place(image, address(this.room.wall, shownBy(image, page), width, this.room.view));
  }

  caption(group, part) {
    const pages = [group].flat().filter(Boolean);
    const folios = pages.map((one) => make("span", { class: "folio" }, String(one.folio)));
    if (!part) return make("span", { class: "caption" }, ...folios);
    const colour = this.colours.get(part.themes[0]);
    return make("span", { class: "caption", "--theme": colour ?? "transparent" },
      folios[0], make("span", { class: "title" }, part.title),
      make("span", { class: "marks" }, ...marks(part).map(([kind, text]) => make("span", { class: `mark ${kind}`, title: text }))),
      folios[1]);
  }

  name(group, part) {
    const folios = group.filter(Boolean).map((one) => one.folio);
    const key = folios.length > 1 ? "pages_n" : "page_n";
    const said = [word(key, { first: folios[0], last: folios.at(-1) }), part.description];
    for (const id of part.themes.slice(0, 1)) said.push(this.room.wall.themes.find((one) => one.id === id)?.name);
    return [...said, ...marks(part).map(([, text]) => text)].filter(Boolean).join(", ");
  }

  /** One part changed: its pictures and its caption, and nothing else. */
  update(key) {
    const { wall } = this.room;
    for (const link of this.cells.filter((one) => one.dataset.part === key)) {
      const above = link.dataset.folio ? this.list.querySelectorAll(`img[data-folio="${link.dataset.folio}"]`) : link.querySelectorAll("img");
      for (const image of above) this.place(image, wall.pages[Number(image.dataset.folio) - 1]);
      this.describe(link);
    }
    this.applyFilter();
  }

  onFilter() {
    const words = this.search.value.trim();
    clearTimeout(this.timer);
    if (words === this.filter.words) return this.applyFilter();
    this.timer = setTimeout(() => this.lookFor(words), 80);
  }

  async lookFor(words) {
    this.filter.words = words;
    const { edition, layout } = this.room;
    // Meanwhile other words may have been typed, or all cleared, or another edition chosen.
    const isWanted = () => this.search.value.trim() === words && edition === this.room.edition && layout === this.room.layout;
    const answer = words ? await this.question.ask({ edition, layout, words }, isWanted) : { parts: null };
    if (!answer) return;
    this.found = answer.parts && new Set(answer.parts);
    this.applyFilter();
  }

  applyFilter() {
    // Between two editions there is no wall.
    if (!this.room.wall) return;
    const { parts } = this.room.wall;
    const theme = this.theme.value, territory = this.territory.value, state = this.state.value;
    const isFiltered = Boolean(theme || territory || state || this.found);
    const fits = (key) => {
      const part = parts[key];
      if (theme && !part.themes.includes(theme)) return false;
      if (territory === "national" && !part.national) return false;
      if (territory && territory !== "national" && !part.territories.includes(territory)) return false;
      if (state === "findings" && !(part.errors || part.warnings)) return false;
      if (state === "overset" && !part.overset) return false;
      if (STATES.includes(state) && part.state !== state) return false;
      return !this.found || this.found.has(key);
    };
    let count = 0;
    const seen = new Set();
    for (const item of this.list.children) {
      const keys = [...item.querySelectorAll("a")].map((one) => one.dataset.part);
      item.hidden = isFiltered && !keys.some(fits);
      for (const link of item.querySelectorAll("a")) link.classList.toggle("dim", isFiltered && !fits(link.dataset.part));
      for (const key of keys) if (!seen.has(key) && fits(key)) { seen.add(key); count += 1; }
    }
    this.count.textContent = isFiltered ? word("found_n", { n: count }) : word("pages_all", { n: this.room.wall.pages.length });
    this.element.classList.toggle("nothing", isFiltered && !count);
  }

  clear() {
    for (const field of [this.search, this.theme, this.territory, this.state]) field.value = "";
    clearTimeout(this.timer);
    this.filter.words = "";
    this.found = null;
    this.applyFilter();
    announce(word("filters_cleared"));
  }

  focus(key) {
    const link = this.cells.find((one) => one.dataset.part === key) ?? this.cells[0];
    link?.focus({ preventScroll: false });
  }

  onKey(event) {
    const at = event.target.closest("a");
    // Between two editions there is no wall.
    if (!at || !this.room.wall || event.altKey || event.ctrlKey || event.metaKey) return;
    const shown = this.cells.filter((one) => !one.parentElement.hidden);
    const here = shown.indexOf(at);
    const next = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (this.room.wall.binding === "left" ? 1 : -1);
    let to = null;
    if (next) to = shown[here + next];
    else if (event.key === "Home") to = shown[0];
    else if (event.key === "End") to = shown.at(-1);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") to = this.beside(shown, at, event.key === "ArrowDown");
    else return;
    event.preventDefault();
    to?.focus();
  }

  /** The nearest one in the next row. Spreads far away have no layout yet: only those of that row are looked into. */
  beside(shown, at, isDown) {
    const top = (item) => item.getBoundingClientRect().top;
    const from = at.getBoundingClientRect();
    const here = top(at.parentElement);
    const tops = new Map(shown.map((one) => [one.parentElement, 0]));
    for (const item of tops.keys()) tops.set(item, top(item));
    const others = [...tops.values()].filter((one) => (isDown ? one > here + 4 : one < here - 4));
    // In the same spread, a card may stand below another one.
    const inside = shown.filter((one) => one.parentElement === at.parentElement).map((one) => [one, one.getBoundingClientRect()])
      .filter(([, box]) => (isDown ? box.top > from.top + 4 : box.top < from.top - 4));
    if (!others.length && !inside.length) return null;
    const row = isDown ? Math.min(...others) : Math.max(...others);
    const near = inside.length ? inside : shown.filter((one) => Math.abs(tops.get(one.parentElement) - row) < 4).map((one) => [one, one.getBoundingClientRect()]);
    const first = isDown ? Math.min(...near.map(([, box]) => box.top)) : Math.max(...near.map(([, box]) => box.top));
    const line = near.filter(([, box]) => Math.abs(box.top - first) < 4);
    return line.reduce((best, one) => (Math.abs(one[1].left - from.left) < Math.abs(best[1].left - from.left) ? one : best))[0];
  }
}
