// The page of a folder without a catalogue.

import { askForWords, pause, reason, send } from "/static/api.js";
import { setWords, translate, word } from "/static/dom.js";

const form = document.getElementById("begin");
const demonstration = document.getElementById("demonstration");
const alerts = document.getElementById("alerts");

function tell(message) {
  const line = document.createElement("p");
  line.textContent = message;
  alerts.replaceChildren(line);
}

/** Wait until the proof room stands where this page was. If that takes long, it is told what to do, and waited on. */
async function waitForRoom() {
  for (let turn = 1; ; turn += 1) {
    await pause(200);
    const answer = await fetch("/api/room").catch(() => null);
    if (answer?.ok) return location.replace("/");
    if (turn === 150) tell(word("first_failed"));
  }
}

async function begin(content) {
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  alerts.replaceChildren();
  try {
    await send("/api/begin", content);
    await waitForRoom();
  } catch (failure) {
    tell(reason(failure));
    for (const button of document.querySelectorAll("button")) button.disabled = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  begin({
    title: document.getElementById("title").value.trim(),
    language: document.getElementById("language").value,
    demonstration: false,
  });
});
demonstration.addEventListener("click", () => begin({ title: "", language: "", demonstration: true }));

const told = await askForWords((failure) => tell(reason(failure)));
setWords(told.words);
translate();
document.documentElement.lang = told.language;
document.getElementById("language").value = told.language;
document.getElementById("title").focus();
