"""What travels to workers on other machines, and how it is typeset there.

The *kit* is what all galleys need: fonts, and the files of layouts and pictograms. It is unpacked once on a machine. A
*parcel* is one galley. What several share, style sheets and pictures, goes by its digest: along with the first parcel
that needs it, and again to a worker that says it is wanting. Files keep the names they have at home, so that the HTML
goes as it is and the fragment tells nothing of where it was made. A file that is neither in the kit nor with the
parcel is asked for, and never looked for on the machine of the worker; so the outcome is that of typesetting at home.
"""

from __future__ import annotations

import pickle
import platform
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from importlib.metadata import version
from pathlib import Path
from urllib.parse import unquote

from livret import __version__
from livret.pages.galley import Facts, Galley
from livret.pages.pool import forkserver
from livret.project import PICTURE_LIMIT, Project, digest, write

Typeset = tuple[bytes, Facts, tuple[tuple[str, str], ...]]
Versions = tuple[tuple[str, str], ...]

# The packages, and the modules of Livret, that decide the bytes of a fragment.
PACKAGES = ("weasyprint", "pydyf", "tinycss2", "tinyhtml5", "cssselect2", "fonttools", "pyphen", "pillow")
MODULES = ("engine/typeset", "engine/tagging", "structure_tree", "galley")

# Where HTML, SVG and CSS in them name files; where an `a` leads is not read. What is missed here is asked for.
MENTIONS = re.compile(
    r"""<(?!a\s)[a-zA-Z][^>]*?\s(?:xlink:)?(?:src|href|data)\s*=\s*(?:"([^"]*)"|'([^']*)')|\burl\(\s*["']?([^"')]+)"""
)


def versions() -> Versions:
    """Name and version of all that decides the bytes of a fragment, besides its galley. Loads the engine.

    Raises SystemLibraryMissing when it cannot be loaded.
    """
    with forkserver.loading():
        from livret.pages.engine import typeset
    here = Path(__file__).parents[1]
    source = digest(*((here / f"{module}.py").read_bytes() for module in MODULES))
    return (
        ("Livret", f"{__version__} ({source[:12]})"),
        ("Python", f"{platform.python_version()} on {platform.machine()}"),
        ("zlib", zlib.ZLIB_RUNTIME_VERSION),
        *((name, version(name)) for name in PACKAGES),
        *typeset.libraries(),
    )


@dataclass(frozen=True)
class Seen:
    """A path as it was found at home: where it really leads, and the size and the digest of the file there.

    There is no size when there is no file, and no digest when the file may not be read for its size or its place.
    """

    resolved: Path
    size: int | None = None
    digest: str | None = None
    problem: Exception | None = None


@dataclass(frozen=True)
class Kit:
    """What all galleys of a project need. `fonts` have names of their own, since engines look at folders of fonts."""

    versions: Versions
    fonts: tuple[tuple[str, bytes], ...]
    seen: Mapping[Path, Seen]
    pieces: Mapping[str, bytes]


@dataclass(frozen=True)
class Parcel:
    """A galley whose style sheets hold digests in place of text, what it mentions, and pieces that may be new there."""

    galley: Galley
    seen: Mapping[Path, Seen]
    pieces: Mapping[str, bytes]

    @property
    def needed(self) -> frozenset[str]:
        """The digests of all pieces it is typeset from, besides those of the kit."""
        sheets = (sheet.text for sheet in self.galley.stylesheets)
        return frozenset([*sheets, *(seen.digest for seen in self.seen.values() if seen.digest)])


@dataclass(frozen=True)
class Wanted:
    """The answer to a parcel that lacks something: files that nobody thought of, pieces that were sent elsewhere."""

    paths: frozenset[Path] = frozenset()
    pieces: frozenset[str] = frozenset()

    def __or__(self, other: Wanted) -> Wanted:
        return Wanted(self.paths | other.paths, self.pieces | other.pieces)


NOTHING = Wanted()


# --- at home ---


class Packer:
    """Packs the galleys of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sent: set[str] = set()

    def kit(self, expected: Versions) -> Kit:
        """The kit, with the versions that a worker must have. Raises OSError when a file of it cannot be read."""
        places = list(dict.fromkeys(path.parent for path in self._project.fonts))
        fonts = tuple((f"{places.index(path.parent)}/{path.name}", path.read_bytes()) for path in self._project.fonts)
        folders = [*self._project.folders("layouts"), *self._project.folders("pictograms")]
        pieces: dict[str, bytes] = {}
        seen = {
            path: _look(path, (self._project.catalogue, *folders), pieces)
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        # Among them the style sheets of all galleys.
        self._sent.update(pieces)
        return Kit(expected, fonts, seen, pieces)

    def parcel(self, galley: Galley, wanted: Wanted = NOTHING) -> Parcel:
        """A galley with what it mentions, and with what workers found wanting in former parcels of it."""
        pieces: dict[str, bytes] = {}
        sheets = []
        for sheet in galley.stylesheets:
            text = sheet.text.encode()
            sheets.append(replace(sheet, text=digest(text)))
            pieces[sheets[-1].text] = text
        # Where a root really is decides what lies below it.
        seen = {root: Seen(root.resolve()) for root in galley.roots}
        seen |= {path: _look(path, galley.roots, pieces) for path in {*_mentioned(galley), *wanted.paths}}
        new = {name: piece for name, piece in pieces.items() if name not in self._sent or name in wanted.pieces}
        self._sent.update(new)
        return Parcel(replace(galley, stylesheets=tuple(sheets)), seen, new)


def _mentioned(galley: Galley) -> Iterator[Path]:
    for match in MENTIONS.finditer(galley.html):
        address = unescape(next(filter(None, match.groups()), "")).strip()
        if address and ":" not in address and not address.startswith(("#", "/")):
            yield galley.base / unquote(address.partition("#")[0])


def _look(path: Path, roots: tuple[Path, ...], pieces: dict[str, bytes]) -> Seen:
    """Look at a path as the engine would do here; what it may read is put to the pieces."""
    try:
        resolved = path.resolve()
        if not any(resolved.is_relative_to(root.resolve()) for root in roots) or not resolved.is_file():
            return Seen(resolved)
        size = resolved.stat().st_size
        if size > PICTURE_LIMIT:
            return Seen(resolved, size)
        content = resolved.read_bytes()
    except (OSError, RuntimeError, ValueError) as problem:
        return Seen(path, problem=problem)
    name = digest(content)
    pieces[name] = content
    return Seen(resolved, size, name)


# --- abroad ---


def unpack(kit: Kit, folder: Path) -> None:
    """Unpack a kit into a folder of its own. Raises OutputError."""
    for name, content in kit.fonts:
        write(folder / "fonts" / name, content)
    write(folder / "kit", pickle.dumps(replace(kit, fonts=())))
    fonts_conf(folder)


def fonts_conf(folder: Path) -> Path:
    """The fontconfig file of an unpacked kit. Raises OutputError."""
    # In the order they have at home: where two fonts answer to a name, the first is taken.
    folders = sorted((path for path in (folder / "fonts").iterdir() if path.is_dir()), key=lambda path: int(path.name))
    return forkserver.list_fonts(folders, folder / "fonts.conf")


@lru_cache(maxsize=1)
def _unpacked(folder: Path) -> tuple[Kit, tuple[Path, ...]]:
    kit: Kit = pickle.loads((folder / "kit").read_bytes())  # noqa: S301 - written by `unpack`
    return kit, tuple(sorted((folder / "fonts").rglob("*.*")))


@dataclass
class _Abroad:
    """Files as they are at home; writes down those that nobody looked at there."""

    seen: Mapping[Path, Seen]
    pieces: Mapping[str, bytes]
    unknown: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._files = {seen.resolved: seen for seen in self.seen.values()}

    def resolve(self, path: Path) -> Path:
        """Where a path leads at home."""
        seen = self.seen.get(path)
        if seen is None:
            self.unknown.add(path)
            return path
        if seen.problem:
            raise seen.problem
        return seen.resolved

    def size(self, path: Path) -> int | None:
        """The bytes of the file there, or None."""
        return self._files[path].size if path in self._files else None

    def read(self, path: Path) -> bytes:
        """What it holds."""
        return self.pieces[self._files[path].digest or ""]


def typeset_parcel(folder: Path, parcel: Parcel, pieces: Mapping[str, bytes]) -> Typeset | Wanted:
    """Typeset a parcel by the kit unpacked in a folder; `pieces` are what it needs besides. Runs in a worker.

    Raises SystemLibraryMissing when the engine cannot be loaded.
    """
    with forkserver.loading():
        from livret.pages.engine import typeset
    kit, fonts = _unpacked(folder)
    pieces = {**kit.pieces, **pieces}
    sheets = tuple(replace(sheet, text=pieces[sheet.text].decode()) for sheet in parcel.galley.stylesheets)
    disk = _Abroad({**kit.seen, **parcel.seen}, pieces)
    done = typeset.typeset(replace(parcel.galley, stylesheets=sheets), fonts, disk)
    if disk.unknown:
        # A style sheet may have been parsed without one that it imports.
        typeset.engine(fonts).sheets.clear()
        return Wanted(paths=frozenset(disk.unknown))
    return done
