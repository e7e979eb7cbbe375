"""The values between the steps: composing gives a Galley, typesetting turns it into a Fragment, binding takes that."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from livret.findings import Finding
from livret.project import digest

if TYPE_CHECKING:
    # Not imported when the program runs: a worker needs galleys, but not the content model, which is slow to import.
    from livret.pages.flatplan import Hand, PageFlow, Side


@dataclass(frozen=True)
class Stylesheet:
    """A style sheet: its text, the path that findings show, and the folder that its addresses start from."""

    name: str
    text: str
    base: Path | None


def starting_on(hand: Hand, foot: float | None = None) -> Stylesheet:
    """What begins a galley on a page of a spread; with `foot`, its text area ends so many points above its foot."""
    # Written `left`, not `verso`: the engine takes the side of a verso from the direction of the text, not of the book.
    rules = f"html {{ break-before: {hand} }}"
    if foot is not None:
        margin = f"margin-bottom: {foot:.3f}pt"
        rules += f" @page :left {{ {margin} }} @page :right {{ {margin} }}"
    return Stylesheet(hand, rules, None)


@dataclass(frozen=True)
class Galley:
    """A part as complete HTML with its style sheets, ready to be typeset alone.

    `place` is the file that findings name. Relative addresses start from the folder `base`. Files may be read only from
    the folders `roots`. `sides` gives, by name of a CSS page, the side it must stand on. `room` is the number of pages
    that each language may take on each of these sides before it counts as overset; 0 is no limit. The classes of `fit`
    stand on the root element, one at a time: the first at which the text fits is taken. The search for it begins at
    `likely_fit`, which is one of them or empty for none. `full` has a share of a page for each of `fit`: what fills
    more with this class does not fit with the one before. What fits with none is set with the class `continued`, or
    else with the last of `fit`. A galley that is not `tagged` has no structure tags: it is drawn over pages as an
    artifact. Other text stands at least `safe_margin` points from the trim. `inks` is the ICC file by which pictures
    in CMYK without a profile are shown; without it they are shown as offset on coated paper.
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
    likely_fit: str = ""
    full: tuple[float, ...] = ()
    continued: str = ""
    tagged: bool = True
    safe_margin: float = 0
    inks: Path | None = None

    @cached_property
    def digest(self) -> str:
        """A digest of everything in the galley. The files that typesetting will read are not yet known.

        The folders' absolute paths are not in the options, but they are in the HTML where it names a file.
        """
        set_as = [self.sides, self.room, self.fit, self.likely_fit, self.full, self.continued]
        # What the file holds is known when it is read, as of pictures.
        options = json.dumps(
            [self.anchor, self.place, *set_as, self.tagged, self.safe_margin, self.inks.name if self.inks else ""]
        )
        sheets = [part for sheet in self.stylesheets for part in (sheet.name, sheet.text)]
        return digest(self.html, options, *sheets)


@dataclass(frozen=True)
class Spot:
    """The place of an anchor: its page in the fragment (from 0) and its top left corner, in points on PDF axes."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class PlacedPicture:
    """A picture made of pixels on the pages of a fragment: its file, the digest of that, and the least resolution.

    `stream` is the digest of its stream in the PDF. When it `is_converted` for the screen, the press is separated from
    the file. The path is empty for a picture that stands in an address itself.
    `name` is what its resource in the PDF is called, without the first letter and the last.
    """

    path: str
    digest: str
    ppi: float
    stream: str
    is_converted: bool
    name: str = ""


@dataclass(frozen=True)
class Facts:
    """What is known about a fragment after typesetting.

    `sides` has one entry for each page, and `words` the number of words on each page. `fit` is the copyfitting class
    that was used, empty for none. `over` is by side about the number of words that have to go to fit at the last step
    of copyfitting. `structure` is the logical structure, as `structure_tree.packed` gives it. `pictures` are those
    made of pixels. `footnotes` has the words of each footnote, without its mark. `layouts` counts how often the galley
    was laid out to find its copyfitting step.
    In a galley of two languages `flows` has one entry for each page. There `over` is of the first language, by the side
    that the text has in a booklet of one language, and `over_in_second` the same of the second.
    """

    sides: tuple[Side, ...]
    words: tuple[int, ...]
    anchors: Mapping[str, Spot]
    width: float
    height: float
    bleed: float
    fit: str
    over: Mapping[Side, int]
    structure: bytes
    findings: tuple[Finding, ...]
    pictures: tuple[PlacedPicture, ...] = ()
    layouts: int = 1
    footnotes: tuple[str, ...] = ()
    flows: tuple[PageFlow, ...] = ()
    over_in_second: Mapping[Side, int] = field(default_factory=dict)

    @property
    def overset(self) -> int:
        """About the number of words that have to go for all to fit."""
        return sum(self.over.values()) + sum(self.over_in_second.values())

    def as_dict(self) -> dict[str, Any]:
        """The facts as plain values, for the manifest in the store."""
        shallow = {**self.__dict__, "anchors": {name: asdict(spot) for name, spot in self.anchors.items()}}
        shallow |= {"structure": b64encode(self.structure).decode(), "pictures": list(map(asdict, self.pictures))}
        return shallow | {"findings": [finding.stored() for finding in self.findings]}

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
            over=dict(data["over"]),
            structure=b64decode(data["structure"], validate=True),
            findings=tuple(Finding.from_stored(finding) for finding in data["findings"]),
            pictures=tuple(PlacedPicture(**picture) for picture in data["pictures"]),
            layouts=data["layouts"],
            footnotes=tuple(data["footnotes"]),
            flows=tuple((number, is_second) for number, is_second in data["flows"]),
            over_in_second=dict(data["over_in_second"]),
        )


@dataclass(frozen=True)
class Fragment:
    """A typeset part: a PDF in the store, named by the digest of its bytes, and its facts."""

    key: str
    path: Path
    facts: Facts
    reused: bool
