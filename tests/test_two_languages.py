"""Booklets in two languages, page by page: the two facing each other, or the one following the other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from conftest import CatalogueFolder
from press import TOP, livret_here

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
    """The folder of the editions, built once: `facing`, `following`, `pocket` and `pocket-following`."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("two-languages"))
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("catalogue.en.yaml", ENGLISH_CATALOGUE)
    folder.write("initiatives/cuisine.yaml", CARD)
    folder.write("initiatives/cuisine.en.yaml", ENGLISH_CARD)
    for name in ("common", "forum", "pocket"):
        shutil.copytree(TOP / "layouts" / name, folder.root / "layouts" / name)
    for name, edition in (("forum", "following"), ("pocket", "pocket-following")):
        copy = folder.root / "layouts" / f"{name}-following"
        shutil.copytree(TOP / "layouts" / name, copy)
        told = re.sub("(?m)^second_language:.*\n", "", (copy / "layout.yaml").read_text(encoding="utf-8"))
        told = told.replace(f"name: {name}", f"name: {name}-following")
        (copy / "layout.yaml").write_text(f"{told}second_language: following\n", encoding="utf-8")
        folder.write(f"editions/{edition}.yaml", f"languages: [fr, en]\nlayout: {name}-following\n")
    folder.write("editions/facing.yaml", "languages: [fr, en]\n")
    folder.write("editions/pocket.yaml", "languages: [fr, en]\nlayout: pocket\n")
    done = livret_here("-C", folder.root, "build", "facing", "following", "pocket", "pocket-following")
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
