"""What browsers are told as it happens, by server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from livret.translation import in_language

# More than this many windows at a time are refused, and a window that does not read loses its oldest events.
WINDOWS = 64
WAITING = 256

# A comment is sent when nothing happens, so that both ends notice when the other is gone.
HEARTBEAT_SECONDS = 15.0

_END: dict[str, Any] = {}


class Hub:
    """Takes what happens from any thread, and gives it to all windows."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._windows: set[asyncio.Queue[dict[str, Any]]] = set()
        self._is_closed = False

    def bind(self, loop: asyncio.AbstractEventLoop) -> None:
        """The loop that the windows live in."""
        self._loop = loop

    @property
    def is_full(self) -> bool:
        """Whether no further window can listen."""
        return len(self._windows) >= WINDOWS

    def tell(self, kind: str, **content: Any) -> None:
        """Tell all windows. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, {"kind": kind, **content})

    def close(self) -> None:
        """End all streams. In the loop."""
        self._is_closed = True
        self._tell(_END)

    def _tell(self, event: dict[str, Any]) -> None:
        for queue in self._windows:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    async def stream(self, language: str) -> AsyncIterator[str]:
        """The events for one window, as text of the protocol, with what is said in its language."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(WAITING)
        self._windows.add(queue)
        try:
            yield "retry: 1000\n\n"
            while not self._is_closed:
                try:
                    event = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if event is _END:
                    return
                yield f"data: {json.dumps(_said(event, language), ensure_ascii=False)}\n\n"
        finally:
            self._windows.discard(queue)


def _said(value: Any, language: str) -> Any:
    """A value with every text in it in a language."""
    if isinstance(value, dict):
        return {name: _said(inner, language) for name, inner in value.items()}
    if isinstance(value, list):
        return [_said(inner, language) for inner in value]
    return in_language(value, language) if isinstance(value, str) else value
