"""One galley, typeset by the engine in this process; `conftest.py` has the fixture `bench`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image

from inspector import Inspector
from livret.findings import Finding
from livret.pages.flatplan import Side
from livret.pages.galley import Facts, Galley, Stylesheet
from livret.project import Project

SVG_START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
BASE = """\
@page { size: 100mm 150mm; bleed: 3mm; margin: 10mm }
body { font: 10pt/12pt "Source Sans 3"; margin: 0 }
@page organisation { margin: 10mm }
@page project { margin: 10mm }
.organisation { page: organisation }
.project { break-before: page; page: project }
"""
SIDES: tuple[tuple[str, Side], ...] = (("organisation", "verso"), ("project", "recto"))
CARD = "catalogue/initiatives/aajt.yaml"


@dataclass
class Set:
    """A galley as it was typeset."""

    path: Path
    facts: Facts
    files: dict[str, str]
    inside: Inspector = field(init=False)

    def __post_init__(self) -> None:
        self.inside = Inspector(self.path)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.facts.findings

    @property
    def words(self) -> tuple[str, ...]:
        return self.inside.words(range(len(self.inside)))


@dataclass
class Bench:
    """A project with nothing but a catalogue folder, the fonts of Livret, and the engine in this process."""

    project: Project
    fonts: tuple[Path, ...]

    @property
    def catalogue(self) -> Path:
        return self.project.catalogue

    def galley(self, body: str, css: str = "", **more: Any) -> Galley:
        sheets = [Stylesheet("base.css", BASE, None)]
        if css:
            sheets.append(Stylesheet("layouts/own/card.css", css, self.project.root / "layouts" / "own"))
        roots = (self.catalogue, self.project.root / "layouts" / "own")
        html = f'<!DOCTYPE html><html lang="fr"><head><title>x</title></head><body>{body}</body></html>'
        return Galley("card-x", CARD, html, tuple(sheets), self.catalogue, roots, **more)

    def set(self, galley: Galley) -> Set:
        from livret.pages.engine.typeset import typeset

        pdf, facts, files = typeset(galley, self.fonts)
        path = self.project.root / "set.pdf"
        path.write_bytes(pdf)
        return Set(path, facts, dict(files))

    def drawing(self, inside: str) -> Picture:
        """What stands inside an SVG of 80 x 80 units, as it looks when a unit is a millimetre."""
        (self.catalogue / "a.svg").write_text(f'{SVG_START} viewBox="0 0 80 80">{inside}</svg>')
        done = self.set(self.galley('<img src="a.svg" alt="" style="width: 80mm; height: 80mm">'))
        page = pypdfium2.PdfDocument(done.path)[0].render(scale=4).to_pil().convert("RGB")
        return Picture(page, done)


@dataclass(frozen=True)
class Picture:
    """A drawing as it looks on its page."""

    page: Image.Image
    done: Set

    def at(self, x: float, y: float) -> tuple[int, int, int]:
        """Red, green and blue at a place of the drawing. The bleed is 3 mm, the margin 10 mm."""
        found = self.page.getpixel((int((13 + x) * 4 * 72 / 25.4), int((13 + y) * 4 * 72 / 25.4)))
        assert isinstance(found, tuple)
        return int(found[0]), int(found[1]), int(found[2])

    def is_seen(self, x: float, y: float) -> bool:
        return sum(self.at(x, y)) < 600
