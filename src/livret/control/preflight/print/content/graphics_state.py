"""The graphics state (ISO 32000-1, 8.4) as far as print rules ask, and what dictionaries change in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from livret.control.preflight.pdf_objects import entry, listed, members, name, pairs, resolve
from livret.control.preflight.print.content.colour import GRAY, ColourSpace, InkPaint, paint
from livret.control.preflight.print.content.geometry import IDENTITY, Matrix
from livret.control.preflight.print.content.page_items import Clip
from livret.control.preflight.print.content.print_fonts import UNKNOWN_FONT, PrintFont

BLACK = paint(GRAY, (0.0,))
NO_CLIP = Clip()
_NORMAL = frozenset({"Normal", "Compatible", ""})


@dataclass
class GraphicsState:
    """The state that q saves and Q restores."""

    ctm: Matrix = IDENTITY
    clip: Clip = NO_CLIP
    fill: InkPaint = BLACK
    stroke: InkPaint = BLACK
    fill_space: ColourSpace = GRAY
    stroke_space: ColourSpace = GRAY
    line_width: float = 1.0
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    normal: bool = True
    masked: bool = False
    stroke_overprints: bool = False
    fill_overprints: bool = False
    overprint_mode: int = 0
    font: PrintFont = UNKNOWN_FONT
    font_size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    render: int = 0
    # What the groups around this stream lay on it: their alpha, and whether they are plain.
    group_alpha: float = 1.0
    group_plain: bool = True

    def copy(self) -> GraphicsState:
        """A copy that can be changed alone."""
        new = object.__new__(GraphicsState)
        new.__dict__.update(self.__dict__)
        return new

    @property
    def plain(self) -> bool:
        """Blend mode Normal and no soft mask, for itself and for the groups around it."""
        return self.normal and not self.masked and self.group_plain

    def enter_group(self) -> None:
        """Set what a transparency group starts with (ISO 32000-1, 11.6.6); its own state is laid on all of it."""
        self.group_alpha *= self.fill_alpha
        self.group_plain = self.plain
        self.fill_alpha = self.stroke_alpha = 1.0
        self.normal, self.masked = True, False


@dataclass(frozen=True)
class StateChange:
    """What one graphics state dictionary sets."""

    values: Mapping[str, object]
    font: object = None
    mask: object = None


def read_change(value: object) -> StateChange:
    """Read a graphics state dictionary (ISO 32000-1, 8.4.5)."""
    found = dict(pairs(value))
    values: dict[str, object] = {}
    stroke, fill = (resolve(found.get(key)) for key in ("OP", "op"))
    if stroke is not None:
        values["stroke_overprints"] = values["fill_overprints"] = _true(stroke)
    if fill is not None:
        values["fill_overprints"] = _true(fill)
    for key, field in (("CA", "stroke_alpha"), ("ca", "fill_alpha"), ("LW", "line_width")):
        number = resolve(found.get(key))
        if isinstance(number, int | float) and isfinite(number):
            values[field] = float(number) if key == "LW" else min(1.0, max(0.0, float(number)))
    mode = resolve(found.get("OPM"))
    if isinstance(mode, int | float):
        values["overprint_mode"] = int(mode)
    if "BM" in found:
        modes = [name(one) for one in listed(found["BM"])]
        values["normal"] = not modes or modes[0] in _NORMAL
    mask = resolve(found.get("SMask"))
    if mask is not None:
        values["masked"] = name(mask) != "None"
    font = members(found.get("Font"))
    return StateChange(values, font or None, None if name(mask) else mask)


def _true(value: object) -> bool:
    return bool(getattr(value, "value", value))


def mask_group(mask: object) -> tuple[object, bool]:
    """The group of a soft mask dictionary, and whether the mask is one of luminosity."""
    return entry(mask, "/G"), name(entry(mask, "/S")) == "Luminosity"
