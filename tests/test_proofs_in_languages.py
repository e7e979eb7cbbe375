"""Proofs of cards in Arabic, and of cards in two languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from conftest import CatalogueFolder
from press import TOP, change, livret_here
from verapdf import assert_compliant

CATALOGUE = """\
title: Le forum « initiatives & territoires »
date: 2019-04-30
place: Lyon
language: fr
demonstration: true
publisher: {name: Les Ponts, email: forum@ponts.example.org}
themes: [{id: logement, name: Logement}]
"""
CARD = """\
pilot: {name: La Cuisine, about: Une cuisine de quartier.}
contacts: [{phones: ["04 65 71 20 14"], email: cuisine@ponts.example.org}]
title: Cuisiner « ensemble »
description: On cuisine chaque samedi.
themes: [logement]
territories: [FR-69]
"""
ARABIC_CARD = """\
pilot: {name: المطبخ, about: مطبخ الحي.}
title: الطبخ «معًا»
description: نطبخ كل سبت مع الجيران.
"""


@pytest.fixture(scope="module")
def proofs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the proofs: `arabe.pdf` in Arabic alone, `deux.pdf` in French and Arabic."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("proofs-in-languages"))
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("initiatives/cuisine.yaml", CARD)
    folder.write("initiatives/cuisine.ar.yaml", ARABIC_CARD)
    for name in ("common", "forum"):
        shutil.copytree(TOP / "layouts" / name, folder.root / "layouts" / name)
    made = folder.root / "output" / "proofs"
    for edition, languages in (("arabe", "language: ar"), ("deux", "languages: [fr, ar]")):
        folder.write(f"editions/{edition}.yaml", f"{languages}\n")
        done = livret_here("-C", folder.root, "proof", "cuisine", "--edition", edition, "--by", "2019-04-12")
        assert done.code == 0, done.err
        (made / "cuisine.pdf").rename(made / f"{edition}.pdf")
    return made


def box_of(words: str, pdf: Path) -> tuple[float, float, float, float]:
    """Where words stand on the first sheet: left, bottom, right, top."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        found = page.search(words).get_next()
        assert found, f"{words} is not on the sheet"
        boxes = [page.get_charbox(number) for number in range(found[0], found[0] + found[1])]
    boxes = [box for box in boxes if box[2] > box[0]]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def fields(pdf: Path) -> dict[str, tuple[list[float], int]]:
    """The place of each field of the form by its name, and on which side its text stands."""
    found = {}
    with pikepdf.open(pdf) as opened:
        for one in opened.pages[0].Annots:
            if one.Subtype == "/Widget":
                name = str(one.get("/T", "")) or next(iter(key for key in one.AP.N.keys() if key != "/Off"))  # noqa: SIM118
                found[name.removeprefix("/")] = ([float(number) for number in one.Rect], int(one.get("/Q", 0)))
    return found


def test_the_slip_of_an_arabic_card_runs_from_the_right(proofs: Path) -> None:
    form = fields(proofs / "arabe.pdf")
    for field, caption in (("approved", "صالح للطبع"), ("corrections", "صالح للطبع بعد")):
        (left, *_), _ = form[field]
        assert box_of(caption, proofs / "arabe.pdf")[2] < left, f"the words of {field} stand left of its circle"
    (_, _, right, _), _ = form["remarks"]
    assert box_of("التصحيحات", proofs / "arabe.pdf")[2] == pytest.approx(right, abs=4)
    assert form["name"][0][0] > form["date"][0][2], "the name comes first, so on the right"
    assert [side for _, side in (form[name] for name in ("remarks", "name", "date"))] == [2, 2, 2]


def test_the_marks_above_an_arabic_proof_stand_apart(proofs: Path) -> None:
    proof, outside = (box_of(words, proofs / "arabe.pdf") for words in ("تجربة", "خارج"))
    assert outside[2] < proof[0] - 100


def test_addresses_and_french_titles_keep_their_order_on_an_arabic_slip(proofs: Path) -> None:
    _, bottom, _, top = box_of("forum@ponts.example.org", proofs / "arabe.pdf")
    assert top - bottom < 14, "an address stands on one line"
    with pypdfium2.PdfDocument(proofs / "arabe.pdf") as document:
        told = " ".join(document[0].get_textpage().get_text_bounded().split())
    assert "territoires »" in told


def test_the_sign_of_a_thumb_tab_stands_inside_the_page_in_arabic(proofs: Path) -> None:
    with pypdfium2.PdfDocument(proofs / "arabe.pdf") as document:
        picture = document[0].render(scale=2).to_pil().convert("L")
    # The tab of the right-hand page is its last 7 mm; the sign in it is lighter than its ground.
    across = 2 * 72 / 25.4
    strip = picture.crop(tuple(int(place * across) for place in (14 + 296 - 7, 22 + 12, 14 + 296, 22 + 12 + 140)))
    ground = [line for line in range(strip.height) if strip.getpixel((1, line)) < 200]
    rows = [[strip.getpixel((place, line)) for place in range(strip.width)] for line in ground]
    light = {place for row in rows for place, tone in enumerate(row) if tone > 200}
    assert light
    assert max(light) < strip.width - 4


def test_a_proof_in_two_languages_names_both_titles_and_counts_the_words_of_each(proofs: Path) -> None:
    with pypdfium2.PdfDocument(proofs / "deux.pdf") as document:
        told = " ".join(document[0].get_textpage().get_text_bounded().replace("\u202f", " ").split())
    assert "FR : 8 mots pour" in told.replace("\xa0", " ")
    assert "AR : 7 mots pour" in told.replace("\xa0", " ")
    assert "Page de gauche" not in told
    left = box_of("Cuisiner", proofs / "deux.pdf")
    assert box_of("الطبخ", proofs / "deux.pdf")[1] < left[1], "the second title stands under the first"


@pytest.mark.parametrize(
    ("name", "part"), [("arabe", "initiatives/cuisine.ar"), ("deux", "initiatives/cuisine+cuisine.ar")]
)
def test_the_answer_on_such_a_proof_is_matched_with_its_part(
    proofs: Path, tmp_path: Path, name: str, part: str
) -> None:
    with pikepdf.open(proofs / f"{name}.pdf") as pdf:
        (form,) = pdf.Root.AcroForm.Fields
        assert "." not in str(form.T), "a part of the name of a field has no full stop"
        for field in form.Kids:
            if str(field.T) in ("state", "name"):
                field.V = pikepdf.Name("/approved") if str(field.T) == "state" else pikepdf.String("ليلى")
        pdf.save(tmp_path / "returned.pdf")
    told = livret_here("-C", proofs.parents[1], "--format", "json", "answers", tmp_path / "returned.pdf").told
    assert [(one["part"], one["state"], one["by"]) for one in told["answers"]] == [(part, "approved", "ليلى")]
    left_out = shutil.ignore_patterns("output")
    copy = shutil.copytree(proofs.parents[1], tmp_path / "changed", ignore=left_out)
    change(copy / "catalogue" / "initiatives" / "cuisine.ar.yaml", "كل سبت", "كل أحد")
    refused = livret_here("-C", copy, "answers", tmp_path / "returned.pdf")
    assert refused.code == 1
    assert f"hint: send a new proof: livret proof {part} --edition {name}" in refused.err


def test_warnings_about_both_files_of_a_translated_card_are_told(proofs: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(proofs.parents[1], tmp_path / "warned", ignore=shutil.ignore_patterns("proofs"))
    cards = copy / "catalogue" / "initiatives"
    change(cards / "cuisine.yaml", "title:", "website: #7\ntitle:")
    change(cards / "cuisine.ar.yaml", "title:", "website: #8\ntitle:")
    for edition in ("arabe", "deux"):
        done = livret_here("-C", copy, "proof", "cuisine", "--edition", edition)
        assert 'cuisine.yaml:3: warning: "#7" is not printed' in done.err
        assert 'cuisine.ar.yaml:2: warning: "#8" is not printed' in done.err


def test_such_proofs_are_accessible(proofs: Path) -> None:
    assert_compliant([proofs / "arabe.pdf", proofs / "deux.pdf"])
