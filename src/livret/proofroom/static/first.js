// The page of a folder without a catalogue.

import { ask, send } from "/static/api.js";

const form = document.getElementById("begin");
const demonstration = document.getElementById("demonstration");
const alerts = document.getElementById("alerts");
let words = {};

function tell(message) {
  const line = document.createElement("p");
  line.textContent = message;
  alerts.replaceChildren(line);
}

/** Wait until the proof room stands where this page was. */
async function waitForRoom() {
  for (let turn = 0; turn < 150; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    const answer = await fetch("/api/room").catch(() => null);
    if (answer?.ok) return location.replace("/");
  }
  return tell(words.first_failed);
}

async function begin(content) {
  for (const button of document.querySelectorAll("button")) button.disabled = true;
  alerts.replaceChildren();
  try {
    await send("/api/begin", content);
    await waitForRoom();
  } catch (refusal) {
    tell([refusal.message, ...(refusal.hints ?? [])].join(" "));
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

const told = await ask("/api/words");
words = told.words;
document.documentElement.lang = told.language;
document.getElementById("language").value = told.language;
for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word] ?? node.textContent;
document.getElementById("title").focus();
