"""A whole edition in Arabic, and the same in Ukrainian: every run of text is tagged with its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from conftest import CatalogueFolder
from press import livret_here
from reading import Reading

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
  تستضيف العائلات [вітаємо](lang:uk) اللاجئين.
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
HALF_CARD = CARD.replace("سكن لدى العائلات", "مطبخ").replace("[вітаємо](lang:uk) ", "")
UKRAINIAN_HALF = """\
pilot: {name: Кухня}
figures: [{label: знайшли житло}]
"""
SCRIPTS = {"ar": "[\u0620-\u064a]", "uk": "[\u0400-\u04ff]"}
# What is written in Latin letters in both: addresses and the name of a place.
LATIN = r"[\w.@ ]+example\. ?org|Auvergne- ?Rhône-Alpes"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of both editions, built once."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("languages"))
    folder.write("catalogue.yaml", CATALOGUE)
    folder.write("catalogue.uk.yaml", UKRAINIAN_CATALOGUE)
    folder.write("initiatives/bayt.yaml", CARD)
    folder.write("initiatives/bayt.uk.yaml", UKRAINIAN_CARD)
    folder.write("initiatives/matbakh.yaml", HALF_CARD)
    folder.write("initiatives/matbakh.uk.yaml", UKRAINIAN_HALF)
    folder.write("editions/ukrainian.yaml", "language: uk\n")
    done = livret_here("-C", folder.root, "build", "full", "ukrainian")
    assert done.code == 0, done.out + done.err
    return folder.root / "output"


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


@pytest.mark.parametrize(("edition", "language"), [("full", "ar"), ("ukrainian", "uk")])
def test_every_run_of_text_says_its_language(editions: Path, edition: str, language: str) -> None:
    (path,) = (editions / edition).glob("*-screen.pdf")
    seen = set()
    for spoken, text in runs(path):
        for tag, letters in SCRIPTS.items():
            if re.search(letters, text):
                assert spoken == tag, (spoken, text)
                seen.add(tag)
        words = re.sub(rf"-> \S+|{LATIN}", "", text)
        assert not re.search(r"[A-Za-z]{2}", words), f"not in {language}: {text}"
    assert seen == {"ar", "uk"}


@pytest.mark.parametrize(("edition", "language"), [("full", "ar"), ("ukrainian", "uk")])
def test_the_document_is_in_the_language_of_the_edition(editions: Path, edition: str, language: str) -> None:
    (path,) = (editions / edition).glob("*-screen.pdf")
    assert str(PdfReader(path).root_object["/Lang"]) == language
