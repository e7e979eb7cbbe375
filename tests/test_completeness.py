"""The completeness gate alone: what it takes for found, and what it misses."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from livret.control.completeness import Expected, unbound, unfound
from livret.findings import Location

CARD = Location("catalogue/initiatives/aajt.yaml")


def book(path: Path, *pages: str) -> Path:
    """A PDF whose pages have these lines of text."""
    with pikepdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        for text in pages:
            page = pdf.add_blank_page(page_size=(420, 595))
            page.obj.Resources = Dictionary(Font=Dictionary(F=font))
            shown = " ".join(f"({line}) Tj 0 -14 Td" for line in text.splitlines())
            page.obj.Contents = pdf.make_stream(f"BT /F 10 Tf 30 500 Td {shown} ET".encode("cp1252"))
            page.obj.MediaBox = Array([0, 0, 420, 595])
        pdf.save(path)
    return path


def lost(path: Path, words: str, *pages: int) -> list[tuple[str, Location | None]]:
    """The rule and place of what the gate says of one card."""
    found = unfound(path, [Expected("card-aajt", words, CARD, pages)])
    return [(finding.rule, finding.where) for finding in found]


def test_a_selected_card_that_was_not_bound_is_an_error() -> None:
    selected = {"card-aajt": CARD, "card-cos": Location("catalogue/initiatives/cos.yaml")}
    (found,) = unbound(selected, ["cover", "card-cos"])
    assert (found.severity.value, found.rule, found.where) == ("error", "missing-card", CARD)
    assert unbound(selected, ["card-cos", "cover", "card-aajt"]) == []


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("Une aide ponctuelle", "Une aide\nponctuelle"),
        # A word that is hyphenated, capitals, quotation marks, accents and ligatures that are drawn otherwise.
        ("Une aide ponctuelle", "Une aide ponc-\ntuelle"),
        ("Une aide ponctuelle", "UNE AIDE PONCTUELLE"),
        ('dite "aide ponctuelle"', "dite « aide ponctuelle »"),
        ("une e\u0301tape a\u0300 venir", "une étape à venir"),
        ("une **aide** [ponctuelle](card:cos)", "une aide ponctuelle"),
    ],
)
def test_a_card_whose_words_stand_on_its_pages_is_found(tmp_path: Path, words: str, printed: str) -> None:
    assert lost(book(tmp_path / "book.pdf", printed), words, 0) == []


def test_words_on_the_second_page_of_a_card_count(tmp_path: Path) -> None:
    assert lost(book(tmp_path / "book.pdf", "x", "Une aide ponctuelle"), "Une aide ponctuelle", 0, 1) == []


def test_words_on_the_pages_of_others_do_not_count(tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", "Une aide ponctuelle", "Tout autre chose")
    assert lost(path, "Une aide ponctuelle", 1) == [("missing-card", CARD)]


def test_a_card_of_which_a_few_words_are_printed_is_missing(tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", "Dix mots simples dont")
    assert lost(path, "Dix mots simples dont quatre seulement sont ici imprimés noir", 0) == [("missing-card", CARD)]


def test_a_page_that_is_not_in_the_book_has_no_words(tmp_path: Path) -> None:
    assert lost(book(tmp_path / "book.pdf", "Une aide"), "Une aide", 7) == [("missing-card", CARD)]
