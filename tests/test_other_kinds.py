"""Catalogues of further kinds: a guide with hours and prices, courses with programmes, prizes with formulas."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import page_metrics
import stress
from conftest import CatalogueFolder
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Part, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from test_other_lengths import Book, built, contacts, squeezed

COURSE = "Gestion de projet et conduite du changement dans les organisations publiques"
MEMORY = "Histoire et mémoire du XXe siècle, de l'Occupation à la Reconstruction"
STEPS = "\n".join(f"{number}. Étape {word}" for number, word in enumerate("abcdefghijk", 1))
DAYS = "## Jour 1\n\n- Tour de table\n- Exercice\n\n## Jour 2\n\n- Bilan"
CODE = "Q = m * c * (T2 - T1) = 0,250 * 4186 * (57,3 - 18,1) = 41023 joules environ, à un joule près"
FORMULA = f"On mesure :\n\n    {CODE}\n\nd'où la puissance."
PRICES = "- Plein tarif : 7,50 €\n- Tarif réduit : 4 €\n- Gratuit pour les moins de 12 ans"
FIGURES = [{"value": f"{n} €", "label": "tarif de la saison, sur présentation d'une carte"} for n in (4, 7, 9)]


def card(about: int, project: int, **more: Any) -> dict[str, Any]:
    writer = stress.Writer(about)
    made = {"about": writer.words(about), "description": writer.words(project)}
    place = {"themes": ["theme-1"], "scope": "regional", "territories": ["FR-35"]}
    return {"pilot": {"name": "Musée", "about": made.pop("about")}, **made, **place, **more}


CARDS = {
    "steps": card(30, 40, results=STEPS),
    "days": card(30, 150, results=DAYS),
    "formula": card(30, 40, description=FORMULA),
    "prices": card(
        190, 260, partners=PRICES, summary=stress.Writer(5).words(60), figures=FIGURES, contacts=contacts(1)
    ),
    "long": card(480, 430, partners=PRICES, contacts=contacts(1)),
    "brief": card(12, 340, scope="none", territories=[]),
    "two-themes": card(30, 40, themes=["theme-2", "theme-3"]),
    "all-themes": card(30, 40, themes=[f"theme-{n}" for n in range(1, 15)]),
}
NAMES = {1: COURSE, 2: MEMORY, 3: "Beaux-arts"}


def write(folder: Path, layout: str) -> Path:
    home = folder / "catalogue"
    publication = {
        "title": "Se former, visiter, chercher",
        "demonstration": True,
        "layout": layout,
        "date": "2026-09-01",
        "issued": "2026-05-23",
        "partners": ["one"],
        "themes": [{"id": f"theme-{n}", "name": NAMES.get(n, f"Thème {n}")} for n in range(1, 15)],
        "publisher": {"name": "Fédération"},
    }
    stress.dump(home / "catalogue.yaml", publication)
    stress.dump(home / "partners" / "one.yaml", {"name": "Région", "body": stress.Writer(3).words(60)})
    for name, made in CARDS.items():
        stress.dump(home / "initiatives" / f"{name}.yaml", made)
    stress.dump(folder / "layouts" / layout / "labels.yaml", {"fr": {"partners": "Tarifs et accès"}})
    return folder


@pytest.fixture(scope="module", params=["forum", "pocket"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    return built(write(tmp_path_factory.mktemp("kinds") / request.param, request.param), request.param)


def test_no_line_lies_over_another(book: Book) -> None:
    """Numbers to eleven and their words, names of fourteen themes, of which one takes three lines, lines of code."""
    assert [page.number for page in book.pages if page_metrics.overlaps(page)] == []


def test_names_of_fourteen_themes_keep_apart(book: Book) -> None:
    names = [line for line in book.of("legend")[0].text if line.text.strip()[:1].isalpha()]
    start = min(line.start for line in names if squeezed(line.text).startswith("Thème"))
    heights = sorted(line.baseline for line in names if abs(line.start - start) < 1)
    assert len(heights) >= 15
    # The smallest lines are eight points apart.
    assert min(upper - lower for lower, upper in pairwise(heights)) > 7.5


def test_a_line_of_code_stays_in_its_column(book: Book) -> None:
    lines = [line for page in book.of("card-formula") for line in page.text]
    [first] = [line for line in lines if squeezed(line.text).startswith("Q=m*c")]
    [words] = [line for line in lines if squeezed(line.text) == "Onmesure:"]
    # The text area of forum is 116 mm wide, a column of pocket 42.7 mm.
    assert first.end - words.start < (116 if book.layout == "forum" else 42.7) * 72 / 25.4


def test_a_heading_stands_close_to_its_list(book: Book) -> None:
    lines = {squeezed(line.text): line.baseline for page in book.of("card-days") for line in page.text}
    leading = lines["–Tourdetable"] - lines["–Exercice"]
    assert abs(lines["Jour1"] - lines["–Tourdetable"] - leading) < 0.6


def test_a_card_has_no_third_spread_for_what_the_second_can_hold(book: Book) -> None:
    if book.layout == "forum":
        assert len(book.of("card-prices")) == 4


def test_a_map_keeps_its_label_where_it_goes_on(book: Book) -> None:
    if book.layout == "forum":
        pages = [page for page in book.of("card-long") for line in page.text if squeezed(line.text) == "Territoires"]
        [page] = pages
        assert "Ille-et-Vilaine" in {squeezed(line.text) for line in page.text}


def test_little_text_stays_large_beside_a_page_that_is_set_smaller(book: Book) -> None:
    if book.layout == "forum":
        assert book.parts["card-brief"]["fit"] == "fit-3"
        text = book.of("card-brief")[0].below_band
        assert {round(line.size) for line in text if not line.is_furniture} == {13}


@pytest.fixture
def galleys(tmp_path: Path) -> dict[str, str]:
    """The HTML of each part in forum."""
    folder = CatalogueFolder(write(tmp_path, "forum"))
    edition = select(folder.catalogue(), "full")
    composer = Composer(folder.project, edition, Layout(folder.project, "forum"))
    parts = composer.layout.flatplan(edition)
    pagination = paginate(parts, {part.anchor: ("any",) for part in parts})
    return {part.anchor: composer.galley(part, pagination)[0].html.replace("&nbsp;", "\u00a0") for part in parts}


def test_no_line_of_a_head_can_begin_with_the_dot_between_two_themes(galleys: dict[str, str]) -> None:
    for anchor in ("card-two-themes", "card-all-themes"):
        assert set(re.findall("(.)·", galleys[anchor])) == {"\u00a0"}


@pytest.mark.parametrize("anchor", ["cover", "imprint"])
def test_the_first_of_a_month_has_superior_letters(galleys: dict[str, str], anchor: str) -> None:
    assert '1<sup class="ord">er</sup>\u00a0septembre' in galleys[anchor]


def test_an_opener_of_institutional_partners_has_their_word(tmp_path: Path) -> None:
    folder = CatalogueFolder(write(tmp_path, "forum"))
    composer = Composer(folder.project, select(folder.catalogue(), "full"), Layout(folder.project, "forum"))
    assert composer.labels["partners"] == "Tarifs et accès"
    assert composer.navigation.title(Part("opener", "partners", "verso")) == "Partenaires"
    assert composer.navigation.title(Part("opener", "initiatives", "verso")) == "Initiatives"


def test_another_word_for_the_partners_of_cards_leaves_institutional_partners_theirs(book: Book) -> None:
    said = {squeezed(line.text) for page in book.of("partner-one") for line in page.lines}
    assert "Partenaires" in said
    assert "Tarifsetaccès" in {squeezed(line.text) for page in book.of("card-prices") for line in page.text}


def test_text_in_the_colour_of_a_theme_has_eight_points(book: Book) -> None:
    # The line in the head of a card that goes on.
    told = [line for page in book.of("card-prices")[1:] for line in page.lines if squeezed(line.text).endswith("suite")]
    assert told
    assert min(letter.size for line in told for letter in line.letters[-5:]) > 7.9
