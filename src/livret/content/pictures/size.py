"""How wide and how tall a picture is as it is looked at, whatever its kind."""

from __future__ import annotations

from livret.content.pictures import drawing
from livret.content.pictures.kinds import TIFF, kind_of


def size_of(content: bytes) -> tuple[float, float] | None:
    """Width and height, in pixels or in the units of a drawing; None when the picture does not say."""
    if drawing.is_drawing(content):
        return _drawing_size(content)
    kind = kind_of(content)
    if not kind.is_raster:
        return None
    # Pillow is loaded when the first picture made of pixels is looked at.
    from livret.content.pictures.headers import PictureFault
    from livret.content.pictures.raster import opened, orientation_of

    try:
        with opened(content, kind) as picture:
            width, height = picture.size
            # A TIFF is turned by the library itself.
            is_turned = kind is not TIFF and orientation_of(picture) > 4
    except PictureFault:
        return None
    return (height, width) if is_turned else (width, height)


def _drawing_size(content: bytes) -> tuple[float, float] | None:
    # Style sheets are read only for a drawing that does not say its size.
    from livret.content.pictures.drawing_box import view_box, with_view_box

    try:
        box = view_box(drawing.read(content)) or view_box(drawing.read(with_view_box(content)))
    except drawing.BadDrawing:
        return None
    return (box[2], box[3]) if box and box[2] > 0 and box[3] > 0 else None
