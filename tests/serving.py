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

# Every request of the page passes here: `fate(what, go)` gets its method and address, and sends it by `go()`.
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
    return await fate(what, () => real(...asked));
  } finally {
    pending -= 1;
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
        """The JSON at a path; fails when there is none."""
        status, body, _ = self.ask(f"{path}?{urlencode(query)}" if query else path)
        assert status == 200, (path, query, status, body[:200])
        return json.loads(body)

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

    def until_settled(self, edition: str = "full", layout: str = "forum") -> Any:
        """The wall once all pages are set."""
        end = time.monotonic() + PATIENCE * 4
        while time.monotonic() < end:
            status, body, _ = self.ask(f"/api/wall?edition={edition}&layout={layout}")
            if status == 200 and json.loads(body)["settled"]:
                return json.loads(body)
            time.sleep(0.1)
        raise AssertionError("the edition does not settle")

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
            process.wait(20)
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
    end = time.monotonic() + 60
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


def open_form(tab: Tab, address: str) -> None:
    """Go to a part, and to its form."""
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
    """Wait until the page listens to the server, after which it has asked for the second time, and is quiet."""
    tab.until("performance.getEntriesByType('resource').filter((one) => one.name.includes('/api/room')).length > 1")
    tab.run("new Promise((done) => setTimeout(done, 300))")


def write(tab: Tab, text: str, *path: str | int) -> None:
    """Type over what stands in a field."""
    tab.run(f"{control(*path)}.focus(); {control(*path)}.select()")
    tab.ask("Input.insertText", text=text)


def until_file(path: Path, text: str) -> None:
    """Wait until a file holds this text."""
    end = time.monotonic() + PATIENCE
    while path.read_text(encoding="utf-8") != text:
        assert time.monotonic() < end, path.read_text(encoding="utf-8")
        time.sleep(0.02)


def watch_requests(tab: Tab) -> None:
    """From now on requests of the page are `seen`, `fate` can be told of them, and what fails is tried again soon."""
    tab.run(f"(() => {{ {SOON} {BETWEEN} }})()")


def fate(tab: Tab, expression: str) -> None:
    """What becomes of requests from now on; `go()` is what becomes of them otherwise."""
    tab.run(f"window.fate = (what, go) => {expression}; undefined")
