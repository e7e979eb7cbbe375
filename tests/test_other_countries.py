"""Booklets of Belgium, of Switzerland and of the communes of a département: what stands on their pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from conftest import CatalogueFolder
from press import livret_here
from verapdf import assert_compliant

CATALOGUE = """\
title: Le sport pour tous
date: 2027-06-12/2027-06-14
place: {place}
language: fr
demonstration: true
layout: {layout}
publisher: {{name: Fédération d'essai}}
legal: {{country: {law}, printed: 2027-05, price: gratuit{legal}}}
themes: [{{id: sport, name: Sport}}, {{id: jeunes, name: Jeunes}}]
"""
CARD = """\
pilot:
  name: {name}
  about: |
    Depuis dix ans, l'association réunit des bénévoles du quartier et des personnes nouvellement arrivées autour
    d'activités régulières, gratuites et ouvertes à tous.
contacts: [{{name: A, email: a@example.org}}]
title: Ensemble
summary: Des séances chaque semaine, un accompagnement vers la licence et un tournoi annuel qui réunit tous les clubs.
description: Des séances chaque semaine.
themes: [sport]
scope: {scope}
territories: [{places}]
"""
COMMUNES = """\
national: Tout le département
territories:
  - {id: plaine, name: Plaine Commune, parent: FR-93}
  - {id: saint-denis, name: Saint-Denis, parent: plaine, tile: [0, 0]}
  - {id: aubervilliers, name: Aubervilliers, parent: plaine, tile: [1, 0]}
  - {id: pantin, name: Pantin, parent: FR-93, tile: [2, 1]}
"""
RESPONSIBLE = ", responsible: {name: Anne Exemple, address: 'rue de la Fiction 1, 4000 Exempleville'}"
# Each with the places and scopes of its five cards, and the region of its second edition.
CATALOGUES = {
    "belgium": (
        {"place": "Liège", "law": "BE", "legal": RESPONSIBLE, "layout": "forum"},
        [
            ("BE-WLG", "regional"),
            ("BE-BRU, BE-VBR", "regional"),
            ("", "national"),
            ("", "online"),
            ("LU", "international"),
        ],
        "BE-WAL",
    ),
    "switzerland": (
        {"place": "Lausanne", "law": "CH", "legal": "", "layout": "pocket"},
        [("CH-GE", "regional"), ("CH-VD, CH-VS", "regional"), ("", "national"), ("", "none"), ("CH-ZH", "regional")],
        "CH-VD",
    ),
    "communes": (
        {"place": "Saint-Denis", "law": "FR", "legal": ", deposit: 2027-06", "layout": "forum"},
        [("saint-denis", "regional"), ("pantin", "regional"), ("", "national"), ("", "online"), ("plaine", "regional")],
        "plaine",
    ),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of the editions of each catalogue."""
    found = {}
    for name, (words, cards, region) in CATALOGUES.items():
        folder = CatalogueFolder(tmp_path_factory.mktemp(name))
        folder.write("catalogue.yaml", CATALOGUE.format(**words))
        for letter, (places, scope) in zip("abcde", cards, strict=True):
            text = CARD.format(name=f"Club {letter.upper()}", places=places, scope=scope)
            folder.write(f"initiatives/{letter}.yaml", text)
        folder.write("editions/region.yaml", f"territories: [{region}]\nnational: false\n")
        if name == "communes":
            folder.write("territories.yaml", COMMUNES)
        done = livret_here("-C", folder.root, "build", "full", "region", "--for", "screen")
        assert done.code == 0, done.out + done.err
        found[name] = folder.root / "output"
    return found


def lines(path: Path) -> list[list[str]]:
    """The lines of each page, as they are seen."""
    with PdfDocument(path) as document:
        return [[line.strip() for line in page.get_textpage().get_text_range().split("\r\n")] for page in document]


def page_with(pages: list[list[str]], title: str) -> list[str]:
    return next(page for page in pages if title in page)


@pytest.mark.parametrize(("name", "cards"), [("belgium", ["a"]), ("switzerland", ["b"]), ("communes", ["a", "e"])])
def test_the_edition_of_a_region_has_its_cards(built: dict[str, Path], name: str, cards: list[str]) -> None:
    report = json.loads((built[name] / "region" / "report.json").read_text(encoding="utf-8"))
    assert [part["anchor"] for part in report["parts"] if part["anchor"].startswith("card-")] == [
        f"card-{id}" for id in cards
    ]


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_card_with_little_text_is_set_as_the_layout_draws_it(built: dict[str, Path], name: str) -> None:
    # Copyfitting would take its map away.
    report = json.loads((built[name] / "full" / "report.json").read_text(encoding="utf-8"))
    assert {part["fit"] for part in report["parts"]} <= {None, "fit-0"}


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("belgium", ["Bruxelles-Capitale", "Flandre", "Brabant flamand", "Luxembourg", "Wallonie", "Liège"]),
        ("switzerland", ["Genève", "Valais", "Vaud", "Zurich"]),
        ("communes", ["Plaine Commune", "Saint-Denis", "Seine-Saint-Denis", "Pantin"]),
    ],
)
def test_the_index_names_the_places_under_what_they_lie_in(built: dict[str, Path], name: str, index: list[str]) -> None:
    page = " ".join(page_with(lines(built[name] / "full" / "full-screen.pdf"), "Index"))
    places = page[page.index("Territoires") : page.index("nationales")]
    found = [place for place in index if place in places]
    assert found == index
    starts = [places.index(place) for place in index]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("belgium", ["Toute la Belgique", "En ligne", "International", "Éditeur responsable : Anne Exemple"]),
        ("switzerland", ["Toute la Suisse"]),
        ("communes", ["Tout le département", "En ligne", "Dépôt légal : juin 2027"]),
    ],
)
def test_words_are_those_of_the_country(built: dict[str, Path], name: str, printed: list[str]) -> None:
    words = " ".join(" ".join(page) for page in lines(built[name] / "full" / "full-screen.pdf"))
    words = " ".join(words.replace("\xa0", " ").split())
    assert [text for text in printed if text not in words] == []
    assert "France" not in words


def test_booklets_of_other_countries_are_accessible(built: dict[str, Path]) -> None:
    assert_compliant([path for folder in built.values() for path in sorted(folder.glob("*/*-screen.pdf"))])
