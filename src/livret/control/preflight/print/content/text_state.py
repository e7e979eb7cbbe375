"""Where text is: the matrices that text operators move (ISO 32000-1, 9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from livret.control.preflight.print.content.geometry import IDENTITY, Matrix, matrix, multiply
from livret.control.preflight.print.content.graphics_state import GraphicsState


@dataclass
class TextPosition:
    """The text matrix and the matrix of the line."""

    matrix: Matrix = IDENTITY
    line: Matrix = IDENTITY

    def set(self, numbers: tuple[float, ...]) -> None:
        """Tm"""
        self.matrix = self.line = matrix(numbers)

    def move(self, x: float, y: float) -> None:
        """Td"""
        a, b, c, d, e, f = self.line
        self.matrix = self.line = matrix((a, b, c, d, a * x + c * y + e, b * x + d * y + f))

    def advance(self, x: float, y: float = 0.0) -> None:
        """Move the position to the end of the text that was shown."""
        a, b, c, d, e, f = self.matrix
        self.matrix = matrix((a, b, c, d, a * x + c * y + e, b * x + d * y + f))


def size_on_paper(state: GraphicsState, position: Matrix) -> float:
    """The size of text on paper: how far one em reaches across the base line, whatever turns or slants it."""
    a, b, c, d = multiply(position, state.ctm)[:4]
    along = hypot(a, b)
    if along <= 0:
        return 0.0
    return abs(state.font_size) * abs(a * d - b * c) / along * state.font.em
