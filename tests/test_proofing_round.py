"""The whole round of proofs as docs/proofing.md tells it, on three cards, from the first proof to the press file.

What the commands print is what the guide shows, in English and in French.
"""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from conftest import FILES, CatalogueFolder
from press import TOP, Done, change, livret_here, plain_layout

THIRD = """\
pilot:
  name: La Maison ouverte
  about: |
    Une maison pour tous.
contacts:
  - organisation: La Maison ouverte
    email: bonjour@maison.example.org
title: Table ronde
themes: [logement]
scope: national
"""
# The proofs go out on 5 April 2019; all that follows is done on the 10th.
SENT, TODAY = {"SOURCE_DATE_EPOCH": "1554458400"}, {"SOURCE_DATE_EPOCH": "1554890400"}
REMARK = "Le second numéro est celui de l'accueil : 04 65 71 20 30."
GUIDES = {"en": TOP / "docs" / "proofing.md", "fr": TOP / "docs" / "proofing.fr.md"}
CARDS = ("aajt", "kodiko", "maison")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project of three cards that needs a sign-off for each."""
    folder = CatalogueFolder(tmp_path / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    folder.write("initiatives/maison.yaml", THIRD)
    plain_layout(folder)
    more = "partners: []\nsections: [cover, contents, initiatives, back-cover]\nsign_off: required\n"
    catalogue = folder.path("catalogue.yaml")
    text = catalogue.read_text(encoding="utf-8").replace("partners: [diair]\n", "")
    catalogue.write_text(text + more, encoding="utf-8")
    folder.remove("partners/diair.yaml")
    folder.change("initiatives/aajt.yaml", '["01 99 00 12 34"]', '["04 65 71 20 14", "04 65 71 20 36"]')
    return folder.root


def run(root: Path, *arguments: str | Path) -> Done:
    return livret_here(*arguments, cwd=root, more=TODAY)


def told(root: Path, *arguments: str | Path) -> str:
    """What a command prints in English and in French. It must change nothing."""
    both = (run(root, *arguments, "--lang", language) for language in GUIDES)
    return "".join(done.out + done.err for done in both)


def samples() -> list[str]:
    """The lines of output that the guides show; a command begins with its name."""
    lines = [line for guide in GUIDES.values() for line in guide.read_text(encoding="utf-8").splitlines()]
    shown = [line.strip() for line in lines if line.startswith("    ")]
    return [line for line in shown if line and not line.startswith(("livret ", "catalogue/approvals.yaml merge"))]


def standing(root: Path) -> dict[str, tuple[str, int]]:
    told = json.loads(run(root, "status", "--format", "json").out)
    return {part["part"].split("/")[1]: (part["state"], part["version"]) for part in told["parts"]}


def fill_in(root: Path, card: str, state: str, name: str, remarks: str = "", struck: str = "") -> Path:
    """What the holder of a card does with her proof: she ticks a box, writes, saves, and sends it back."""
    sheet, returned = root / "output" / "proofs" / f"{card}.pdf", Path("returned", f"{card}.pdf")
    (root / "returned").mkdir(exist_ok=True)
    with pikepdf.open(sheet) as pdf:
        values = {"name": name, "date": "8 avril 2019", "remarks": remarks}
        for field in pdf.Root.AcroForm.Fields[0].Kids:
            field_name = str(field.T)
            if field_name == "state":
                field.V = Name(f"/{state}")
            elif values.get(field_name):
                field.V = String(values[field_name])
        if struck:
            with pypdfium2.PdfDocument(sheet) as document:
                page = document[0].get_textpage()
                start, count = page.search(struck).get_next() or (0, 1)
                boxes = [page.get_charbox(index, loose=True) for index in range(start, start + count)]
            left, low = min(box[0] for box in boxes), min(box[1] for box in boxes)
            right, high = max(box[2] for box in boxes), max(box[3] for box in boxes)
            corners = Array([left, high, right, high, left, low, right, low])
            rectangle = Array([left, low, right, high])
            mark = Dictionary(Type=Name.Annot, Subtype=Name.StrikeOut, Rect=rectangle, QuadPoints=corners)
            pdf.pages[0].Annots.append(pdf.make_indirect(mark))
        pdf.save(root / returned)
    return returned


def test_three_cards_go_from_their_first_proof_to_the_press(root: Path) -> None:
    # The proofs go out, and the register knows it.
    printed = ""
    sent = livret_here("proof", "--all", "--by", "2019-04-12", "--mail-merge", cwd=root, more=SENT)
    assert sent.code == 0, sent.err
    assert standing(root) == dict.fromkeys(CARDS, ("sent", 1))

    # One card is approved by its form, one by telephone, and for one a correction is asked for.
    returned = (
        fill_in(root, "aajt", "corrections", "Jeanne Martin", REMARK, "04 65 71 20 36"),
        fill_in(root, "kodiko", "approved", "Luc Petit"),
    )
    printed += told(root, "answers", *returned)
    answers = run(root, "answers", *returned, "--yes")
    assert answers.code == 0, answers.err
    assert run(root, "approve", "maison", "--by", "Luc Petit", "--on", "2019-04-09").code == 0
    printed += told(root, "status")
    assert standing(root) == {"aajt": ("corrections", 1), "kodiko": ("approved", 1), "maison": ("approved", 1)}

    # The gate stops the press build, and says which card and why.
    stopped = run(root, "build", "--for", "press")
    assert stopped.code == 1
    assert "corrections were asked for by Jeanne Martin on 2019-04-08: Le second numéro est celui" in stopped.err
    assert not (root / "output" / "full" / "full-press.pdf").exists()

    # The correction is made, and a new proof of what changed goes out; an answer on the old one is refused.
    old = fill_in(root, "aajt", "approved", "Jeanne Martin")
    change(root / "catalogue" / "initiatives" / "aajt.yaml", "04 65 71 20 36", "04 65 71 20 30")
    again = run(root, "proof", "--changed", "--sent", "--format", "json")
    assert [one["part"] for one in again.told["proofs"]] == ["initiatives/aajt"]
    assert standing(root)["aajt"] == ("sent", 2)
    printed += told(root, "answers", old)
    refused = run(root, "answers", old, "--yes")
    assert (refused.code, "version 1 of initiatives/aajt; since then changed: contacts" in refused.err) == (1, True)
    assert run(root, "answers", fill_in(root, "aajt", "approved", "Jeanne Martin"), "--yes").code == 0
    assert {state for state, _ in standing(root).values()} == {"approved"}

    # A later edit reopens a card: the gate stops again, and lets through what is allowed with a reason.
    change(root / "catalogue" / "initiatives" / "maison.yaml", "Table ronde", "Tables rondes")
    assert standing(root)["maison"] == ("changed", 2)
    printed += told(root, "build", "--for", "press")
    stopped = run(root, "build", "--for", "press")
    assert (stopped.code, "this part changed after Luc Petit approved it: title" in stopped.err) == (1, True)
    because = ("--allow", "changed-since-approval", "--because", "Luc Petit said so by telephone")
    allowed = run(root, "build", "--for", "press", "--no-preflight", *because)
    assert allowed.code == 0, allowed.err
    report = json.loads((root / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    assert any("Luc Petit said so by telephone" in json.dumps(one) for one in report["findings"])

    # With everything approved as it is, the press file is built; neither it nor the book has a form.
    assert run(root, "approve", "maison", "--by", "Luc Petit", "--on", "2019-04-10").code == 0
    built = run(root, "build", "--for", "both", "--no-preflight")
    assert built.code == 0, built.err
    for name in ("full-screen.pdf", "full-press.pdf"):
        with pikepdf.open(root / "output" / "full" / name) as pdf:
            assert "/AcroForm" not in pdf.Root
            kinds = {str(one.get("/Subtype")) for page in pdf.pages for one in page.get("/Annots", ())}
            assert "/Widget" not in kinds

    # The guide shows what was printed; three dots at the end of a line stand for more.
    lines = {" ".join(line.split()) for line in printed.splitlines()}
    for sample in samples():
        words = " ".join(sample.split())
        begin = words.removesuffix(" ...")
        is_printed = words in lines or (begin != words and any(line.startswith(begin) for line in lines))
        is_question = words.endswith(":") and words.startswith(("Enter 2 answers", "Inscrire 2 réponses"))
        assert is_printed or is_question, f"{sample} is not what is printed:\n{printed}"
