// The pane for writing, clicks on paragraphs, and the forms of files without a page.

import { Question } from "./api.js";
import { ownForeword } from "./begin.js";
import { closing, make, word } from "./dom.js";
import { Form } from "./form.js";
import { cameBack, forms, leave } from "./kept.js";
import { on } from "./pages.js";

// --- the fields on the pages ---

let places = [];
const placesOf = new Question("/api/fields");

async function showPlaces(part, room) {
  const { edition, layout } = room;
  const key = `${edition} ${layout} ${part.anchor} ${part.fragment}`;
  if (showPlaces.key === key) {
    // The pages may be new elements.
    if (places.length && !room.main.querySelector(".field-place")) drawPlaces(part, room);
    return;
  }
  showPlaces.key = key;
  const found = await placesOf.ask({ edition, layout, part: part.anchor }, () => showPlaces.key === key);
  if (!found || !room.wall) {
    if (showPlaces.key === key) showPlaces.key = null;
    return;
  }
  places = found.places;
  drawPlaces(part, room);
}

/** Buttons over the paragraphs. Those who use the keyboard have the form itself. */
function drawPlaces(part, room) {
  for (const old of room.main.querySelectorAll(".field-place")) old.remove();
  for (const shell of room.main.querySelectorAll(".sheets .page[data-folio]")) {
    const page = room.wall.pages[Number(shell.dataset.folio) - 1];
    const here = on(page, part.anchor);
    if (!here) continue;
    for (const one of places.filter((place) => place.page === (here.down ? 0 : page.page))) {
      const button = make("button", { type: "button", class: "field-place", tabindex: "-1", "aria-hidden": "true", onclick: (event) => { event.stopPropagation(); write(part, room, one); } });
      for (const name of ["x", "y", "width", "height"]) button.style.setProperty(`--${name}`, name === "y" ? one.y + here.down / room.wall.page.height : one[name]);
      button.dataset.field = one.path.join(".");
      shell.append(button);
    }
  }
}

/** Go to a field, in the pane for writing. */
async function write(part, room, place) {
  room.spreadRoom.choose("edit");
  if (edit.form && edit.form.part === part.anchor && edit.form.named !== place.file) edit.open(part, room, place.file);
  await goTo(edit.form, (form) => form.focus(place.path, place.words));
}

/** Go to a field of a form, once it is loaded. Meanwhile somebody may have gone elsewhere. */
async function goTo(form, go) {
  await form?.loading;
  if (form && form === edit.form && form.container.isConnected) go(form);
}

/** Go to the field that a finding is about. */
export async function writeAt(part, room, finding) {
  room.spreadRoom.choose("edit");
  if (edit.form?.part !== part.anchor) return;
  if (edit.form.named !== finding.file) edit.open(part, room, finding.file);
  await goTo(edit.form, (form) => form.goTo(finding));
}

/** What the button of a file says: its language, or whether it is that of one edition or of all. */
function nameOf({ file, language, is_shared: isShared }) {
  if (isShared !== undefined) return word(isShared ? "all_editions" : "this_edition");
  return language ? new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(language) : file.split("/").at(-1);
}

export const edit = {
  id: "edit",
  title: "pane_edit",
  form: null,
  // The finding whose field is gone to when its part is opened.
  wanted: null,
  pane: null,
  fits: () => true,
  /** Called for each part that is shown, whichever pane is open. */
  beside: (part, room) => { showPlaces(part, room); },
  render(container, part, room) {
    if (!container.isConnected) return;
    const file = part.file ?? part.files[0]?.file ?? "";
    const files = JSON.stringify(part.files);
    const isSame = this.form?.edition === room.edition || (this.form?.named === file && this.files === files);
    const isLeft = this.form?.isLeft && part.file !== this.form.named;
    if (!isLeft && this.pane === container && this.form?.part === part.anchor && isSame) {
      if (this.form.edition !== room.edition) this.tellShared(this.form);
      this.form.edition = room.edition;
      this.form.refresh();
      return;
    }
    this.pane = container;
    this.files = files;
    this.open(part, room, file);
  },
  /** The form of a file of this part. In two languages it has one for each; a cover has that of its edition and of all. */
  open(part, room, file) {
    leave(this.form);
    // Words that a translation does not give stand in another file.
    const files = !file || part.files.some((one) => one.file === file) ? part.files : [...part.files, { file }];
    const inside = files.length > 1 ? make("div") : this.pane;
    if (inside !== this.pane) {
      this.pane.replaceChildren(make("div", { class: "edit-languages" }, ...files.map((one) => make("button",
        { type: "button", class: "small", "aria-pressed": String(one.file === file), onclick: () => this.open(part, room, one.file) }, nameOf(one)))), inside);
    }
    const form = formOf(inside, room, file);
    Object.assign(form, { part: part.anchor, edition: room.edition });
    this.form = form;
    this.tellShared(form);
    const { wanted } = this;
    this.wanted = null;
    goTo(form, () => { if (wanted?.file === form.file) form.goTo(wanted); });
  },
  /** Above the foreword of all editions: that these words stand in all of them. */
  tellShared(form) {
    form.loading.then(() => {
      form.container.querySelector(":scope > .shared")?.remove();
      const told = form.state ? ownForeword(form) : null;
      if (told) form.general.before(told);
    });
  },
  /** Whether words of a part are typed that are in no file. */
  isUnsaved(part) {
    return this.form?.part === part && this.form.isUnsaved;
  },
  onEvent(event) {
    if (event.kind === "findings" || event.kind === "catalogue") this.form?.refresh();
  },
};

addEventListener("beforeunload", (event) => {
  for (const form of [...forms].filter((one) => one.isUnsaved)) {
    form.flush();
    event.preventDefault();
  }
});

/** The form of a file: the one that was left with words in it, or a new one. */
function formOf(container, room, file) {
  const kept = cameBack(file);
  if (kept) {
    kept.moveTo(container);
    return kept;
  }
  const form = new Form(container, room, file);
  form.named = file;
  forms.add(form);
  form.loading = form.load().catch((failure) => form.notLoaded(failure));
  return form;
}

/** The form of a file that has no page of its own, or whose page is not shown: an edition, a partner, what is broken. */
export function fileDialog(room, finding) {
  const { file } = finding;
  const place = make("div", { class: "pane" });
  const dialog = make("dialog", { class: "begin file", "aria-label": file }, make("h2", {}, file), place,
    make("p", { class: "buttons" }, closing("close")));
  dialog.addEventListener("close", () => { leave(form); dialog.remove(); });
  document.body.append(dialog);
  dialog.showModal();
  const form = formOf(place, room, file);
  form.loading.then(() => { if (dialog.open) form.goTo(finding); });
}
