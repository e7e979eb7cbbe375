"""Where a galley's files are read from, and the one door through which the engine reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

from livret.pages.engine.picture_checks import refusal
from livret.project import PICTURE_LIMIT, digest


class Refused(ValueError):
    """An address that content or a layout may not read."""


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


@dataclass
class Fetcher(URLFetcher):  # type: ignore[misc]
    """Reads files below the given folders and nothing else, and writes down what it read.

    Addresses are `file:///NUMBER/PATH`, with the number of a folder: the engine names pictures after their
    addresses, and a fragment shall not tell where it was made.
    """

    roots: tuple[Path, ...]
    disk: Files
    files: dict[str, str] = field(default_factory=dict)

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
            self._check(content, "image/svg+xml" in parts.path[:40].lower())
            return URLFetcherResponse(url, content, dict(response.headers), response.status)
        if parts.scheme != "file":
            raise Refused(f"no network: {url}")
        _, number, *names = unquote(parts.path).split("/")
        if not (number.isdecimal() and int(number) < len(self.roots)):
            raise Refused("outside the project")
        path = self.disk.resolve(self.roots[int(number)].joinpath(*names))
        if not any(path.is_relative_to(self.disk.resolve(root)) for root in self.roots):
            raise Refused("outside the project")
        size = self.disk.size(path)
        if size is None:
            self.files[str(path)] = "missing"
            raise FileNotFoundError("no such file")
        if size > PICTURE_LIMIT:
            raise Refused(f"over {PICTURE_LIMIT // 2**20} MB")
        content = self.disk.read(path)
        self.files[str(path)] = digest(content)
        self._check(content, path.suffix.lower() == ".svg")
        return URLFetcherResponse(url, content)

    def _check(self, content: bytes, is_svg: bool) -> None:
        if problem := refusal(content, is_svg):
            raise Refused(problem)
