"""The plates of a printing press as Ghostscript makes them: how much ink each pixel of a page gets."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from PIL import Image, ImageMath

INKS = ("Cyan", "Magenta", "Yellow", "Black")


def heaviest(path: Path, folder: Path, ppi: int = 72) -> list[float]:
    """The most ink of any pixel of each page inside its bleed, in percent: the sum of the four plates."""
    ghostscript = shutil.which("gs")
    assert ghostscript, "Ghostscript is missing: make test installs it"
    kept = folder / f"{path.stem}-plates"
    kept.mkdir()
    said = subprocess.run(
        [ghostscript, "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-dUseBleedBox", "-sDEVICE=tiffsep", f"-r{ppi}",
         "-o", kept / "%04d.tif", path],
        capture_output=True, text=True, timeout=500, check=True,
    )  # fmt: skip
    assert not said.stderr, said.stderr
    found = []
    for number in range(1, 1 + len(list(kept.glob("????.tif")))):
        # A plate is white, 255, where it takes no ink. Pixels at the edge show the marks outside the bleed as well.
        plates = {name[0].lower(): _inner(Image.open(kept / f"{number:04d}({name}).tif")) for name in INKS}
        paper = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["b"], **plates)
        found.append((4 * 255 - float(paper.getextrema()[0])) / 2.55)
    assert found
    return found


def _inner(plate: Image.Image) -> Image.Image:
    return plate.crop((1, 1, plate.width - 1, plate.height - 1))
