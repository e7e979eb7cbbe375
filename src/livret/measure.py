"""Lengths and boxes. Every length inside Livret is in PDF points (1/72 inch)."""

from __future__ import annotations

from dataclasses import dataclass

POINTS_PER_MM = 72 / 25.4
# CSS fixes the pixel at 1/96 inch (CSS Values 4, section 6.2).
POINTS_PER_PIXEL = 72 / 96


def mm(millimetres: float) -> float:
    """Millimetres in, points out."""
    return millimetres * POINTS_PER_MM


@dataclass(frozen=True)
class Rect:
    """A rectangle in points, PDF axes: x to the right, y upwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        """Horizontal extent in points."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Vertical extent in points."""
        return self.y1 - self.y0

    def around(self, other: Rect) -> Rect:
        """The smallest rectangle that holds both."""
        return Rect(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def grown(self, margin: float) -> Rect:
        """The rectangle with each edge moved outwards by `margin` points."""
        return Rect(self.x0 - margin, self.y0 - margin, self.x1 + margin, self.y1 + margin)
