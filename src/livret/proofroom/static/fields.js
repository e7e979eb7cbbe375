// The fields of a form: each gives its value, and tells when it has changed.

import { make, word } from "./dom.js";

let numbers = 0;

/** Words of a Markdown text, about as the budget counts them; the server counts exactly. */
function countWords(text) {
  const plain = text.replace(/\]\([^)]*\)/g, "]").replace(/^\s*(?:[-*+>]|#+|\d+[.)])\s+/gm, "").replace(/[*_[\]`]/g, "");
  return plain.split(/\s+/).filter(Boolean).length;
}

/** A label, its control, a word of help and the place for findings. `path` is the way to the field in the file. */
function framed(field, path, control, ...more) {
  numbers += 1;
  control.id ||= `field-${numbers}`;
  const help = field.help ? make("p", { class: "help", id: `${control.id}-help` }, field.help) : null;
  const told = make("div", { class: "told-here", id: `${control.id}-told`, role: "status" });
  control.setAttribute("aria-describedby", [help?.id, told.id].filter(Boolean).join(" "));
  if (field.required) control.setAttribute("aria-required", "true");
  const element = make("div", { class: `field ${field.widget}` },
    make("label", { for: control.id }, field.label, field.required ? make("span", { class: "needed", "aria-hidden": "true" }, " *") : null),
    control, ...more, help, told);
  element.dataset.path = JSON.stringify(path);
  return element;
}

const KEYBOARDS = { email: "email", phone: "tel", website: "url" };

/** A line, an address, a choice or a picture. */
function simple(field, path, form) {
  if (field.widget === "markdown") return markdown(field, path, form);
  if (field.widget === "choice" || ["pictogram", "layout", "press-profile"].includes(field.widget)) return choice(field, path, form);
  if (field.widget === "flag") return choice({ ...field, choices: [{ id: "true", name: word("yes") }, { id: "false", name: word("no") }] }, path, form);
  if (field.widget === "picture") return picture(field, path, form);
  if (field.widget === "numbers") return numbered(field, path, form);
  const isTall = field.widget === "lines";
  const control = make(isTall ? "textarea" : "input", {
    rows: isTall ? 2 : null, inputmode: KEYBOARDS[field.widget], placeholder: field.example, maxlength: field.limit || null,
    autocomplete: "off", dir: "auto", oninput: () => form.changed(path),
  });
  return { element: framed(field, path, control), get: () => control.value, set: (value) => { control.value = value ?? ""; }, control };
}

/** A few numbers, such as a point in a picture. In a file they are a list; typed with a comma or a point, and apart. */
function numbered(field, path, form) {
  const control = make("input", { inputmode: "text", placeholder: field.example, autocomplete: "off", oninput: () => form.changed(path) });
  const get = () => {
    const text = control.value.trim().replace(/^\[|\]$/g, "");
    const parts = (text.includes(";") ? text.split(";") : text.split(/\s/.test(text) ? /\s+/ : ",")).map((one) => one.trim().replace(/,$/, "").replace(",", "."));
    return parts.length > 1 && parts.every((one) => /^[\d.]+$/.test(one)) ? parts : control.value;
  };
  const set = (value) => { control.value = Array.isArray(value) ? value.join(", ") : value ?? ""; };
  return { element: framed(field, path, control), get, set, control };
}

function choice(field, path, form) {
  const options = field.choices.length ? field.choices : form.options[field.widget] ?? [];
  const control = make("select", { onchange: () => form.changed(path) }, make("option", { value: "" }, "–"),
    ...options.map((one) => make("option", { value: one.id }, one.name)));
  const set = (value) => {
    // A value that is none of the choices stays in sight.
    if (value && ![...control.options].some((one) => one.value === value)) control.append(make("option", { value }, value));
    control.value = value ?? "";
  };
  return { element: framed(field, path, control), get: () => control.value, set, control };
}

const MARKS = [["bold", "B", "**", "**"], ["italic", "I", "*", "*"], ["link", "↗", "[", "](https://)"]];

function markdown(field, path, form) {
  const control = make("textarea", { class: "markdown", rows: 5, maxlength: field.limit, spellcheck: "true", dir: "auto" });
  const count = make("output", { class: "count", for: control.id });
  const tell = (number) => { count.textContent = word("words_n", { n: number }); };
  const edited = () => { tell(countWords(control.value)); form.changed(path); };
  control.addEventListener("input", edited);
  const around = (before, after) => () => {
    const { selectionStart: start, selectionEnd: end, value } = control;
    control.focus();
    // So that the browser's own undo knows of it.
    document.execCommand("insertText", false, before + value.slice(start, end) + after);
    control.setSelectionRange(start + before.length, end + before.length);
  };
  const list = () => {
    const { selectionStart: start, selectionEnd: end, value } = control;
    const first = value.lastIndexOf("\n", start - 1) + 1;
    const text = value.slice(first, end).split("\n").map((line) => (line.startsWith("- ") || !line.trim() ? line : `- ${line}`)).join("\n");
    control.focus();
    control.setSelectionRange(first, end);
    document.execCommand("insertText", false, text || "- ");
  };
  const button = (key, sign, onclick) => make("button", { type: "button", title: word(key), "aria-label": `${word(key)} (${field.label})`, class: `mark-${key}`, onclick }, sign);
  const tools = make("div", { class: "marks-row" }, ...MARKS.map(([key, sign, before, after]) => button(key, sign, around(before, after))), button("list", "•", list), count);
  const set = (value) => { control.value = value ?? ""; tell(countWords(control.value)); };
  return { element: framed(field, path, control, tools), get: () => control.value, set, control, tell };
}

/** The path of a picture; a picture that is dropped here is kept, and named. */
function picture(field, path, form) {
  const names = `pictures-${form.id}`;
  const control = make("input", { list: names, placeholder: field.example || "images/", autocomplete: "off", oninput: () => { whole = control.value; form.changed(path); } });
  let whole = "";
  const take = async (file) => {
    const kept = await form.keepPicture(file, element.querySelector(":scope > .told-here"));
    if (!kept) return;
    whole = typeof whole === "object" ? { ...whole, file: kept } : kept;
    control.value = kept;
    form.changed(path);
  };
  const chosen = make("input", { type: "file", class: "hidden", tabindex: "-1", "aria-hidden": "true", accept: "image/*", onchange: () => { if (chosen.files[0]) take(chosen.files[0]); chosen.value = ""; } });
  const browse = make("button", { type: "button", class: "small", onclick: () => chosen.click() }, word("choose_picture"));
  const element = framed(field, path, control, make("p", { class: "drop" }, browse, make("span", { "aria-hidden": "true" }, ` ${word("or_drop")}`), chosen));
  for (const kind of ["dragover", "dragenter"]) element.addEventListener(kind, (event) => { event.preventDefault(); element.classList.add("over"); });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => { event.preventDefault(); element.classList.remove("over"); if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]); });
  const set = (value) => { whole = value ?? ""; control.value = typeof whole === "object" ? whole.file ?? "" : whole; };
  const get = () => (typeof whole === "object" && whole.file === control.value ? whole : control.value);
  return { element, get, set, control };
}

/** Fields that belong together. */
function group(field, path, form) {
  const parts = field.fields.map((one) => control(one, [...path, one.name], form));
  const element = make("fieldset", { class: "field group" }, make("legend", {}, field.label), ...parts.map((one) => one.element), make("div", { class: "told-here", role: "status" }));
  element.dataset.path = JSON.stringify(path);
  const [id, name] = ["id", "name"].map((wanted) => parts[field.fields.findIndex((one) => one.name === wanted)]?.control);
  if (id && name) nameId(id, name);
  const get = () => Object.fromEntries(field.fields.map((one, at) => [one.name, parts[at].get()]));
  const set = (value) => field.fields.forEach((one, at) => parts[at].set((value ?? {})[one.name]));
  return { element, get, set, control: parts[0].control, parts };
}

/** As long as nobody types an id, it follows the name. */
function nameId(id, name) {
  let made = "";
  // Before the form takes what was typed.
  name.addEventListener("input", () => {
    if (id.value !== made) return;
    made = name.value.normalize("NFD").toLowerCase().replace(/œ/g, "oe").replace(/æ/g, "ae").replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-").slice(0, 40).replace(/^-+|-+$/g, "");
    id.value = made;
  }, true);
}

const isEmpty = (value) => !value || (typeof value === "object" && Object.values(value).every(isEmpty));

/** Rows that can be added, removed and moved: contacts, figures, telephone numbers. The file is told all of them. */
function rows(field, path, form) {
  const told = make("div", { class: "told-here", role: "status" });
  const list = make("ol", { class: "rows" });
  const add = make("button", { type: "button", class: "small", onclick: () => { const made = row(undefined); list.append(made); number(); focusIn(made); } }, word("add_row", { what: field.label }));
  const element = make("fieldset", { class: "field list" }, make("legend", {}, field.label), list, add, field.help ? make("p", { class: "help" }, field.help) : null, told);
  element.dataset.path = JSON.stringify(path);
  // A change inside a row is a change of the list.
  const inside = { ...form, options: form.options, id: form.id, changed: () => form.changed(path), keepPicture: (file, place) => form.keepPicture(file, place) };
  const focusIn = (item) => item.querySelector("input, textarea, select")?.focus();

  function row(value) {
    const item = make("li", {});
    const kind = field.fields.length ? { ...field, fields: field.fields, widget: "group", label: "", help: "" } : { name: "", widget: field.item, label: field.label, help: "", choices: [], fields: [], limit: field.limit, example: field.example };
    const inner = field.fields.length ? group(kind, [...path, 0], inside) : simple(kind, [...path, 0], inside);
    const move = (step) => () => {
      const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
      if (!other) return;
      if (step < 0) other.before(item); else other.after(item);
      number();
      form.changed(path);
    };
    const remove = () => { const next = item.nextElementSibling ?? item.previousElementSibling; item.remove(); number(); form.changed(path); if (next) focusIn(next); else add.focus(); };
    const button = (key, sign, onclick) => make("button", { type: "button", class: "tool", "data-key": key, onclick }, sign);
    item.append(inner.element, make("p", { class: "row-tools" }, button("move_up", "↑", move(-1)), button("move_down", "↓", move(1)), button("remove_row", "×", remove)));
    item.field = inner;
    inner.set(value);
    return item;
  }

  /** After a move, the paths and names of the rows. */
  function number() {
    [...list.children].forEach((item, at) => {
      for (const one of [item, ...item.querySelectorAll("[data-path]")]) {
        if (!one.dataset.path) continue;
        const own = JSON.parse(one.dataset.path);
        one.dataset.path = JSON.stringify([...path, at, ...own.slice(path.length + 1)]);
      }
      item.setAttribute("aria-label", `${field.label} ${at + 1}`);
      for (const one of item.querySelectorAll(".row-tools button")) { one.title = word(one.dataset.key); one.setAttribute("aria-label", `${word(one.dataset.key)} (${field.label} ${at + 1})`); }
    });
  }

  const get = () => [...list.children].map((item) => item.field.get()).filter((value) => !isEmpty(value));
  const set = (values) => { list.replaceChildren(...(values ?? []).map(row)); number(); };
  return { element, get, set, control: add, rows: () => [...list.children].map((item) => item.field) };
}

/** Names out of a list, in an order: themes, territories, partners. */
function picks(field, path, form) {
  const known = field.choices.length ? field.choices : form.options[field.item] ?? [];
  const names = new Map(known.flatMap((one) => [one, ...(one.inside ?? [])]).map((one) => [one.id, one.name]));
  const list = make("ol", { class: "picks" });
  const option = (one) => make("option", { value: one.id }, one.name);
  // In a list that is closed each arrow key chooses: then Enter, or leaving the field, takes what is chosen.
  let isPassing = false;
  const takeChosen = () => {
    isPassing = false;
    if (!adder.value) return;
    list.append(item(adder.value));
    adder.value = "";
    refresh();
    form.changed(path);
  };
  const onKey = (event) => {
    if (event.key === "Enter" && adder.value) { event.preventDefault(); takeChosen(); }
    else if (event.key === "Escape") adder.value = "";
    else if (event.key === " " || event.altKey) isPassing = false;
    else if (!["Tab", "Shift", "Enter"].includes(event.key)) isPassing = true;
  };
  const adder = make("select", { onkeydown: onKey, onpointerdown: () => { isPassing = false; }, onblur: takeChosen, onchange: () => { if (!isPassing) takeChosen(); } },
    make("option", { value: "" }, word("add_row", { what: field.label })),
    ...known.flatMap((one) => (one.inside ? [make("optgroup", { label: one.name }, option(one), ...one.inside.map(option))] : [option(one)])));
  const element = framed(field, path, adder);
  element.classList.add("picks-field");
  adder.before(list);

  function item(id) {
    const made = make("li", {}, make("span", {}, names.get(id) ?? id));
    made.dataset.id = id;
    const button = (key, sign, onclick) => make("button", { type: "button", class: "tool", title: word(key), "aria-label": `${word(key)} (${names.get(id) ?? id})`, onclick }, sign);
    made.append(button("move_up", "↑", () => { made.previousElementSibling?.before(made); form.changed(path); }),
      button("remove_row", "×", () => { made.remove(); refresh(); form.changed(path); adder.focus(); }));
    return made;
  }
  function refresh() {
    const taken = new Set(get());
    for (const one of adder.querySelectorAll("option")) one.hidden = one.disabled = taken.has(one.value) && Boolean(one.value);
  }
  const get = () => [...list.children].map((one) => one.dataset.id);
  const set = (values) => { list.replaceChildren(...(values ?? []).map(item)); refresh(); };
  return { element, get, set, control: adder };
}

const PICKED = ["theme", "territory", "partner", "card", "choice"];

/** The control of a field, whatever its kind. */
export function control(field, path, form) {
  if (field.widget === "group") return group(field, path, form);
  if (field.widget === "rows") return rows(field, path, form);
  if (field.widget === "list") return PICKED.includes(field.item) ? picks(field, path, form) : rows(field, path, form);
  return simple(field, path, form);
}

/** A group of fields that can be folded. */
export function fold(element, isOpen) {
  return make("details", { class: "fold", open: isOpen }, make("summary", {}, element.querySelector(":scope > legend").textContent), element);
}
