"""The server: where it listens, how long it waits for anybody, how it begins and how it stops."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from livret.findings import LivretError, OutputError
from livret.project import Project
from livret.proofroom.application import Room
from livret.proofroom.editing_routes import UPLOAD, EditingRoutes
from livret.proofroom.events import Hub
from livret.proofroom.guard import Door, Guard
from livret.proofroom.pictures import PagePictures
from livret.proofroom.session import Session
from livret.proofroom.watcher import Watcher
from livret.translation import say

# When a port is in use, so many after it are tried.
TRIES = 50
# More connections than this are refused at once; a browser opens six, and one for the events.
CONNECTIONS = 128
# How long the head of a request may take to arrive, and an open connection may be silent.
HEAD_SECONDS = 10.0
IDLE_SECONDS = 15
# How long answers may take to end when the server stops.
STOP_SECONDS = 3


@dataclass(frozen=True)
class Serving:
    """How to serve: the host and the port, the number of workers, and who hears of it.

    `say` prints a line; `opens_browser` opens the page when it can be seen. `taken` is a socket that listens already.
    """

    host: str
    port: int
    jobs: int | None
    say: Callable[[str], None]
    opens_browser: bool = False
    taken: socket.socket | None = None


class _Protocol(H11Protocol):
    """HTTP, but a client that does not send the head of its request in time is left."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._timer is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        self._timer = self.loop.call_later(HEAD_SECONDS, self._leave)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _leave(self) -> None:
        self._timer = None
        if self.conn.their_state is h11.IDLE and (self.cycle is None or self.cycle.response_complete):
            self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn, which ends its streams of events when it is told to stop, and then without an error."""

    def __init__(self, config: uvicorn.Config, hub: Hub, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._hub = hub
        self._on_start = on_start

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self.handle_exit) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.bind(asyncio.get_running_loop())
        await super().startup(sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.close()
        await super().shutdown(sockets)


# A server; it stops when its `should_exit` is set.
Stoppable = uvicorn.Server


class ProofRoom:
    """Everything that serves a project; `run` returns when it is told to stop."""

    def __init__(self, project: Project, serving: Serving) -> None:
        """Take the port. Raises LivretError when no port is free, or the host is not one of this machine."""
        self._serving = serving
        self._socket = serving.taken or bound(serving)
        host, port = serving.host, self._socket.getsockname()[1]
        self.door = Door(host, port)
        if not self.door.is_local:
            self.door = Door(host, port, secrets.token_urlsafe(24))
        self.hub = Hub()
        self.pictures = PagePictures()
        self.session = Session(project, self.hub, self.pictures, serving.jobs)
        self.room = Room(self.session, self.hub, self.pictures)
        self._watcher = Watcher(project, self.session)
        editing = EditingRoutes(self.room).routes()
        app = Guard(self.room.application(*editing), self.door, frozenset({UPLOAD}))
        config = configured(app)
        self._server = looped(config, self.hub, serving, self.address)

    @property
    def address(self) -> str:
        """The address of the page."""
        return self.door.address

    def run(self) -> None:
        """Serve until somebody presses Ctrl-C, or the process is told to end."""
        self.session.start()
        self.pictures.start()
        self._watcher.start()
        try:
            asyncio.run(self._server.serve([self._socket]))
        finally:
            self._watcher.close()
            self.pictures.close()
            self.session.close()
            self._socket.close()

    def close(self) -> None:
        """Leave the port without having served."""
        self._socket.close()

    def stop(self) -> None:
        """Have `run` return. From any thread."""
        self._server.should_exit = True


def configured(app: ASGIApp) -> uvicorn.Config:
    """How an application is served: HTTP alone, with limits on connections and on silence."""
    return uvicorn.Config(
        app, http=_Protocol, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
        date_header=False, limit_concurrency=CONNECTIONS, timeout_keep_alive=IDLE_SECONDS, backlog=CONNECTIONS,
        timeout_graceful_shutdown=STOP_SECONDS, proxy_headers=False,
    )  # fmt: skip


def looped(config: uvicorn.Config, hub: Hub, serving: Serving, address: str) -> Stoppable:
    """A server that says where its page is when it can be seen, and opens it if it should."""

    def begin() -> None:
        serving.say(say("the proof room is at {address} (Ctrl-C stops it)", address=address))
        if serving.opens_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    return _Server(config, hub, begin)


def bound(serving: Serving) -> socket.socket:
    """A socket at the wanted port, or at the next free one, which is said."""
    host = "127.0.0.1" if serving.host == "localhost" else serving.host
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(serving.port, min(serving.port + TRIES, 65536)):
        found = socket.socket(family, socket.SOCK_STREAM)
        # A port that was left a moment ago can be taken again.
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind((host, port))
            found.listen(CONNECTIONS)
        except OSError as problem:
            found.close()
            if problem.errno == errno.EADDRINUSE:
                continue
            if problem.errno == errno.EACCES:
                message = say("port {port} is not allowed", port=port)
                raise OutputError(message, say("choose one over 1023: --port 8420")) from None
            raise LivretError(say("{host} is not an address of this machine", host=host)) from None
        if port != serving.port:
            serving.say(say("port {port} is in use; {other} is taken", port=serving.port, other=port))
        found.setblocking(False)
        return found
    raise LivretError(say("no port from {port} on is free", port=serving.port), say("choose another with --port"))
