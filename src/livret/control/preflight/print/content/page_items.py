"""What a page paints: one item for each thing, with its place on the paper, its colours, and how it is laid down."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias

from livret.control.preflight.pdf_objects import data, listed, name, raw
from livret.control.preflight.print.content import geometry
from livret.control.preflight.print.content.colour import ColourSpace, InkPaint
from livret.control.preflight.print.content.geometry import EVERYWHERE, Box, Matrix, Point
from livret.control.preflight.print.content.paths import PathShape
from livret.control.preflight.print.content.print_fonts import PrintFont

Kind: TypeAlias = Literal["text", "path", "image", "shading"]
_LONGEST_CHAIN = 64
MOST_LOOKED_AT = 1 << 22
# The sample without ink, in spaces where it is the same for every component.
_WHITE = {"DeviceCMYK": b"\x00", "DeviceGray": b"\xff", "DeviceRGB": b"\xff", "Separation": b"\x00", "DeviceN": b"\x00"}


@dataclass(frozen=True, eq=False)
class Clip:
    """A region that painting is held to: a box, more exactly an outline, inside another region.

    `outline` is a convex one, None where the region is its box, or where it is not known exactly (`exact` is False).
    """

    box: Box = EVERYWHERE
    outline: tuple[Point, ...] | None = None
    exact: bool = True
    around: Clip | None = None

    @property
    def is_box(self) -> bool:
        """Whether nothing but its box is known of it."""
        return self.outline is None and self.around is None

    def shows(self, box: Box) -> bool:
        """Whether any of a box may lie in the region."""
        clip: Clip | None = self
        for _ in range(_LONGEST_CHAIN):
            if clip is None:
                return True
            if geometry.is_empty(geometry.common(clip.box, box)):
                return False
            if clip.outline is not None and geometry.misses(clip.outline, box):
                return False
            clip = clip.around
        return True

    def holds(self, box: Box) -> bool:
        """Whether a box surely lies wholly in the region."""
        clip: Clip | None = self
        for _ in range(_LONGEST_CHAIN):
            if clip is None:
                return True
            if not clip.exact or not geometry.inside(box, clip.box):
                return False
            if clip.outline is not None and not geometry.holds(clip.outline, box):
                return False
            clip = clip.around
        return False

    @property
    def rectangular(self) -> bool:
        """Whether the region is exactly its box."""
        clip: Clip | None = self
        for _ in range(_LONGEST_CHAIN):
            if clip is None:
                return True
            if not clip.exact or clip.outline is not None:
                return False
            clip = clip.around
        return False


@dataclass(frozen=True, eq=False)
class PaintedPicture:
    """A picture as it is placed: its pixels each way, its resolution on the weaker axis, and its colours."""

    width: int
    height: int
    one_bit: bool
    mask: bool
    space: ColourSpace | None
    resolution: float
    placed: Matrix
    number: int
    see_through: bool
    source: object = field(default=None, repr=False)

    @property
    def blank(self) -> bool:
        """Whether it surely has no ink at all. Only plain samples are looked at; a photograph is not decoded."""
        white = _WHITE.get(self.space.kind if self.space is not None else "")
        filters = {name(one) for one in listed(raw(self.source, "/Filter"))}
        if white is None or self.mask or self.width * self.height > MOST_LOOKED_AT or filters - {"FlateDecode"}:
            return False
        samples = b"" if raw(self.source, "/Decode") is not None else data(self.source)
        return bool(samples) and not samples.strip(white)


@dataclass(eq=False)
class PageItem:
    """One thing painted. `box` is what of it lies inside the clip."""

    order: int
    kind: Kind
    box: Box
    clip: Clip
    fill: InkPaint | None = None
    stroke: InkPaint | None = None
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    # Blend mode Normal and no soft mask, for itself and for the groups around it.
    plain: bool = True
    fill_overprints: bool = False
    stroke_overprints: bool = False
    overprint_mode: int = 0
    # Text: its size on paper in points, its font, and its codes.
    size: float = 0.0
    font: PrintFont | None = None
    shown: bytes = b""
    # Paths: their shape, whether it is filled, and the width of the line on paper.
    shape: PathShape | None = None
    fills: bool = False
    line_width: float | None = None
    picture: PaintedPicture | None = None
    # The corners of a picture; none where its place is not known.
    corners: tuple[Point, ...] | None = None

    @property
    def thickness(self) -> float | None:
        """How thick a filled shape without a line is that looks like a line itself."""
        shape = self.shape
        return shape.thickness if shape is not None and self.kind == "path" and self.stroke is None else None

    @property
    def runs(self) -> tuple[list[Point], ...]:
        """The runs of a path; none where only its box is known."""
        return self.shape.runs if self.shape is not None and self.kind == "path" else ()

    @property
    def outline(self) -> tuple[Point, ...] | None:
        """The outline that it fills where that is convex."""
        return self.shape.outline if self.shape is not None and self.fills else self.corners

    @cached_property
    def upright(self) -> bool:
        """Whether that is an upright rectangle."""
        outline = self.outline
        if outline is None or not self.clip.rectangular:
            return False
        if self.shape is not None:
            return self.shape.upright
        (x0, y0), (x1, y1), _, (x3, y3) = outline
        return max(abs(y1 - y0), abs(x3 - x0)) < 1e-6 or max(abs(x1 - x0), abs(y3 - y0)) < 1e-6

    @cached_property
    def text(self) -> str:
        """What a text item says, as far as the font tells."""
        return self.font.letters.read(self.shown) if self.font is not None else ""

    @property
    def blank(self) -> bool:
        """Whether a text item shows blanks alone."""
        if self.font is None or self.font.type3:
            return False
        if self.font.letters.plain:
            return not self.shown.strip(b" \xa0")
        return not self.text.strip()

    @property
    def paints(self) -> tuple[InkPaint, ...]:
        """The colours that it uses."""
        return tuple(one for one in (self.fill, self.stroke) if one is not None)

    @property
    def prints(self) -> bool:
        """Whether it puts ink on the paper, as far as can be told without looking into pictures."""
        return (
            (self.picture is not None and not self.picture.mask)
            or (self.kind == "shading")
            or (self.fill is not None and self.fill.prints and self.fill_alpha > 0)
            or (self.stroke is not None and self.stroke.prints and self.stroke_alpha > 0)
        )

    @property
    def opaque(self) -> bool:
        """Whether it hides what lies under its outline."""
        return self.may_hide and self.outline is not None

    @property
    def may_hide(self) -> bool:
        """Whether it hides what lies under its outline, if it has one."""
        if not self.plain or self.fill_overprints or self.fill_alpha < 1:
            return False
        if self.picture is not None:
            return not self.picture.see_through and not self.picture.mask
        return (
            self.kind == "path"
            and self.fills
            and self.fill is not None
            and self.fill.pattern is None
            and self.fill.inks != {}
        )


@dataclass(frozen=True, eq=False)
class GroupSpace:
    """The colour space of a transparency group that is not as it should be, and where the group is."""

    space: str
    box: Box | None
    in_mask: bool


@dataclass(eq=False)
class PageItems:
    """A page with what it paints, in order. `surface` is what is printed and not cut away: the trim with its bleed."""

    number: int
    media: Box
    trim: Box
    bleed: Box
    items: list[PageItem] = field(default_factory=list)
    groups: list[GroupSpace] = field(default_factory=list)
    # What could not be read, in words.
    problems: dict[str, None] = field(default_factory=dict)

    @property
    def surface(self) -> Box:
        """Where things are printed on the product, its bleed with it."""
        return geometry.common(self.bleed, self.media)
