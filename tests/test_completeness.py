"""The completeness gate: a field that is not whole in the pages of its part stops the file."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from conftest import CatalogueFolder
from livret.control.completeness import Expected, PrintedField, letters_of, lost, unbound, unfound
from livret.findings import Location
from press import change, livret_here, plain_layout

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


def told(path: Path, words: str, *pages: int) -> list[tuple[str, Location | None]]:
    """The rule and place of what the gate says of one card."""
    found = unfound(path, [Expected("card-aajt", (PrintedField("pilot.about", words, True),), CARD, pages)])
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
    assert told(book(tmp_path / "book.pdf", printed), words, 0) == []


def test_words_on_the_second_page_of_a_card_count(tmp_path: Path) -> None:
    assert told(book(tmp_path / "book.pdf", "x", "Une aide ponctuelle"), "Une aide ponctuelle", 0, 1) == []


def test_words_on_the_pages_of_others_do_not_count(tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", "Une aide ponctuelle", "Tout autre chose")
    assert told(path, "Une aide ponctuelle", 1) == [("missing-card", CARD)]


def test_a_card_of_which_a_few_words_are_printed_is_missing(tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", "Dix mots simples dont")
    assert told(path, "Dix mots simples dont quatre seulement sont ici imprimés noir", 0) == [("missing-card", CARD)]


def test_a_page_that_is_not_in_the_book_has_no_words(tmp_path: Path) -> None:
    assert told(book(tmp_path / "book.pdf", "Une aide"), "Une aide", 7) == [("missing-card", CARD)]


# --- fields ---


def missing(printed: str, text: str, *, is_markdown: bool = False) -> list[str]:
    """The rules broken by a part with a heading and one more text, whose pages hold `printed`."""
    fields = (PrintedField("title", "Heading of it"), PrintedField("description", text, is_markdown))
    part = Expected("card-x", fields, Location("x.yaml"), (0,))
    pages = "\f".join(letters_of(page) for page in f"Heading of it {printed}".split("\f"))
    return [finding.rule for finding in lost(part, pages, printed.split())]


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("Une aide ponctuelle", "Une aide ponctuelle"),
        ("Une aide ponc\u00ad\ntuelle", "Une aide ponctuelle"),
        ("Une aide ponc-\ntuelle", "Une aide ponctuelle"),
        ("l\u2019o\ufb03ce \u00ab\u202fbleu\u202f\u00bb", 'l\'office "bleu"'),
        ("UNE AIDE PONCTUELLE", "Une aide ponctuelle"),
        ("un c\u0153ur", "un coeur"),
        ("le n\u1d52 4", "le n\u00b0 4"),
        ("Kodiko (p. 42) accompagne", "[Kodiko](card:kodiko) accompagne"),
        ("le site\u00b9 de Kodiko", "[le site](https://kodiko.example.org) de Kodiko"),
        ("Une aide qui va\f plus loin encore", "Une aide qui va plus loin encore"),
        ("Une aide qui va 1. Une note\fplus loin encore", "Une aide qui va plus loin encore"),
        ("\u2013 le second\nUne liste :\n\u2013 le premier", "Une liste :\n\n- le premier\n- le second"),
        ("Direction DGEF des \u00e9trangers", "Direction des \u00e9trangers"),
    ],
)
def test_a_text_that_is_set_is_found(printed: str, text: str) -> None:
    assert missing(printed, text, is_markdown=True) == []


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("", "Une aide ponctuelle"),
        ("Une aide", "Une aide ponctuelle"),
        ("Une ponctuelle aide", "Une aide ponctuelle"),
        ("Une aide longue et ponctuelle mais lente, donn\u00e9e ici", "Une aide ponctuelle donn\u00e9e ici"),
        ("Le premier point.", "Le premier point.\n\n- le second"),
        ("Une aide ponctuelle", "Une aide ponctuelle\n\nUne aide ponctuelle"),
        ("01 99 00 12 34", "01 99 00 12 35"),
    ],
)
def test_a_text_that_is_not_whole_is_an_error(printed: str, text: str) -> None:
    assert missing(printed, text, is_markdown=True) == ["missing-text"]


def test_a_text_that_goes_on_overleaf_is_found_whatever_the_facing_page_holds() -> None:
    facing = "Le texte de la page en face. " * 200
    assert missing(f"Une aide qui va\f{facing}\fplus loin encore", "Une aide qui va plus loin encore") == []
    assert missing("Une aide qui va\fplus loin de\fplus loin encore", "Une aide qui va plus loin encore") == []
    assert missing(f"Une aide qui va\f{facing}\fplus loin", "Une aide qui va plus loin encore") == ["missing-text"]


def test_a_name_inside_a_longer_text_does_not_count_as_the_heading() -> None:
    fields = (
        PrintedField("pilot.name", "Kodiko"),
        PrintedField("pilot.about", "Kodiko r\u00e9unit des salari\u00e9s."),
    )
    part = Expected("card-x", fields, Location("x.yaml"), (0,))
    (finding,) = lost(part, letters_of("Kodiko r\u00e9unit des salari\u00e9s."))
    assert 'the field "pilot.name" is not printed whole; missing from "Kodiko" on' in finding.message


def test_words_of_a_right_to_left_text_are_found_in_either_order() -> None:
    text = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645"
    assert missing(text, text) == []
    assert missing(text[::-1], text) == []
    assert missing(text.split()[0], text) == ["missing-text"]


def test_letters_of_a_ligature_that_are_stored_the_other_way_round_are_found() -> None:
    # Stored from left to right; lam and alef are one glyph, which is read as the two letters in their own order.
    assert (
        missing(
            "\u0644\u0627\u0648\u0623 \u0646\u0643\u0633\u0644\u0627",
            "\u0627\u0644\u0633\u0643\u0646 \u0623\u0648\u0644\u0627",
        )
        == []
    )
    assert missing(
        "\u0644\u0627\u0648 \u0646\u0643\u0633\u0644\u0627", "\u0627\u0644\u0633\u0643\u0646 \u0623\u0648\u0644\u0627"
    ) == ["missing-text"]


def test_a_layout_that_leaves_a_field_out_must_say_so(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    pictograms = catalogue_folder.root / "pictograms"
    pictograms.mkdir(exist_ok=True)
    change(layout / "card.html", "{% if card.description %}{{ card.description|md }}{% endif %}\n", "")
    done = livret_here("-C", catalogue_folder.root, "build", "--strict")
    assert done.code == 1
    assert 'card-aajt: the field "description" is not printed whole' in done.err
    assert "[missing-text]" in done.err
    output = catalogue_folder.root / "output" / "full"
    assert not (output / "full-screen.pdf").exists()
    change(layout / "layout.yaml", "leaves_out: [", "leaves_out: [description, ")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 0, done.err
    report = json.loads((output / "report.json").read_text(encoding="utf-8"))
    assert report["leaves_out"][0] == "description"
    assert "The layout leaves out on purpose: description, " in (output / "report.html").read_text(encoding="utf-8")


def test_a_text_that_comes_later_into_a_field_that_is_not_printed_stops_the_file(
    catalogue_folder: CatalogueFolder,
) -> None:
    layout = plain_layout(catalogue_folder)
    change(layout / "layout.yaml", "results, ", "")
    assert livret_here("-C", catalogue_folder.root, "build").code == 0, "no card has results"
    card: Path = catalogue_folder.path("initiatives/kodiko.yaml")
    card.write_text(card.read_text(encoding="utf-8") + "results: |\n  Des emplois.\n", encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    assert 'card-kodiko: the field "results" is not printed whole; missing from "Des emplois." on' in done.err
