"""The pictures of an edition in the frames of its layout, as HTML."""

from __future__ import annotations

from functools import cache

from livret.content.pictures.drawing import is_drawing
from livret.content.pictures.size import size_of
from livret.content.schema.design import Framing
from livret.findings import LivretError
from livret.pages.compose.framing import FramedSize, PictureRow, placed, rows
from livret.pages.layout import Layout
from livret.pages.layout_file import Frame
from livret.project import PICTURE_LIMIT, Project, digest
from livret.translation import say


class PictureFrames:
    """Frames pictures for the templates of a layout; reads the head of each picture once."""

    def __init__(self, project: Project, layout: Layout) -> None:
        self.layout = layout
        self.crop = layout.pictures.crop
        self._project = project
        self._shape = cache(self._read_shape)

    def frame(self, name: str) -> Frame:
        """A frame of the layout. Raises LivretError when `layout.yaml` has none of this name."""
        try:
            return self.layout.pictures.frames[name]
        except KeyError:
            message = say(
                'layout.yaml of the layout {layout} has no frame "{name}" among its pictures',
                layout=self.layout.name,
                name=name,
            )
            raise LivretError(
                message, say("add pictures: {{frames: {{{name}: {{width: 36, height: 48}}}}}}", name=name)
            ) from None

    def placed(self, framing: Framing, name: str) -> FramedSize | None:
        """A picture in a frame; None when the picture does not say how large it is."""
        ratio = self._ratio(framing.file)
        return placed(ratio, framing, self.frame(name), self.crop) if ratio else None

    def rows(self, pictures: tuple[Framing, ...], name: str) -> tuple[PictureRow, ...]:
        """The pictures of a card in rows. One that does not say how large it is stands in the shape of the frame."""
        frame = self.frame(name)
        shapes = [(one, self._ratio(one.file) or frame.width / frame.height) for one in pictures]
        return rows(shapes, frame, self.crop, self.layout.line)

    def shape(self, path: str) -> tuple[float | None, str]:
        """All that composing reads of a picture: its width by its height, and of a drawing the digest."""
        return self._shape(path)

    def _ratio(self, path: str) -> float | None:
        return self._shape(path)[0]

    def _read_shape(self, path: str) -> tuple[float | None, str]:
        try:
            content = self._project.read(self._project.inside_catalogue(path), PICTURE_LIMIT)
        except (LivretError, OSError):
            # What is wrong with a picture is told where it is read to be printed.
            return None, ""
        drawn = digest(content) if is_drawing(content) else ""
        try:
            size = size_of(content)
        except (LivretError, OSError, ValueError):
            return None, drawn
        return (size[0] / size[1] if size else None), drawn


def style(found: FramedSize | None) -> str:
    """The size of a picture as CSS, and the part of it that is in sight. Steps of copyfitting change `--picture`."""
    if not found:
        return ""
    sides = (("width", found.width), ("height", found.height))
    sized = "; ".join(f"{name}: calc(var(--picture, 1) * {size:.2f}mm)" for name, size in sides)
    return f"{sized}; {_position(found)}"


def seen(framing: Framing, found: FramedSize | None) -> str:
    """How a picture fills a frame that the style sheet makes, and which part of it is in sight."""
    if framing.fit == "contain":
        return "object-fit: contain"
    return _position(found) if found else "object-fit: cover"


def _position(found: FramedSize) -> str:
    x, y = found.position
    return f"object-fit: cover; object-position: {100 * x:.4g}% {100 * y:.4g}%"
