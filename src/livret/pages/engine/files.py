"""Where a galley's files are read from, and the one door through which the engine reads them."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from livret.content.pictures import drawing
from livret.content.pictures.drawing_box import with_view_box
from livret.content.pictures.headers import PictureFault
from livret.content.pictures.kinds import kind_of
from livret.content.pictures.prepare import for_screen
from livret.content.pictures.readers import readers_digest
from livret.findings import OutputError
from livret.project import PICTURE_LIMIT, digest
from livret.translation import Text, say

# A logo stands on many cards and is prepared once. Larger pictures stand on one.
KEPT_BYTES = 16 * 2**20


class Refused(ValueError):
    """An address that content or a layout may not read."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason)
        self.reason = reason


class Files(Protocol):
    """Where files are read: on this machine, or as they are on the one that a galley comes from."""

    def resolve(self, path: Path) -> Path:
        """A path without links in it."""
        ...

    def size(self, path: Path) -> int | None:
        """The bytes that a file holds; None when there is no such file."""
        ...

    def read(self, path: Path) -> bytes:
        """What a file holds."""
        ...


class Disk:
    """The files of this machine."""

    def resolve(self, path: Path) -> Path:
        """A path without links in it."""
        return path.resolve()

    def size(self, path: Path) -> int | None:
        """The bytes that a file holds; None when there is no such file."""
        return path.stat().st_size if path.is_file() else None

    def read(self, path: Path) -> bytes:
        """What a file holds."""
        return path.read_bytes()


class KeptPictures(Protocol):
    """Where converted pictures are kept from one build to the next. Their key names everything they depend on."""

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, if anything."""
        ...

    def put(self, key: str, value: bytes) -> None:
        """Keep a picture. Raises OutputError."""
        ...


class ReadyPictures:
    """Prepared pictures that a worker keeps from one galley to the next, by the digest of the file; the last ones."""

    def __init__(self) -> None:
        self._ready: OrderedDict[str, bytes] = OrderedDict()

    def get(self, name: str, content: bytes, inks: bytes = b"", kept: KeptPictures | None = None) -> bytes:
        """A picture as the engine is given it. Raises PictureFault when it cannot be printed.

        `inks` is the profile of CMYK without one. A picture that has to be converted is kept, where there is a place.
        """
        name = digest(name, inks) if inks else name
        if name in self._ready:
            self._ready.move_to_end(name)
            return self._ready[name]
        key = digest("screen", readers_digest(), name)
        made = kept.get(key) if kept else None
        if made is None:
            made = for_screen(content, inks)
            if kept and made is not content:
                with suppress(OutputError):
                    kept.put(key, made)
        if made is not content and len(made) < KEPT_BYTES:
            self._ready[name] = made
            while sum(map(len, self._ready.values())) > KEPT_BYTES:
                self._ready.popitem(last=False)
        return made


@dataclass(frozen=True)
class ReadPicture:
    """A picture that the engine was given: its file, empty when it stands in an address itself, and its digest."""

    path: str
    digest: str
    is_original: bool


@dataclass
class Fetcher(URLFetcher):  # type: ignore[misc]
    """Reads files below the given folders and nothing else, and writes down what it read.

    Addresses are `file:///NUMBER/PATH`, with the number of a folder: the engine names pictures after their
    addresses, and a fragment shall not tell where it was made. Pictures made of pixels are prepared; `pictures` has
    them by the digest of what the engine was given.
    """

    roots: tuple[Path, ...]
    disk: Files
    ready: ReadyPictures = field(default_factory=ReadyPictures)
    kept: KeptPictures | None = None
    inks: Path | None = None
    files: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, ReadPicture] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False)

    def address(self, folder: Path) -> str:
        """The address of a folder at or below one of the roots; one that nothing is read from, for any other."""
        for number, root in enumerate(self.roots):
            if folder.is_relative_to(root):
                return f"file:///{number}/{quote(folder.relative_to(root).as_posix())}/"
        return "file:///outside/"

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        """What the engine reads from an address; a data address is read from itself."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            response = super().fetch(url)
            content = response.read()
            content = self._prepared(content, "", "image/svg+xml" in parts.path[:40].lower())
            return URLFetcherResponse(url, content, dict(response.headers), response.status)
        if parts.scheme != "file":
            raise Refused(say("no network: {url}", url=url))
        _, number, *names = unquote(parts.path).split("/")
        if not (number.isdecimal() and int(number) < len(self.roots)):
            raise Refused(say("outside the project"))
        path = self.disk.resolve(self.roots[int(number)].joinpath(*names))
        if not any(path.is_relative_to(self.disk.resolve(root)) for root in self.roots):
            raise Refused(say("outside the project"))
        size = self.disk.size(path)
        if size is None:
            self.files[str(path)] = "missing"
            raise FileNotFoundError("no such file")
        if size > PICTURE_LIMIT:
            raise Refused(say("over {limit} MB", limit=PICTURE_LIMIT // 2**20))
        content = self.disk.read(path)
        self.files[str(path)] = digest(content)
        return URLFetcherResponse(url, self._prepared(content, str(path), path.suffix.lower() == ".svg"))

    @cached_property
    def _ink_profile(self) -> bytes:
        """The profile of pictures in CMYK that have none; empty for offset on coated paper."""
        if self.inks is None:
            return b""
        content = self.disk.read(self.disk.resolve(self.inks))
        self.files[str(self.inks)] = digest(content)
        return content

    def _prepared(self, content: bytes, path: str, is_svg: bool) -> bytes:
        """What the engine is given of a file; one that is no picture (a font, a style sheet) passes.

        `is_svg` tells that the name says so. Raises Refused for a picture that cannot be printed.
        """
        if kind_of(content).is_raster:
            name = digest(content)
            try:
                ready = self.ready.get(name, content, self._ink_profile, self.kept)
            except PictureFault as fault:
                raise Refused(say("it {message}", message=fault.message)) from None
            self.pictures.setdefault(digest(ready), ReadPicture(path, name, ready is content))
            return ready
        if is_svg or drawing.is_drawing(content):
            try:
                return with_view_box(content)
            except drawing.BadDrawing as problem:
                raise Refused(problem.reason) from None
        return content
