// What is begun from the page.

import { reason, send } from "./api.js";
import { announce, make, word } from "./dom.js";

/** The dialog that begins a card, a partner or an edition. */
export function beginDialog(room) {
  const kind = make("select", { name: "kind" }, ...["card", "partner", "edition"].map((one) => make("option", { value: one }, word(`new_${one}`))));
  const name = make("input", { name: "name", required: true, maxlength: 300, autocomplete: "off" });
  const named = make("span", {});
  const tellName = () => { named.textContent = word(kind.value === "edition" ? "new_title" : "new_name"); };
  kind.addEventListener("change", tellName);
  tellName();
  const problem = make("p", { class: "problem", role: "alert" });
  const dialog = make("dialog", { class: "begin", "aria-label": word("new") });
  const form = make("form", { class: "signing", method: "dialog" }, make("label", {}, word("new"), kind), make("label", {}, named, name), problem,
    make("p", { class: "buttons" }, make("button", { class: "main" }, word("begin")), make("button", { type: "button", onclick: () => dialog.close() }, word("cancel"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const made = await send("/api/new", { kind: kind.value, name: name.value });
      announce(word("begun", { file: made.file }));
      room.awaitPart(kind.value, made.id);
      dialog.close();
    } catch (failure) {
      problem.textContent = reason(failure);
    }
  });
  dialog.append(form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  name.focus();
}
