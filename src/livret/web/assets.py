"""The files beside the page: pictures of the catalogue. Each file name has a digest of the content."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

from livret.content.pictures.drawing_box import with_view_box
from livret.content.pictures.headers import PictureFault
from livret.content.pictures.kinds import SVG, XML, kind_of
from livret.findings import LivretError
from livret.project import PICTURE_LIMIT, Project, digest
from livret.translation import say
from livret.web.drawings import check_drawing

# Twice the width of the widest column, for screens with two pixels a point.
WIDEST = 1800


class Assets:
    """Collects the files of one web edition: their bytes by their path in the folder."""

    def __init__(self, project: Project, inks: Path | None = None) -> None:
        """`inks` is the ICC file of pictures in CMYK that have none."""
        self.project = project
        self._inks = inks.read_bytes() if inks else b""
        self.files: dict[str, bytes] = {}
        self._known: dict[str, str] = {}
        self._sizes: dict[str, tuple[int, int]] = {}

    def clear(self) -> None:
        """Forget all files."""
        self.files.clear()
        self._known.clear()

    def picture(self, name: str) -> str:
        """Add a picture of the catalogue and give its address in the page. Raises LivretError if it has an error."""
        if name not in self._known:
            path = self.project.inside_catalogue(name)
            suffix, content = _shown(self.project.read(path, PICTURE_LIMIT), self.project.shown(path), self._inks)
            self._known[name] = f"pictures/{_slug(path.stem)}-{digest(content)[:8]}{suffix}"
            self.files[self._known[name]] = content
        return self._known[name]

    def size(self, name: str) -> tuple[int, int] | None:
        """Width and height, in pixels, of a picture that was added; None for a drawing."""
        address = self.picture(name)
        if address.endswith(".svg"):
            return None
        if address not in self._sizes:
            from PIL import Image

            with Image.open(io.BytesIO(self.files[address])) as picture:
                self._sizes[address] = picture.size
        return self._sizes[address]


def _slug(name: str) -> str:
    """A file name of plain letters, digits and hyphens, which is safe in any address."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "picture"


def _shown(content: bytes, place: str, inks: bytes) -> tuple[str, bytes]:
    """The file ending and the bytes of a picture for the web edition. Errors name the picture by `place`.

    `inks` is the ICC profile of pictures in CMYK that have none.
    """
    kind = kind_of(content)
    if kind in (SVG, XML):
        check_drawing(content, place)
        return ".svg", with_view_box(content)
    if not kind.is_raster:
        raise LivretError(
            say("{place}: this picture cannot be read: it is {kind}", place=place, kind=kind.name),
            say("save it again as JPEG or PNG"),
        )
    # Imported here, because drawings do not need Pillow.
    from livret.content.pictures.prepare import for_screen

    try:
        ready = for_screen(content, inks)
        return _narrowed(ready, is_kept=ready is content)
    except PictureFault as fault:
        raise LivretError(
            say("{place}: this picture {message}", place=place, message=fault.message), *fault.hints
        ) from None


def _narrowed(content: bytes, *, is_kept: bool) -> tuple[str, bytes]:
    """The file ending and the bytes of a picture no wider than a screen; `is_kept` says not to save it without need."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content)) as picture:
        ending = ".jpg" if picture.format in ("JPEG", "MPO") else ".png"
        if is_kept and picture.width <= WIDEST:
            return ending, content
        turned = ImageOps.exif_transpose(picture)
        plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    if plain.width > WIDEST:
        height = max(1, round(plain.height * WIDEST / plain.width))
        plain = plain.resize((WIDEST, height), Image.Resampling.LANCZOS)
    saved = io.BytesIO()
    if ending == ".png":
        plain.save(saved, "PNG", optimize=True)
    else:
        plain.save(saved, "JPEG", quality=85, optimize=True, progressive=True)
    return ending, saved.getvalue()
