"""The project: all access to its files, its fonts and its date goes through here.

A project is a folder that has at least `catalogue/`. Folders that it does not have (`layouts/`, `fonts/`,
`pictograms/`, `press/`) come with Livret.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal, get_args

from livret.findings import LivretError, OutputError
from livret.translation import say, system_reason

# A card is a few kilobytes of text; a photograph for an A5 page at 350 ppi stays under 40 MB even as TIFF.
TEXT_LIMIT = 2 * 1024 * 1024
PICTURE_LIMIT = 64 * 1024 * 1024

# A file that is being written longer than this belongs to a run that has died.
ABANDONED_SECONDS = 3600

# The folders that a project may have, and that come with Livret. A build may read all of them.
Shared = Literal["layouts", "fonts", "pictograms", "press"]
SHARED: tuple[Shared, ...] = get_args(Shared)

FONT_SUFFIXES = frozenset({".otf", ".ttf"})

# How many bytes of a file are digested at a time.
DIGESTED_AT_ONCE = 64 * 1024


class OutsideProject(LivretError):
    """A path leaves the folder it must stay in."""


class TooLarge(LivretError):
    """A file is over its limit."""


def digest(*parts: bytes | str) -> str:
    """SHA-256 over parts, each with its length before it, so that different lists of parts are different bytes."""
    total = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big"))
        total.update(raw)
    return total.hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file of any size. Raises OSError."""
    total = hashlib.sha256()
    # A build digests many small files. For each, `hashlib.file_digest` clears a quarter of a megabyte.
    with path.open("rb", buffering=0) as file:
        while block := file.read(DIGESTED_AT_ONCE):
            total.update(block)
    return total.hexdigest()


@lru_cache
def code_digest(*places: Path) -> str:
    """A digest of the Python code in these files and folders, so that what older code made is not used again."""
    package = Path(__file__).parent
    paths = [path for place in places for path in (sorted(place.rglob("*.py")) if place.is_dir() else [place])]
    return digest(*(part for path in paths for part in (path.relative_to(package).as_posix(), path.read_bytes())))


@cache
def installed(folder: str) -> Path:
    """The folder of this name that came with Livret: inside the wheel, or at the top of a checkout."""
    package = Path(__file__).resolve().parent
    shared = package / "share" / folder
    return shared if shared.is_dir() else package.parents[1] / folder


def _resolved(path: Path) -> Path:
    """The absolute path without links; a loop of links stays as it is, and cannot be opened."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        # A loop is an OSError since Python 3.13, a RuntimeError before.
        return path.absolute()


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(text: str) -> str:
    """A path or a value that may not be UTF-8, for a message."""
    return text.encode("utf-8", "backslashreplace").decode()


@dataclass(frozen=True)
class Project:
    """A project folder and where its output goes; both absolute."""

    root: Path
    output: Path

    @classmethod
    def at(cls, root: Path, output: Path | None = None) -> Project:
        """The project in `root`; output goes to `root/output` unless said otherwise.

        Raises LivretError when the folder has no `catalogue/`, or a path that is not UTF-8; OutputError when that is so
        for the output.
        """
        root = _resolved(root)
        if not _is_utf8(root):
            raise LivretError(
                say("the path {path} is not written in UTF-8", path=_printable(str(root))),
                say("rename the folder"),
            )
        if not (root / "catalogue").is_dir():
            raise _no_catalogue(root)
        output = _resolved(output or root / "output")
        if not _is_utf8(output):
            raise OutputError(
                say("the path {path} is not written in UTF-8", path=_printable(str(output))),
                say("choose another folder with -o"),
            )
        return cls(root, output)

    @property
    def catalogue(self) -> Path:
        """The folder of the content."""
        return self.root / "catalogue"

    def shown(self, path: Path) -> str:
        """A path as findings print it: relative to the project when inside it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)

    def folders(self, name: Shared) -> tuple[Path, ...]:
        """The folders of this name: the project's own first."""
        own, shipped = self.root / name, installed(name)
        return tuple(dict.fromkeys(folder for folder in (own, shipped) if folder.is_dir()))

    def layout_folders(self, layout: str) -> tuple[Path, ...]:
        """Where the files of a layout are looked up, in order; empty when there is no layout of this name."""
        candidates = (folder / layout for folder in self.folders("layouts"))
        return tuple(folder for folder in candidates if folder.is_dir())

    def layouts(self) -> tuple[str, ...]:
        """The names of all layouts that can be used here."""
        names = {
            entry.name
            for folder in self.folders("layouts")
            for entry in folder.iterdir()
            if (entry / "layout.yaml").is_file()
        }
        return tuple(sorted(names))

    def pictogram(self, name: str) -> Path | None:
        """The SVG of this name, or None."""
        for folder in self.folders("pictograms"):
            path = folder / f"{name}.svg"
            if path.is_file():
                return path
        return None

    @cached_property
    def fonts(self) -> tuple[Path, ...]:
        """Every font file that a layout may use, project's own first, in a stable order."""
        return tuple(
            path
            for folder in self.folders("fonts")
            for path in sorted(folder.rglob("*"))
            if path.suffix.lower() in FONT_SUFFIXES and path.is_file()
        )

    @cached_property
    def fonts_digest(self) -> str:
        """A digest of all fonts: when a font changes, everything is typeset again."""
        return digest(*(digest(path.name, path.read_bytes()) for path in self.fonts))

    def inside_catalogue(self, relative: str) -> Path:
        """The absolute path of a file named in the content.

        Raises OutsideProject when the name is absolute, climbs out with `..`, or follows a link out.
        """
        path = _resolved(self.catalogue / relative)
        if Path(relative).is_absolute() or not path.is_relative_to(self.catalogue.resolve()):
            raise OutsideProject(say('"{path}" is outside the catalogue folder', path=relative))
        return path

    def is_outside_catalogue(self, relative: str) -> bool:
        """Whether a file or folder named in the content is not inside the catalogue."""
        try:
            self.inside_catalogue(relative)
        except OutsideProject:
            return True
        return False

    def read(self, path: Path, limit: int = TEXT_LIMIT) -> bytes:
        """The bytes of a file of at most `limit` bytes; the size is checked before anything is read.

        Raises TooLarge, or the OSError of the system.
        """
        size = _ordinary_size(path)
        if size > limit:
            raise TooLarge(
                say("{size:.0f} MB is over the limit of {limit:.0f} MB", size=size / 1000000.0, limit=limit / 1000000.0)
            )
        return path.read_bytes()

    def read_start(self, path: Path, size: int) -> bytes:
        """The first `size` bytes of a file. Raises the OSError of the system."""
        _ordinary_size(path)
        with path.open("rb") as opened:
            return opened.read(size)

    def read_text(self, path: Path) -> str:
        """The text of a file of a layout or of a drawing. Raises LivretError when it cannot be read or is not UTF-8."""
        try:
            raw = self.read(path)
            return raw.decode()
        except UnicodeDecodeError as problem:
            line = raw[: problem.start].count(b"\n") + 1
            raise LivretError(
                say("{file}:{line}: this file is not saved as UTF-8", file=self.shown(path), line=line)
            ) from None
        except TooLarge as large:
            raise TooLarge(
                say("{file}: this file is not read: {message}", file=self.shown(path), message=large.message)
            ) from None
        except OSError as problem:
            raise LivretError(
                say("{file}: this file cannot be read: {reason}", file=self.shown(path), reason=system_reason(problem))
            ) from None

    def build_date(self, day: date | None) -> datetime:
        """The date written into files: SOURCE_DATE_EPOCH, else this day, else 1 January 2000.

        In: the day of the edition (`Edition.dated`), taken at midnight UTC. Never the clock and never the date of a
        file, so that the same content gives the same bytes everywhere. Raises LivretError for a wrong
        SOURCE_DATE_EPOCH.
        """
        day = day or date(2000, 1, 1)
        return source_date() or datetime(day.year, day.month, day.day, tzinfo=UTC)


def _no_catalogue(root: Path) -> LivretError:
    """The error for a folder that is no project, or is none at all."""
    # A link that leads nowhere, or to itself, is there.
    is_there = os.path.lexists(root)
    told = say("no catalogue in {root}", root=root) if is_there else say("there is no folder {root}", root=root)
    above = next((folder for folder in root.parents if os.path.isfile(folder / "catalogue" / "catalogue.yaml")), None)
    if above:
        # As people type it, where it lies below or around the folder that they are in.
        return LivretError(told, say("did you mean -C {folder}?", folder=os.path.relpath(above)))
    return LivretError(told, say("run livret in the folder that holds catalogue/, or name that folder with -C"))


def _ordinary_size(path: Path) -> int:
    """The size of a file in bytes. Raises OSError for a pipe and the like: reading it would wait for ever."""
    state = path.stat()
    if not stat.S_ISREG(state.st_mode):
        raise OSError(errno.EINVAL, say("it is not an ordinary file"), str(path))
    return state.st_size


def source_date() -> datetime | None:
    """The date in SOURCE_DATE_EPOCH (reproducible-builds.org/specs/source-date-epoch), None where it is not set.

    Raises LivretError when it is not a whole number of seconds since 1970, or lies after the year 9999.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return None
    try:
        # int() also takes 1_000, signs and spaces.
        if not re.fullmatch("[0-9]+", epoch):
            raise ValueError
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError):
        raise LivretError(
            say(
                'SOURCE_DATE_EPOCH is "{value}", which is not a number of seconds since 1970',
                value=_printable(epoch),
            ),
            say("unset it, or set it to e.g. 1556582400"),
        ) from None


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; on a clean exit it replaces `path` in one step, else it is removed.

    Raises OutputError when the folder or the file cannot be written.
    """
    # Named before it is there, so that an interruption at any moment leaves nothing behind.
    beside = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path)
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield beside
        os.replace(beside, path)
    except OSError as problem:
        raise _not_written(path, problem) from problem
    finally:
        with suppress(OSError):
            beside.unlink()


def _not_written(path: Path, problem: OSError) -> OutputError:
    """The error for a file that cannot be written. Nobody knows the store: its output folder is named instead."""
    output = next((folder.parent for folder in path.parents if folder.name == ".store"), None)
    if output:
        told = say("cannot write to the output folder {folder}: {reason}", folder=output, reason=system_reason(problem))
        return OutputError(told, say("choose another folder with -o"))
    told = say("cannot write {path}: {reason}", path=path, reason=system_reason(problem))
    return OutputError(told, say("is the disk full, or the folder read-only?"))


def _sweep(path: Path) -> None:
    """Remove what killed runs left beside a file; what is younger than an hour may be another run's."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > ABANDONED_SECONDS:
                left.unlink()


def write(path: Path, content: bytes | str) -> None:
    """Write a whole file, or leave the former one untouched. Raises OutputError."""
    with replacing(path) as beside:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
