"""Booklets in two languages, page by page: the two facing each other, or the one following the other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from conftest import CatalogueFolder
from press import TOP, livret_here
from reading import Reading
from serving import serve
from verapdf import assert_compliant

CATALOGUE = """\
title: Le forum des initiatives
place: Lyon
language: fr
demonstration: true
publisher: {name: Les Ponts}
legal: {printed: 2027-04, price: gratuit, deposit: 2027-05}
themes: [{id: logement, name: Logement}]
"""
ENGLISH_CATALOGUE = """\
title: The forum of initiatives
publisher: {name: The Bridges}
themes: [{id: logement, name: Housing}]
"""
CARD = """\
pilot: {name: La Cuisine, about: Une cuisine de quartier.}
contacts: [{email: cuisine@ponts.example.org}]
title: Cuisiner ensemble
description: On cuisine chaque samedi.
themes: [logement]
territories: [FR-69]
"""
ENGLISH_CARD = """\
pilot: {name: The Kitchen, about: A kitchen of the neighbourhood.}
title: Cooking together
description: People cook every Saturday.
"""
# The running heads of a card in each language: its organisation, its project.
FRENCH, ENGLISH = ("La Cuisine", "Cuisiner ensemble"), ("The Kitchen", "Cooking together")


@pytest.fixture(scope="module")
def booklets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the editions, built once: `facing` and `following`."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("two-languages"))
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("catalogue.en.yaml", ENGLISH_CATALOGUE)
    folder.write("initiatives/cuisine.yaml", CARD)
    folder.write("initiatives/cuisine.en.yaml", ENGLISH_CARD)
    for name in ("common", "forum"):
        shutil.copytree(TOP / "layouts" / name, folder.root / "layouts" / name)
    copy = folder.root / "layouts" / "forum-following"
    shutil.copytree(TOP / "layouts" / "forum", copy)
    told = (copy / "layout.yaml").read_text(encoding="utf-8").replace("name: forum", "name: forum-following")
    told = re.sub("(?m)^second_language: facing", "second_language: following", told)
    (copy / "layout.yaml").write_text(told, encoding="utf-8")
    folder.write("editions/following.yaml", "languages: [fr, en]\nlayout: forum-following\n")
    folder.write("editions/facing.yaml", "languages: [fr, en]\n")
    done = livret_here("-C", folder.root, "build", "facing", "following")
    assert done.code == 0, done.out + done.err
    return folder.root / "output"


def screen(booklets: Path, edition: str) -> Path:
    (path,) = (booklets / edition).glob("*-screen.pdf")
    return path


def feet(booklets: Path, edition: str) -> dict[str, str]:
    """The running head of each page that has one, by the folio before or behind it."""
    found = {}
    for page in PdfReader(screen(booklets, edition)).pages:
        last = page.extract_text().replace("\u00a0", " ").strip().split("\n")[-1].strip()
        if told := re.fullmatch(r"(\d+) (\D+)", last):
            found[told[1]] = told[2].strip()
    return found


def test_each_facing_page_has_the_running_head_of_its_language(booklets: Path) -> None:
    found = feet(booklets, "facing")
    assert list(found.values())[-6:] == [
        *("La Cuisine", "The Kitchen", "Cuisiner ensemble", "Cooking together"),
        *("Index", "Index"),
    ]


def test_each_following_spread_has_the_running_heads_of_its_language(booklets: Path) -> None:
    found = feet(booklets, "following")
    assert list(found.values())[-6:] == [
        *("La Cuisine", "Cuisiner ensemble", "The Kitchen", "Cooking together"),
        *("Index", "Index"),
    ]


@pytest.mark.parametrize("name", ["cuisine", "cuisine.en", "initiatives/cuisine", "cuisine+cuisine.en"])
def test_a_card_in_two_languages_is_approved_by_its_plain_name(booklets: Path, name: str) -> None:
    done = livret_here("-C", booklets.parent, "approve", name, "--edition", "facing", "--by", "Anne Exemple")
    assert done.code == 0, done.err
    register = booklets.parent / "catalogue" / "approvals.yaml"
    assert "initiatives/cuisine+cuisine.en" in register.read_text(encoding="utf-8")
    register.unlink()


def test_a_card_in_two_languages_is_corrected_and_proofed_by_its_plain_name(booklets: Path) -> None:
    words = ("--by", "Anne Exemple", "--note", "un mot manque")
    done = livret_here("-C", booklets.parent, "correct", "cuisine", "--edition", "facing", *words)
    assert done.code == 0, done.err
    done = livret_here("-C", booklets.parent, "proof", "cuisine", "--edition", "facing")
    assert done.code == 0, done.err
    assert len([*(booklets / "proofs").rglob("*cuisine*.pdf")]) == 1
    (booklets.parent / "catalogue" / "approvals.yaml").unlink()


def test_a_card_is_tagged_wholly_in_the_first_language_and_then_in_the_second(booklets: Path) -> None:
    reading = Reading(screen(booklets, "following"))
    (card,) = ([*reading.lines(part)] for part in reading.parts if any("Cuisiner" in one for one in reading.lines(part))
               and any("samedi" in one for one in reading.lines(part)))  # fmt: skip
    told = [line.strip() for line in card if re.search(r"Div|H3", line)]
    assert told == [
        *("Div [fr]", "H3 La Cuisine", "Div [fr]", "H3 Cuisiner ensemble"),
        *("Div [en]", "H3 The Kitchen", "Div [en]", "H3 Cooking together"),
    ]


def test_the_contents_in_each_language_lead_to_the_card(booklets: Path) -> None:
    path = screen(booklets, "following")
    reading = Reading(path)
    lines = [line.strip() for part in reading.parts for line in reading.lines(part)]
    french, english = (
        line for line in lines if line.startswith("Link") and ("Logement ->" in line or "Housing ->" in line)
    )
    assert french == "Link 10 La Cuisine Cuisiner ensemble Logement -> card-cuisine"
    assert english == "Link 12 The Kitchen Cooking together Housing -> card-cuisine.en"


def test_a_paragraph_in_the_proof_room_leads_to_the_file_of_its_language(booklets: Path) -> None:
    french, english = (f"catalogue/initiatives/cuisine{ending}.yaml" for ending in ("", ".en"))
    with serve(booklets.parent) as served:
        wall = served.until_settled("following", "forum-following")
        asked = {"edition": "following", "layout": "forum-following", "part": "card-cuisine"}
        places = served.json("/api/fields", **asked)["places"]
        written = served.json("/api/form", **{**asked, "file": english})["values"]
    assert wall["parts"]["card-cuisine"]["files"] == [
        {"file": french, "language": "fr"},
        {"file": english, "language": "en"},
    ]
    assert {(one["page"], one["file"]) for one in places if one["page"] < 2} == {(0, french), (1, french)}
    # An address that the translation does not repeat stands in the card.
    told = {one["path"][-1]: one["file"] for one in places if one["page"] > 1}
    assert (told["title"], told["email"]) == (english, french)
    assert {one["file"] for one in places if one["path"] == ["description"]} == {french, english}
    assert written["title"] == "Cooking together"


def test_a_booklet_whose_languages_follow_each_other_is_accessible(booklets: Path) -> None:
    assert_compliant([screen(booklets, "following")])
