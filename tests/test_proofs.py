"""Proofs: a sheet with the pages as they are bound, a slip that asks for an answer, and form fields for it."""

from __future__ import annotations

import email
import email.policy
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from conftest import FILES, CatalogueFolder
from livret import pipeline
from livret.control import preflight
from livret.findings import Report, Severity
from livret.project import Project
from press import change, livret_here, plain_layout
from verapdf import assert_compliant

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


def test_the_pages_stand_side_by_side_and_look_as_in_the_booklet_with_folio_and_running_head(proofed: Path) -> None:
    first, _ = folios(proofed, "card-kodiko")
    with (
        pypdfium2.PdfDocument(sheet(proofed, "kodiko")) as proof,
        pypdfium2.PdfDocument(proofed / "output" / "full" / "full-screen.pdf") as book,
    ):
        whole = proof[0].render(scale=2).to_pil().convert("L")
        for number, page in enumerate(
            book[index].render(scale=2).to_pil().convert("L") for index in (first - 1, first)
        ):
            left, top = round((14 + 100 * number) * MM * 2), round(22 * MM * 2)
            # A frame is drawn around the page.
            box = (6, 6, page.width - 6, page.height - 6)
            same = page.crop(box)
            shown = whole.crop((left + box[0], top + box[1], left + box[2], top + box[3]))
            assert same.getextrema()[0] < 150, "there is text"
            small = [one.resize((one.width // 8, one.height // 8), Image.Resampling.BOX) for one in (same, shown)]
            apart = [abs(a - b) for a, b in zip(*(list(one.get_flattened_data()) for one in small), strict=True)]
            assert sum(apart) / len(apart) < 4
            assert max(apart) < 60, "no square of three points looks different"


def folios(root: Path, anchor: str) -> list[int]:
    report = json.loads((root / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    found = next(part["folios"] for part in report["parts"] if part["anchor"] == anchor)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(("name", "anchor"), [("aajt", "card-aajt"), ("kodiko", "card-kodiko")])
def test_the_folios_of_the_last_build_stand_on_the_pages_and_on_the_slip(proofed: Path, name: str, anchor: str) -> None:
    first, last = folios(proofed, anchor)
    assert f"Pages {first}–{last}, à ce jour" in slip_text(proofed, name)
    with pypdfium2.PdfDocument(sheet(proofed, name)) as document:
        text = document[0].get_textpage()
        for page, folio in enumerate((first, last)):
            left = (14 + 100 * page) * MM
            foot = text.get_text_bounded(left, (297 - 22 - 150) * MM, left + 100 * MM, (297 - 22 - 130) * MM)
            assert str(folio) in foot.split()


def test_what_has_one_page_stands_on_its_own_side(proofed: Path) -> None:
    first, last = folios(proofed, "partner-diair")
    assert first == last
    assert f"Pages {first}, à ce jour" in slip_text(proofed, "partner-diair")
    with pikepdf.open(sheet(proofed, "partner-diair")) as pdf:
        drawn = b"".join(stream.read_bytes() for stream in list(pdf.pages[0].Contents))
    placed = re.search(rb"q 1 0 0 1 (\S+) \S+ cm /Page0 Do", drawn)
    assert placed
    assert float(placed[1]) == pytest.approx((14 + 100 * (first % 2)) * MM, abs=0.1)


def test_as_long_as_folios_are_not_known_the_slip_says_so_and_the_rest_of_the_furniture_is_there(
    project: Path,
) -> None:
    shutil.rmtree(project / "output")
    done = livret_here("-C", project, "proof", "kodiko", "--by", "2027-05-04", "--date", "2027-04-01")
    assert done.code == 0, done.err
    made = list((project / "output" / ".store" / "fragments").rglob("*.pdf"))
    assert len(made) == 3, "the card, its slip and its furniture; no other part"
    assert "Pages pas encore connues" in slip_text(project, "kodiko")
    with pikepdf.open(sheet(project, "kodiko")) as pdf:
        assert {"/Over0", "/Over1"} <= set(pdf.pages[0].Resources.XObject.keys())
    assert slip_text(project, "kodiko").count("emploi 1") == 2, "the running head of each page"
    with pypdfium2.PdfDocument(sheet(project, "kodiko")) as document:
        foot = (297 - 22 - 150) * MM
        assert not document[0].get_textpage().get_text_bounded(14 * MM, foot, 214 * MM, foot + 12 * MM).strip()


def test_a_card_behind_one_that_no_build_has_seen_has_no_folio_yet(project: Path) -> None:
    cards = project / "catalogue" / "initiatives"
    text = (cards / "kodiko.yaml").read_text(encoding="utf-8")
    (cards / "zorro.yaml").write_text(text.replace("Kodiko", "Zorro"), encoding="utf-8")
    (cards / "babel.yaml").write_text(text.replace("Kodiko", "Babel"), encoding="utf-8")
    done = livret_here("-C", project, "proof", "kodiko", "zorro")
    assert done.code == 0, done.err
    assert [slip_text(project, name).count("pas encore connues") for name in ("kodiko", "zorro")] == [1, 1]
    assert livret_here("-C", project, "proof", "babel", "kodiko").code == 0
    first, last = folios(project, "card-kodiko")
    assert f"Pages {first + 2}–{last + 2}, à ce jour" in slip_text(project, "kodiko")


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
    assert [
        finding for file in files for finding in preflight.check(file) if finding.severity is not Severity.NOTE
    ] == []
    assert_compliant(files)


def test_the_same_card_gives_the_same_bytes(project: Path) -> None:
    before = sheet(project, "kodiko").read_bytes()
    livret_here("-C", project, "proof", "kodiko", "--by", "2027-05-04", "--date", "2027-04-01")
    assert sheet(project, "kodiko").read_bytes() == before


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


# --- which parts ---


def chosen(root: Path, **given: Any) -> list[str]:
    fields = dict(given)
    project, report = Project.at(root), Report()
    catalogue = pipeline.read(project, report)
    if "territories" in fields:
        fields["territories"] = tuple(catalogue.geography.find(code) for code in fields["territories"])
    sign_offs = pipeline.SignOffs(project, catalogue, "full", report)
    return [one.path for one in sign_offs.chosen(pipeline.Selection(**fields))]


@pytest.mark.parametrize(
    ("fields", "parts"),
    [
        ({}, ["foreword", "partners/diair", "initiatives/aajt", "initiatives/kodiko"]),
        ({"themes": ("logement",)}, ["initiatives/aajt"]),
        ({"themes": ("logement", "emploi")}, ["initiatives/aajt", "initiatives/kodiko"]),
        ({"territories": ("FR-PAC",)}, ["initiatives/aajt"]),
        ({"territories": ("FR-13",)}, ["initiatives/aajt"]),
        ({"territories": ("FR-06",)}, []),
        ({"pilots": ("kodiko",)}, ["initiatives/kodiko"]),
        ({"partners": ("diair",)}, ["partners/diair"]),
        ({"themes": ("emploi",), "names": ("initiatives/kodiko",)}, ["initiatives/kodiko"]),
    ],
)
def test_parts_are_chosen_by_what_they_are(proofed: Path, fields: dict[str, Any], parts: list[str]) -> None:
    assert chosen(proofed, **fields) == parts


@pytest.fixture(scope="module")
def approved(proofed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in which one card is approved, with an edition of the other."""
    root = Path(shutil.copytree(proofed, tmp_path_factory.mktemp("approved") / "project"))
    (root / "catalogue" / "editions").mkdir()
    (root / "catalogue" / "editions" / "one.yaml").write_text("title: Une\npartners: []\nexclude: [aajt]\n")
    assert livret_here("-C", root, "approve", "aajt", "--by", "Luc", "--on", "2026-05-01").code == 0
    return root


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--theme", "logement"], ["aajt"]),
        (["--territory", "FR-13"], ["aajt"]),
        (["--pilot", "KODIKO"], ["kodiko"]),
        (["--pilot", "Aide aux JEUNES"], ["aajt"]),
        (["--partner", "délégation"], ["partner-diair"]),
        (["--partner", "diair"], ["partner-diair"]),
        (["--unsigned"], ["foreword", "partner-diair", "kodiko"]),
        (["--all", "--edition", "one"], ["foreword", "kodiko"]),
    ],
)
def test_the_parts_that_options_choose_are_proofed(approved: Path, options: list[str], names: list[str]) -> None:
    done = livret_here("-C", approved, "proof", *options, "--by", "4 mai 2027", "--date", "2027-04-01")
    assert done.code == 0, done.err
    assert [Path(line).stem for line in done.out.split()] == names


def test_parts_are_chosen_by_where_they_stand(project: Path) -> None:
    livret_here("-C", project, "approve", "aajt", "kodiko", "--by", "Luc", "--on", "2026-05-01")
    assert chosen(project, unsigned=True) == ["foreword", "partners/diair"]
    assert chosen(project, changed=True) == []
    change(project / "catalogue" / "initiatives" / "kodiko.yaml", "salariés et réfugiés", "réfugiés et salariés")
    assert chosen(project, changed=True) == ["initiatives/kodiko"]
    assert "initiatives/kodiko" in chosen(project, unsigned=True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("ajat",), 'did you mean "aajt"?'),
        (("--theme", "logment"), 'did you mean "logement"?'),
        (("--territory", "Provense-Alpes-Côte d'Azur"), 'did you mean "FR-PAC"'),
        (("--pilot", "kodik"), 'no organisation "kodik"; did you mean "kodiko"?'),
        (("--pilot", "aill"), 'no organisation "aill"; there are: Association'),
        (("--partner", "dir"), 'no organisation "dir"'),
        ((), "name a card"),
        (("aajt", "--by", "demain"), "demain"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_meant(proofed: Path, arguments: tuple[str, ...], told: str) -> None:
    done = livret_here("-C", proofed, "proof", *arguments)
    assert done.code == 2
    assert told in done.err


def test_a_choice_that_no_part_meets_is_no_error(proofed: Path) -> None:
    done = livret_here("-C", proofed, "proof", "--territory", "FR-06")
    assert (done.code, "nothing to proof" in done.out) == (0, True)


def test_words_that_several_organisations_have_choose_all_of_them_and_are_told(project: Path) -> None:
    card = project / "catalogue" / "initiatives" / "kodiko.yaml"
    for number, name in enumerate(("Maison des jeunes", "Jeunes et vélo", "Rajeunissement")):
        text = card.read_text(encoding="utf-8").replace("name: Kodiko", f"name: {name}")
        (card.parent / f"card-{number}.yaml").write_text(text, encoding="utf-8")
    done = livret_here("-C", project, "proof", "--pilot", "jeunes", "--changed")
    assert done.code == 0, done.err
    several = "Jeunes et vélo, Maison des jeunes and Association d'aide aux jeunes travailleurs"
    assert all(name in done.out.splitlines()[0] for name in re.split(", | and ", several))
    assert "Rajeunissement" not in done.out
    assert "--pilot" not in livret_here("-C", project, "proof", "--pilot", "maison des JEUNES", "--changed").out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--by", "2026-01-05"), "--by 2026-01-05 is past"),
        (("--by", "2028-01-05"), "--by 2028-01-05 is more than a year away"),
        (("--by", "2026-06-05", "--date", "2026-07-01"), "--by 2026-06-05 is before 2026-07-01, the date on the slip"),
        (("--by", "2026-06-05"), ""),
    ],
)
def test_a_day_by_which_nobody_can_answer_is_told(project: Path, options: tuple[str, ...], told: str) -> None:
    # 1 June 2026
    done = livret_here("-C", project, "proof", "--changed", *options, more={"SOURCE_DATE_EPOCH": "1780300800"})
    assert done.code == 0
    assert told in done.err
    assert ("[answer-day]" in done.err) == bool(told)


# --- what goes out ---


def test_a_plain_look_writes_nothing_in_the_register(project: Path) -> None:
    assert livret_here("-C", project, "proof", "kodiko").code == 0
    assert not (project / "catalogue" / "approvals.yaml").exists()


def test_proofs_are_packed_for_each_organisation_with_names_for_people(project: Path) -> None:
    done = livret_here("-C", project, "proof", "aajt", "kodiko", "--zip")
    assert done.code == 0, done.err
    folder = project / "output" / "proofs" / "zip"
    inside = {path.name: zipfile.ZipFile(path).namelist() for path in sorted(folder.iterdir())}
    assert inside == {
        "AAJT.zip": ["AAJT, Coup de Pouce, épreuve 1.pdf"],
        "Kodiko.zip": ["Kodiko, épreuve 1.pdf"],
    }


def test_letters_are_drafts_with_the_proof_attached(project: Path) -> None:
    done = livret_here("-C", project, "proof", "aajt", "--by", "2027-05-04", "--mail-merge", "--date", "2027-04-01")
    assert done.code == 0, done.err
    folder = project / "output" / "proofs" / "letters"
    draft = email.message_from_bytes((folder / "AAJT.eml").read_bytes(), policy=email.policy.default)
    assert draft["To"] == "direction@aajt.example.org"
    assert draft["From"] == "contact@diair.example.org"
    assert draft["Subject"] == "Épreuve à relire : AAJT"
    assert draft["X-Unsent"] == "1"
    text = draft.get_body()
    assert text is not None
    assert "Votre réponse est attendue le 4 mai 2027 au plus tard." in text.get_content()
    (attached,) = draft.iter_attachments()
    assert attached.get_filename() == "AAJT, Coup de Pouce, épreuve 1.pdf"
    assert attached.get_content() == sheet(project, "aajt").read_bytes()
    head, row = (folder / "letters.csv").read_text(encoding="utf-8-sig").splitlines()
    assert dict(zip(head.split(";"), row.split(";"), strict=True))["to"] == "direction@aajt.example.org"


def test_letters_and_names_of_files_are_in_the_language_of_the_edition(project: Path) -> None:
    editions = project / "catalogue" / "editions"
    editions.mkdir(exist_ok=True)
    (editions / "ukrainian.yaml").write_text("language: uk\n", encoding="utf-8")
    done = livret_here("-C", project, "proof", "kodiko", "--edition", "ukrainian", "--mail-merge", "--not-sent")
    assert done.code == 0, done.err
    (path,) = (project / "output" / "proofs" / "letters").glob("*.eml")
    draft = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert draft["Subject"] == "Коректурний відбиток на перевірку: Kodiko"
    (attached,) = draft.iter_attachments()
    assert attached.get_filename() == "Kodiko, коректурний відбиток 1.pdf"


def test_an_address_with_accents_is_one_that_mail_programs_read(project: Path) -> None:
    card = project / "catalogue" / "initiatives" / "kodiko.yaml"
    for typed, read in (("zoé@vélo.example.org", "zoé@xn--vlo-bma.example.org"), ("a@vélo.fr", "a@xn--vlo-bma.fr")):
        text = re.sub(r"email: .*", f"email: {typed}", card.read_text(encoding="utf-8"))
        card.write_text(text, encoding="utf-8")
        assert livret_here("-C", project, "proof", "kodiko", "--mail-merge", "--not-sent").code == 0
        (path,) = (project / "output" / "proofs" / "letters").glob("*.eml")
        draft = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert str(draft["To"]) == read
        assert read.isascii() == (not draft["To"].defects), (
            "the parser of Python tells of names with accents, and reads them"
        )
        assert draft["Subject"].startswith("Épreuve")


def test_two_pilots_with_one_address_are_each_written_to_by_name(project: Path) -> None:
    cards = project / "catalogue" / "initiatives"
    for card, address, name in (("aajt", "direction@aajt", "Anne"), ("kodiko", "bonjour@kodiko", "Luc")):
        change(cards / f"{card}.yaml", f"{address}.example.org", f"mairie@example.org\n    name: {name}")
    done = livret_here("-C", project, "proof", "aajt", "kodiko", "--mail-merge", "--not-sent")
    assert done.code == 0, done.err
    table = (project / "output" / "proofs" / "letters" / "letters.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [row.split(";")[:3] for row in table[1:]] == [
        ["mairie@example.org", "Anne", "AAJT"],
        ["mairie@example.org", "Luc", "Kodiko"],
    ]


def test_a_project_may_write_its_own_letter(project: Path) -> None:
    letter = project / "layouts" / "proof" / "letter.fr.txt"
    letter.parent.mkdir(parents=True)
    letter.write_text("Objet : $cards\nMadame, Monsieur $name,\nUn mot pour $pilot.\n", encoding="utf-8")
    assert livret_here("-C", project, "proof", "kodiko", "--mail-merge", "--not-sent").code == 0
    draft = (project / "output" / "proofs" / "letters" / "Kodiko.eml").read_text(encoding="utf-8")
    assert "Subject: Kodiko" in draft
    assert "Un mot pour Kodiko." in draft
    assert "Monsieur" not in draft, "a line whose value is empty is left out"
    letter.write_text("Objet : $card\n", encoding="utf-8")
    done = livret_here("-C", project, "proof", "kodiko", "--mail-merge", "--not-sent")
    assert (done.code, "letter.fr.txt names $card" in done.err) == (1, True)


def test_a_part_without_an_address_has_a_draft_without_a_recipient(project: Path) -> None:
    done = livret_here("-C", project, "proof", "partners/diair", "--mail-merge")
    assert "no-recipient" in done.err
    assert "To:" not in (project / "output" / "proofs" / "letters" / "Diair.eml").read_text(encoding="utf-8")


def test_names_of_files_come_out_of_no_folder(project: Path) -> None:
    change(project / "catalogue" / "initiatives" / "kodiko.yaml", "  name: Kodiko\n", '  name: "../../CON: <b>"\n')
    done = livret_here("-C", project, "proof", "kodiko", "--zip", "--mail-merge", "--not-sent")
    assert done.code == 0, done.err
    written = sorted(
        path.name for path in (project / "output" / "proofs").rglob("*") if path.suffix in (".zip", ".eml")
    )
    assert written == ["CON b.eml", "CON b.zip"]


def standing(root: Path) -> dict[str, str]:
    told = livret_here("-C", root, "status", "--format", "json").told
    return {part["part"]: part["state"] for part in told["parts"]}


def test_what_was_sent_is_entered_and_what_is_approved_stays_so(project: Path) -> None:
    livret_here("-C", project, "approve", "kodiko", "--by", "Luc", "--on", "2026-05-01")
    assert livret_here("-C", project, "proof", "aajt", "kodiko", "--sent").code == 0
    assert {name: standing(project)[f"initiatives/{name}"] for name in ("aajt", "kodiko")} == {
        "aajt": "sent", "kodiko": "approved",
    }  # fmt: skip


def test_a_card_sent_again_without_its_corrections_is_told(project: Path) -> None:
    livret_here("-C", project, "correct", "kodiko", "--by", "Luc", "--note", "Le nom", "--on", "2026-05-01")
    assert "uncorrected-part" in livret_here("-C", project, "proof", "kodiko").err


def test_the_whole_book_is_proofed_with_its_folios_and_no_form(project: Path) -> None:
    done = livret_here("-C", project, "proof", "--book")
    assert done.code == 0, done.err
    path = project / "output" / "proofs" / "full-book.pdf"
    with (
        pikepdf.open(path) as proof,
        pikepdf.open(project / "output" / "full" / "full-screen.pdf") as book,
        pypdfium2.PdfDocument(path) as document,
    ):
        assert "/AcroForm" not in proof.Root
        pages = [name for page in proof.pages for name in page.Resources.XObject.keys() if name.startswith("/Page")]  # noqa: SIM118
        assert len(pages) == len(book.pages)
        text = " ".join(document[index].get_textpage().get_text_bounded() for index in range(len(document)))
    assert "Imprimez cette feuille" in " ".join(text.split())
    assert text.index("Coup de Pouce") < text.rindex("Kodiko")


# --- broken cards ---


def broken(root: Path, name: str, old: str, new: str) -> None:
    change(root / "catalogue" / "initiatives" / f"{name}.yaml", old, new)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("images/atelier.svg", "images/none.svg", "missing-picture"),
        ("themes: [emploi, logement]", "themes: [emploi, loisirs]", "unknown-theme"),
        ("title: Coup de Pouce", "titel: Coup de Pouce", "unknown-field"),
    ],
)
def test_a_broken_card_is_proofed_with_what_is_wrong_with_it(project: Path, old: str, new: str, rule: str) -> None:
    broken(project, "aajt", old, new)
    sheet(project, "aajt").unlink()
    done = livret_here("-C", project, "proof", "aajt")
    assert done.code == 1
    assert f"[{rule}]" in done.err
    assert "Erreur" in slip_text(project, "aajt")
    assert "Une aide ponctuelle" in slip_text(project, "aajt")


def test_a_card_that_cannot_be_set_is_told_and_the_others_are_proofed(project: Path) -> None:
    broken(project, "aajt", "pilot:\n  name: Association d'aide aux jeunes travailleurs\n", "pilot:\n")
    for name in ("aajt", "kodiko"):
        sheet(project, name).unlink()
    done = livret_here("-C", project, "proof", "aajt", "kodiko")
    assert (done.code, "[missing-field]" in done.err) == (1, True)
    assert done.out.startswith("aajt: no proof, because of the errors in its file\n")
    assert [sheet(project, name).exists() for name in ("aajt", "kodiko")] == [False, True]


def test_a_picture_that_is_missing_is_told_once_with_its_line(project: Path) -> None:
    card = project / "catalogue" / "initiatives" / "kodiko.yaml"
    card.write_text(
        card.read_text(encoding="utf-8") + "images: [{file: images/none.jpg, caption: Ici}]\n", encoding="utf-8"
    )
    done = livret_here("-C", project, "proof", "kodiko")
    (line,) = [line for line in done.err.splitlines() if "[missing-picture]" in line]
    assert re.fullmatch(r'.*kodiko\.yaml:\d+: error: the picture "images/none\.jpg" does not exist .*', line)
    assert slip_text(project, "kodiko").count("none.jpg") == 1


def test_what_is_wrong_with_another_card_does_not_matter(project: Path) -> None:
    broken(project, "aajt", "title: Coup de Pouce", "titel: Coup de Pouce")
    done = livret_here("-C", project, "proof", "kodiko")
    assert (done.code, done.err) == (0, "")


def test_warnings_about_other_files_are_only_counted(project: Path) -> None:
    name = project / "catalogue" / "catalogue.yaml"
    name.write_text(name.read_text(encoding="utf-8") + "edition: #7\n", encoding="utf-8")
    foreword = project / "catalogue" / "foreword.yaml"
    foreword.write_text("title: Bienvenue #7\nbody: Une journée.\n", encoding="utf-8")
    card = project / "catalogue" / "initiatives" / "kodiko.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "website: #7\n", encoding="utf-8")
    assert livret_here("-C", project, "proof", "aajt").err == "1 warning elsewhere: livret check\n"
    told = livret_here("-C", project, "proof", "kodiko").err
    assert told.startswith("catalogue/initiatives/kodiko.yaml:")
    assert told.endswith("\n1 warning\n1 warning elsewhere: livret check\n")
    assert "catalogue/catalogue.yaml" in livret_here("-C", project, "proof", "--all").err


def test_what_is_wrong_with_another_edition_does_not_matter(project: Path) -> None:
    edition = project / "catalogue" / "editions" / "small.yaml"
    edition.parent.mkdir(exist_ok=True)
    edition.write_text("title: Small\nexclude: [gone]\n", encoding="utf-8")
    done = livret_here("-C", project, "proof", "kodiko")
    assert (done.code, done.err) == (0, "")
    done = livret_here("-C", project, "proof", "kodiko", "--edition", "small")
    assert (done.code, "[unknown-initiative]" in done.err) == (1, True)


def test_a_title_with_quotation_marks_is_quoted_in_a_letter_with_inner_ones_in_it(project: Path) -> None:
    catalogue = project / "catalogue" / "catalogue.yaml"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(text.replace("title: Le forum", "title: Le forum « initiatives »", 1), encoding="utf-8")
    assert livret_here("-C", project, "proof", "kodiko", "--mail-merge", "--not-sent").code == 0
    content = (project / "output" / "proofs" / "letters" / "Kodiko.eml").read_bytes()
    body = email.message_from_bytes(content, policy=email.policy.default).get_body()
    assert body is not None
    assert "« Le forum “initiatives” »" in body.get_content()
