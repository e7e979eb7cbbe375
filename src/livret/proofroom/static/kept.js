// Forms that are open, and those that somebody left while words in them were in no file.

import { make, word } from "./dom.js";

/** Every form in which something may be typed that is in no file yet. */
export const forms = new Set();

/** Leave a form. It is kept until what is typed in it is in the file; where that fails, it is told above the pages. */
export async function leave(form) {
  if (!form) return;
  form.isLeft = true;
  await form.flush();
  if (!form.isLeft) return;
  if (form.isUnsaved) tell(form);
  else forget(form);
}

/** The form of a file that was left with words in it, for whoever comes back to it. */
export function cameBack(file) {
  const form = [...forms].find((one) => one.isLeft && one.isUnsaved && file && [one.named, one.file].includes(file));
  if (!form) return null;
  form.isLeft = false;
  form.notice?.remove();
  return form;
}

/** After something was saved: a form that was left is not needed any more. */
export function saved(form) {
  if (form.isLeft && !form.isUnsaved) forget(form);
}

function forget(form) {
  forms.delete(form);
  form.notice?.remove();
}

function tell(form) {
  const { file, room } = form;
  form.notice?.remove();
  form.notice = make("div", { class: "alert unsaved" }, make("p", {}, make("strong", {}, word("left_unsaved")), " ",
    make("button", { type: "button", class: "place", onclick: () => room.mend({ file }) }, file)));
  document.getElementById("alerts").append(form.notice);
}
