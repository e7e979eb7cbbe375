"""A proof room for tests and benchmarks: a process of its own, asked over HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlencode

import pypdfium2

from web import Tab

PATIENCE = 90.0

# The page waits for seconds before it asks again; in tests it waits for a tenth of them.
SOON = """
const later = window.setTimeout;
window.setTimeout = (job, time = 0, ...more) => later(job, time < 1000 ? time : time / 10, ...more);
"""

# Every request of the page passes here: `fate(what, go)` gets its method and address, and sends it by `go()`. It is
# `pending` until the page has read the answer.
BETWEEN = """
window.seen = [];
window.pending = 0;
window.fate = (what, go) => go();
window.lose = () => { throw new TypeError("Failed to fetch"); };
window.busy = () => new Response("{}", { status: 503, headers: { "content-type": "application/json" } });
const real = window.fetch;
window.fetch = async (...asked) => {
  const what = `${asked[1]?.method ?? "GET"} ${asked[0]}`;
  seen.push(what);
  pending += 1;
  try {
    const answer = await fate(what, () => real(...asked));
    const read = answer.json.bind(answer);
    // What follows from it is begun before anything else, such as a look at `pending`.
    answer.json = () => read().finally(() => { pending -= 1; });
    return answer;
  } catch (failure) {
    pending -= 1;
    throw failure;
  }
};
"""

# What may become of a request: it is not sent, or its answer does not come, before `release()` is called.
HELD = "new Promise((done) => { window.release = done; }).then(go)"
ANSWER_HELD = "go().then((answer) => new Promise((done) => { window.release = () => done(answer); }))"


@dataclass
class Served:
    """A proof room that runs; `folder` is its project."""

    folder: Path
    port: int
    process: subprocess.Popen[str]
    events: Queue[dict[str, Any]] = field(default_factory=Queue)
    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        """The status, the body and the headers of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            connection.close()

    def json(self, path: str, **query: str) -> Any:
        """The JSON at a path; fails when there is none. A server that has too much to do is asked again."""
        end = time.monotonic() + PATIENCE
        while True:
            status, body, _ = self.ask(f"{path}?{urlencode(query)}" if query else path)
            if status == 200:
                return json.loads(body)
            assert status in (408, 503), (path, query, status, body[:200])
            assert time.monotonic() < end, (path, query)
            time.sleep(0.1)

    def post(self, path: str, content: Any) -> tuple[int, Any]:
        """Send JSON as the page does; the status and the answer."""
        headers = {"content-type": "application/json", "origin": f"http://127.0.0.1:{self.port}"}
        status, body, _ = self.ask(path, "POST", json.dumps(content).encode(), headers)
        return status, json.loads(body)

    @property
    def processes(self) -> list[int]:
        """The server and all processes below it."""
        found, more = [], [self.process.pid]
        while more:
            pid = more.pop()
            with contextlib.suppress(OSError):
                children = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
                more += [int(child) for one in children for child in one.read_text().split()]
                found.append(pid)
        return sorted(found)

    @property
    def megabytes(self) -> float:
        """The memory of all these processes."""
        total = 0.0
        for pid in self.processes:
            with contextlib.suppress(OSError):
                total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096 / 2**20
        return total

    def wall(self, edition: str = "full", layout: str = "forum") -> Any:
        return self.json("/api/wall", edition=edition, layout=layout)

    def listen(self) -> None:
        """Collect events from now on."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", "/events")
        answer = connection.getresponse()

        def read() -> None:
            try:
                for line in answer:
                    if line.startswith(b"data: "):
                        self.events.put(json.loads(line[6:]))
            except (OSError, ValueError, AttributeError):
                pass

        threading.Thread(target=read, daemon=True).start()

    def event(self, kind: str, **values: Any) -> dict[str, Any]:
        """The next event of this kind with these values; others before it are dropped."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                event = self.events.get(timeout=1)
            except Empty:
                continue
            if event["kind"] == kind and values.items() <= event.items():
                return event
        raise AssertionError(f"no event {kind} {values}")

    def until_bound(self) -> None:
        """Wait until all follows what was read last: pages, then sign-offs, then the book."""
        end = time.monotonic() + PATIENCE * 4
        while not self.wall()["bound"]:
            assert time.monotonic() < end
            time.sleep(0.1)

    def until_settled(self, edition: str = "full", layout: str = "forum") -> Any:
        """The wall once all pages are set."""
        end = time.monotonic() + PATIENCE * 4
        while time.monotonic() < end:
            status, body, _ = self.ask(f"/api/wall?edition={edition}&layout={layout}")
            if status == 200 and json.loads(body)["settled"]:
                return json.loads(body)
            time.sleep(0.03)
        raise AssertionError("the edition does not settle")

    def remember(self, name: str) -> None:
        """Know what a card is like once all is set, for `restore`."""
        end = time.monotonic() + PATIENCE
        while not self._standing(name)[1]:
            assert time.monotonic() < end
            time.sleep(0.03)
        self.known[name] = self._standing(name)

    def restore(self, name: str, text: str) -> None:
        """Write a card as it was, and wait until its pages and its sign-off are those again and nothing is wrong.

        That all is set does not tell so much: the server may not have seen yet that the file has changed.
        """
        self.card(name).write_text(text, encoding="utf-8")
        end = time.monotonic() + PATIENCE * 4
        while self._standing(name) != self.known[name] or self._is_wrong(name):
            assert time.monotonic() < end, self.json("/api/room")
            time.sleep(0.03)

    def _standing(self, name: str) -> tuple[str, str]:
        """The pages of a card when all is set, and the digest of what is signed; empty where there are none."""
        part = self.until_settled()["parts"].get(f"card-{name}")
        if not part:
            return "", ""
        status, body, _ = self.ask(f"/api/spread?edition=full&layout=forum&part=card-{name}")
        sign_off = json.loads(body).get("sign_off") if status == 200 else None
        return part["fragment"], sign_off["digest"] if sign_off else ""

    def _is_wrong(self, name: str) -> bool:
        room = self.json("/api/room")
        return bool(room["problem"]) or any(one["file"].endswith(f"/{name}.yaml") for one in room["findings"])

    def card(self, name: str) -> Path:
        return self.folder / "catalogue" / "initiatives" / f"{name}.yaml"


@contextmanager
def serve(folder: Path, *options: str) -> Iterator[Served]:
    """`livret serve` in a folder, at a free port; it is stopped by Ctrl-C and must end by itself."""
    command = [sys.executable, "-m", "livret", "-C", str(folder), "serve", "--no-open", "--port", "18420", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "http://127.0.0.1:" in line:
                port = int(line.partition("http://127.0.0.1:")[2].partition("/")[0])
                break
        else:
            raise AssertionError(said)
        yield Served(folder, port, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def printed(tab: Tab, served: Served) -> str:
    """The words of the pages that are shown: those of the fragments that their pictures are drawn from."""
    names = tab.run("[...document.querySelectorAll('.sheet-pair img')].map((one) => one.src)")
    keys = {name.partition("/picture/")[2].partition("-")[0] for name in names if "/picture/" in name}
    text = ""
    for key in keys:
        document = pypdfium2.PdfDocument(served.folder / "output" / ".store" / "fragments" / key[:2] / f"{key}.pdf")
        text += "".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
    return text


def until_printed(tab: Tab, served: Served, word: str) -> None:
    end = time.monotonic() + PATIENCE
    while word not in printed(tab, served):
        assert time.monotonic() < end, word
        time.sleep(0.05)
    tab.until(
        "[...document.querySelectorAll('.sheet-pair img')].every((one) => one.complete && one.naturalWidth > 300)"
    )


def ask_for_form(tab: Tab) -> None:
    """Ask for the form of the part whose page is shown."""
    tab.until("document.querySelectorAll('.panes button').length > 1")
    tab.run("document.querySelectorAll('.panes button')[1].click()")


def open_watched(tab: Tab, address: str) -> None:
    """Go to an address; requests of the page are `seen`, `fate` can be told of them, and what fails is tried soon."""
    script = f"(() => {{ {SOON} {BETWEEN} }})()"
    identifier = tab.ask("Page.addScriptToEvaluateOnNewDocument", source=script)["identifier"]
    tab.open(address)
    tab.ask("Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)


def open_form(tab: Tab, address: str, *, is_watched: bool = True) -> None:
    """Go to a part, and to its form. Unless a benchmark measures the page, its requests are watched."""
    if is_watched:
        open_watched(tab, address)
    else:
        tab.open(address)
    ask_for_form(tab)
    tab.until("document.querySelectorAll('.edit-form .field').length > 10")


def form_field(*path: str | int) -> str:
    """A field of the form with its label, as an expression."""
    wanted = json.dumps(json.dumps(list(path), separators=(",", ":")))
    return f"[...document.querySelectorAll('.field')].find((one) => one.dataset.path === {wanted})"


def control(*path: str | int) -> str:
    """What is typed in or chosen in a field, as an expression."""
    return f"{form_field(*path)}?.querySelector('input, textarea, select')"


def until_listening(tab: Tab) -> None:
    """Wait until the page listens to the server, after which it asks for the second time, and until it is quiet.

    What is `seen` begins then.
    """
    tab.until("seen.filter((one) => one.endsWith('/api/room')).length > 1 && pending === 0")
    tab.run("seen.length = 0")


def write(tab: Tab, text: str, *path: str | int) -> None:
    """Type over what stands in a field."""
    tab.run(f"{control(*path)}.focus(); {control(*path)}.select()")
    tab.ask("Input.insertText", text=text)


def save(path: Path, text: str) -> None:
    """Write a file at once, as most programs do: nobody reads a half of it."""
    beside = path.with_name(f".{path.name}.tmp")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def until_file(path: Path, text: str) -> None:
    """Wait until a file holds this text."""
    end = time.monotonic() + PATIENCE
    while path.read_text(encoding="utf-8") != text:
        assert time.monotonic() < end, path.read_text(encoding="utf-8")
        time.sleep(0.02)


def fate(tab: Tab, expression: str) -> None:
    """What becomes of requests from now on; `go()` is what becomes of them otherwise."""
    tab.run(f"window.fate = (what, go) => {expression}; undefined")
