"""The whole round of proofs as an officer does it on three cards, from the first proof to the press file."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Name, String

from conftest import FILES, CatalogueFolder
from press import Done, change, livret_here, plain_layout

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
# The day of the round: 5 May 2026.
TODAY = {"SOURCE_DATE_EPOCH": "1777939200"}
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
    return folder.root


def run(root: Path, *arguments: str | Path) -> Done:
    return livret_here("-C", root, *arguments, more=TODAY)


def standing(root: Path) -> dict[str, tuple[str, int]]:
    told = json.loads(run(root, "status", "--format", "json").out)
    return {part["part"].split("/")[1]: (part["state"], part["version"]) for part in told["parts"]}


def fill_in(root: Path, card: str, state: str, remarks: str = "") -> Path:
    """What the holder of a card does with her proof: she ticks a box, writes, saves, and sends it back."""
    returned = root / f"{card}-returned.pdf"
    with pikepdf.open(root / "output" / "proofs" / f"{card}.pdf") as pdf:
        values = {"name": "Jeanne Martin", "date": "5 mai 2026", "remarks": remarks}
        for field in pdf.Root.AcroForm.Fields[0].Kids:
            name = str(field.T)
            if name == "state":
                field.V = Name(f"/{state}")
            elif values.get(name):
                field.V = String(values[name])
        pdf.save(returned)
    return returned


def test_three_cards_go_from_their_first_proof_to_the_press(root: Path) -> None:
    # The proofs go out, and the register knows it.
    sent = run(root, "proof", "--all", "--by", "2026-05-10", "--mail-merge")
    assert sent.code == 0, sent.err
    assert standing(root) == dict.fromkeys(CARDS, ("sent", 1))

    # One card is approved by its form, one by telephone, and for one a correction is asked for.
    answers = run(
        root, "answers", fill_in(root, "aajt", "corrections", "Le téléphone finit par 35"),
        fill_in(root, "kodiko", "approved"), "--yes",
    )  # fmt: skip
    assert answers.code == 0, answers.err
    assert run(root, "approve", "maison", "--by", "Luc Petit", "--on", "2026-05-05").code == 0
    assert standing(root) == {"aajt": ("corrections", 1), "kodiko": ("approved", 1), "maison": ("approved", 1)}

    # The gate stops the press build, and says which card and why.
    stopped = run(root, "build", "--for", "press")
    assert stopped.code == 1
    assert "corrections were asked for by Jeanne Martin on 2026-05-05: Le téléphone finit par 35" in stopped.err
    assert not (root / "output" / "full" / "full-press.pdf").exists()

    # The correction is made, and a new proof of what changed goes out; an answer on the old one is refused.
    old = fill_in(root, "aajt", "approved")
    change(root / "catalogue" / "initiatives" / "aajt.yaml", "01 99 00 12 34", "01 99 00 12 35")
    again = run(root, "proof", "--changed", "--sent", "--format", "json")
    assert [one["part"] for one in again.told["proofs"]] == ["initiatives/aajt"]
    assert standing(root)["aajt"] == ("sent", 2)
    refused = run(root, "answers", old, "--yes")
    assert (refused.code, "version 1 of initiatives/aajt; since then changed: contacts" in refused.err) == (1, True)
    assert run(root, "answers", fill_in(root, "aajt", "approved"), "--yes").code == 0
    assert {state for state, _ in standing(root).values()} == {"approved"}

    # A later edit reopens a card: the gate stops again, and lets through what is allowed with a reason.
    change(root / "catalogue" / "initiatives" / "maison.yaml", "Table ronde", "Tables rondes")
    assert standing(root)["maison"] == ("changed", 2)
    stopped = run(root, "build", "--for", "press")
    assert (stopped.code, "this part changed after Luc Petit approved it: title" in stopped.err) == (1, True)
    because = ("--allow", "changed-since-approval", "--because", "Luc Petit said so by telephone")
    allowed = run(root, "build", "--for", "press", "--no-preflight", *because)
    assert allowed.code == 0, allowed.err
    report = json.loads((root / "output" / "full" / "report.json").read_text(encoding="utf-8"))
    assert any("Luc Petit said so by telephone" in json.dumps(one) for one in report["findings"])

    # With everything approved as it is, the press file is built; neither it nor the book has a form.
    assert run(root, "approve", "maison", "--by", "Luc Petit", "--on", "2026-05-05").code == 0
    built = run(root, "build", "--for", "both", "--no-preflight")
    assert built.code == 0, built.err
    for name in ("full-screen.pdf", "full-press.pdf"):
        with pikepdf.open(root / "output" / "full" / name) as pdf:
            assert "/AcroForm" not in pdf.Root
            kinds = {str(one.get("/Subtype")) for page in pdf.pages for one in page.get("/Annots", ())}
            assert "/Widget" not in kinds
