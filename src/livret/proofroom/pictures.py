"""The pictures of pages: drawn in one thread, the spread that is looked at before thumbnails, and kept for a while."""

from __future__ import annotations

import itertools
import queue
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from livret.control.page_pictures import PageDrawer, PageLayer

T = TypeVar("T")

# All pictures that are kept take this much memory at most.
KEPT_BYTES = 48 * 1024 * 1024
# Narrower pictures are thumbnails, and wait.
THUMBNAIL = 500
# More than this many wait only when somebody asks for them on purpose.
WAITING = 2000
# Among so many pictures that were asked for last it is looked for those of a page that is shown.
FOLLOWED = 50


@dataclass(frozen=True)
class PictureOrder:
    """A page of a fragment and one of the furniture over it, by the paths of their files; and the width in pixels."""

    layers: tuple[tuple[Path, int], ...]
    width: int


@dataclass(frozen=True)
class PdfiumJob:
    """Something else that needs PDFium."""

    job: Callable[[], Any]
    future: Future[Any]


class Busy(Exception):
    """Too many pictures wait already."""


class PagePictures:
    """Draws and keeps pictures. From any thread."""

    def __init__(self) -> None:
        self._orders: queue.PriorityQueue[tuple[int, int, PictureOrder | PdfiumJob | None]] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._kept: OrderedDict[PictureOrder, bytes] = OrderedDict()
        self._bytes = 0
        self._waiting: dict[PictureOrder, Future[bytes]] = {}
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="pictures", daemon=True)

    def start(self) -> None:
        """Begin to draw."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the picture at hand."""
        self._orders.put((-1, -1, None))
        if self._thread.is_alive():
            self._thread.join(5)

    def order(self, order: PictureOrder) -> Future[bytes]:
        """Have a picture drawn. The future raises OSError when it cannot be drawn. Raises Busy."""
        with self._lock:
            if order in self._kept:
                self._kept.move_to_end(order)
                done: Future[bytes] = Future()
                done.set_result(self._kept[order])
                return done
            future = self._waiting.get(order)
            if future is None or future.cancelled():
                if len(self._waiting) >= WAITING:
                    raise Busy
                future = self._waiting[order] = Future()
                # The newest thumbnail first: it is in sight, and older ones may not be any more.
                number = next(self._numbers)
                is_thumbnail = order.width < THUMBNAIL
                self._orders.put((int(is_thumbnail), -number if is_thumbnail else number, order))
            return future

    def follow(self, before: Path, after: Path) -> None:
        """Draw the pages of a file as those of another were drawn last: somebody will ask for them in a moment.

        Nobody will ask for those of the other any more; they are not kept, so that many edits take no more memory.
        """
        if before == after:
            return
        with self._lock:
            last = itertools.islice(reversed(self._kept), FOLLOWED)
            followed = [order for order in last if order.layers and order.layers[0][0] == before]
            for order in [one for one in self._kept if one.layers and one.layers[0][0] == before]:
                self._bytes -= len(self._kept.pop(order))
        newest = {order.layers[0][1]: order for order in reversed(followed)}
        for page, order in sorted(newest.items()):
            with suppress(Busy):
                self.order(PictureOrder(((after, page), *order.layers[1:]), order.width))

    def call(self, job: Callable[[], T]) -> Future[T]:
        """Have something done in the one thread that uses PDFium, before thumbnails."""
        future: Future[T] = Future()
        self._orders.put((0, next(self._numbers), PdfiumJob(job, future)))
        return future

    def _work(self) -> None:
        drawer = PageDrawer()
        try:
            while (order := self._orders.get()[2]) is not None:
                if isinstance(order, PdfiumJob):
                    _answer(order)
                    continue
                if not self._begin(order):
                    continue
                try:
                    picture = drawer.draw(tuple(PageLayer(*layer) for layer in order.layers), order.width)
                except Exception as problem:
                    future = self._waiting.pop(order)
                    future.set_exception(problem if isinstance(problem, OSError) else OSError(str(problem)))
                    continue
                self._keep(order, picture)
        finally:
            drawer.close()

    def _begin(self, order: PictureOrder) -> bool:
        """Whether somebody still waits for this picture: who waited too long has given it up."""
        with self._lock:
            future = self._waiting.get(order)
            if future is not None and future.set_running_or_notify_cancel():
                return True
            self._waiting.pop(order, None)
            return False

    def _keep(self, order: PictureOrder, picture: bytes) -> None:
        with self._lock:
            self._kept[order] = picture
            self._bytes += len(picture)
            while self._bytes > KEPT_BYTES:
                self._bytes -= len(self._kept.popitem(last=False)[1])
            future = self._waiting.pop(order)
        future.set_result(picture)


def _answer(call: PdfiumJob) -> None:
    if not call.future.set_running_or_notify_cancel():
        return
    try:
        call.future.set_result(call.job())
    except Exception as problem:
        call.future.set_exception(problem)
