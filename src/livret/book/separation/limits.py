"""Checks separated pages against the limits of a press profile: pictures, text, lines, and things near the trim.

Pages are checked after separation, so the inks are those that are printed. Each limit gives one finding a page, for the
worst case on it. Each picture gives its own finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import pikepdf

from livret.book.separation.pdf_input import FAULTS
from livret.content.press.profile import PressProfile
from livret.findings import Finding, error, warning
from livret.measure import POINTS_PER_MM, Rect

Matrix = tuple[float, float, float, float, float, float]
Kind = Literal["text", "lines"]

# How deep nested forms are followed. The separation rejects deeper ones.
DEPTH = 40
# ROUNDED: tolerance, because findings show rounded sizes. CAPITAL: usual height of a capital, as a share of the em.
ROUNDED, CAPITAL = 0.005, 0.65
_UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_FILLS, _STROKES = ("f", "F", "f*", "b", "B", "b*", "B*"), ("s", "S", "b", "B", "b*", "B*")


def limit_findings(pdf: pikepdf.Pdf, profile: PressProfile) -> tuple[Finding, ...]:
    """Return a finding for everything on the separated pages of a fragment that is below the limits of a profile."""
    found: list[Finding] = []
    for number, page in enumerate(pdf.pages, 1):
        x0, y0, x1, y1 = map(float, page.obj.get("/TrimBox", page.obj.MediaBox))
        walk = _PageWalk(profile, f"page {number}", Rect(x0, y0, x1, y1))
        walk.content(page, page.obj.get("/Resources"), _Now())
        found += walk.told()
    return tuple(dict.fromkeys(found))


def _after(first: Matrix, second: Matrix) -> Matrix:
    """Multiply two matrices. `first` is applied first."""
    (a, b, c, d, x, y), (e, f, g, h, u, v) = first, second
    return (a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h, x * e + y * g + u, x * f + y * h + v)


def _six(values: Any) -> Matrix:
    a, b, c, d, x, y = map(float, values)
    return (a, b, c, d, x, y)


@dataclass
class _Now:
    """The graphics state. A colour is its shares of ink (0 to 1), or None for a pattern or a spot colour."""

    matrix: Matrix = _UNIT
    fill: tuple[float, ...] | None = (0, 0, 0, 1)
    stroke: tuple[float, ...] | None = (0, 0, 0, 1)
    width: float = 1.0
    size: float = 0.0
    mode: int = 0
    text: Matrix = _UNIT

    def copied(self) -> _Now:
        return _Now(self.matrix, self.fill, self.stroke, self.width, self.size, self.mode, self.text)


@dataclass
class _PageWalk:
    """Reads the content of one page, with all forms on it."""

    profile: PressProfile
    place: str
    trim: Rect
    findings: list[Finding] = field(default_factory=list)
    # The smallest size under its limit, by kind and by whether it is white or in several inks.
    least: dict[tuple[Kind, bool], float] = field(default_factory=dict)
    # The smallest distance to the trim, in points.
    nearest: float = math.inf

    def content(self, source: Any, resources: Any, now: _Now, depth: int = 0) -> None:
        """Read a content stream. Faults in it were already reported by the separation."""
        stack: list[_Now] = []
        points: list[tuple[float, float]] = []
        for one in pikepdf.parse_content_stream(source):
            name, operands = str(one.operator), one.operands
            if name == "q":
                stack.append(now.copied())
            elif name == "Q" and stack:
                now = stack.pop()
            elif name in ("m", "l"):
                points.append((float(operands[0]), float(operands[1])))
            elif name == "re":
                x, y, width, height = map(float, operands)
                points += [(x, y), (x + width, y + height)]
            elif name in _FILLS or name in _STROKES:
                self._painted(now, points if name in _FILLS else [], name in _STROKES)
                points = []
            elif name == "n":
                points = []
            elif name in ("Tj", "TJ", "'", '"'):
                self._shown(now)
            elif name == "Do":
                self._drawn(resources, str(operands[0]), now, depth)
            else:
                self._changed(now, name, operands)

    def _changed(self, now: _Now, name: str, operands: Any) -> None:
        """Apply an operator that changes the state."""
        if name == "cm":
            now.matrix = _after(_six(operands), now.matrix)
        elif name == "w":
            now.width = float(operands[0])
        elif name == "Tf":
            now.size = float(operands[1])
        elif name == "Tr":
            now.mode = int(operands[0])
        elif name == "BT":
            now.text = _UNIT
        elif name == "Tm":
            now.text = _six(operands)
        elif name in ("Td", "TD"):
            now.text = _after((1, 0, 0, 1, float(operands[0]), float(operands[1])), now.text)
        elif name == "k":
            now.fill = tuple(map(float, operands))
        elif name == "K":
            now.stroke = tuple(map(float, operands))
        elif name == "g":
            now.fill = (0, 0, 0, 1 - float(operands[0]))
        elif name == "G":
            now.stroke = (0, 0, 0, 1 - float(operands[0]))
        elif name == "cs":
            now.fill = None
        elif name == "CS":
            now.stroke = None

    # --- text and lines ---

    def _shown(self, now: _Now) -> None:
        if now.mode == 3:
            return
        a, b, c, d, x, y = _after(now.text, now.matrix)
        em = abs(now.size) * math.hypot(c, d)
        self._small("text", em, now.fill if now.mode % 4 != 1 else now.stroke)
        # Check the start of a line of text: from its baseline to the height of a capital. Only upright text is checked.
        if abs(b) < 1e-6 * abs(a):
            self._near(Rect(x, y, x, y + CAPITAL * em))

    def _painted(self, now: _Now, filled: list[tuple[float, float]], strokes: bool) -> None:
        a, b, c, d, _, _ = now.matrix
        scale = math.sqrt(abs(a * d - b * c))
        if strokes:
            self._small("lines", now.width * scale, now.stroke)
        # A rectangle that is much longer than high is a rule.
        if len(filled) == 2:
            sides = sorted(abs(one - other) * scale for one, other in zip(*filled, strict=True))
            if 0 < 8 * sides[0] < sides[1]:
                self._small("lines", sides[0], now.fill)

    def _small(self, kind: Kind, size: float, inks: tuple[float, ...] | None) -> None:
        limits = self.profile.text if kind == "text" else self.profile.lines
        is_reversed = inks is not None and sum(share > 0 for share in inks) != 1
        if size < (limits.least_reversed if is_reversed else limits.least) - ROUNDED:
            self.least[kind, is_reversed] = min(size, self.least.get((kind, is_reversed), math.inf))

    # --- places ---

    def _near(self, box: Rect) -> None:
        """Note a box inside the trim that is closer to it than the safe margin. A box across the trim is a bleed."""
        trim = self.trim
        away = (box.x0 - trim.x0, trim.x1 - box.x1, box.y0 - trim.y0, trim.y1 - box.y1)
        if min(away) >= 0:
            self.nearest = min(self.nearest, *away)

    # --- pictures and forms ---

    def _drawn(self, resources: Any, name: str, now: _Now, depth: int) -> None:
        try:
            source = resources["/XObject"][name]
            if source["/Subtype"] == "/Image":
                self._picture(source, now)
            elif depth < DEPTH:
                inner = now.copied()
                inner.matrix = _after(_six(source.get("/Matrix", _UNIT)), now.matrix)
                self.content(source, source.get("/Resources", resources), inner, depth + 1)
        except FAULTS:
            return

    def _picture(self, source: Any, now: _Now) -> None:
        a, b, c, d, x, y = now.matrix
        wide, high = math.hypot(a, b), math.hypot(c, d)
        if not wide or not high:
            return
        corners = [(x, y), (x + a, y + b), (x + c, y + d), (x + a + c, y + b + d)]
        xs, ys = zip(*corners, strict=True)
        self._near(Rect(min(xs), min(ys), max(xs), max(ys)))
        pixels = int(source["/Width"]), int(source["/Height"])
        ppi = round(min(pixels[0] / wide, pixels[1] / high) * 72)
        limits = self.profile.pictures
        is_bit = bool(source.get("/ImageMask", False)) or int(source.get("/BitsPerComponent", 8)) == 1
        least, wanted = (limits.one_bit_least, limits.one_bit_wanted) if is_bit else (limits.least, limits.wanted)
        if ppi >= wanted:
            return
        message = (
            f"{self.place}: a picture of {pixels[0]} x {pixels[1]} pixels is printed "
            f"{wide / POINTS_PER_MM:.0f} x {high / POINTS_PER_MM:.0f} mm large, at {ppi} pixels an inch; "
            f"the press profile {self.profile.id} "
        )
        hint = "give a larger picture, or print it smaller"
        if ppi < least:
            self.findings.append(error("low-print-resolution", f"{message}takes {least:g} or more", None, hint))
        else:
            self.findings.append(warning("low-print-resolution", f"{message}asks for {wanted:g}", None, hint))

    # --- findings ---

    def told(self) -> Iterator[Finding]:
        """Yield the findings of the page."""
        yield from self.findings
        for (kind, is_reversed), size in sorted(self.least.items()):
            limits = self.profile.text if kind == "text" else self.profile.lines
            limit = limits.least_reversed if is_reversed else limits.least
            inks = "white or in several inks" if is_reversed else "in one ink"
            rest = f"{inks} has {size:.3g} pt; the press profile {self.profile.id} takes {limit:g} or more"
            if kind == "text":
                yield warning("small-text", f"{self.place}: text {rest}")
            elif is_reversed:
                yield warning("thin-line", f"{self.place}: a line {rest}")
            else:
                # Such a line prints with gaps. All other findings are things that are hard to read or to see.
                yield error("thin-line", f"{self.place}: a line {rest}")
        if self.nearest < self.profile.safe_margin_points - 0.5:
            away = self.nearest / POINTS_PER_MM
            message = f"{self.place}: text or a picture stands {away:.1f} mm from the trim and does not bleed"
            hint = f"the press profile {self.profile.id} asks for {self.profile.safe_margin:g} mm, or for bleed"
            yield warning("unsafe-margin", message, None, hint)
