// What is begun from the page.

import { reason, send } from "./api.js";
import { announce, closing, dialog, make, once, word } from "./dom.js";

/** The dialog that begins a card, a partner or an edition. */
export function beginDialog(room) {
  const kind = make("select", { name: "kind" }, ...["card", "partner", "edition"].map((one) => make("option", { value: one }, word(`new_${one}`))));
  const name = make("input", { name: "name", required: true, maxlength: 300, autocomplete: "off" });
  const named = make("span", {});
  const tellName = () => { named.textContent = word(kind.value === "edition" ? "new_title" : "new_name"); };
  kind.addEventListener("change", tellName);
  tellName();
  const problem = make("p", { class: "problem", role: "alert" });
  const box = dialog({ class: "begin", "aria-label": word("new") });
  const form = make("form", { class: "signing", method: "dialog" }, make("label", {}, word("new"), kind), make("label", {}, named, name), problem,
    make("p", { class: "buttons" }, make("button", { class: "main" }, word("begin")), closing("cancel")));
  const begin = async () => {
    const wanted = { kind: kind.value, name: name.value };
    try {
      const made = await send("/api/new", wanted);
      announce(word("begun", { file: made.file }));
      room.awaitPart(wanted.kind, made.id);
      box.close();
    } catch (failure) {
      problem.textContent = reason(failure);
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    once(box, begin);
  });
  box.append(form);
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  name.focus();
}

/** Above the foreword of all editions, in one that may have its own: that it is shared, and a button that begins another. */
export function ownForeword(form) {
  const { room, state } = form;
  const edition = room.info.editions.find((one) => one.id === room.edition);
  if (state.role !== "foreword" || !edition?.file) return null;
  const problem = make("p", { class: "problem", role: "alert" });
  const begin = async () => {
    try {
      await form.flush();
      // The pane opens its form when the pages have it.
      form.isLeft = true;
      announce(word("begun", { file: (await send("/api/new", { kind: "foreword", name: edition.id })).file }));
    } catch (failure) {
      form.isLeft = false;
      problem.textContent = reason(failure);
    }
  };
  return make("div", { class: "shared" }, make("p", {}, word("foreword_shared")), make("p", { class: "buttons" }, make("button", { type: "button", class: "small", onclick: begin }, word("foreword_own"))), problem);
}
