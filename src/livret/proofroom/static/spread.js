// One spread: the pages, sharp at any zoom, and beside them all that is known of the part.

import { Question, send } from "./api.js";
import { announce, make, word } from "./dom.js";
import { address, frame, handOf, on, partsOf, show, shownBy, spreadsOf } from "./pages.js";

const ZOOMS = [1, 1.25, 1.5, 2, 3, 4];

/**
 * What can stand beside a spread. Each pane has an `id`, the key of its `title` among the words, `fits(part)`, and
 * `render(container, part, room)`, which is called whenever the part has changed; the first one is shown first.
 */
export const panes = [];

export class Spread {
  constructor(room) {
    this.room = room;
    this.zoom = 1;
    this.pane = null;
    this.details = null;
    this.question = new Question("/api/spread");
    this.desk = make("div", { class: "desk", tabindex: "0", role: "group", "aria-label": word("spread") });
    this.sheets = make("div", { class: "sheets" });
    this.desk.append(this.sheets);
    this.desk.addEventListener("click", (event) => this.onPoint(event));
    this.aside = make("aside", { class: "beside", "aria-label": word("about_part") });
    this.element = make("div", { class: "spread-room" }, make("section", { class: "stage" }, this.makeTools(), this.desk), this.aside);
    new ResizeObserver(() => this.fit()).observe(this.desk);
  }

  makeTools() {
    const button = (key, sign, onclick) => make("button", { type: "button", class: "tool", title: word(key), "aria-label": word(key), onclick }, sign);
    this.level = make("output", { class: "level", "aria-label": word("zoom") });
    this.where = make("p", { class: "where" });
    return make("div", { class: "tools" },
      make("a", { class: "back", href: "#" }, word("back_to_wall")),
      this.where,
      make("span", { class: "zoom" }, button("smaller", "−", () => this.zoomBy(-1)), this.level, button("larger", "+", () => this.zoomBy(1))),
      make("span", { class: "turns" }, button("previous", "←", () => this.turn(-1)), button("next", "→", () => this.turn(1))));
  }

  get part() {
    return this.room.wall?.parts[this.key];
  }

  /** Show a part; the first time, everything beside it is asked for. */
  async open(key) {
    const isNew = key !== this.key;
    this.key = key;
    this.element.querySelector(".back").href = this.room.addressOf(null);
    if (isNew) {
      this.details = null;
      this.zoom = 1;
      // What stands there is still that of another part: nobody writes in it by mistake.
      this.aside.inert = true;
    }
    this.render();
    const { edition, layout } = this.room;
    send("/api/look", { edition, layout, part: key }).catch(() => {});
    await this.refresh();
    if (isNew) announce(word("opened", { title: this.part?.description ?? "" }));
  }

  /** Ask again for what stands beside the pages. */
  async refresh() {
    const { edition, layout } = this.room;
    const key = this.key;
    // Meanwhile another part or edition may be shown.
    const isWanted = () => key === this.key && edition === this.room.edition && layout === this.room.layout;
    const details = await this.question.ask({ edition, layout, part: key }, isWanted);
    if (!details || !this.room.wall) return;
    this.details = details;
    this.aside.inert = false;
    this.renderBeside();
  }

  spreads() {
    return spreadsOf(this.room.wall).filter((pages) => pages.some((page) => on(page, this.key)));
  }

  /** Draw the pages; those that are there already stay, so that nothing flickers. */
  render() {
    const { wall } = this.room;
    const spreads = this.spreads();
    // Its file is gone, and somebody still writes in it.
    if (!spreads.length) return;
    const shape = spreads.map((pages) => pages.map((page) => page?.folio ?? "-").join(" ")).join("|");
    if (this.shape !== shape) {
      this.shape = shape;
      this.sheets.replaceChildren(...spreads.map((pages) => make("div", { class: "sheet-pair" },
        ...pages.map((page, index) => {
          const shell = frame(page, handOf(wall, !index));
          if (page) shell.dataset.folio = page.folio;
          return shell;
        }))));
      this.room.drawGuides();
    }
    for (const shell of this.sheets.querySelectorAll(".page[data-folio]")) {
      const page = wall.pages[Number(shell.dataset.folio) - 1];
      const isOther = !on(page, this.key);
      shell.classList.toggle("other", isOther && Boolean(page.part));
      shell.firstChild.alt = isOther ? "" : word("picture_of", { folio: page.folio, title: this.part.description });
    }
    const folios = spreads.flat().filter(Boolean).map((page) => page.folio);
    this.where.textContent = folios.length > 1 ? word("pages_n", { first: folios[0], last: folios.at(-1) }) : word("page_n", { first: folios[0] });
    this.fit();
  }

  /** Give the pages their size, and pictures as fine as the screen. */
  fit() {
    const { wall } = this.room;
    // Between two editions there is no wall, or one in which this part has other pages or none.
    if (!this.key || !this.sheets.firstChild || !wall?.parts[this.key]) return;
    const { width, height, bleed } = wall.page;
    const margin = 2 * bleed;
    const space = { x: this.desk.clientWidth - 32, y: this.desk.clientHeight - 32 };
    const count = Math.min(this.sheets.children.length, 1);
    const best = Math.min(space.x / (2 * width + margin), (space.y * count) / (height + margin));
    const page = Math.max(80, best * width * this.zoom);
    this.sheets.style.setProperty("--page", `${page}px`);
    this.level.textContent = `${Math.round(((page / width) * 25.4 * 100) / 96)} %`;
    this.element.classList.toggle("zoomed", this.zoom > 1);
    const pixels = page * (1 + margin / width) * devicePixelRatio;
    const pictures = [];
    for (const shell of this.sheets.querySelectorAll(".page[data-folio]")) {
      const shown = wall.pages[Number(shell.dataset.folio) - 1];
      if (!shown) continue;
      for (const image of shell.querySelectorAll("img")) pictures.push(show(image, address(wall, shownBy(image, shown), pixels, this.room.view)));
    }
    /** Done when all pictures are shown, or are not there. */
    this.pictures = Promise.all(pictures);
  }

  zoomBy(step) {
    const at = ZOOMS.indexOf(this.zoom) + step;
    this.zoom = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, at))];
    this.fit();
  }

  /** Go to the spread before or after. */
  turn(step) {
    // Between two editions there is no wall.
    if (!this.room.wall) return;
    const keys = this.room.wall.pages.flatMap((page) => partsOf(page).map((one) => one.part));
    const next = step > 0 ? keys[keys.lastIndexOf(this.key) + 1] : keys[keys.indexOf(this.key) - 1];
    if (next) this.room.go(next);
  }

  /** A click on a page: on another part it goes there; else the panes are told where, in millimetres of the page. */
  onPoint(event) {
    const shell = event.target.closest(".page[data-folio]");
    const page = this.room.wall?.pages[Number(shell?.dataset.folio) - 1];
    // Between two editions there is no wall, or one with other pages.
    if (!page) return;
    const box = shell.getBoundingClientRect();
    const { width, height } = this.room.wall.page;
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    const here = partsOf(page).findLast((one) => !one.down || y > height - one.top + one.down);
    if (here && here.part !== this.key) return this.room.go(here.part);
    const detail = { part: this.key, page: page.page, x, y: y - (here?.down ?? 0) };
    this.element.dispatchEvent(new CustomEvent("livret:point", { detail, bubbles: true }));
  }

  onKey(event) {
    if (event.key === "Escape") this.room.go(null, this.key);
    else if (event.key === "ArrowRight" || event.key === "PageDown") this.turn(1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") this.turn(-1);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1);
    else if (event.key === "-") this.zoomBy(-1);
    else if (event.key === "0") { this.zoom = 1; this.fit(); }
    else return false;
    return true;
  }

  // --- beside the pages ---

  renderBeside() {
    const open = panes.filter((pane) => pane.fits(this.details));
    const chosen = open.find((pane) => pane.id === this.pane) ?? open[0];
    const shown = `${this.key} ${chosen.id}`;
    if (this.shown !== shown || !this.aside.childElementCount) {
      this.shown = shown;
      this.head = make("header", {});
      this.body = make("div", { class: "pane", id: `pane-${chosen.id}` });
      this.aside.replaceChildren(this.head, this.tabs(open, chosen), this.body);
    }
    this.renderHead();
    chosen.render(this.body, this.details, this.room);
    for (const pane of open) pane.beside?.(this.details, this.room);
  }

  /** Open a pane. */
  choose(id) {
    this.pane = id;
    if (this.room.wall && this.details) this.renderBeside();
  }

  tabs(open, chosen) {
    if (open.length < 2) return make("span", { hidden: true });
    const tab = (pane) => make("button", {
      type: "button", "aria-pressed": String(pane === chosen),
      onclick: () => this.choose(pane.id),
    }, word(pane.title));
    return make("div", { class: "segments panes", role: "group" }, ...open.map(tab));
  }

  renderHead() {
    const { details, room } = this;
    const themes = details.themes.map((id) => room.wall.themes.find((one) => one.id === id)).filter(Boolean);
    const { description, title } = details;
    this.head.replaceChildren(
      make("h2", { id: "part-title", tabindex: "-1" }, title),
      description !== title ? make("p", { class: "description" }, description) : "",
      make("p", { class: "themes" }, ...themes.map((one) => make("span", { class: "theme", "--theme": one.color }, one.name))));
  }
}
