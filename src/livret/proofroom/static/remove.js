// A card, a partner or an edition is taken out of the catalogue, and put back.

import { ask, reason, send } from "./api.js";
import { closing, dialog, make, once, word } from "./dom.js";

/** The button below a form, and the question that it asks; `form` has the state of the file and the room. */
export function removal(form) {
  const { role, file, removable } = form.state;
  if (!removable) return "";
  const button = make("button", { type: "button", class: "small", onclick: () => { sure(form, button); } }, word(`remove_${role}`));
  return make("p", { class: "removal", "data-file": file }, button);
}

/** Ask whether it shall go; `links` are the files that link to it, if the server tells. */
async function sure(form, button) {
  const links = await ask("/api/links", form.names).catch(() => ({ number: 0 }));
  // A second click may have come meanwhile, or somebody gone to another card. The form may have been built anew.
  if (!form.foot.isConnected || document.querySelector("dialog[aria-describedby=removal-told]")) return;
  const { file, values } = form.state;
  const name = values?.pilot?.name ?? values?.name ?? values?.title ?? "";
  const problem = make("p", { class: "problem", role: "alert" });
  const remove = async () => {
    try {
      await form.flush();
      if (form.isUnsaved) {
        problem.textContent = word("not_saved");
        return;
      }
      const made = await send("/api/remove", { ...form.names, digest: form.digest });
      question.close();
      form.container.closest("dialog")?.close();
      tell(form.room, made);
    } catch (failure) {
      problem.textContent = reason(failure);
    }
  };
  const yes = make("button", { type: "button", class: "main", onclick: () => once(question, remove) }, word("remove"));
  const question = dialog({ class: "begin", "aria-label": button.textContent, "aria-describedby": "removal-told" }, make("h2", {}, button.textContent), make("div", { id: "removal-told" }, make("p", {}, make("strong", {}, name)), make("p", {}, word("remove_what", { file })), ...linked(links)), problem,
    make("p", { class: "buttons" }, yes, closing("cancel")));
  question.addEventListener("close", () => { question.remove(); form.foot.querySelector("button")?.focus(); });
  document.body.append(question);
  question.showModal();
}

/** What links to it: these links will lead nowhere. */
function linked({ number, files }) {
  if (!number) return [];
  const rows = files.map((one) => make("li", {}, one));
  if (number > files.length) rows.push(make("li", {}, word("more_n", { n: number - files.length })));
  return [make("p", { class: "linked" }, make("strong", {}, word("links_n", { n: number }))), make("ul", { class: "linked" }, ...rows)];
}

/** Say what was removed, until it is put back or that is closed; and leave its page. */
function tell(room, { file, role }) {
  const box = make("div", { class: "alert removed", role: "status" });
  const problem = make("p", {});
  const back = async () => {
    try {
      await send("/api/put-back", { file });
      box.remove();
    } catch (failure) {
      problem.textContent = reason(failure);
    }
  };
  box.append(make("p", { class: "buttons" }, make("span", {}, word("removed", { file })), make("button", { type: "button", onclick: () => once(box, back) }, word("put_back")),
    make("button", { type: "button", onclick: () => box.remove() }, word("close"))), problem);
  document.getElementById("alerts").append(box);
  if (role === "editions") location.hash = "#/";
  else room.go(null);
}
