"""What is answered in place of what was asked: why, and what can be done, in the language of the browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from livret.content.editing import form_words
from livret.findings import FoundErrors, LivretError, OutputError
from livret.proofroom.guard import TOO_SLOW, RefusedRequest, is_visit
from livret.proofroom.words import language_of
from livret.starter import NotWrittenError
from livret.translation import Text, in_language, say

# Where nothing more is said than the status.
REASONS: Mapping[int, Text] = {
    400: say("the proof room does not understand this request; load the page again"),
    404: say("this is not there, or no longer; load the page again"),
    503: say("the proof room has too much to do; try again in a moment"),
}
OTHER = say("the proof room cannot answer this; load the page again")
FAULT_HINT = say("What is saved stays. Try again; if it fails again, start livret serve again and tell its developers.")


def _answer(
    request: Request, status: int, told: Text, hints: tuple[Text, ...] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """The scripts of the page read JSON; whoever opens a PDF in a window of its own reads the sentences."""
    language = language_of(request)
    said, *advice = [in_language(form_words.hint(one), language) for one in (told, *hints)]
    if is_visit(request.headers):
        return PlainTextResponse("\n".join([said, *advice]), status, headers)
    return JSONResponse({"error": said, "hints": advice}, status, headers)


async def _refused(request: Request, problem: HTTPException) -> Response:
    told = problem.detail if isinstance(problem.detail, Text) else REASONS.get(problem.status_code, OTHER)
    return _answer(request, problem.status_code, told, headers=problem.headers)


async def _refused_by_guard(request: Request, problem: RefusedRequest) -> Response:
    return _answer(request, problem.status, problem.reason, headers={"connection": "close"})


async def _too_slow(request: Request, problem: TimeoutError) -> Response:
    return _answer(request, 408, TOO_SLOW, headers={"connection": "close"})


async def _failed(request: Request, problem: LivretError) -> Response:
    """What went wrong, in words; the findings tell of errors in files."""
    status = (
        507 if isinstance(problem, OutputError) else 422 if isinstance(problem, FoundErrors | NotWrittenError) else 409
    )
    return _answer(request, status, problem.told, problem.hints)


async def _fault(request: Request, problem: Exception) -> Response:
    told = say("this is a fault in Livret: {name}: {problem}", name=type(problem).__name__, problem=problem)
    return _answer(request, 500, told, (FAULT_HINT,))


HANDLERS: dict[Any, Any] = {
    HTTPException: _refused,
    LivretError: _failed,
    RefusedRequest: _refused_by_guard,
    TimeoutError: _too_slow,
    Exception: _fault,
}
