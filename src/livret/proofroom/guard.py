"""Who may ask what: names of hosts, origins, the token, sizes, times, and the headers of every answer.

A page on the web can make a browser send requests to this machine. It cannot send them with our own Host and Origin,
and it cannot read the answers. So each request must name a host that is ours (against rebinding of names), and one
that changes something must come from our own page.
"""

from __future__ import annotations

import asyncio
import ipaddress
import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from livret.proofroom.words import language_of
from livret.translation import Text, in_language, say

# The body of a request, in bytes: JSON, and pictures that are dropped into the page.
JSON_BYTES = 1024 * 1024
UPLOAD_BYTES = 64 * 1024 * 1024
# How long a body may take to arrive, one piece of an answer to be taken, and an answer to be made.
BODY_SECONDS = 20.0
SEND_SECONDS = 30.0
ANSWER_SECONDS = 120.0

TOO_SLOW = say("this took too long")
NOT_RIGHT = say("this request is not right")
NOT_OURS = say("only the page of the proof room may ask this")

COOKIE = "livret"
SAFE = frozenset({"GET", "HEAD"})
METHODS = SAFE | {"POST", "PUT", "DELETE"}
LOCAL = ("127.0.0.1", "localhost", "[::1]")

HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self';"
        b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class RefusedRequest(Exception):
    """A request that is not answered: the status, and why."""

    def __init__(self, status: int, reason: Text) -> None:
        super().__init__(status, reason)
        self.status, self.reason = status, reason


@dataclass(frozen=True)
class Door:
    """Where the room listens: the host it is bound to, its port, and the token that is asked for, if any."""

    host: str
    port: int
    token: str | None = None

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in {"localhost", "127.0.0.1", "::1"}

    @property
    def address(self) -> str:
        """The address of the page, as a browser here opens it."""
        host = "127.0.0.1" if self.is_local else self.host
        if host in {"0.0.0.0", "::", ""}:  # noqa: S104 - compared, not bound
            host = _own_address()
        token = f"?token={self.token}" if self.token else ""
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/{token}"

    def knows(self, host: str) -> bool:
        """Whether a Host header names this server."""
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "80")
        if not name:
            name, port = host, "80"
        if port != str(self.port):
            return False
        if name in LOCAL or name == self.host:
            return True
        # A page that rebinds a name can never make the browser send an address.
        return not self.is_local and _is_address(name)


def is_visit(headers: Mapping[str, str]) -> bool:
    """Whether somebody opens an address in a window, and no script asks."""
    return "text/html" in headers.get("accept", "")


def _own_address() -> str:
    """The address by which other machines reach this one; that of this machine alone when there is no network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        try:
            # Nothing is sent: the system only looks up from which address it would send (RFC 5737: an example).
            asked.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = asked.getsockname()[0]
    return address


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


class Guard:
    """Wraps the application; see above."""

    def __init__(self, app: ASGIApp, door: Door, uploads: frozenset[str] = frozenset()) -> None:
        """`uploads` are the paths that take a picture instead of JSON."""
        self._app = app
        self._door = door
        self._uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        answer = _GuardedAnswer(send, HTTPConnection(scope))
        try:
            headers = _headers(scope)
            answer.cookie = self._check(scope, headers)
            limit = UPLOAD_BYTES if scope["path"] in self._uploads else JSON_BYTES
            if int(headers.get("content-length") or 0) > limit:
                raise RefusedRequest(413, say("this is too large"))
            body = _Body(receive, limit)
            is_stream = scope["path"] == "/events"
            async with asyncio.timeout(None if is_stream else ANSWER_SECONDS):
                await self._app(scope, body.receive, answer.send)
        except RefusedRequest as refused:
            await answer.refuse(refused.status, refused.reason)
        except TimeoutError:
            await answer.refuse(408, TOO_SLOW)
        except ValueError:
            await answer.refuse(400, NOT_RIGHT)

    def _check(self, scope: Scope, headers: Mapping[str, str]) -> str | None:
        """Raises RefusedRequest; gives the cookie to set, if any."""
        if scope["method"] not in METHODS:
            raise RefusedRequest(405, NOT_RIGHT)
        host = headers.get("host", "").lower()
        if not self._door.knows(host):
            raise RefusedRequest(421, say("this is not the address of the proof room"))
        origin = headers.get("origin")
        is_safe = scope["method"] in SAFE
        if (origin is not None or not is_safe) and origin != f"http://{host}":
            raise RefusedRequest(403, NOT_OURS)
        is_opened = is_safe and headers.get("sec-fetch-mode") == "navigate"
        if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"} and not is_opened:
            raise RefusedRequest(403, NOT_OURS)
        return self._check_token(scope, headers)

    def _check_token(self, scope: Scope, headers: Mapping[str, str]) -> str | None:
        token = self._door.token
        if token is None:
            return None
        if secrets.compare_digest(_cookie(headers).encode(), token.encode()):
            return None
        given = parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])[0]
        if not secrets.compare_digest(given.encode(), token.encode()):
            raise RefusedRequest(403, say("the token is missing: open the address that livret serve has printed"))
        return f"{COOKIE}={token}; HttpOnly; SameSite=Strict; Path=/"


def _headers(scope: Scope) -> dict[str, str]:
    """The headers that are looked at. Raises RefusedRequest when one that must stand once stands twice."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        text = name.decode("latin-1")
        if text in found and text in {"host", "origin", "content-length"}:
            raise RefusedRequest(400, NOT_RIGHT)
        found[text] = value.decode("latin-1")
    if "content-length" in found and "transfer-encoding" in found:
        # RFC 9112, 6.1: two programs may disagree on where such a request ends.
        raise RefusedRequest(400, NOT_RIGHT)
    return found


def _cookie(headers: Mapping[str, str]) -> str:
    try:
        jar = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[COOKIE].value if COOKIE in jar else ""


class _Body:
    """The body of a request, as long as it is small enough and comes in time."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._is_whole = False
        self._until: float | None = None

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._until = self._until or loop.time() + BODY_SECONDS
        async with asyncio.timeout_at(self._until):
            message = await self._receive()
        self._limit -= len(message.get("body", b""))
        if self._limit < 0:
            raise RefusedRequest(413, say("this is too large"))
        self._is_whole = not message.get("more_body", False)
        return message


class _GuardedAnswer:
    """The answer, with the headers that every answer has; a client that does not take it is left."""

    def __init__(self, send: Send, asked: HTTPConnection) -> None:
        self._send = send
        self._asked = asked
        self._has_begun = False
        self.cookie: str | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._has_begun = True
            headers = [*message.get("headers", ()), *HEADERS]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append((b"cache-control", b"no-store"))
            if self.cookie:
                headers.append((b"set-cookie", self.cookie.encode()))
            message = {**message, "headers": headers}
        async with asyncio.timeout(SEND_SECONDS):
            await self._send(message)

    async def refuse(self, status: int, reason: Text) -> None:
        """Say why, unless the answer has begun."""
        if self._has_begun:
            raise ConnectionAbortedError(reason)
        told = in_language(reason, language_of(self._asked))
        # Whoever opens the page sees the sentence alone; the scripts of the page read JSON.
        is_page = is_visit(self._asked.headers)
        body = (told if is_page else json.dumps({"error": told})).encode()
        headers: list[tuple[bytes, Any]] = [
            (b"content-type", b"text/plain; charset=utf-8" if is_page else b"application/json"),
            (b"content-length", str(len(body)).encode()),
            # What is left of the request is not read.
            (b"connection", b"close"),
        ]
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})
