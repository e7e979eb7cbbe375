"""What the parts of both layouts say to those who are read to: languages, order, names, headings."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from conftest import CatalogueFolder
from livret.book.plan import outline
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from press import change

LAYOUTS = ("forum", "pocket")
VOID = {"meta", "br", "img", "wbr", "path", "circle", "rect", "link"}

CARD = """\
pilot: {name: Maison du Port, about: Elle accueille.}
contacts:
  - {name: Ana, phones: ["01 99 00 12 34", "01 99 00 12 35", "01 99 00 12 36"]}
title: Un toit
description: Des logements.
results: Douze personnes logées.
partners: La ville.
themes: [logement, emploi]
territories: [FR-PAC, FR-13]
"""
ARABIC = """\
language: ar
pilot: {name: بيت الضيافة, about: تستقبل الجمعية اللاجئين.}
contacts: [{name: مكتب, phones: ["01 99 00 12 34"]}]
title: السكن
results: سكن.
themes: [logement, emploi]
territories: [FR-13]
"""


class Heard(HTMLParser):
    """The words of a page in order, each text with its language and the elements around it; `title` and `alt` too."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str, bool]] = []
        self.texts: list[tuple[str, str, tuple[str, ...]]] = []
        self.feed(html[html.index("<html") :])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        before = self.open[-1] if self.open else ("", "", False)
        language = given.get("lang") or before[1]
        hidden = before[2] or given.get("aria-hidden") == "true" or tag == "head"
        if given.get("alt") and not hidden:
            self.texts.append((str(given["alt"]), language, self._around(tag)))
        if tag not in VOID:
            self.open.append((tag, language, hidden))

    def handle_endtag(self, tag: str) -> None:
        while tag not in VOID and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open and not self.open[-1][2]:
            self.texts.append((" ".join(data.split()), self.open[-1][1], self._around()))

    def _around(self, *last: str) -> tuple[str, ...]:
        return (*(tag for tag, _, _ in self.open), *last)

    def language(self, words: str) -> set[str]:
        """The languages in which these words are marked, wherever they stand."""
        return {language for text, language, _ in self.texts if words in text}

    def count(self, words: str) -> int:
        return sum(text == words for text, _, _ in self.texts)

    def place(self, words: str) -> int:
        return next(number for number, (text, _, _) in enumerate(self.texts) if words in text)

    def heading(self, words: str) -> int:
        """The level of the heading that says this."""
        around = next(around for text, _, around in self.texts if text == words and {"h1", "h2", "h3"} & set(around))
        return next(int(tag[1]) for tag in around if tag in ("h1", "h2", "h3", "h4"))


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    catalogue_folder.write(
        "catalogue.yaml",
        "title: Le forum\nlanguage: fr\ndemonstration: true\nsections: [imprint, contents, initiatives]\n"
        "publisher: {name: Délégation, address: 1 rue de la Paix, phone: 01 99 00 12 34}\n"
        "themes:\n  - {id: logement, name: Accès au logement, pictogram: logement}\n"
        "  - {id: emploi, name: Accès à un emploi, pictogram: emploi}\n",
    )
    for path in catalogue_folder.path("initiatives").glob("*.yaml"):
        path.unlink()
    catalogue_folder.write("initiatives/port.yaml", CARD)
    catalogue_folder.write("initiatives/bayt.yaml", ARABIC)
    return catalogue_folder


def composed(folder: CatalogueFolder, layout_name: str) -> tuple[Composer, dict[str, Heard]]:
    layout = Layout(folder.project, layout_name)
    edition = select(folder.catalogue(), "full")
    composer = Composer(folder.project, edition, layout)
    return composer, {anchor: Heard(html) for anchor, html in pages(composer).items()}


def pages(composer: Composer) -> dict[str, str]:
    """The HTML of each part."""
    parts = composer.layout.flatplan(composer.edition)
    pagination = paginate(parts, {part.anchor: ("any",) for part in parts})
    return {part.anchor: composer.galley(part, pagination)[0].html for part in parts}


def heard(folder: CatalogueFolder, layout: str, anchor: str) -> Heard:
    return composed(folder, layout)[1][anchor]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("النتائج", "ar"),
        ("الهاتف", "ar"),
        ("Accès au logement", "fr"),
        ("Accès à un emploi", "fr"),
        ("Bouches-du-Rhône", "fr"),
    ],
)
def test_labels_on_an_arabic_card_are_arabic_and_names_are_marked_as_french(
    folder: CatalogueFolder, layout: str, words: str, language: str
) -> None:
    assert heard(folder, layout, "card-bayt").language(words) == {language}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_words_of_an_arabic_card_are_marked_as_arabic(folder: CatalogueFolder, layout: str) -> None:
    page = heard(folder, layout, "card-bayt")
    for words in ("بيت الضيافة", "السكن", "سكن"):
        assert page.language(words) == {"ar"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_name_of_an_organisation_is_arabic_in_contents_and_index_too(folder: CatalogueFolder, layout: str) -> None:
    change(folder.path("catalogue.yaml"), "contents, initiatives]", "contents, initiatives, index]")
    change(folder.path("initiatives/bayt.yaml"), "title: السكن\n", "")
    parts = composed(folder, layout)[1]
    assert parts["contents"].language("بيت الضيافة") == parts["index"].language("بيت الضيافة") == {"ar"}
    assert parts["contents"].language("Maison du Port") == parts["index"].language("Maison du Port") == {"fr"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_name_that_a_card_is_sorted_by_is_in_the_language_of_the_catalogue(
    folder: CatalogueFolder, layout: str
) -> None:
    change(folder.path("catalogue.yaml"), "contents, initiatives]", "contents, initiatives, index]")
    change(folder.path("initiatives/bayt.yaml"), "name: بيت الضيافة,", "name: بيت الضيافة, sort_as: Bayt,")
    page = composed(folder, layout)[1]["index"]
    assert (page.language("Bayt"), page.language("بيت الضيافة")) == ({"fr"}, {"ar"})


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_name_of_a_region_on_an_arabic_card_is_one_piece_from_the_left(
    folder: CatalogueFolder, layout: str
) -> None:
    """Its halves changed places: the engine sets elements inside a line from the right, one after the other."""
    change(folder.path("initiatives/bayt.yaml"), "[FR-13]", "[FR-PAC]")
    html = pages(composed(folder, layout)[0])["card-bayt"]
    assert '<span dir="ltr"><span class="place-name">Provence-Alpes-Côte</span> d’Azur</span>' in html


@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_themes_follow_the_main_one(folder: CatalogueFolder, layout: str) -> None:
    page = heard(folder, layout, "card-port")
    assert page.place("Accès au logement") < page.place("Accès à un emploi")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_theme_without_a_pictogram_is_named_on_the_page(folder: CatalogueFolder, layout: str) -> None:
    change(folder.path("catalogue.yaml"), ", pictogram: emploi", "")
    page = heard(folder, layout, "card-port")
    assert "svg" not in page.texts[page.place("Accès à un emploi")][2]
    assert page.place("Accès au logement") < page.place("Accès à un emploi")


def test_the_contents_name_the_theme_of_each_card(folder: CatalogueFolder) -> None:
    assert heard(folder, "forum", "contents").count("Accès au logement") == 2
    change(folder.path("catalogue.yaml"), ", pictogram: logement", "")
    page = heard(folder, "forum", "contents")
    assert page.count("Accès au logement") == 2
    assert "svg" not in page.texts[page.place("Accès au logement")][2]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_word_for_the_telephone_is_heard_once(folder: CatalogueFolder, layout: str) -> None:
    assert heard(folder, layout, "card-port").count("Téléphone") == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_title_is_a_heading_above_the_labels(folder: CatalogueFolder, layout: str) -> None:
    page = heard(folder, layout, "card-port")
    labels = ["Partenaires", "Résultats", *(["Contact"] if layout == "forum" else [])]
    assert {page.heading("Un toit") - page.heading(label) for label in labels} == {-1}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_card_without_a_title_says_its_pilot_once(folder: CatalogueFolder, layout: str) -> None:
    change(folder.path("initiatives/port.yaml"), "title: Un toit\n", "")
    assert heard(folder, layout, "card-port").count("Maison du Port") == 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_entry_of_the_imprint_is_one_item(folder: CatalogueFolder, layout: str) -> None:
    page = heard(folder, layout, "imprint")
    label, value = page.place("Adresse postale"), page.place("rue de la Paix")
    assert value == label + 1
    for number in (label, value):
        assert page.texts[number][2][-2:] == ("li", "p")


def test_a_link_to_a_card_is_read_as_its_pilot_and_its_title(folder: CatalogueFolder) -> None:
    composer, _ = composed(folder, "forum")
    entries = outline(composer.navigation, composer.layout.flatplan(composer.edition))
    cards = {entry.anchor: entry for section in entries for entry in section.children}
    assert cards["card-port"].description == "Maison du Port, Un toit"
    assert cards["card-port"].title == "Maison du Port"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_without_a_title_prints_no_none(folder: CatalogueFolder, layout: str) -> None:
    folder.write("foreword.yaml", "body: Bonjour.\n")
    change(folder.path("catalogue.yaml"), "[imprint,", "[foreword, imprint,")
    assert not heard(folder, layout, "foreword").count("None")


def test_numbers_keep_their_order_on_an_arabic_card(folder: CatalogueFolder) -> None:
    change(folder.path("initiatives/bayt.yaml"), "results: سكن.", 'results: "بلغت 1 234,50 € عام 2015."')
    html = "".join(text for text, _, _ in heard(folder, "forum", "card-bayt").texts)
    assert "\u20661 234,50 €\u2069" in html
