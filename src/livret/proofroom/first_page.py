"""The page in a folder without a catalogue: it offers to begin one, or to copy the demonstration."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from livret import starter
from livret.findings import LivretError
from livret.project import Project
from livret.proofroom.application import STATIC, body, file_answer, font, static, words_answer
from livret.proofroom.events import Hub
from livret.proofroom.guard import Door, Guard
from livret.proofroom.refusals import HANDLERS
from livret.proofroom.server import Serving, Stoppable, bound, configured, looped
from livret.proofroom.words import language_of
from livret.translation import say


class FirstPage:
    """Serves the page until a catalogue was begun, or somebody presses Ctrl-C."""

    def __init__(self, folder: Path, serving: Serving) -> None:
        """Take the port. Raises LivretError when none is free, or when others than this machine could ask."""
        self._folder = folder
        self._serving = serving
        # The room goes on with it, so that nobody else takes the port between the two.
        self.socket = bound(serving)
        self.door = Door(serving.host, self.socket.getsockname()[1])
        if not self.door.is_local:
            self.socket.close()
            raise LivretError(
                say("there is no catalogue in {folder}", folder=folder), say("begin one: livret new catalogue")
            )
        routes = [
            Route("/", self._page),
            Route("/static/{name}", static),
            Route("/fonts/{name}", font),
            Route("/api/words", words_answer),
            Route("/api/begin", self._begin, methods=["POST"]),
        ]
        app = Starlette(routes=routes, exception_handlers=HANDLERS)
        self._config = configured(Guard(app, self.door, frozenset()))
        self._is_begun = False
        self._server: Stoppable | None = None

    @property
    def address(self) -> str:
        """The address of the page."""
        return self.door.address

    def run(self) -> bool:
        """Serve the page until it is left. Return whether a catalogue was begun: then its room uses the socket."""
        self._server = looped(self._config, Hub(), self._serving, self.address)
        try:
            asyncio.run(self._server.serve([self.socket.dup()]))
        finally:
            if not self._is_begun:
                self.socket.close()
        return self._is_begun

    def stop(self) -> None:
        """Have `run` return. From any thread."""
        if self._server:
            self._server.should_exit = True

    async def _page(self, request: Request) -> Response:
        return file_answer(STATIC / "first.html")

    async def _begin(self, request: Request) -> Response:
        """Write the first files. The room itself takes the place of this page."""
        asked = await body(request, title=str, language=str, demonstration=bool)
        language = asked["language"] or language_of(request)

        def write() -> Path:
            if asked["demonstration"]:
                return starter.copy_demonstration(self._folder)
            starter.new_catalogue(self._folder, starter.NewCatalogue(asked["title"], language))
            return Project.at(self._folder).catalogue

        await run_in_threadpool(write)
        self._is_begun = True
        self.stop()
        return JSONResponse({})
