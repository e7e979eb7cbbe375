"""Chromium for tests: started without a window, spoken to in its DevTools protocol over a pipe, from Python alone.

https://chromedevtools.github.io/devtools-protocol/; the pipe (`--remote-debugging-pipe`) is file descriptors 3 and 4,
with messages in JSON that end in a zero byte.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "Chromium is missing. Type: apt-get update && apt-get install -y --no-install-recommends chromium"
OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --hide-scrollbars --disable-component-update --disable-sync "
    "--disable-extensions --disable-dev-shm-usage --force-color-profile=srgb --disable-features=BackForwardCache "
    "--remote-debugging-pipe about:blank"
).split()
PATIENCE = 120.0

# What a page may be asked and then be given to another test: all that they change is undone by `Tab.as_new`.
PLAIN = frozenset(
    "Page.enable Network.enable Log.enable Runtime.enable Page.navigate Runtime.evaluate Input.insertText"
    " Input.dispatchMouseEvent Input.dispatchKeyEvent Emulation.setDeviceMetricsOverride Emulation.setEmulatedMedia"
    " Network.setExtraHTTPHeaders Page.addScriptToEvaluateOnNewDocument"
    " Page.removeScriptToEvaluateOnNewDocument".split()
)
NOTHING = Path(__file__).with_name("nothing.html")
# Nobody is asked whether to leave words that are not saved.
FORGET = """try { localStorage.clear(); sessionStorage.clear() } catch {}
BeforeUnloadEvent.prototype.preventDefault = () => {}"""

# What WCAG 2.1 asks at levels A and AA, as axe-core tags its rules.
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")

KEYS = {
    "Tab": 9,
    "Enter": 13,
    "Escape": 27,
    " ": 32,
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
}


def chromium() -> str:
    """The program. Fails with the line to type when there is none."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    assert found, MISSING
    return found


class Refused(AssertionError):
    """What Chromium did not do, or an expression that failed."""


@dataclass
class Pipe:
    """Commands to the browser and events from it."""

    to: int
    back: int
    number: int = 0
    left: bytes = b""
    events: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The result of a command; events that arrive before it are kept."""
        self.number += 1
        told = {"id": self.number, "method": method, "params": parameters}
        raw = json.dumps(told | ({"sessionId": session} if session else {})).encode() + b"\0"
        while raw:
            raw = raw[os.write(self.to, raw) :]
        while True:
            message = self.read(PATIENCE)
            assert message is not None, f"Chromium does not answer {method}"
            if message.get("id") == self.number:
                if "error" in message:
                    raise Refused(f"{method}: {message['error']}")
                result: dict[str, Any] = message["result"]
                return result
            self.events.append(message)

    def read(self, patience: float) -> dict[str, Any] | None:
        """The next message, None when none comes in time."""
        while b"\0" not in self.left:
            ready, _, _ = select.select([self.back], [], [], patience)
            chunk = os.read(self.back, 1 << 20) if ready else b""
            if not chunk:
                return None
            self.left += chunk
        raw, _, self.left = self.left.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def wait(self, method: str, session: str) -> dict[str, Any]:
        """The first event of this name, among those kept or to come."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for index, event in enumerate(self.events):
                if event.get("method") == method and event.get("sessionId") == session:
                    return self.events.pop(index)
            message = self.read(1)
            if message is not None:
                self.events.append(message)
        raise AssertionError(f"Chromium does not tell {method}")


@dataclass
class Tab:
    """A page in the browser."""

    pipe: Pipe
    session: str
    target: str
    asked: set[str] = field(default_factory=set)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command to this page."""
        self.asked.add(method)
        return self.pipe.ask(method, self.session, **parameters)

    def open(self, address: str) -> Tab:
        """Go to an address and wait until everything has loaded."""
        self.pipe.events = [event for event in self.pipe.events if event.get("sessionId") != self.session]
        told = self.ask("Page.navigate", url=address)
        assert "errorText" not in told, told
        if "loaderId" in told:
            self.pipe.wait("Page.loadEventFired", self.session)
        return self

    def run(self, expression: str) -> Any:
        """The value of an expression, or of the promise it is."""
        told = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in told:
            raise Refused(told["exceptionDetails"])
        return told["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true; the tests' way not to sleep.

        Where it fails, the page may just be drawn anew, or another take its place.
        """
        end = time.monotonic() + PATIENCE
        while True:
            failed: Refused | str = ""
            try:
                if self.run(expression):
                    return
            except Refused as problem:
                failed = problem
            assert time.monotonic() < end, f"never true: {expression}\n{failed}\n{self.state()}"
            time.sleep(0.02)

    def state(self) -> str:
        """What the page shows, and the last of what it asked for with the answers, for a test that fails."""
        shown = self.run("document.body.innerText.slice(0, 600)")
        asked = self.run(
            "performance.getEntriesByType('resource').slice(-30)"
            ".map((one) => [one.startTime, one.duration, one.responseStatus, one.name].join(' '))"
        )
        thrown = [one["exceptionDetails"] for one in self.events("Runtime.exceptionThrown")]
        sent = {one["requestId"]: one["request"]["url"] for one in self.events("Network.requestWillBeSent")}
        for kind in ("Finished", "Failed"):
            for one in self.events(f"Network.loading{kind}"):
                sent.pop(one["requestId"], None)
        lines = [f"at {self.run('location.href')}", shown, *asked, *map(str, thrown), "not answered:", *sent.values()]
        return "\n".join(lines)

    def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after the other: names such as Tab, or single characters."""
        for key in keys:
            code = KEYS.get(key) or ord(key.upper())
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            common = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
            self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
            self.ask("Input.dispatchKeyEvent", type="keyUp", **common)

    def size(self, width: int, height: int = 800) -> None:
        """The size of the window, in CSS pixels."""
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def events(self, method: str) -> list[dict[str, Any]]:
        """The parameters of the events of this name since the page was opened."""
        self.run("0")
        mine = [event for event in self.pipe.events if event.get("sessionId") == self.session]
        return [event["params"] for event in mine if event.get("method") == method]

    def violations(self, *tags: str) -> list[str]:
        """What axe-core finds against the rules with these tags (WCAG's), one line for each place."""
        if not self.run("'axe' in window"):
            source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
            # Not a script of the page: the page's policy would refuse it.
            self.ask("Runtime.evaluate", expression=source)
        options = json.dumps({"runOnly": {"type": "tag", "values": tags or WCAG}, "resultTypes": ["violations"]})
        found = self.run(f"axe.run(document, {options}).then((result) => result.violations)")
        return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]

    def as_new(self) -> bool:
        """Forget what was done here. False if that cannot be: then the page must be closed."""
        if not self.asked <= PLAIN:
            return False
        self.run(FORGET)
        for method in ("Emulation.clearDeviceMetricsOverride", "Network.clearBrowserCookies"):
            self.pipe.ask(method, self.session)
        self.ask("Emulation.setEmulatedMedia", media="", features=[])
        self.ask("Network.setExtraHTTPHeaders", headers={})
        # A page of nothing from the same place: for one from elsewhere Chromium would start another process.
        where = str(self.run("location.origin"))
        self.pipe.events.clear()
        told = self.ask("Page.navigate", url=f"{where}/nothing" if where.startswith("http") else address(NOTHING))
        if "errorText" in told:
            # Its server has ended.
            return False
        self.pipe.wait("Page.loadEventFired", self.session)
        for method in ("Page.resetNavigationHistory", "Network.clearBrowserCache"):
            self.pipe.ask(method, self.session)
        return True


@dataclass
class Browser:
    """A running Chromium: its pages, each with the context that it has for itself."""

    pipe: Pipe
    pages: list[tuple[str, Tab]] = field(default_factory=list)
    free: list[tuple[str, Tab]] = field(default_factory=list)

    def close(self) -> None:
        """Close every page; one is kept for the next test, for a new one takes Chromium half a second and more."""
        while self.pages:
            context, tab = self.pages.pop()
            if not self.free and tab.as_new():
                self.free.append((context, tab))
            else:
                self.pipe.ask("Target.disposeBrowserContext", browserContextId=context)
        self.pipe.events.clear()

    def tab(self, *, scripts: bool = True) -> Tab:
        """A new page, with nothing kept from another."""
        if self.free and scripts:
            self.pages.append(self.free.pop())
            return self.pages[-1][1]
        context = self.pipe.ask("Target.createBrowserContext")["browserContextId"]
        target = self.pipe.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.pipe.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        tab = Tab(self.pipe, session, target)
        self.pages.append((context, tab))
        for domain in ("Page", "Network", "Log", "Runtime"):
            tab.ask(f"{domain}.enable")
        if not scripts:
            tab.ask("Emulation.setScriptExecutionDisabled", value=True)
        return tab


@contextmanager
def browser(options: Sequence[str] = ()) -> Iterator[Browser]:
    """Chromium with an empty profile of its own; it ends with the block."""
    program = chromium()
    down, to = os.pipe()
    back, up = os.pipe()
    profile = tempfile.mkdtemp(prefix="chromium-")

    # The shell moves the ends of the pipes to where Chromium looks for them.
    script = f'exec "$0" "$@" 3<&{down} 4>&{up}'
    command = ["/bin/bash", "-c", script, program, f"--user-data-dir={profile}", *options, *OPTIONS]
    process = subprocess.Popen(
        command,
        pass_fds=(down, up),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(down)
    os.close(up)
    try:
        yield Browser(Pipe(to, back))
    finally:
        os.close(to)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        os.close(back)
        shutil.rmtree(profile, ignore_errors=True)


def address(page: Path) -> str:
    """The address of a file."""
    return page.resolve().as_uri()
