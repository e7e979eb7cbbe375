"""Proofs: a sheet with the pages as they are bound, a slip that asks for an answer, and form fields for it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image

import verapdf
from conftest import FILES, CatalogueFolder
from press import livret_here, plain_layout

MM = 72 / 25.4


@pytest.fixture(scope="module")
def proofed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of two cards, built for the screen and proofed once with an answer asked for; nobody changes it."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("proofs") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    plain_layout(folder)
    folder.write("foreword.yaml", "title: Bienvenue\nbody: |\n  Une journée pour se rencontrer.\n")
    built = livret_here("-C", folder.root, "build")
    assert built.code == 0, built.err
    arguments = ("proof", "aajt", "kodiko", "partners/diair", "foreword", "--by", "4 mai 2027", "--date", "2027-04-01")
    done = livret_here("-C", folder.root, *arguments, "--png", "--ppi", "40")
    assert done.code == 0, done.err
    (folder.root / "said.txt").write_text(done.out, encoding="utf-8")
    return folder.root


def sheet(root: Path, name: str) -> Path:
    return root / "output" / "proofs" / f"{name}.pdf"


def slip_text(root: Path, name: str) -> str:
    with pypdfium2.PdfDocument(sheet(root, name)) as document:
        text = document[0].get_textpage().get_text_bounded()
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


@pytest.fixture
def project(proofed: Path, tmp_path: Path) -> Path:
    """A copy, to be changed."""
    return Path(shutil.copytree(proofed, tmp_path / "project"))


# --- the sheet ---


def test_each_part_gets_a_file_and_a_picture_of_each_sheet(proofed: Path) -> None:
    said = [Path(line).name for line in (proofed / "said.txt").read_text(encoding="utf-8").split()]
    names = ("foreword", "partner-diair", "aajt", "kodiko")
    assert said == [name for part in names for name in (f"{part}.pdf", f"{part}-1.png")]


def test_the_sheet_is_an_a3_landscape_around_a_spread_of_its_true_size(proofed: Path) -> None:
    with pikepdf.open(sheet(proofed, "aajt")) as pdf:
        (page,) = pdf.pages
        assert [round(float(value) / MM) for value in page.mediabox] == [0, 0, 420, 297]
        forms = [page.Resources.XObject[name] for name in ("/Page0", "/Page1")]
        for form in forms:
            assert [round(float(value) / MM) for value in form.BBox] == [0, 0, 100, 150]
    with Image.open(sheet(proofed, "aajt").with_name("aajt-1.png")) as picture:
        assert picture.size == pytest.approx((420 / 25.4 * 40, 297 / 25.4 * 40), abs=1)


def test_the_pages_have_the_very_content_streams_that_the_booklet_binds(proofed: Path) -> None:
    report = json.loads((proofed / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    with pikepdf.open(proofed / "output" / "full" / "full-screen.pdf") as book:
        for name in ("aajt", "kodiko"):
            first, last = next(part["folios"] for part in report["parts"] if part["anchor"] == f"card-{name}")
            with pikepdf.open(sheet(proofed, name)) as proof:
                for number, page in enumerate(list(book.pages)[first - 1 : last]):
                    bound = b"".join(stream.read_bytes() for stream in list(page.Contents)[1:-1])
                    assert proof.pages[0].Resources.XObject[f"/Page{number}"].read_bytes() == bound


def test_the_pages_stand_side_by_side_and_look_as_in_the_booklet(proofed: Path) -> None:
    report = json.loads((proofed / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    first, _ = next(part["folios"] for part in report["parts"] if part["anchor"] == "card-kodiko")
    with (
        pypdfium2.PdfDocument(sheet(proofed, "kodiko")) as proof,
        pypdfium2.PdfDocument(proofed / "output" / "full" / "full-screen.pdf") as book,
    ):
        whole = proof[0].render(scale=2).to_pil().convert("L")
        page = book[first].render(scale=2).to_pil().convert("L")
        left, top = round((14 + 100) * MM * 2), round(22 * MM * 2)
        # Folio and running head come with the booklet: look at the text between them.
        box = (20, 60, page.width - 20, page.height - 80)
        same = page.crop(box)
        shown = whole.crop((left + box[0], top + box[1], left + box[2], top + box[3]))
        assert same.getextrema()[0] < 150, "there is text"
        small = [one.resize((one.width // 8, one.height // 8), Image.Resampling.BOX) for one in (same, shown)]
        apart = [abs(a - b) for a, b in zip(*(list(one.get_flattened_data()) for one in small), strict=True)]
        assert sum(apart) / len(apart) < 4


def test_links_to_the_web_work_on_the_proof(proofed: Path) -> None:
    with pikepdf.open(sheet(proofed, "aajt")) as pdf:
        annotations = [*pdf.pages[0].Annots]
        links = {str(one.A.URI): one for one in annotations if one.Subtype == "/Link"}
    assert not any(address.startswith("livret") for address in links)
    left, bottom, right, top = map(float, links["mailto:direction@aajt.example.org"].Rect)
    with pypdfium2.PdfDocument(sheet(proofed, "aajt")) as document:
        under = document[0].get_textpage().get_text_bounded(left, bottom, right, top)
    assert "".join(under.split()) == "direction@aajt.example.org"


def test_a_proof_is_accessible(proofed: Path) -> None:
    files = [sheet(proofed, name) for name in ("aajt", "foreword")]
    verapdf.assert_compliant(files)
    done = livret_here("preflight", *files, "--profile", "pdfua")
    assert done.code == 0
    assert "error" not in done.err
    assert "warning" not in done.err


def test_the_same_card_gives_the_same_bytes(project: Path) -> None:
    before = sheet(project, "kodiko").read_bytes()
    livret_here("-C", project, "proof", "kodiko", "--by", "2027-05-04", "--date", "2027-04-01")
    assert sheet(project, "kodiko").read_bytes() == before


def test_a_proof_of_one_card_typesets_no_other(project: Path, tmp_path: Path) -> None:
    done = livret_here("-C", project, "-o", tmp_path / "out", "proof", "kodiko")
    assert done.code == 0, done.err
    assert len(list((tmp_path / "out" / ".store" / "fragments").rglob("*.pdf"))) == 2, "the card and its slip"


def test_a_proof_prints_the_folios_of_its_edition(proofed: Path) -> None:
    assert re.search(r"Kodiko \(p\. \d+\)", slip_text(proofed, "aajt"))


# --- the slip ---


@pytest.mark.parametrize(
    "said",
    [
        "Épreuve",
        "Coup de Pouce",
        "Association d’aide aux jeunes travailleurs",
        "Édition Le forum",
        "Date 1er avril 2027",
        "Version 1",
        "Bon à tirer",
        "Bon après corrections",
        "Corrections et remarques",
        "Nom",
        "Signature",
        "Réponse attendue le 4 mai 2027 au plus tard",
        "Retour à : contact@diair.example.org",
        "Le titre, le nom et le sigle",
        "Le logo",
        "Les contacts",
        "Les images",
        "Rien à signaler",
    ],
)
def test_the_slip_says_what_its_reader_needs(proofed: Path, said: str) -> None:
    assert said.casefold() in slip_text(proofed, "aajt").casefold()


def test_the_slip_of_a_partner_asks_to_check_only_what_there_is(proofed: Path) -> None:
    text = slip_text(proofed, "partner-diair")
    assert "Le titre, le nom et le sigle" in text
    assert "Les contacts" not in text
    assert "Les images" not in text


def test_the_digest_on_the_slip_is_that_of_the_status(proofed: Path) -> None:
    told = livret_here("-C", proofed, "status", "kodiko", "--format", "json").told
    digest = told["parts"][0]["digest"]
    assert f"Empreinte {digest[:8]}" in slip_text(proofed, "kodiko")
