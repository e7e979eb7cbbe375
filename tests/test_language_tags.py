"""Language tags: their parts."""

from __future__ import annotations

import pytest

from livret.content.language_tags import main_subtag, with_main_subtags


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("fr_FR", "fr"), ("zh-Hant-TW", "zh"), ("FIL", "fil")],
)
def test_the_main_subtag_is_the_language_alone(tag: str, language: str) -> None:
    assert main_subtag(tag) == language


def test_words_are_looked_up_in_each_language_with_its_region_first() -> None:
    assert with_main_subtags(("fr-CA", "en")) == ("fr-CA", "fr", "en", "en")
