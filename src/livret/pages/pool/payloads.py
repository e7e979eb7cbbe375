"""What travels to workers on other machines, and how it is typeset there.

The *kit* is what all galleys need: fonts, and the files of layouts and pictograms. It travels once to each machine. A
*packed galley* is one galley with the files it mentions. The content of a file, and the text of a style sheet, is a
*blob*, named by its digest. A blob goes along with the first galley that needs it; a worker that does not have it says
so and gets it. Files keep the names they have at home, so the HTML need not be changed, and the fragment does not say
where it was made. A file that is neither in the kit nor with the galley is asked for. It is never looked for on the
worker's machine. So the fragment is the same as at home.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from urllib.parse import unquote

from livret.pages.galley import Facts, Galley
from livret.pages.pool import forkserver
from livret.pages.pool.limits import Limits
from livret.pages.pool.versions import Versions, versions
from livret.project import PICTURE_LIMIT, Project, digest, write

# What typesetting a galley gives: the PDF, its facts, the path and digest of each file that was read, and which files
# of the store were damaged.
Typeset = tuple[bytes, Facts, tuple[tuple[str, str], ...], tuple[Path, ...]]

# Where HTML, SVG and CSS in them name files; where an `a` leads is not read. What is missed here is asked for.
MENTIONS = re.compile(
    r"""<(?!a\s)[a-zA-Z][^>]*?\s(?:xlink:)?(?:src|href|data)\s*=\s*(?:"([^"]*)"|'([^']*)')|\burl\(\s*["']?([^"')]+)"""
)


@dataclass(frozen=True)
class FileState:
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
    limits: Limits
    fonts: tuple[tuple[str, bytes], ...]
    files: Mapping[Path, FileState]
    blobs: Mapping[str, bytes]


@dataclass(frozen=True)
class PackedGalley:
    """A galley with digests in place of its style sheets, the files it mentions, and blobs that may be new there."""

    galley: Galley
    files: Mapping[Path, FileState]
    blobs: Mapping[str, bytes]

    @property
    def needed(self) -> frozenset[str]:
        """The digests of all blobs it is typeset from; the kit has some of them."""
        sheets = (sheet.text for sheet in self.galley.stylesheets)
        return frozenset([*sheets, *(state.digest for state in self.files.values() if state.digest)])


@dataclass(frozen=True)
class Missing:
    """What a worker needs and did not get: files that the galley does not mention, blobs that were sent elsewhere."""

    paths: frozenset[Path] = frozenset()
    blobs: frozenset[str] = frozenset()

    def __or__(self, other: Missing) -> Missing:
        return Missing(self.paths | other.paths, self.blobs | other.blobs)


NOTHING = Missing()


# --- at home ---


class Packer:
    """Packs the galleys of a project."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._sent: set[str] = set()

    def kit(self, expected: Versions, limits: Limits) -> Kit:
        """The kit, with the versions that a worker must have and the limits of a galley.

        Raises OSError when a file of it cannot be read.
        """
        places = list(dict.fromkeys(path.parent for path in self._project.fonts))
        fonts = tuple((f"{places.index(path.parent)}/{path.name}", path.read_bytes()) for path in self._project.fonts)
        folders = [*self._project.folders("layouts"), *self._project.folders("pictograms")]
        blobs: dict[str, bytes] = {}
        files = {
            path: _state(path, (self._project.catalogue, *folders), blobs)
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        # Among them the style sheets of all galleys.
        self._sent.update(blobs)
        return Kit(expected, limits, fonts, files, blobs)

    def pack(self, galley: Galley, missing: Missing = NOTHING) -> PackedGalley:
        """A galley with what it mentions, and with what workers missed when it was sent before."""
        blobs: dict[str, bytes] = {}
        sheets = []
        for sheet in galley.stylesheets:
            text = sheet.text.encode()
            sheets.append(replace(sheet, text=digest(text)))
            blobs[sheets[-1].text] = text
        # Where a root really is decides what lies below it.
        files = {root: FileState(root.resolve()) for root in galley.roots}
        readable = (*galley.roots, galley.inks) if galley.inks else galley.roots
        wanted = {*_mentioned(galley), *missing.paths, *readable[len(galley.roots) :]}
        files |= {path: _state(path, readable, blobs) for path in wanted}
        new = {name: blob for name, blob in blobs.items() if name not in self._sent or name in missing.blobs}
        self._sent.update(new)
        return PackedGalley(replace(galley, stylesheets=tuple(sheets)), files, new)


def _mentioned(galley: Galley) -> Iterator[Path]:
    for match in MENTIONS.finditer(galley.html):
        address = unescape(next(filter(None, match.groups()), "")).strip()
        if address and ":" not in address and not address.startswith(("#", "/")):
            yield galley.base / unquote(address.partition("#")[0])


def _state(path: Path, roots: tuple[Path, ...], blobs: dict[str, bytes]) -> FileState:
    """The state of a path as the engine would see it here; a file that it may read is added to the blobs."""
    try:
        resolved = path.resolve()
        if not any(resolved.is_relative_to(root.resolve()) for root in roots) or not resolved.is_file():
            return FileState(resolved)
        size = resolved.stat().st_size
        if size > PICTURE_LIMIT:
            return FileState(resolved, size)
        content = resolved.read_bytes()
    except (OSError, RuntimeError, ValueError) as problem:
        return FileState(path, problem=problem)
    name = digest(content)
    blobs[name] = content
    return FileState(resolved, size, name)


# --- on the machine of a worker ---


def unpack_fonts(kit: Kit, folder: Path) -> None:
    """Write the fonts of a kit and their fontconfig file into a folder. Raises OutputError."""
    for name, content in kit.fonts:
        write(folder / "fonts" / name, content)
    fonts_conf(folder)


def fonts_conf(folder: Path) -> Path:
    """The fontconfig file of unpacked fonts. Raises OutputError."""
    # In the order they have at home: where two fonts answer to a name, the first is taken.
    folders = sorted((path for path in (folder / "fonts").iterdir() if path.is_dir()), key=lambda path: int(path.name))
    return forkserver.list_fonts(folders, folder / "fonts.conf")


def engine_versions() -> Versions:
    """The versions here, after loading the engine. Runs in a worker. Raises SystemLibraryMissing."""
    forkserver.load_engine()
    return versions()


@dataclass
class HomeFiles:
    """Files as they are at home; collects the paths that did not come with the galley."""

    states: Mapping[Path, FileState]
    blobs: Mapping[str, bytes]
    unknown: set[Path] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._resolved = {state.resolved: state for state in self.states.values()}

    def resolve(self, path: Path) -> Path:
        """Where a path leads at home."""
        state = self.states.get(path)
        if state is None:
            self.unknown.add(path)
            return path
        if state.problem:
            raise state.problem
        return state.resolved

    def size(self, path: Path) -> int | None:
        """The bytes of the file there, or None."""
        return self._resolved[path].size if path in self._resolved else None

    def read(self, path: Path) -> bytes:
        """What it holds."""
        return self.blobs[self._resolved[path].digest or ""]


def typeset_packed(folder: Path, kit: Kit, packed: PackedGalley, blobs: Mapping[str, bytes]) -> Typeset | Missing:
    """Typeset a packed galley with the fonts in a folder; `blobs` are those that are not in the kit. Runs in a worker.

    Raises SystemLibraryMissing when the engine cannot be loaded.
    """
    engine = forkserver.load_engine()
    fonts = tuple(sorted((folder / "fonts").rglob("*.*")))
    blobs = {**kit.blobs, **blobs}
    sheets = tuple(replace(sheet, text=blobs[sheet.text].decode()) for sheet in packed.galley.stylesheets)
    disk = HomeFiles({**kit.files, **packed.files}, blobs)
    done = engine.typeset(replace(packed.galley, stylesheets=sheets), fonts, disk)
    if disk.unknown:
        # A style sheet may have been parsed without one that it imports.
        engine.engine(fonts).sheets.clear()
        return Missing(paths=frozenset(disk.unknown))
    return (*done, ())
