// Pages as pictures: their addresses, their sizes, and a change of picture without a flicker.

import { make } from "./dom.js";

const WIDTHS = [120, 180, 240, 360, 480, 720, 960, 1200, 1600, 2000, 2600, 3200, 4096];

// Thumbnails are asked for so far from the edges of what is in sight.
const NEAR = "400px 0px";

// A picture that does not come is asked for again after so many milliseconds, and then each time after the last of them.
const AGAIN = [1000, 3000, 9000, 27000];

// A picture that has come is shown after so many milliseconds, even if it is not decoded yet.
const DECODING = 500;

/** The nearest larger width that pictures are drawn in, so that few different ones are. */
function drawn(pixels) {
  return WIDTHS.find((width) => width >= pixels) ?? WIDTHS.at(-1);
}

/** The spreads of a book as [verso, recto]: the first page is a recto, alone; then two by two. */
export function spreadsOf(wall) {
  const spreads = [];
  wall.pages.forEach((page, index) => {
    if (index === 0) spreads.push([null, page]);
    else if (index % 2) spreads.push([page, null]);
    else spreads.at(-1)[1] = page;
  });
  return spreads;
}

/** Which page of a spread the first or the second is: in a book that is read from the right, the first is the right one. */
export function handOf(wall, isFirst) {
  return isFirst === (wall.binding === "left") ? "left" : "right";
}

/** The parts on a page, from its head to its foot; `down` is how far below its place each is drawn, in millimetres. */
export function partsOf(page) {
  return page?.part ? [{ part: page.part, down: 0 }, ...page.below] : [];
}

/** A part on a page; undefined where it is not on it. */
export function on(page, key) {
  return partsOf(page).find((one) => one.part === key);
}

/** What an image of a frame shows: the page, or a card below others on it. */
export function shownBy(image, page) {
  return image.dataset.below ? { part: page.below[image.dataset.below]?.part, page: 0, over: "" } : page;
}

/** The address of the picture of a page; null while its part is being typeset. */
export function address(wall, page, width, view) {
  const part = page.part ? wall.parts[page.part] : null;
  if (part && (!part.fragment || page.page >= part.pages)) return null;
  const over = page.over ? `&over=${page.over}` : "";
  if (!part && !over) return null;
  const name = part ? `${part.fragment}-${page.page}` : "blank-0";
  const press = view === "press" ? `&view=press&edition=${wall.edition}&layout=${wall.layout}` : "";
  return `/picture/${name}.jpg?width=${drawn(width)}${over}${press}`;
}

/** Show this picture in an image; the one before stays until it is there. One that does not come is asked for again. */
export async function show(image, wanted, tries = 0) {
  if (!tries && image.dataset.wanted === (wanted ?? "")) return;
  image.dataset.wanted = wanted ?? "";
  if (!wanted) {
    image.removeAttribute("src");
    return;
  }
  const isWanted = () => image.dataset.wanted === wanted;
  const again = () => setTimeout(() => {
    if (!isWanted()) return;
    if (image.isConnected) show(image, wanted, tries + 1);
    // Asked for again when it is back on the page.
    else image.dataset.wanted = "";
  }, AGAIN[Math.min(tries, AGAIN.length - 1)]);
  const isThere = isEmpty(image) || await drawable(wanted);
  if (!isWanted()) return;
  if (!isThere) {
    again();
    return;
  }
  image.onerror = again;
  image.src = wanted;
}

/** Load a picture, so that it can take the place of another without a flicker; gives whether it came. */
async function drawable(wanted) {
  const picture = new Image();
  const isThere = await new Promise((done) => {
    picture.onload = () => done(true);
    picture.onerror = () => done(false);
    picture.src = wanted;
  });
  // A browser that is busy, or whose window cannot be seen, may take its time to decode, or refuse to.
  if (isThere) await Promise.race([picture.decode().catch(() => {}), new Promise((done) => { setTimeout(done, DECODING); })]);
  return isThere;
}

/** Whether an image shows nothing: it has no picture, or one that did not come. */
function isEmpty(image) {
  return image.complete && !image.naturalWidth;
}

/**
 * Pictures that are asked for while they are in sight or near it. A browser asks for a few things at a time: all else,
 * such as a search or the spread that somebody opens, would wait until everything was drawn that was scrolled past.
 */
export class Thumbnails {
  constructor() {
    this.wanted = new WeakMap();
    this.inSight = new WeakSet();
    this.observer = new IntersectionObserver((seen) => seen.forEach((one) => this.turn(one.target, one.isIntersecting)), { rootMargin: NEAR });
  }

  /** Look after the images in an element from now on. */
  watch(element) {
    this.observer.observe(element);
  }

  /** Another picture for an image; null while there is none. */
  place(image, wanted) {
    this.wanted.set(image, wanted);
    if (!wanted || this.inSight.has(image.closest("li"))) show(image, wanted);
  }

  turn(element, isInSight) {
    this.inSight[isInSight ? "add" : "delete"](element);
    for (const image of element.querySelectorAll("img")) {
      if (isInSight) show(image, this.wanted.get(image));
      // What has not come yet is not asked for any more.
      else if (!image.complete || isEmpty(image)) show(image, null);
    }
  }
}

/** The frame of a page; its picture has the bleed, and the style sheet cuts it off. */
export function frame(page, hand) {
  const picture = (more) => make("img", { alt: "", decoding: "async", draggable: "false", ...more });
  const below = (page?.below ?? []).map((one, index) => picture({ class: "below", "data-below": String(index), "--down": one.down, "--room-top": one.top, "--room-bottom": one.bottom }));
  return make("span", { class: `page on-${hand}` }, ...(page ? [picture({}), ...below] : []));
}

/** Lay the guides over all pages in an element. Until somebody wants them, a wall has half as many elements without. */
export function drawGuides(element) {
  for (const page of element.querySelectorAll(".page:not(:empty)")) {
    if (!page.querySelector(".guide-trim")) page.append(...["trim", "bleed", "safe", "lines"].map((one) => make("span", { class: `guide-${one}` })));
  }
}

/** The measures of pages, for the style sheet. */
export function measure(element, wall) {
  const { width, height, bleed, safe, baseline, margins } = wall.page;
  const set = (name, value) => element.style.setProperty(name, value);
  element.dataset.binding = wall.binding;
  set("--ratio", `${width} / ${height}`);
  set("--page-height", height);
  set("--page-bleed", bleed);
  set("--bleed-x", bleed / width);
  set("--bleed-y", bleed / height);
  set("--safe-x", `${(100 * safe) / width}%`);
  set("--safe-y", `${(100 * safe) / height}%`);
  set("--head", `${(100 * margins.head) / height}%`);
  set("--foot", `${(100 * margins.foot) / height}%`);
  set("--inner", `${(100 * margins.inner) / width}%`);
  set("--outer", `${(100 * margins.outer) / width}%`);
  const line = (baseline * 25.4) / 72;
  // As wide as a page is, so that it holds at any size.
  set("--line", line / width);
}
