"""Pictures made of pixels: the page turns a JPEG upright, so that it need not be saved again; its resolution is told.

Each picture that the engine opens was prepared by `content.pictures`, so only a JPEG can still lie on its side.
"""

from __future__ import annotations

from typing import Any

from weasyprint import images

from livret.content.pictures.raster import orientation_of
from livret.project import digest

# Where a point of the picture as it is stored comes to lie, by its orientation (TIFF 6.0, tag 274). Across and down
# run from 0 to 1: the new place across is the first three numbers times (1, across, down), down the last three.
_TURNS = {
    2: (1, -1, 0, 0, 0, 1),
    3: (1, -1, 0, 1, 0, -1),
    4: (0, 1, 0, 1, 0, -1),
    5: (0, 0, 1, 0, 1, 0),
    6: (1, 0, -1, 0, 1, 0),
    7: (1, 0, -1, 1, -1, 0),
    8: (0, 0, 1, 1, -1, 0),
}
PIXELS_AN_INCH = 96


def apply() -> None:
    """Replace the engine's pictures."""
    images.RasterImage = UprightRaster


class UprightRaster(images.RasterImage):  # type: ignore[misc]
    """As the engine's picture; a JPEG keeps its bytes, and the page turns it.

    `ready` is the digest of the bytes that the engine was given, and `ppi` the least resolution it was drawn at.
    """

    def __init__(
        self, picture: Any, name: str, content: Any, filename: Any = None, cache: Any = None, orientation: Any = "none",
        *more: Any, **named: Any,
    ) -> None:  # fmt: skip
        """As the engine's picture."""
        is_jpeg = picture.format in ("JPEG", "MPO")
        self.width: int
        self.height: int
        self.turn = orientation_of(picture) if is_jpeg and orientation == "from-image" else 1
        self.ready = digest(content)
        self.ppi = 0.0
        # The engine would save every picture with EXIF again, also one that is upright.
        given = "none" if orientation == "from-image" else orientation
        super().__init__(picture, name, content, filename, cache, given, *more, **named)
        self._swap()

    def _swap(self) -> None:
        """Change between the size that is seen and the size that is stored."""
        if self.turn > 4:
            self.width, self.height = self.height, self.width
            self.ratio = self.width / self.height

    def get_x_object(self, *arguments: Any) -> Any:
        """The picture as an object of the PDF, as it is stored."""
        self._swap()
        try:
            made = super().get_x_object(*arguments)
        finally:
            self._swap()
        made.raster = self
        return made

    def draw(self, stream: Any, width: float, height: float, style: Any) -> None:
        """Draw the picture upright in a box of this size."""
        if self.width > 0 and self.height > 0 and width > 0 and height > 0:
            (a, b), (c, d) = stream.ctm[0][:2], stream.ctm[1][:2]
            # In the coordinates of the page a unit is a pixel of CSS, three quarters of a point.
            across, down = width * (a * a + b * b) ** 0.5 / 0.75, height * (c * c + d * d) ** 0.5 / 0.75
            if across and down:
                ppi = PIXELS_AN_INCH * min(self.width / across, self.height / down)
                self.ppi = min(ppi, self.ppi or ppi)
            if self.turn in _TURNS:
                e, a, c, f, b, d = _TURNS[self.turn]
                stream.transform(a, b * height / width, c * width / height, d, e * width, f * height)
        super().draw(stream, width, height, style)
