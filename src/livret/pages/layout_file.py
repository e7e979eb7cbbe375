"""The content of `layout.yaml`, and its measures as style sheets have them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from livret.content.messages import did_you_mean
from livret.content.schema.field_types import Binding
from livret.content.schema.introspection import Shape, fields
from livret.content.schema.model import Initiative
from livret.measure import POINTS_PER_MM, mm
from livret.pages.flatplan import Side
from livret.pages.pagination import NOT_SHARED, Sharing
from livret.pages.palette import CoverGround, Palette, Strict
from livret.translation import joined, say

Millimetres = Annotated[float, Field(ge=0, le=1000)]
PageLength = Annotated[float, Field(ge=10, le=1000)]


def _field_of_card(name: str) -> str:
    """The name of a card's field, unchanged. Raises ValueError, for pydantic to report, when there is no such field."""
    shape = Shape(model=Initiative)
    for step in name.split("."):
        inside = shape.item or shape
        known = fields(inside.model) if inside.model else {}
        if step not in known:
            raise ValueError(joined([say('a card has no field "{name}"', name=name), *did_you_mean(step, known)]))
        shape = known[step]
    return name


# A field of a card, or one in a group of its fields: `results`, `contacts.address`.
CardField = Annotated[str, AfterValidator(_field_of_card)]

# The name of a custom property of CSS, without its hyphens.
MeasureName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]

# The two flows of a card.
Flow = Literal["organisation", "project"]


class Trim(Strict):
    """The trimmed page, in millimetres."""

    width: PageLength
    height: PageLength


class Margins(Strict):
    """The margins of the text area, in millimetres; inner is at the spine."""

    inner: Millimetres
    outer: Millimetres
    head: Millimetres
    foot: Millimetres


class Grid(Strict):
    """Columns of the text area and the gutter between them in millimetres."""

    columns: Annotated[int, Field(ge=1)]
    gutter: Millimetres


class CardRoom(Strict):
    """How many pages a card has: 2 (a spread) or 1, and how many cards of one page share it.

    Between cards that share a page are so many empty lines as `gap` says.
    """

    pages: Annotated[int, Field(ge=1, le=2)] = 2
    per_page: Annotated[int, Field(ge=1, le=12)] = 1
    gap: Annotated[int, Field(ge=0)] = 2

    @model_validator(mode="after")
    def _shares_single_pages(self) -> CardRoom:
        if self.per_page > 1 and self.pages > 1:
            raise ValueError(say("cards share a page (per_page) only where a card has one page; write pages: 1"))
        return self


class CopyRoom(Strict):
    """What fits on a page of a card: lines of text, characters in a line, key figures in a row, lines of such a row.

    `fits` has, for each step of copyfitting before the last, the most lines of a card that probably fits with it.
    """

    lines: Annotated[int, Field(gt=0)]
    characters: Annotated[float, Field(gt=0)]
    panel: Annotated[int, Field(gt=0)] = 4
    panel_lines: Annotated[int, Field(ge=0)] = 0
    fits: tuple[Annotated[float, Field(ge=0)], ...] = ()


class Frame(Strict):
    """The largest size of a kind of pictures, in millimetres.

    `fills` says that the frame is always filled; but a picture whose ratio (width by height) is not between the two of
    `whole` is shown whole, unless its author says how it is framed. Pictures of a frame with an `area`, in square
    millimetres, all have that area, which makes logos look equally large. `ground` is the palette colour behind them.
    Frames for several pictures have rows about as tall as `row`, `gutter` between pictures, and are at most `depth`
    deep in all. Where a picture in a row is narrower than `caption`, the captions stand below the row.
    """

    width: Annotated[float, Field(gt=0, le=1000)]
    height: Annotated[float, Field(gt=0, le=1000)]
    fills: bool = False
    whole: tuple[float, float] | None = None
    area: Annotated[float, Field(gt=0)] | None = None
    ground: str | None = None
    row: Annotated[float, Field(gt=0)] | None = None
    gutter: Millimetres = 0
    caption: Millimetres = 0
    depth: Annotated[float, Field(gt=0)] | None = None


class PictureSettings(Strict):
    """How pictures are framed: the share that may be cut off at each side when nobody says how, and the frames."""

    crop: Annotated[float, Field(ge=0, lt=0.5)] = 0.1
    frames: dict[str, Frame] = Field({})


class LayoutFile(Strict):
    """The content of `layout.yaml`. Lengths are in millimetres, type sizes and the baseline in points."""

    name: str
    # The layout that this one was copied from: what a catalogue draws for that one is used here too.
    like: str = ""
    # A folder beside this one, whose files are used where this layout has none of that name.
    shares: str = ""
    trim: Trim
    bleed: Millimetres = 3
    # Text of parts must not stand nearer to the trim: the cut may be off by that much.
    safe_margin: Millimetres = 3
    margins: Margins
    baseline: Annotated[float, Field(gt=0)]
    grid: Grid
    # Further measures in millimetres, for the style sheets of this layout.
    measures: dict[MeasureName, Millimetres] = Field({})
    palette: Palette
    # The palette colours of cover, openers and back cover, in whose place a catalogue may choose its own.
    cover_ground: CoverGround | None = None
    theme_colours: tuple[str, ...] = ()
    card: CardRoom = CardRoom()
    pictures: PictureSettings = PictureSettings()
    # The sections that begin with an opener, which is typeset from opener.html.
    openers: tuple[Literal["partners", "initiatives"], ...] = ()
    # By CSS page of a card's two flows: the side that it stands on.
    sides: dict[str, Side] = Field({"card-organisation": "verso", "card-project": "recto"})
    fit: tuple[str, ...] = ()
    # By class of `fit`: a card that fills more than this share of a page with it does not fit with the one before.
    full: tuple[Annotated[float, Field(gt=0)], ...] = ()
    # The class of a card that does not fit with any of `fit`: it is composed for as many pages as it takes.
    continued: str = ""
    # By flow of a card (organisation, project); `livret check` uses it, and copyfitting begins its search by it.
    copy_room: dict[Flow, CopyRoom] = Field({})
    # In a booklet of two languages: pages in the second one face those in the first, or follow them.
    second_language: Literal["facing", "following"] = "facing"
    # The fields of cards that this layout leaves out on purpose.
    leaves_out: tuple[CardField, ...] = ()
    # By name: size and leading.
    type: dict[str, tuple[float, float]] = Field({})

    @model_validator(mode="after")
    def _leaves_room_for_cards(self) -> LayoutFile:
        count, gap, lines = self.card.per_page, self.card.gap, text_lines(self)
        if count > 1 and (lines + gap) // count <= gap:
            told = say("{count} cards a page and a gap of {gap} between them have no room on {lines} lines",
                       count=count, gap=gap, lines=lines)  # fmt: skip
            raise ValueError(told)
        return self

    @model_validator(mode="after")
    def _says_of_each_step_when_it_is_full(self) -> LayoutFile:
        if self.full and len(self.full) != len(self.fit):
            told = say("full has {count} shares of a page for {steps} classes of fit",
                       count=len(self.full), steps=len(self.fit))  # fmt: skip
            raise ValueError(told)
        return self


class LayoutTile(Strict):
    """A département on the tile map."""

    code: str
    region: str
    col: Annotated[int, Field(ge=0)]
    row: Annotated[int, Field(ge=0)]


def sharing(spec: LayoutFile, alone: Collection[str] = frozenset()) -> Sharing:
    """How cards share pages in this layout. Cards with these anchors do not."""
    if spec.card.per_page == 1:
        return NOT_SHARED
    lines = (text_lines(spec) + spec.card.gap) // spec.card.per_page
    step, gap = lines * spec.baseline, spec.card.gap * spec.baseline
    top = mm(spec.trim.height - spec.margins.head)
    return Sharing(spec.card.per_page, step, (top - step + gap, top + gap), alone)


def text_lines(spec: LayoutFile) -> int:
    """How many lines of text are on a page."""
    deep = spec.trim.height - spec.margins.head - spec.margins.foot
    return math.floor(deep * POINTS_PER_MM / spec.baseline + 0.01)


def lengths(
    spec: LayoutFile, pictures: PictureSettings, measures: Mapping[str, float], binding: Binding = "left"
) -> Mapping[str, str]:
    """The measures of the layout as style sheets have them, by the names of their custom properties."""
    margins, grid, trim = spec.margins, spec.grid, spec.trim
    text = trim.width - margins.inner - margins.outer
    # Rounded down to a micrometre so that columns fit.
    column = math.floor((text - (grid.columns - 1) * grid.gutter) / grid.columns * 1000) / 1000
    frames = pictures.frames.items()
    # The margins of both pages of a spread. The text of a page need not know on which side the book is bound.
    spine, edge = (margins.inner, margins.outer) if binding == "left" else (margins.outer, margins.inner)
    millimetres = {
        "trim-width": trim.width, "trim-height": trim.height, "bleed": spec.bleed,
        "sheet-width": trim.width + 2 * spec.bleed, "sheet-height": trim.height + 2 * spec.bleed,
        "inner": margins.inner, "outer": margins.outer, "head": margins.head, "foot": margins.foot,
        "verso-left": edge, "verso-right": spine, "recto-left": spine, "recto-right": edge,
        "text-width": text, "gutter": grid.gutter, "column": column,
        **{f"columns-{n}": n * column + (n - 1) * grid.gutter for n in range(2, grid.columns + 1)},
        **{f"picture-{name}-width": frame.width for name, frame in frames},
        **{f"picture-{name}-height": frame.height for name, frame in frames},
        **measures,
    }  # fmt: skip
    text_height = text_lines(spec) * spec.baseline
    shared = sharing(spec)
    depth = shared.step - spec.card.gap * spec.baseline if shared.step else text_height
    points = {"text-height": text_height, "baseline": spec.baseline, "card-depth": depth}
    return {
        **{name: f"{length:g}mm" for name, length in millimetres.items()},
        **{name: f"{length:g}pt" for name, length in points.items()},
    }
