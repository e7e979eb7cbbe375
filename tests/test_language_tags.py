"""Language tags: their parts."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.language.markdown import to_html
from livret.content.language_tags import canonical, main_subtag, with_main_subtags


@pytest.mark.parametrize(
    ("tag", "language"),
    [("fr", "fr"), ("fr-CA", "fr"), ("FR", "fr"), ("fr_FR", "fr"), ("zh-Hant-TW", "zh"), ("FIL", "fil")],
)
def test_the_main_subtag_is_the_language_alone(tag: str, language: str) -> None:
    assert main_subtag(tag) == language


def test_words_are_looked_up_in_each_language_with_its_region_first() -> None:
    assert with_main_subtags(("fr-CA", "en")) == ("fr-CA", "fr", "en", "en")


@pytest.mark.parametrize(
    ("typed", "tag"),
    [
        ("FR", "fr"),
        ("fr-fr", "fr-FR"),
        ("Fr-CA", "fr-CA"),
        ("zh-hant", "zh-Hant"),
        ("ZH-HANT-tw", "zh-Hant-TW"),
        ("sr-LATN-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-1996", "de-1996"),
        ("CA-VALENCIA", "ca-valencia"),
    ],
)
def test_a_tag_is_kept_in_its_usual_letters_whatever_was_typed(
    catalogue_folder: CatalogueFolder, typed: str, tag: str
) -> None:
    assert canonical(typed) == tag
    catalogue_folder.change("catalogue.yaml", "language: fr", f"language: {typed}")
    catalogue_folder.change("initiatives/aajt.yaml", "title: Coup", f"language: {typed}\ntitle: Coup")
    catalogue = catalogue_folder.catalogue()
    assert catalogue.publication.language == tag
    assert catalogue.initiatives[0].language == tag


def test_words_marked_with_a_language_have_its_usual_letters() -> None:
    assert to_html("[Karibu](lang:SW-tz)") == '<p><span lang="sw-TZ">Karibu</span></p>'
