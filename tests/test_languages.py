"""Cards in other languages: one in Arabic, one in Ukrainian, set in the layouts that Livret comes with.

Letters are shaped and joined, right-to-left text starts on the right and mirrors its page, Ukrainian is hyphenated by
its own rules, and nothing is missing from the fonts.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyphen  # type: ignore[import-untyped]
import pytest
from fontTools.ttLib import TTFont

from conftest import CatalogueFolder
from inspector import Character, Inspector
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import flatplan, select
from livret.pages.galley import Galley
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from press import livret_here

CATALOGUE = """\
title: Le forum
date: 2019-04-30
language: fr
demonstration: true
themes:
  - {id: langue, name: Apprentissage de la langue, pictogram: langue}
  - {id: lien, name: Créer du lien social, pictogram: lien}
sections: [initiatives]
"""

ARABIC = """\
language: ar
pilot:
  name: جمعية «خطوة بخطوة» لتعلّم اللغة
  acronym: خطوة
  about: |
    تجمع الجمعية متطوّعين من أعمار ومهن مختلفة، يساعدون الوافدين الجدد على تعلّم اللغة الفرنسية في حياتهم
    اليومية. تُعقد اللقاءات في مكتبة الحيّ، ثلاث مرّات في الأسبوع، وهي مفتوحة للجميع دون تسجيل مسبق.

    يتعلّم المشاركون ما يحتاجون إليه أوّلًا: قراءة رسالة، والردّ على الهاتف، وحجز موعد لدى الطبيب، وفهم ما يقوله
    معلّم الأطفال.
partners: |
  - مكتبة الحيّ
  - بلدية المدينة
  - مدرسة ابتدائية ومركز اجتماعي
contacts:
  - role: منسّقة الدروس
    organisation: جمعية «خطوة بخطوة»
    phones: ["01 99 00 45 67"]
    email: bonjour@pas-a-pas.example.org
    website: https://www.pas-a-pas.example.org
title: كلمات كل يوم
summary: |
  تعلّم اللغة من خلال الحديث والعمل المشترك، بخطوات صغيرة ومنتظمة، في أماكن الحياة اليومية.
description: |
  يبدأ كل لقاء بحديث قصير حول ما حدث خلال الأسبوع. ثم يعمل المشاركون في مجموعات صغيرة من أربعة أشخاص، مع متطوّع
  واحد لكل مجموعة (**طريقة Livret**):

  1. الاستماع إلى جملة بسيطة وتكرارها؛
  2. كتابة الكلمات الجديدة في دفتر صغير؛
  3. استعمالها في موقف حقيقي، في السوق أو في الحافلة.

  وفي نهاية كل شهر، يزور الجميع معًا مكانًا من أماكن المدينة: متحفًا أو ورشة أو حديقة عامّة.
results: |
  بعد ستة أشهر، يستطيع معظم المشاركين تدبير شؤونهم اليومية بأنفسهم، وقد أصبح بعضهم متطوّعين بدورهم.
figures:
  - {value: "120", label: مشاركًا في السنة}
  - {value: "85 %", label: أنهوا الدورة الأولى}
themes: [langue, lien]
territories: [FR-IDF, FR-93]
"""

UKRAINIAN = """\
language: uk
pilot:
  name: Мовний гурток «Перші слова»
  about: |
    Гурток об’єднує добровольців, які допомагають новоприбулим родинам опановувати французьку мову. Заняття
    відбуваються в міській бібліотеці двічі на тиждень; попередній запис не потрібен, а дітям пропонують
    окремі ігри поруч із батьками.

    Є й заняття для тих, хто вже працює: їхній розклад узгоджують із роботодавцями. Ґрунтовне навчання
    починається з найнеобхіднішого – прочитати оголошення, відповісти на телефонний дзвінок,
    поспілкуватися з учителем або лікарем.
partners: |
  - Міська бібліотека
  - Товариство підтримки переселенців
  - Загальноосвітня школа
contacts:
  - role: Відповідальна за навчання
    phones: ["01 99 00 45 68"]
    email: slova@premiers-mots.example.org
title: Від першого слова до самостійності
summary: |
  Навчатися розмовляти у невеликих групах, *щодня* й без остраху перед помилками.
description: |
  Кожне заняття розпочинається невимушеною розмовою про минулий тиждень. Відтак учасники працюють
  у групах по четверо, і кожній групі допомагає досвідчений доброволець:

  - прослуховування й повторення найпростіших висловлювань;
  - записування новозасвоєних слів до власного словничка;
  - використання їх у справжніх життєвих обставинах.

  Наприкінці місяця всі разом відвідують одне з міських підприємств, музей чи громадський сад, де
  розповідають про побачене *французькою*.
results: |
  За півроку більшість учасників самостійно розв’язують щоденні питання, а дехто й сам стає
  добровольцем-наставником.
figures:
  - {value: "64", label: учасники за рік}
themes: [langue]
territories: [FR-IDF, FR-92]
"""

CARDS = ("khutwa", "pershi-slova")
LAYOUTS = ("forum", "pocket")


def write_catalogue(root: Path) -> CatalogueFolder:
    folder = CatalogueFolder(root / "project")
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("initiatives/khutwa.yaml", ARABIC)
    folder.write("initiatives/pershi-slova.yaml", UKRAINIAN)
    return folder


@dataclass(frozen=True)
class Book:
    """Both cards as a built edition, and what its report says."""

    inside: Inspector
    report: dict[str, Any]

    def pages(self, card: str) -> range:
        """The indexes of a card's pages."""
        (part,) = (part for part in self.report["parts"] if part["anchor"] == f"card-{card}")
        return range(part["folios"][0] - 1, part["folios"][1])

    def text(self, card: str) -> str:
        return "\n".join(self.inside.text(page) for page in self.pages(card))

    def characters(self, card: str) -> Iterator[tuple[int, Character]]:
        return ((page, character) for page in self.pages(card) for character in self.inside.characters(page))


@pytest.fixture(scope="module", params=LAYOUTS)
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = write_catalogue(tmp_path_factory.mktemp(request.param))
    done = livret_here("-C", folder.root, "build", "--layout", request.param)
    assert done.code == 0, done.err
    output = folder.root / "output" / "full"
    return Book(Inspector(output / "full-screen.pdf"), json.loads((output / "report.json").read_text(encoding="utf-8")))


def galley(folder: CatalogueFolder, layout: str, card: str, language: str | None = None) -> Galley:
    """The galley of a card that starts on a verso."""
    if language:
        folder.change("catalogue.yaml", "language: fr", f"language: {language}")
    edition = select(folder.catalogue(), "full")
    (part,) = (part for part in flatplan(edition) if part.id == card)
    pagination = paginate([part], {part.anchor: ("verso", "recto")})
    return Composer(folder.project, edition, Layout(folder.project, layout)).galley(part, pagination)[0]


def is_arabic(letter: str) -> bool:
    return "\u0620" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff"


def lines(characters: list[Character]) -> list[list[Character]]:
    """Characters by line, from the top; each line from left to right."""
    found: list[list[Character]] = []
    for character in sorted(characters, key=lambda one: -middle(one)):
        if found and abs(middle(found[-1][0]) - middle(character)) < 4:
            found[-1].append(character)
        else:
            found.append([character])
    return [sorted(line, key=lambda one: one.box.x0) for line in found]


def middle(character: Character) -> float:
    return (character.box.y0 + character.box.y1) / 2


def phone(book: Book, card: str) -> list[Character]:
    """The digits of the card's telephone number, from left to right."""
    for page in book.pages(card):
        for line in lines([one for one in book.inside.characters(page) if one.text.isdecimal()]):
            if len(line) >= 10:
                return line
    raise AssertionError(f"no telephone number on the card {card}")


# --- the galley ---


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("card", "opening"), [("khutwa", 'lang="ar" dir="rtl"'), ("pershi-slova", 'lang="uk" dir="ltr"')]
)
def test_a_galley_says_its_language_and_direction(tmp_path: Path, layout: str, card: str, opening: str) -> None:
    assert f"<html {opening}>" in galley(write_catalogue(tmp_path), layout, card).html


def test_a_card_without_a_language_has_that_of_the_edition(tmp_path: Path) -> None:
    folder = write_catalogue(tmp_path)
    folder.change("initiatives/khutwa.yaml", "language: ar\n", "")
    assert '<html lang="fa-AF" dir="rtl">' in galley(folder, "forum", "khutwa", language="fa-AF").html


@pytest.mark.parametrize("card", CARDS)
def test_the_side_of_a_page_does_not_follow_the_direction_of_its_text(tmp_path: Path, card: str) -> None:
    # In a right-to-left document `verso` is the right-hand page; in the book it stays the left one.
    sheets = galley(write_catalogue(tmp_path), "forum", card).stylesheets
    assert any("break-before: left" in sheet.text for sheet in sheets)


# --- the page ---


def test_no_character_and_no_font_is_missing(book: Book) -> None:
    assert [finding for finding in book.report["findings"] if finding["severity"] != "note"] == []


def test_arabic_letters_are_joined(book: Book) -> None:
    shapes = sum(map(glyphs, programs(book.inside, "Noto")))
    letters = {letter for letter in ARABIC if is_arabic(letter)}
    # Unshaped, each letter would be one glyph; joined, most have several forms.
    assert shapes > 1.5 * len(letters)


def programs(inside: Inspector, family: str) -> Iterator[bytes]:
    """The embedded font programs of a family."""
    seen = set()
    for page in inside.reader.pages:
        resources: Any = page["/Resources"]
        for reference in resources.get("/Font", {}).values():
            descriptor = reference.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            if family in str(descriptor["/FontName"]):
                program = descriptor["/FontFile2"].get_object().get_data()
                if program not in seen:
                    seen.add(program)
                    yield program


def glyphs(program: bytes) -> int:
    """How many glyphs of a font program draw something."""
    outlines = TTFont(io.BytesIO(program))["glyf"]
    return sum(outlines[name].numberOfContours != 0 for name in outlines.keys())  # noqa: SIM118


def test_arabic_is_there_and_reads_in_logical_order(book: Book) -> None:
    text = re.sub(r"[\u064b-\u0652\s]", " ", book.text("khutwa"))
    for words in ("بحديث قصير", "من أماكن", "في مجموعات", "تدبير شؤونهم"):
        assert re.search(r"\s+".join(words.split()), text), words


def test_arabic_starts_on_the_right(book: Book) -> None:
    edges: dict[tuple[int, float], list[tuple[float, float]]] = {}
    for page in book.pages("khutwa"):
        for line in lines([one for one in book.inside.characters(page) if is_arabic(one.text)]):
            if len(line) > 12:
                right = max(one.box.x1 for one in line)
                edges.setdefault((page, round(right / 6)), []).append((min(one.box.x0 for one in line), right))
    flush = max(edges.values(), key=len)
    starts, ends = [right for _, right in flush], [left for left, _ in flush]
    assert len(flush) >= 3
    assert max(starts) - min(starts) < 5 < max(ends) - min(ends)


def test_list_numbers_stand_right_of_arabic_entries(book: Book) -> None:
    numbers = 0
    for page in book.pages("khutwa"):
        trim = book.inside.box(page, "/TrimBox")
        for line in lines(list(book.inside.characters(page))):
            # Numbers nearer to the edge are on a thumb tab.
            digits = [one for one in line if one.text.isdecimal() and trim.x0 + 15 < one.box.x0 < trim.x1 - 15]
            letters = [one for one in line if is_arabic(one.text)]
            if len(digits) == 1 and len(letters) > 8:
                numbers += 1
                nearest = min(letters, key=lambda one: abs(one.box.x0 - digits[0].box.x0))
                assert nearest.box.x0 < digits[0].box.x0
    assert numbers >= 3


@pytest.mark.parametrize(("card", "number"), [("khutwa", "0199004567"), ("pershi-slova", "0199004568")])
def test_a_telephone_number_reads_from_left_to_right(book: Book, card: str, number: str) -> None:
    assert "".join(one.text for one in phone(book, card)) == number


def test_columns_are_mirrored(book: Book) -> None:
    def side(card: str) -> str:
        trim, digits = book.inside.box(book.pages(card)[0], "/TrimBox"), phone(book, card)
        return "left" if (digits[0].box.x0 + digits[-1].box.x1) / 2 < (trim.x0 + trim.x1) / 2 else "right"

    assert (side("pershi-slova"), side("khutwa")) == ("left", "right")


def test_ukrainian_is_hyphenated_by_its_own_rules(book: Book) -> None:
    rules = pyphen.Pyphen(lang="uk")
    text = "\n".join(book.inside.drawn(page) for page in book.pages("pershi-slova"))
    broken = re.findall(r"([^\W\d_]+)[\u2010-]\r?\n([^\W\d_]+)", text)
    assert len(broken) >= 3
    for start, end in broken:
        assert len(start) in rules.positions((start + end).lower()), f"{start}-{end}"


def test_ukrainian_has_all_its_letters(book: Book) -> None:
    printed = re.sub(r"\u2010\r?\n", "", book.text("pershi-slova"))
    for word in ("Ґрунтовне", "їхній", "об’єднує", "Є й заняття"):
        assert word in printed
    italics = "|".join(font.name for font in book.inside.fonts if "Italic" in font.name)
    assert re.search("Source", italics), "the emphasised words are not set in a true italic"
