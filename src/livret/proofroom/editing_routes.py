"""The routes of the forms: loading, saving, undo, dropped pictures, new files, and the places of fields on pages."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from livret.content.catalogue.translations import place_of_text
from livret.content.editing.dropped_pictures import keep_picture
from livret.control.field_places import field_places
from livret.pages.flatplan import Part, Subject
from livret.pages.galley import Fragment
from livret.proofroom.application import Room, body
from livret.proofroom.edition_view import View
from livret.proofroom.editor import Editor, FieldChange, FormRequest
from livret.proofroom.own_foreword import begin_foreword
from livret.proofroom.words import language_of
from livret.starter.content_files import NewCard, NewEdition, NewPartner, new_card, new_edition, new_partner
from livret.translation import say

UPLOAD = "/api/picture"
_Answer = TypeVar("_Answer")
# Groups in lists in groups: no field is deeper.
_DEPTH = 6
# A form saves a field or a few at a time; the longest list is that of all cards in an edition.
_CHANGES = 50
_VALUES = 5000


class EditingRoutes:
    """The answers; `room` has the session, the pictures and the views of editions."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._editor = Editor(room.session)

    def routes(self) -> tuple[Route, ...]:
        """All of them."""
        return (
            Route("/api/form", self.form),
            Route("/api/form", self.save, methods=["PUT"]),
            Route("/api/text", self.mend, methods=["PUT"]),
            Route("/api/undo", self.undo, methods=["POST"]),
            Route("/api/fields", self.fields),
            Route("/api/new", self.new, methods=["POST"]),
            Route("/api/links", self.links),
            Route("/api/remove", self.remove, methods=["POST"]),
            Route("/api/put-back", self.put_back, methods=["POST"]),
            Route(UPLOAD, self.picture, methods=["POST"]),
        )

    async def form(self, request: Request) -> Response:
        """The form of a file."""
        asked = await self._asked(request, request.query_params)
        return JSONResponse(await _known(run_in_threadpool(self._editor.load, asked)))

    async def save(self, request: Request) -> Response:
        """Save changes of fields; 409 with both states where the file was changed elsewhere."""
        given = await body(request, edition=str, layout=str, file=str, digest=str, changes=list)
        if len(given["changes"]) > _CHANGES:
            raise HTTPException(413, say("these are too many changes at a time"))
        asked = await self._asked(request, given)
        changes = [_change(one) for one in given["changes"]]
        saved = await _known(run_in_threadpool(self._editor.change, asked, given["digest"], changes))
        return JSONResponse(saved, 409 if "conflict" in saved else 200)

    async def mend(self, request: Request) -> Response:
        """Save the text of a file that could not be read, if it can be read then."""
        given = await body(request, edition=str, layout=str, file=str, digest=str, text=str)
        asked = await self._asked(request, given)
        saved = await _known(run_in_threadpool(self._editor.mend, asked, given["digest"], given["text"]))
        return JSONResponse(saved, 409 if "conflict" in saved else 200)

    async def undo(self, request: Request) -> Response:
        """Take the last change back, or make it again."""
        given = await body(request, edition=str, layout=str, file=str, again=bool)
        asked = await self._asked(request, given)
        saved = await _known(run_in_threadpool(self._editor.undo, asked, given["again"]))
        return JSONResponse(saved, 409 if "conflict" in saved else 200)

    async def fields(self, request: Request) -> Response:
        """Where the fields of a part stand, in shares of its trimmed pages."""
        view, part = await self._room.part_of(request.query_params)
        return JSONResponse({"places": await self._places(view, part)})

    async def _places(self, view: View, part: Part) -> list[dict[str, Any]]:
        fragment = view.fragments.get(part.anchor)
        if fragment is None or part.subject is None:
            return []

        def look() -> list[dict[str, Any]]:
            found = [place for language in _in_each_language(view, part) for place in _places_in(fragment, *language)]
            if reading := self._room.session.reading:
                for place in found:
                    place["file"], place["path"] = place_of_text(reading.folder, place["file"], tuple(place["path"]))
            return found

        # PDFium does one thing at a time, in the thread of the pictures.
        try:
            return await asyncio.wrap_future(self._room.pictures.call(look))
        except OSError:
            return []

    async def new(self, request: Request) -> Response:
        """Begin a card, a partner or an edition."""
        given = await body(request, kind=str, name=str, acronym=str, title=str, themes=list, territories=list)
        if not all(isinstance(one, str) for one in (*given["themes"], *given["territories"])):
            raise HTTPException(400)
        project = self._room.session.project
        themes, places = tuple(given["themes"]), tuple(given["territories"])

        def write() -> Path:
            match given["kind"]:
                case "foreword" if reading := self._room.session.reading:
                    path, place = begin_foreword(project, reading, given["name"])
                    self._room.session.changed([place])
                    return path
                case "card":
                    return new_card(project, NewCard(given["name"], given["acronym"], given["title"], themes, places))
                case "partner":
                    return new_partner(project, NewPartner(given["name"], given["acronym"]))
                case "edition":
                    return new_edition(project, NewEdition(given["name"], "", places, themes))
            raise HTTPException(400)

        path = await _known(run_in_threadpool(write))
        changed = [path, project.catalogue / "catalogue.yaml"] if given["kind"] == "partner" else [path]
        self._room.session.changed(changed)
        return JSONResponse({"id": path.stem, "file": project.shown(path)})

    async def links(self, request: Request) -> Response:
        """Which files link to one, before it is removed."""
        asked = await self._asked(request, request.query_params)
        return JSONResponse(await _known(run_in_threadpool(self._editor.linking, asked)))

    async def remove(self, request: Request) -> Response:
        """Take a card, a partner or an edition out of the catalogue."""
        given = await body(request, edition=str, layout=str, file=str, digest=str)
        asked = await self._asked(request, given)
        return JSONResponse(await _known(run_in_threadpool(self._editor.remove, asked, given["digest"])))

    async def put_back(self, request: Request) -> Response:
        """Undo that."""
        given = await body(request, file=str)
        return JSONResponse(await _known(run_in_threadpool(self._editor.put_back, given["file"])))

    async def picture(self, request: Request) -> Response:
        """Keep a picture that was dropped."""
        name = request.query_params.get("name", "")[:200]
        content = await request.body()
        session = self._room.session
        path = await run_in_threadpool(keep_picture, session.project, name, content)
        await asyncio.wrap_future(session.changed([session.project.catalogue / path]))
        return JSONResponse({"path": path})

    async def _asked(self, request: Request, names: Any) -> FormRequest:
        live = await run_in_threadpool(self._room.session.live, names.get("edition", ""), names.get("layout", ""))
        view = live.view if live else None
        rooms = view.composer.layout.file.copy_room if view else {}
        return FormRequest(names.get("file", ""), language_of(request), rooms)


async def _known(answer: Awaitable[_Answer]) -> _Answer:
    """What is answered. Raises HTTPException for a file or a field that there is not."""
    try:
        return await answer
    except KeyError:
        raise HTTPException(404) from None


def _in_each_language(view: View, part: Part) -> Iterator[tuple[Subject, Mapping[str, str], bool | None]]:
    """What a part prints, its themes by id, and whether that is in the second language; None where there is one."""
    composers = ((part, view.composer, False), (part.second, view.composer.second, True))
    for one, composer, is_second in composers if part.is_double else composers[:1]:
        if one and one.subject and composer:
            themes = {id: theme.name for id, theme in composer.themes.items()}
            yield one.subject, themes, is_second if part.is_double else None


def _places_in(
    fragment: Fragment, subject: Subject, themes: Mapping[str, str], is_second: bool | None
) -> Iterator[dict[str, Any]]:
    facts = fragment.facts
    pages = [page for page, flow in enumerate(facts.flows) if flow[1] == is_second] if facts.flows else None
    for one in field_places(fragment.path, subject, themes, pages):
        yield {
            "path": list(one.path),
            "file": subject.source.path,
            "page": one.page,
            "words": one.words,
            "x": one.box[0] / facts.width,
            "y": 1 - one.box[3] / facts.height,
            "width": (one.box[2] - one.box[0]) / facts.width,
            "height": (one.box[3] - one.box[1]) / facts.height,
        }


def _change(given: Any) -> FieldChange:
    if not isinstance(given, dict) or set(given) != {"path", "value"}:
        raise HTTPException(400)
    path = given["path"]
    is_path = isinstance(path, list) and path and len(path) <= _DEPTH
    if not is_path or not all(isinstance(one, str) or (type(one) is int and one >= 0) for one in path):
        raise HTTPException(400)
    if not _is_value(given["value"], _DEPTH):
        raise HTTPException(400)
    if _size(given["value"]) > _VALUES:
        raise HTTPException(413, say("this is too large"))
    return FieldChange(tuple(path), given["value"])


def _is_value(value: Any, depth: int) -> bool:
    if isinstance(value, str):
        return True
    if depth == 0:
        return False
    if isinstance(value, list):
        return all(_is_value(one, depth - 1) for one in value)
    return isinstance(value, dict) and all(_is_value(one, depth - 1) for one in value.values())


def _size(value: Any) -> int:
    if isinstance(value, str):
        return 1
    return 1 + sum(map(_size, value.values() if isinstance(value, dict) else value))
