"""The application: its routes, and what each answers. ARCHITECTURE.md has them as a table."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from livret.content.editing.form_words import in_form
from livret.content.schema.approval import State, typed
from livret.content.schema.validators import BadValueError
from livret.findings import Finding
from livret.pages.flatplan import Part, edition_names, select
from livret.project import installed, source_date
from livret.proofroom import sign_offs, views
from livret.proofroom.edition_view import View
from livret.proofroom.events import Hub
from livret.proofroom.history import history
from livret.proofroom.live_edition import LiveEdition
from livret.proofroom.pictures import Busy, PagePictures, PictureOrder
from livret.proofroom.proofs import proof_of
from livret.proofroom.refusals import HANDLERS
from livret.proofroom.search import PartTexts
from livret.proofroom.session import Session
from livret.proofroom.words import language_of, words
from livret.translation import in_language, say

STATIC = Path(__file__).parent / "static"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
# The fonts of the booklet that the page is set in, by the name in its style sheet.
FONTS = {
    name: Path(family, name)
    for family, names in {
        "SourceSans3": ("SourceSans3-Regular.ttf", "SourceSans3-It.ttf", "SourceSans3-Semibold.ttf"),
        "SourceSerif4": ("SourceSerif4Subhead-Regular.ttf", "SourceSerif4Subhead-Semibold.ttf"),
    }.items()
    for name in names
}
PICTURE = re.compile("([0-9a-f]{64}|blank)-([0-9]{1,4})")
WIDTHS = range(16, 4097)
# How long an answer waits for the first state of an edition.
FIRST_SECONDS = 10.0
CHANGED_MEANWHILE = say("The text has changed meanwhile: look at it again, then sign")
FOREVER = "private, max-age=31536000, immutable"


class Room:
    """The parts of the proof room that answers are made from."""

    def __init__(self, session: Session, hub: Hub, pictures: PagePictures) -> None:
        self.session = session
        self.hub = hub
        self.pictures = pictures
        self.texts = PartTexts()

    def application(self, *more: Route) -> Starlette:
        """The application, with further routes."""
        answers: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/": self.page,
            "/static/{name}": static,
            "/fonts/{name}": font,
            "/events": self.events,
            "/api/words": words_answer,
            "/api/room": self.room,
            "/api/wall": self.wall,
            "/api/spread": self.spread,
            "/api/search": self.search,
            "/picture/{name}": self.picture,
            "/proof/{edition}/{name}": self.proof,
            "/book/{edition}": self.book,
        }
        changes: dict[str, Callable[[Request], Awaitable[Response]]] = {
            "/api/look": self.look,
            "/api/approve": self.approve,
            "/api/correct": self.correct,
        }
        routes = [Route(path, answer) for path, answer in answers.items()]
        routes += [Route(path, answer, methods=["POST"]) for path, answer in changes.items()]
        return Starlette(routes=[*routes, *more], exception_handlers=HANDLERS)

    # --- the page ---

    async def page(self, request: Request) -> Response:
        """The one page."""
        return file_answer(STATIC / "index.html")

    async def events(self, request: Request) -> Response:
        """What happens, as it happens."""
        if self.hub.is_full:
            raise HTTPException(503, say("too many windows are open; close some of them"))
        return StreamingResponse(self.hub.stream(language_of(request)), media_type="text/event-stream")

    # --- what there is to see ---

    async def room(self, request: Request) -> Response:
        """Editions and layouts, findings that are in no part, and what went wrong."""
        session, language = self.session, language_of(request)
        found = await run_in_threadpool(views.room, session.catalogue, session.book_layouts())
        problem = session.problem
        found["findings"] = [in_form(one).as_dict(language) for one in session.findings]
        found["is_read"] = session.reading is not None
        found["problem"] = problem and {
            "message": in_language(problem.told, language),
            "hints": [in_language(hint, language) for hint in problem.hints],
        }
        return JSONResponse(found)

    async def wall(self, request: Request) -> Response:
        """The flatplan of an edition."""
        view = await self._view(request)
        return JSONResponse(await run_in_threadpool(views.wall, view, self._told(), language_of(request)))

    async def spread(self, request: Request) -> Response:
        """All that stands beside one part."""
        view = await self._view(request)
        part = _part(view, request.query_params.get("part", ""))
        language = language_of(request)

        def answer() -> dict[str, Any]:
            path = sign_offs.path(part)
            file = part.subject.source.path if part.subject else None
            past = history(self.session.project, path, file)
            return views.spread(view, part, self._told(), past, language)

        return JSONResponse(await run_in_threadpool(answer))

    async def search(self, request: Request) -> Response:
        """The parts that hold all of some words."""
        view = await self._view(request)
        asked = request.query_params.get("words", "")[:200]
        return JSONResponse({"parts": await run_in_threadpool(self.texts.holding, view, asked)})

    async def picture(self, request: Request) -> Response:
        """A page, with the page of the furniture over it, as wide as asked."""
        named = PICTURE.fullmatch(request.path_params["name"].removesuffix(".jpg"))
        over = request.query_params.get("over", "")
        above = PICTURE.fullmatch(over) if over else None
        width = request.query_params.get("width", "")
        if named is None or (over and above is None) or not width.isdecimal() or int(width) not in WIDTHS:
            raise HTTPException(404)
        drawn = [(one[1], int(one[2])) for one in (named, above) if one and one[1] != "blank"]
        layers: tuple[tuple[Path, int], ...] = tuple((self.session.fragment_path(key), page) for key, page in drawn)
        if request.query_params.get("view") == "press":
            layers = await self._in_inks(await self._view(request), drawn)
        try:
            future = self.pictures.order(PictureOrder(layers, int(width)))
            # Others may wait for the same picture: who gives it up leaves it to them.
            picture = await asyncio.shield(asyncio.wrap_future(future))
        except Busy:
            raise HTTPException(503, headers={"retry-after": "1"}) from None
        except OSError:
            raise HTTPException(404) from None
        return Response(picture, media_type="image/jpeg", headers={"cache-control": FOREVER})

    async def _in_inks(self, view: View, drawn: list[tuple[str, int]]) -> tuple[tuple[Path, int], ...]:
        """The files of soft proofs, which are made now where they are not there."""
        session, keys = self.session, [key for key, _ in drawn]
        orders = await asyncio.wrap_future(session.desk.urgent(lambda: session.soft_proofs(view, keys)))
        known = [order for order in orders if order is not None]
        if len(known) < len(keys):
            raise HTTPException(404)
        # Other pages may wait for the same one: who gives it up leaves it to them.
        paths = [await asyncio.shield(asyncio.wrap_future(order)) for order in known]
        return tuple((path, page) for path, (_, page) in zip(paths, drawn, strict=True))

    async def proof(self, request: Request) -> Response:
        """The proof of one part, as `livret proof` makes it, of what was saved last."""
        await run_in_threadpool(self.session.until_read)
        name, catalogue = request.path_params["edition"], self.session.catalogue
        if catalogue is None or name not in edition_names(catalogue):
            raise HTTPException(404)
        layout = select(catalogue, name).layout
        view = await self._view(request, {"edition": name, "layout": layout})
        part = _part(view, request.path_params["name"].removesuffix(".pdf"))
        path = await run_in_threadpool(proof_of, self.session.project, catalogue, name, part)
        return _pdf(path)

    async def book(self, request: Request) -> Response:
        """The screen edition, as it was bound last."""
        name = request.path_params["edition"].removesuffix(".pdf")
        catalogue = self.session.catalogue
        known = edition_names(catalogue) if catalogue else ()
        output = self.session.project.output
        path = output / name / f"{name}-screen.pdf"
        # A link may lead out of the output folder.
        if name not in known or not path.is_file() or not path.resolve().is_relative_to(output.resolve()):
            raise HTTPException(404)
        return _pdf(path)

    # --- what changes something ---

    async def look(self, request: Request) -> Response:
        """Which part somebody looks at."""
        asked = await body(request, edition=str, layout=str, part=str)
        view = await self._view(request, asked)
        self.session.look_at(asked["edition"], asked["layout"], _part(view, asked["part"]).anchor)
        return JSONResponse({})

    async def approve(self, request: Request) -> Response:
        """Enter in the register that a part is approved."""
        return await self._sign(request, "approved")

    async def correct(self, request: Request) -> Response:
        """Enter in the register that corrections were asked for."""
        return await self._sign(request, "corrections")

    async def _sign(self, request: Request, word: State) -> Response:
        asked = await body(request, edition=str, layout=str, part=str, by=str, note=str, digest=str)
        view = await self._view(request, asked)
        part = _part(view, asked["part"])
        try:
            by = typed(asked["by"], is_long=False)
            note = typed(asked["note"], is_long=True) if asked["note"].strip() or word == "corrections" else None
        except BadValueError as refused:
            raise HTTPException(422, refused.message) from None
        today = (source_date() or datetime.now(UTC)).date()
        entry = sign_offs.Entry(asked["edition"], part, word, by, today, note, asked["digest"])
        session = self.session
        done = session.desk.urgent(lambda: sign_offs.enter(session, entry))
        try:
            await asyncio.wrap_future(done)
        except sign_offs.ChangedMeanwhile:
            raise HTTPException(409, CHANGED_MEANWHILE) from None
        return JSONResponse({})

    # --- helpers ---

    async def part_of(self, names: Any) -> tuple[View, Part]:
        """The state of an edition, and the part of it, that these names tell. Raises HTTPException."""
        view = await self._view_of(names)
        return view, _part(view, names.get("part", ""))

    async def _view(self, request: Request, names: Any = None) -> View:
        """The state to show of the edition and layout that a request names. Raises HTTPException."""
        return await self._view_of(names or request.query_params)

    async def _view_of(self, names: Any) -> View:
        live = await run_in_threadpool(self.session.live, names.get("edition", ""), names.get("layout", ""))
        if live is None:
            raise HTTPException(404)
        return await _first_view(live)

    def _told(self) -> dict[str, list[Finding]]:
        return views.by_file(self.session.findings)


async def _first_view(live: LiveEdition) -> View:
    """The state of an edition; one that was opened just now has one in a moment. Raises HTTPException."""
    end = time.monotonic() + FIRST_SECONDS
    while live.view is None:
        if time.monotonic() > end:
            # It may come yet: whoever asks again gets it.
            raise HTTPException(503, headers={"retry-after": "1"})
        await asyncio.sleep(0.05)
    return live.view


def _part(view: View, anchor: str) -> Part:
    part = next((one for one in view.parts if one.anchor == anchor), None)
    if part is None:
        raise HTTPException(404)
    return part


async def body(request: Request, **fields: type) -> dict[str, Any]:
    """The JSON of a request: these fields, each of its type, and no other. Raises HTTPException."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415)
    try:
        found = await request.json()
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(found, dict) or set(found) - set(fields):
        raise HTTPException(400)
    given = {name: found.get(name, kind()) for name, kind in fields.items()}
    if any(not isinstance(given[name], kind) for name, kind in fields.items()):
        raise HTTPException(400)
    return given


async def static(request: Request) -> Response:
    """A script or a style sheet of the page."""
    name = request.path_params["name"]
    if name not in {path.name for path in STATIC.iterdir()}:
        raise HTTPException(404)
    return file_answer(STATIC / name)


async def font(request: Request) -> Response:
    """One of the fonts of the booklet."""
    path = FONTS.get(request.path_params["name"])
    if path is None:
        raise HTTPException(404)
    return FileResponse(installed("fonts") / path, headers={"cache-control": FOREVER}, media_type="font/ttf")


async def words_answer(request: Request) -> Response:
    """The words of the page in the language of the browser."""
    language = language_of(request)
    return JSONResponse({"language": language, "words": words(language)})


def file_answer(path: Path) -> Response:
    """A file of the page, of which the browser asks each time whether it changed."""
    return FileResponse(path, media_type=TYPES.get(path.suffix, "application/octet-stream"),
                        headers={"cache-control": "no-cache"})  # fmt: skip


def _pdf(path: Path) -> Response:
    return FileResponse(
        path, media_type="application/pdf", filename=path.name, content_disposition_type="inline",
        headers={"cache-control": "no-store"},
    )  # fmt: skip
