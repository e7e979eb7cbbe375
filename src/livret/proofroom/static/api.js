// What the page asks of the server, and what the server tells.

import { word } from "./dom.js";

// After so many milliseconds a server that refused to tell what happens is asked again.
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

async function answer(path, options) {
  const response = await fetch(path, options).catch(() => { throw new Refusal(0, word("lost")); });
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
