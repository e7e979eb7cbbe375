"""What passes between composing, typesetting, storing and binding: galleys in, fragments out."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livret.findings import Finding
from livret.project import digest

if TYPE_CHECKING:
    # A worker takes galleys and needs nothing of the content model behind the flatplan, which is slow to import.
    from livret.pages.flatplan import Side


@dataclass(frozen=True)
class Stylesheet:
    """A style sheet as text; the name is the path that findings show, the base what its addresses start from."""

    name: str
    text: str
    base: Path | None


@dataclass(frozen=True)
class Galley:
    """A part as complete HTML with its style sheets, ready to be typeset alone.

    `place` is the file that findings point at. `base` is the folder relative addresses start from; `roots`
    are the only folders files may be read from. `sides` maps the names of CSS pages to the side they must
    stand on. `room` is the number of pages each of these sides may take before the text counts as overset,
    0 for no limit. `fit` lists the classes tried in turn on the root element until the text fits its room.
    What is not `tagged` has no structure: it is drawn over pages as an artifact.
    """

    anchor: str
    place: str
    html: str
    stylesheets: tuple[Stylesheet, ...]
    base: Path
    roots: tuple[Path, ...]
    sides: tuple[tuple[str, Side], ...] = ()
    room: int = 0
    fit: tuple[str, ...] = ()
    tagged: bool = True

    @cached_property
    def digest(self) -> str:
        """A digest of all that is known before typesetting; the files that will be read are not yet known.

        Absolute paths of the folders are left out of the options, but stand in the HTML where a file is shown.
        """
        options = json.dumps([self.anchor, self.place, self.sides, self.room, self.fit, self.tagged])
        sheets = [part for sheet in self.stylesheets for part in (sheet.name, sheet.text)]
        return digest(self.html, options, *sheets)


@dataclass(frozen=True)
class Spot:
    """Where an anchor stands: page within the fragment (from 0), and its top left corner in points, PDF axes."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Facts:
    """What typesetting learned about a fragment.

    `sides` has one entry a page; `words` the words set on each page; `fit` the copyfitting class used
    (empty for none); `overset` the words that did not fit their room; `structure` the logical structure
    (see `structure.packed`).
    """

    sides: tuple[Side, ...]
    words: tuple[int, ...]
    anchors: Mapping[str, Spot]
    width: float
    height: float
    bleed: float
    fit: str
    overset: int
    structure: bytes
    findings: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Any]:
        """For the manifest in the store."""
        shallow = {**self.__dict__, "anchors": {name: asdict(spot) for name, spot in self.anchors.items()}}
        structure = b64encode(self.structure).decode()
        return {**shallow, "structure": structure, "findings": [finding.as_dict() for finding in self.findings]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Facts:
        """The inverse of `as_dict`. Raises KeyError, TypeError or ValueError on a manifest of another version."""
        return cls(
            sides=tuple(data["sides"]),
            words=tuple(data["words"]),
            anchors={name: Spot(**spot) for name, spot in data["anchors"].items()},
            width=data["width"],
            height=data["height"],
            bleed=data["bleed"],
            fit=data["fit"],
            overset=data["overset"],
            structure=b64decode(data["structure"], validate=True),
            findings=tuple(Finding.from_dict(finding) for finding in data["findings"]),
        )


@dataclass(frozen=True)
class Fragment:
    """A typeset part: a PDF in the store, named by the digest of its bytes, and its facts."""

    key: str
    path: Path
    facts: Facts
    reused: bool
