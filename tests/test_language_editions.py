"""A whole edition in Arabic, and the same in Ukrainian: every run of text is tagged with its language."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from conftest import CatalogueFolder
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Side, flatplan, select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from press import livret_here
from reading import Reading
from verapdf import assert_compliant

CATALOGUE = """\
title: منتدى المبادرات
date: 2027-05-01
place: ليون
language: ar
demonstration: true
publisher:
  name: جمعية الجسور
  email: info@jusur.example.org
  phone: "+33 1 99 00 12 30"
legal: {printed: 2027-04, price: gratuit}
themes:
  - {id: logement, name: السكن}
  - {id: emploi, name: العمل}
"""
CARD = """\
pilot:
  name: بيت الضيافة
  about: |
    جمعية محلية فيها 40 متطوعا.
contacts:
  - {role: منسقة, phones: ["01 99 00 12 34"], email: bayt@jusur.example.org}
title: سكن لدى العائلات
description: |
  تستضيف العائلات اللاجئين [ласкаво просимо](lang:uk)
figures: [{value: 97 %, label: وجدوا سكنا}]
themes: [logement, emploi]
territories: [FR-ARA]
"""
UKRAINIAN_CATALOGUE = """\
title: Форум ініціатив
place: Ліон
publisher: {name: Товариство «Мости»}
themes:
  - {id: logement, name: Житло}
  - {id: emploi, name: Робота}
"""
UKRAINIAN_CARD = """\
pilot:
  name: Дім гостинності
  about: |
    Місцеве товариство, у якому 40 волонтерів.
contacts: [{role: Координаторка}]
title: Житло в родинах
description: |
  Родини приймають біженців. [مرحبا بكم](lang:ar)
figures: [{label: знайшли житло}]
"""
# Half of it is translated.
HALF_CARD = CARD.replace("سكن لدى العائلات", "مطبخ").replace(" [ласкаво просимо](lang:uk)", "")
UKRAINIAN_HALF = """\
pilot: {name: Кухня}
figures: [{label: знайшли житло}]
"""
SCRIPTS = {"ar": "[\u0620-\u064a]", "uk": "[\u0400-\u04ff]"}
# What is written in Latin letters in both: addresses and the name of a place.
LATIN = r"[\w.@ ]+example\. ?org|Auvergne- ?Rhône-Alpes"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory, packed_fonts: Path) -> Path:
    """The folder of all editions, built once."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("languages"))
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("catalogue.uk.yaml", UKRAINIAN_CATALOGUE)
    folder.write("initiatives/bayt.yaml", CARD)
    folder.write("initiatives/bayt.uk.yaml", UKRAINIAN_CARD)
    folder.write("initiatives/matbakh.yaml", HALF_CARD)
    folder.write("initiatives/matbakh.uk.yaml", UKRAINIAN_HALF)
    folder.write("editions/ukrainian.yaml", "language: uk\n")
    folder.write("editions/both.yaml", "languages: [uk, ar]\n")
    folder.write("editions/pocket.yaml", "languages: [uk, ar]\nlayout: pocket\n")
    done = livret_here("-C", folder.root, "build", "full", "ukrainian", "both", "pocket")
    assert done.code == 0, done.out + done.err
    shutil.copytree(packed_fonts, folder.root / "output" / ".store" / "web-fonts")
    done = livret_here("-C", folder.root, "build", "both", "--for", "web")
    assert done.code == 0, done.out + done.err
    return folder.root / "output"


def screen(editions: Path, edition: str) -> Path:
    (path,) = (editions / edition).glob("*-screen.pdf")
    return path


def scripts(path: Path) -> list[str]:
    """Of each page: `uk` or `ar`, the language with more letters; empty where there are few of both."""
    found = []
    document = PdfDocument(path)
    for page in document:
        text = page.get_textpage().get_text_range()
        letters = {tag: len(re.findall(signs, text)) for tag, signs in SCRIPTS.items()}
        best = max(letters, key=letters.__getitem__)
        found.append(best if letters[best] > 12 else "")
    document.close()
    return found


def runs(path: Path) -> Iterator[tuple[str, str]]:
    """Each text of the tags, with the language that a screen reader speaks it in."""
    root: Any = PdfReader(path).root_object
    reading = Reading(path)
    for part in reading.parts:
        spoken = {-1: str(part.get("/Lang", root["/Lang"]))}
        for line in reading.lines(part):
            depth = (len(line) - len(line.lstrip())) // 2
            found = re.match(r"\s*\w+(?: \[([\w-]+)\])?(.*)", line)
            assert found
            # The nearest element around this one that says a language, or the document.
            around = max((level for level in spoken if level < depth), default=-1)
            spoken = {level: language for level, language in spoken.items() if level < depth}
            spoken[depth] = found[1] or spoken.get(around, spoken[-1])
            yield spoken[depth], found[2]


EDITIONS = [("full", "ar"), ("ukrainian", "uk"), ("both", "uk"), ("pocket", "uk")]


@pytest.mark.parametrize(("edition", "language"), EDITIONS)
def test_every_run_of_text_says_its_language(editions: Path, edition: str, language: str) -> None:
    path = screen(editions, edition)
    seen = set()
    for spoken, text in runs(path):
        for tag, letters in SCRIPTS.items():
            if re.search(letters, text):
                assert spoken == tag, (spoken, text)
                seen.add(tag)
        words = re.sub(rf"-> \S+|{LATIN}", "", text)
        assert not re.search(r"[A-Za-z]{2}", words), f"not in {language}: {text}"
    assert seen == {"ar", "uk"}


@pytest.mark.parametrize(("edition", "language"), EDITIONS)
def test_the_document_is_in_the_language_of_the_edition(editions: Path, edition: str, language: str) -> None:
    path = screen(editions, edition)
    assert str(PdfReader(path).root_object["/Lang"]) == language


@pytest.mark.parametrize(("edition", "first_card"), [("both", 10), ("pocket", 8)])
def test_a_page_in_the_first_language_faces_the_same_page_in_the_second(
    editions: Path, edition: str, first_card: int
) -> None:
    told = scripts(screen(editions, edition))
    # From the imprint to the last card.
    inside = told[1 : first_card + 3]
    assert {*inside[::2]} <= {"uk", ""}
    assert {*inside[1::2]} <= {"ar", ""}
    # In `forum` the pages of the organisation face each other, then those of the project; in `pocket` a card is a page.
    assert told[first_card - 1 :][:4] == ["uk", "ar", "uk", "ar"]


def test_a_booklet_in_two_languages_has_both_titles_on_its_cover(editions: Path) -> None:
    cover = PdfReader(screen(editions, "both")).pages[0].extract_text()
    assert "Форум ініціатив" in cover
    assert re.search("[\u0620-\u064a]{3}", cover)


def test_booklets_in_arabic_ukrainian_and_both_are_accessible(editions: Path) -> None:
    assert_compliant([screen(editions, edition) for edition, _ in EDITIONS])


def test_the_web_edition_has_both_languages_of_a_card_in_one_article(editions: Path) -> None:
    page = (editions / "both" / "web" / "index.html").read_text(encoding="utf-8")
    card = page[page.index('<article class="card') :].partition("</article>")[0]
    assert 'id="card-bayt"' in card
    first, second = card.split('<div class="second" lang="ar" dir="rtl">')
    assert "Житло в родинах" in first
    assert "سكن لدى العائلات" in second
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))


def furniture_of_card(editions: Path) -> str:
    """What is printed over the pages of a card in two languages, as HTML."""
    folder = CatalogueFolder(editions.parent)
    selected = select(folder.catalogue(), "both")
    composer = Composer(folder.project, selected, Layout(folder.project, selected.layout))
    parts = flatplan(selected)
    sides: dict[str, tuple[Side, ...]] = {part.anchor: ("verso", "recto") for part in parts}
    flows = {part.anchor: ((0, False), (0, True)) for part in parts if part.is_double}
    pagination = paginate(parts, sides, flows=flows)
    (card,) = (part for part in parts if part.anchor.startswith("card-bayt"))
    (sheet,) = composer.furniture_of(card, pagination, has_folios=True)
    return sheet.html


def test_the_proof_of_a_card_in_two_languages_has_the_running_head_of_each(editions: Path) -> None:
    heads = re.findall("Дім гостинності|بيت الضيافة|Житло в родинах|سكن لدى العائلات", furniture_of_card(editions))
    assert {bool(re.search(SCRIPTS["ar"], head)) for head in heads} == {True, False}


def test_a_running_head_runs_in_the_direction_of_its_language(editions: Path) -> None:
    # Without the marks that keep words of another direction together.
    html = re.sub("[\u2066-\u2069]", "", furniture_of_card(editions))
    heads = dict(re.findall('<p class="running"([^>]*)>([^<]+)</p>', html))
    assert heads == {"": "Дім гостинності", ' lang="ar" dir="rtl"': "بيت الضيافة"}


def test_the_filters_of_the_web_edition_name_cards_and_themes_in_both_languages(editions: Path) -> None:
    page = re.sub("[\u2066-\u2069]", "", (editions / "both" / "web" / "index.html").read_text(encoding="utf-8"))
    filters = page[page.index('<form class="filters"') : page.index('<article class="card')]
    second = re.findall('<span class="twin" lang="ar" dir="rtl">(.*?)</span>', filters)
    assert {re.sub("<[^>]+>", "", one) for one in second} == {
        *("السكن", "العمل"),
        *("بيت الضيافة سكن لدى العائلات", "بيت الضيافة مطبخ"),
    }
