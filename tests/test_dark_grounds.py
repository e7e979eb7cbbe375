"""Black furniture over a dark page: where both would pass the ink limit it knocks out; elsewhere it overprints.

The limit is 300 %. Rounding may add 2 %. The plates are those that Ghostscript makes.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Name

from conftest import CatalogueFolder
from handmade import CMYK, Hand
from livret.book.binding.assemble import assemble
from livret.book.plan import BookPlan, BoundPage, Metadata
from livret.book.plates.grounds import knocked_out, numbers_of
from livret.book.plates.limits import check_file
from livret.content.press.profile import read_press_profile
from livret.measure import Rect
from livret.project import Project
from plates import heaviest
from press import TOP, change, livret_here, plain_layout

PROFILE, _ = read_press_profile(Project.at(TOP), "coated-fogra39")
OVER = Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1)
DARK = "0.9 0.9 0.9 0.1 k 10 10 100 100 re f "
FOLIO = "/O gs 0 0 0 1 k BT /H 11 Tf 20 50 Td (12) Tj ET"


def _file(folder: Path, name: str, *contents: str) -> Path:
    """A separated file: /P is a picture of 280 %, /L one of 90 %, /O overprints, and the form /F holds a folio."""
    hand = Hand()
    font = hand.pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    used = {"Font": Dictionary(H=font), "ExtGState": Dictionary(O=OVER)}
    dark, light = (hand.picture(bytes(inks) * (64 * 48), CMYK) for inks in ((230, 230, 204, 51), (77, 77, 77, 0)))
    for content in contents:
        hand.page(
            content,
            XObject=Dictionary(
                P=dark, L=light, F=hand.form(FOLIO, Dictionary(Font=used["Font"], ExtGState=used["ExtGState"]))
            ),
            **used,
        )
    path = folder / f"{name}.pdf"
    hand.pdf.save(path)
    return path


def stamped(folder: Path, below: list[str], above: list[str]) -> tuple[set[int], list[float]]:
    """Which pages are knocked out, and the most ink on the plates of each, with the furniture on it."""
    page, layer = _file(folder, "pages", *below), _file(folder, "furniture", *above)
    assert PROFILE is not None
    kept = {path: numbers_of(check_file(path, PROFILE, is_layer=path == layer)[1]) for path in (page, layer)}
    pages = tuple(BoundPage(page, at, "card-a", str(at + 1)) for at in range(len(below)))
    metadata = Metadata("", "", "", "fr", datetime(2019, 4, 30, tzinfo=UTC))
    plan = BookPlan(pages, (), {}, (), metadata, Rect(0, 0, 120, 120), (layer,))
    found = knocked_out(plan, kept, 300)
    made = BookPlan(pages, (), {}, (), metadata, Rect(0, 0, 120, 120), (layer,), found)
    with assemble(made) as pdf:
        pdf.save(folder / "made.pdf")
    return set(found), heaviest(folder / "made.pdf", folder, 100)


def test_it_knocks_out_only_where_both_would_pass_the_limit(tmp_path: Path) -> None:
    pages = {
        DARK + FOLIO.replace("/O gs", ""): (True, 280),
        "q 99 0 0 99 9 9 cm /P Do Q": (True, 280),
        # A light picture, a dark colour elsewhere, and one under white paper.
        "q 99 0 0 99 9 9 cm /L Do Q": (False, 190),
        "0.9 0.9 0.9 0.1 k 10 80 100 30 re f": (False, 280),
        DARK + "0 0 0 0 k 10 10 100 60 re f": (False, 280),
    }
    found, inks = stamped(tmp_path, list(pages), [FOLIO] * len(pages))
    assert found == {at for at, (is_knocked, _) in enumerate(pages.values()) if is_knocked}
    assert inks == pytest.approx([ink for _, ink in pages.values()], abs=2)


def test_a_form_of_the_furniture_knocks_out_as_well_and_other_pages_keep_it(tmp_path: Path) -> None:
    found, inks = stamped(tmp_path, [DARK, "0.5 0.5 0.5 0 k 10 10 100 100 re f"], ["/F Do", "/F Do"])
    assert found == {0}
    # On the second page the folio overprints: 150 % and black.
    assert inks == pytest.approx([280, 250], abs=2)


def test_no_pixel_of_a_press_file_with_a_dark_page_is_over_the_limit(catalogue_folder: CatalogueFolder) -> None:
    """A page in 280 % of ink reaches under the folio; the pages of the other sides are white."""
    plain = plain_layout(catalogue_folder)
    change(plain / "base.css", "@page project { margin: 10mm }",
           "@page project { margin: 10mm; background: device-cmyk(0.9 0.9 0.9 0.1); color: white }")  # fmt: skip
    done = livret_here("-C", catalogue_folder.root, "build", "--for", "press")
    assert done.code == 0, done.err
    path = catalogue_folder.root / "output" / "full" / "full-press.pdf"
    inks = heaviest(path, catalogue_folder.root, 100)
    assert 278 < max(inks) <= 302
    with pikepdf.open(path) as pdf:
        overprints = [_overprints(page) for page in pdf.pages]
    dark = [ink > 270 for ink in inks]
    assert True in overprints
    assert True in dark
    assert not any(one and other for one, other in zip(dark, overprints, strict=True))


def _overprints(page: pikepdf.Page) -> bool:
    """Whether something of the furniture of a page of a press file does."""
    states: Any = page.Resources.XObject.Artwork.Resources.XObject.Furniture.Resources.get("/ExtGState", {})
    return any(bool(state.get("/op", False)) for _, state in states.items())
