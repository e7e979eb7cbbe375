"""Reads the objects of a PDF that may have any error. What is missing, or has the wrong type, is None or empty.

pypdf may raise any exception on a broken file. Only `opened`, `resolve` and `data` call it, and they handle that.
"""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    StreamObject,
)

from livret.translation import Text, say, system_reason

# A chain of references, or of parents, that is longer than this is taken for a broken one.
LONGEST_CHAIN = 100
MOST_PAGES = 100_000
# After so many pages, it is looked how much of a long file is kept: so many objects and bytes of data at most.
PAGES_KEPT = 10
OBJECTS_KEPT = 10_000
BYTES_KEPT = 32 << 20


class Unreadable(Exception):
    """A file that cannot be checked: the rule it breaks, and a message."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.message = message


def resolve(value: object) -> object:
    """The object behind a reference; None for null, for a reference to no object, and for what cannot be read."""
    if not isinstance(value, IndirectObject):
        return None if isinstance(value, NullObject) else value
    for _ in range(LONGEST_CHAIN):
        if not isinstance(value, IndirectObject):
            return None if isinstance(value, NullObject) else value
        try:
            value = value.get_object()
        except Exception:
            return None
    return None


def raw(holder: object, key: str) -> object:
    """An entry of a dictionary as it is written, which may be a reference; None when there is none."""
    found = resolve(holder)
    return dict.get(found, key) if isinstance(found, DictionaryObject) else None


def entry(holder: object, *keys: str) -> object:
    """The object at a path of keys: an entry of a dictionary, then an entry of that, and so on; None if missing."""
    for key in keys:
        holder = resolve(raw(holder, key))
    return holder


def members(value: object) -> tuple[object, ...]:
    """The members of an array as they are written, which may be references; empty when it is no array."""
    found = resolve(value)
    return tuple(list.__iter__(found)) if isinstance(found, ArrayObject) else ()


def listed(value: object) -> tuple[object, ...]:
    """The members of an array. One object that is no array is given alone; null gives nothing."""
    found = resolve(value)
    if found is None:
        return ()
    return members(found) if isinstance(found, ArrayObject) else (value,)


def pairs(holder: object) -> Iterator[tuple[str, object]]:
    """The entries of a dictionary as they are written, keys without their slash."""
    found = resolve(holder)
    if isinstance(found, DictionaryObject):
        for key, value in dict.items(found):
            yield str(key).removeprefix("/"), value


def number(value: object) -> int:
    """The object number of a reference; 0 for anything else."""
    return value.idnum if isinstance(value, IndirectObject) else 0


def identity(value: object) -> int:
    """A number that is different for each object: its object number, or a negative number if it has none."""
    return number(value) or -id(resolve(value))


def whole(value: object) -> int | None:
    """The value as an integer, None if it is none."""
    found = resolve(value)
    if isinstance(found, bool | BooleanObject):
        return None
    return int(found) if isinstance(found, int) else None


def numbers(value: object) -> tuple[float, ...]:
    """The numbers of an array; empty when it holds anything else."""
    found = []
    for one in members(value):
        number_there = resolve(one)
        if not isinstance(number_there, (int, float)) or not abs(number_there) < 1e9:
            return ()
        found.append(float(number_there))
    return tuple(found)


def name(value: object) -> str:
    """The value as a name without its slash; empty when it is no name."""
    found = resolve(value)
    return str(found).removeprefix("/") if isinstance(found, NameObject) else ""


def text(value: object) -> str | None:
    """The value as a string; None when it is none."""
    found = resolve(value)
    if isinstance(found, NameObject):
        return None
    if isinstance(found, ByteStringObject | bytes):
        return bytes(found).decode("latin-1")
    return str(found) if isinstance(found, str) else None


def flag(value: object) -> bool:
    """Whether the value is the boolean true."""
    found = resolve(value)
    return isinstance(found, BooleanObject) and bool(found.value)


def is_dictionary(value: object) -> bool:
    """Whether this is a dictionary or a stream, or leads to one."""
    return isinstance(resolve(value), DictionaryObject)


def data(stream: object) -> bytes:
    """The decoded data of a stream; empty when it cannot be decoded."""
    found = resolve(stream)
    if not isinstance(found, StreamObject):
        return b""
    try:
        return bytes(found.get_data())
    except Exception:
        return b""


def undecoded(stream: object) -> bytes:
    """The data of a stream as they are stored, so still compressed; empty when it is no stream."""
    found = resolve(stream)
    stored = getattr(found, "_data", b"") if isinstance(found, StreamObject) else b""
    return bytes(stored) if isinstance(stored, bytes) else b""


def leaves(tree: object, key: str) -> Iterator[tuple[object, object]]:
    """The pairs of a number tree (`/Nums`) or a name tree (`/Names`), in order."""
    pending, seen = [tree], {identity(tree)}
    while pending:
        node = pending.pop()
        found = members(raw(node, key))
        yield from zip(found[::2], found[1::2], strict=False)
        for kid in reversed(members(raw(node, "/Kids"))):
            if identity(kid) not in seen:
                seen.add(identity(kid))
                pending.append(kid)


@dataclass(frozen=True)
class Page:
    """A page of a file: its index from 0, the reference to it, and the entries that it inherits."""

    index: int
    reference: object
    resources: object
    media: tuple[float, ...]

    @property
    def place(self) -> Text:
        """The page as a message names it."""
        return say("page {number}", number=self.index + 1)


@dataclass
class Pdf:
    """An opened file: its catalogue, its pages, and what pypdf had to repair while reading."""

    root: object
    trailer: object
    pages: tuple[Page, ...]
    mended: list[str] = field(default_factory=list)
    numbers: dict[int, int] = field(default_factory=dict)

    def page_index(self, reference: object) -> int | None:
        """The index, from 0, of the page that a reference leads to; None if it leads to no page."""
        return self.numbers.get(identity(reference))


def forget(pdf: Pdf, done: int) -> bool:
    """Let go of what was read of a file, when that is much. `done` is how many pages were looked at.

    Gives whether anything was let go. Objects are read again when they are needed, so a long file needs no more memory
    than a short one. An object without a number may have another `identity` from then on.
    """
    known = getattr(getattr(pdf.pages[0].reference, "pdf", None), "resolved_objects", None)
    if done % PAGES_KEPT or not isinstance(known, dict):
        return False
    if len(known) <= OBJECTS_KEPT and sum(map(_size, known.values())) <= BYTES_KEPT:
        return False
    known.clear()
    return True


def _size(found: object) -> int:
    """The bytes of data that a stream holds, packed and unpacked."""
    parts = (found, getattr(found, "decoded_self", None)) if isinstance(found, StreamObject) else ()
    return sum(len(getattr(part, "_data", None) or b"") for part in parts)


_REFERENCE = re.compile(r"IndirectObject\((\d+), (\d+), \d+\)")


class _Mended(logging.Handler):
    """Collects what pypdf logs."""

    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        # How pypdf writes a reference tells where in memory its reader is, which is another place each time.
        message = _REFERENCE.sub(r"\1 \2 R", " ".join(record.getMessage().split()))
        # It also tells when it reads an object again that a later part of the file replaces, which is no damage.
        if message.startswith("Overwriting cache"):
            return
        if message not in self.told and len(self.told) < LONGEST_CHAIN:
            self.told.append(message)


def opened(path: Path) -> Pdf:
    """Open a file. Raises Unreadable when it cannot be read, is protected, or is no PDF."""
    try:
        # Reading a pipe may wait for ever, and a device may have no end.
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise Unreadable("unreadable-file", say("is not a regular file"))
        with path.open("rb") as file:
            head = file.read(1024)
    except FileNotFoundError as problem:
        raise Unreadable("unreadable-file", say("does not exist")) from problem
    except IsADirectoryError as problem:
        raise Unreadable("unreadable-file", say("is a folder; name the files in it")) from problem
    except OSError as problem:
        raise Unreadable("unreadable-file", say("cannot be read: {reason}", reason=system_reason(problem))) from problem
    if b"%PDF-" not in head:
        raise Unreadable("not-a-pdf", say("is not a PDF") if head else say("is empty"))
    told: list[str] = []
    logger = logging.getLogger("pypdf")
    logger.handlers[:] = [_Mended(told)]
    logger.propagate = False
    try:
        reader = PdfReader(path)
        locked = reader.is_encrypted
        root, trailer = reader.root_object, reader.trailer
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as problem:
        # The file needs a password, or a library for decryption that is not installed.
        raise Unreadable("protected-pdf", say("is encrypted")) from problem
    except Exception as problem:
        raise Unreadable(
            "broken-pdf", say("is broken: {problem}", problem=str(problem) or type(problem).__name__)
        ) from problem
    if locked:
        raise Unreadable("protected-pdf", say("is encrypted"))
    pages = tuple(_pages(raw(root, "/Pages")))
    if not pages:
        raise Unreadable("broken-pdf", say("is broken: it has no pages"))
    return Pdf(root, trailer, pages, told, {identity(page.reference): page.index for page in pages})


def _pages(top: object) -> Iterator[Page]:
    """The pages in order, with their inherited entries. A page that occurs twice is given once."""
    pending: list[tuple[object, object, tuple[float, ...]]] = [(top, None, ())]
    seen: set[int] = set()
    count = 0
    while pending and count < MOST_PAGES:
        node, resources, media = pending.pop()
        if identity(node) in seen or not is_dictionary(node):
            continue
        seen.add(identity(node))
        resources = raw(node, "/Resources") or resources
        media = numbers(raw(node, "/MediaBox")) or media
        if raw(node, "/Kids") is None:
            yield Page(count, node, resources, media if len(media) == 4 else (0, 0, 612, 792))
            count += 1
        else:
            pending += [(kid, resources, media) for kid in reversed(members(raw(node, "/Kids")))]
