// What the page asks of the server, and what the server tells.

import { word } from "./dom.js";

// After so many milliseconds a server that did not answer, or refused to tell what happens, is asked again.
const AGAIN = 2000;

/** Something that the server refused; `status` says how, `message` why. It is 0 when the server does not answer, -1 for a fault of the page. */
export class Refusal extends Error {
  constructor(status, message, hints = [], content = {}) {
    super(message);
    this.status = status;
    this.hints = hints;
    this.content = content;
  }
}

/**
 * Whether there may be an answer when the server is asked once more: it was not there, or had too much to do, or what it
 * answered broke off.
 */
export function isPassing({ status }) {
  return (status >= 0 && status < 400) || status === 408 || (status >= 500 && status !== 507);
}

export function pause(milliseconds) {
  return new Promise((done) => { setTimeout(done, milliseconds); });
}

async function answer(path, options) {
  const lost = () => { throw new Refusal(0, word("lost")); };
  const response = await fetch(path, options).catch(lost);
  // An answer that breaks off, or that another program gives, is no JSON.
  const content = await response.json().catch(() => null);
  if (response.ok && content) return content;
  throw new Refusal(response.status, content?.error || word("no_answer", { status: response.status }), content?.hints, content ?? {});
}

/** Whatever went wrong as something that can be told. */
export function refusal(failure) {
  return failure instanceof Refusal ? failure : new Refusal(-1, word("page_fault", { problem: failure?.message ?? failure }));
}

/** Why something went wrong, and what to do about it, as one text. */
export function reason(failure) {
  const { message, hints } = refusal(failure);
  return [message, ...hints].join(" ");
}

/** GET, with the parameters of a query. */
export async function ask(path, query = {}) {
  const search = new URLSearchParams(query).toString();
  return answer(search ? `${path}?${search}` : path);
}

/** Nothing can be said without words: a server that does not answer yet is asked again. */
export async function askForWords(onFailure) {
  for (;;) {
    try {
      return await ask("/api/words");
    } catch (failure) {
      onFailure(failure);
      await pause(AGAIN);
    }
  }
}

/** A question whose answer changes with time: an answer that comes after that to a later question does not count. */
export class Question {
  /** `onFailure` hears of each time that there was no answer. */
  constructor(path, onFailure = () => {}) {
    this.path = path;
    this.onFailure = onFailure;
    this.asked = 0;
    this.answered = 0;
  }

  /** The answer, asked for until it comes; null if it is refused, or if it does not count or is not wanted any more. */
  async ask(query = {}, isWanted = () => true) {
    this.asked += 1;
    const number = this.asked;
    for (;;) {
      const found = await ask(this.path, query).catch((failure) => failure);
      if (number < this.answered || !isWanted()) return null;
      if (!(found instanceof Error)) {
        this.answered = number;
        return found;
      }
      this.onFailure(found);
      if (!isPassing(found)) return null;
      await pause(AGAIN);
      if (number < this.answered || !isWanted()) return null;
    }
  }
}

/** POST, or another method that changes something, with JSON. */
export async function send(path, content, method = "POST") {
  const headers = { "content-type": "application/json" };
  return answer(path, { method, headers, body: JSON.stringify(content) });
}

/** POST a file. */
export async function upload(path, file) {
  return answer(path, { method: "POST", headers: { "content-type": "application/octet-stream" }, body: file });
}

/**
 * Listen to what happens. A window that cannot be seen does not listen, because a browser opens only six connections
 * to one server; when it is seen again, `onReturn` is called. `onLost` hears of a server that does not answer, and gets
 * its refusal when it asks for another token. Then the page asks again until it may listen.
 */
export function listen(onEvent, onReturn, onLost) {
  let source = null;
  function close() {
    source?.close();
    source = null;
  }
  function open() {
    if (source || document.hidden) return;
    source = new EventSource("/events");
    source.onmessage = (message) => onEvent(JSON.parse(message.data));
    source.onopen = onReturn;
    source.onerror = () => {
      // A browser tries again by itself, but not after an answer that refuses.
      if (source.readyState !== EventSource.CLOSED) return onLost(null);
      close();
      return wait();
    };
  }
  async function wait() {
    const refused = await ask("/api/room").then(() => null, (failure) => failure);
    if (refused) onLost(refused instanceof Refusal && refused.status === 403 ? refused : null);
    setTimeout(open, AGAIN);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) close();
    else open();
  });
  open();
}
