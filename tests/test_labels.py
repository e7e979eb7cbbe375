"""The words that layouts print are there in every language of these booklets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from livret.content.language_tags import with_main_subtags

LAYOUTS = Path(__file__).parent.parent / "layouts"
FILES = ("forum/labels.yaml", "pocket/labels.yaml", "proof/labels.yaml", "web/words.yaml")
LANGUAGES = ("en", "de", "es", "it", "ar", "uk", "prs")


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_word_that_french_has_with_the_same_places_to_fill(file: str, language: str) -> None:
    words = yaml.safe_load((LAYOUTS / file).read_text("utf-8"))
    assert list(words[language]) == list(words["fr"])
    for name, french in words["fr"].items():
        word = words[language][name]
        assert isinstance(word, str)
        assert word.strip() == word or name in ("colon", "comma"), name
        assert word, name
        places = [sorted(re.findall(r"%[ds]|\{\w+\}", text)) for text in (word, french)]
        assert places[0] == places[1], name


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(
    ("language", "script"), [("ar", "\u0600-\u06ff"), ("prs", "\u0600-\u06ff"), ("uk", "\u0400-\u04ff")]
)
def test_words_are_in_the_letters_of_their_language(file: str, language: str, script: str) -> None:
    words = yaml.safe_load((LAYOUTS / file).read_text("utf-8"))
    for name, word in words[language].items():
        if any(map(str.isalpha, re.sub(r"%[ds]|\{\w+\}", "", word))):
            assert re.search(f"[{script}]", word), name
            assert not re.search("[A-Za-z]", re.sub(r"%[ds]|\{\w+\}", "", word)), name


@pytest.mark.parametrize("tag", ["prs", "fa", "fa-AF", "prs-AF"])
def test_dari_is_found_under_each_of_its_tags(tag: str) -> None:
    assert "prs" in with_main_subtags((tag,))


@pytest.mark.parametrize("language", ["fr", *LANGUAGES])
def test_a_letter_with_proofs_names_the_answers_as_the_slip_prints_them(language: str) -> None:
    letter = (LAYOUTS / "proof" / f"letter.{language}.txt").read_text("utf-8")
    words = yaml.safe_load((LAYOUTS / "proof" / "labels.yaml").read_text("utf-8"))[language]
    assert words["answer_approved"] in letter
    assert words["answer_corrections"] in letter
    names = ["cards", "edition", "versions", "date", "publisher", "email"]
    assert re.findall(r"\$(\w+)", letter) == names
    assert ":" in letter.splitlines()[0], "the subject stands after a colon"
