"""The completeness gate: a field that is not whole in the pages of its part stops the file."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pikepdf
import pytest
import yaml
from pikepdf import Array, Dictionary, Name

from conftest import CatalogueFolder
from livret.control import completeness
from livret.control.completeness import Expected, PrintedField, field_with, lost, sought, unbound
from livret.control.printed_text import PageLetters, PrintedText
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
    found = sought(path, [Expected("card-aajt", (PrintedField("pilot.about", words, True),), CARD, pages)])[0]
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


def test_words_of_running_heads_and_folios_do_not_count(tmp_path: Path) -> None:
    path = book(tmp_path / "book.pdf", "Une aide ponctuelle\nDes livres")
    heads = book(tmp_path / "heads.pdf", "Une aide ponctuelle")
    expected = [Expected("card-aajt", (PrintedField("pilot.about", "Une aide ponctuelle", True),), CARD, (0,))]
    assert sought(path, expected)[0] == []
    (found,) = sought(path, expected, [heads])[0]
    assert (found.rule, found.where) == ("missing-card", CARD)


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
    return [finding.rule for finding in lost(part, PrintedText.plain(f"Heading of it {printed}"))]


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


@pytest.mark.parametrize(
    ("words", "field"),
    [
        # Not inside "jeunes".
        ("Une", "description"),
        ("une aide", "description"),
        ("travailleurs.", "pilot.about"),
        ("travailleurs", "pilot.name"),
        ("L\u2019association\u00a0accueille", "pilot.about"),
        ("ponc\u2010", "description"),
        ("d\u2019accueil", "title"),
        ("accueil", "title"),
        ("ailleurs", "pilot.name"),
        ("Ailleurs encore", None),
        ("…", None),
    ],
)
def test_words_are_told_with_the_field_that_they_stand_in(
    catalogue_folder: CatalogueFolder, words: str, field: str | None
) -> None:
    catalogue_folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Foyer d'accueil")
    card = next(card for card in catalogue_folder.catalogue().initiatives if card.id == "aajt")
    assert field_with(words, card) == field


NOTED = "Une aide, donnée à tous ceux qui la demandent, bien sûr, et un *accueil* de jour."


@pytest.mark.parametrize(
    ("printed", "footnotes", "rules"),
    [
        (
            "Une aide, 1 bien sûr, et un accueil de jour.\n1. donnée à tous ceux qui la demandent,",
            ["donnée à tous ceux qui la demandent,"],
            [],
        ),
        (
            "Une aide, 1 bien sûr, et un 2 de jour.\n1. donnée à tous ceux qui\nla demandent,\n2. accueil",
            ["donnée à tous ceux qui\u2010la demandent,", "accueil"],
            [],
        ),
        # At the end of the paragraph, on the page after it.
        (
            "Une aide, donnée à tous ceux qui la demandent, bien sûr, 1\f1 et un accueil de jour.",
            ["et un accueil de jour."],
            [],
        ),
        # The words of the note are nowhere.
        ("Une aide, 1 bien sûr, et un accueil de jour.", ["donnée à tous ceux qui la demandent,"], ["missing-text"]),
        # The note is there, and words of the text are not.
        (
            "Une aide, 1 bien sûr,\n1. donnée à tous ceux qui la demandent,",
            ["donnée à tous ceux qui la demandent,"],
            ["missing-text"],
        ),
        # Nobody said that the words stand at the foot.
        ("Une aide, 1 bien sûr, et un accueil de jour.\n1. donnée à tous ceux qui la demandent,", [], ["missing-text"]),
        # A note of another text.
        (
            "Une aide, 1 bien sûr, et un accueil de jour.\n1. donnée à tous ceux qui la demandent,",
            ["accueil"],
            ["missing-text"],
        ),
    ],
)
def test_words_that_a_layout_sets_at_the_foot_are_looked_for_there(
    printed: str, footnotes: list[str], rules: list[str]
) -> None:
    fields = (PrintedField("title", "Heading of it"), PrintedField("description", NOTED, True))
    part = Expected("card-x", fields, Location("x.yaml"), (0,), footnotes=tuple(footnotes))
    assert [finding.rule for finding in lost(part, PrintedText.plain(f"Heading of it {printed}"))] == rules


def test_a_paragraph_that_is_a_footnote_may_stand_below_those_after_it(tmp_path: Path) -> None:
    path = printed_lines(tmp_path / "x.pdf", ("Le premier alinea", 30, 100), ("Le second alinea", 30, 500))
    field = PrintedField("description", "Le premier alinea\n\nLe second alinea", True)
    for footnotes, rules in (((), ["missing-text"]), (("Le premier alinea",), [])):
        part = Expected("card-x", (field,), CARD, (0,), footnotes=footnotes)
        assert [found.rule for found in sought(path, [part])[0]] == rules


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
    (finding,) = lost(part, PrintedText.plain("Kodiko r\u00e9unit des salari\u00e9s."))
    assert 'the field "pilot.name" is not printed whole; missing from "Kodiko" on' in finding.message


def test_a_right_to_left_text_must_be_there_in_the_order_of_reading() -> None:
    text = "\u0645\u0631\u062d\u0628\u0627 \u0628\u0643\u0645"
    assert missing(text, text) == []
    assert missing(text[::-1], text) == ["missing-text"]
    assert missing(" ".join(reversed(text.split())), text) == ["missing-text"]
    assert missing(text.split()[0], text) == ["missing-text"]


def test_a_number_that_a_reader_turns_in_a_line_from_the_right_is_found_as_it_is_drawn() -> None:
    fields = (PrintedField("pilot.name", "بيت"), PrintedField("contacts.phones", "01 99 00 12 34"))
    part = Expected("card-bayt", fields, CARD, (0,))
    for drawn, found in (("بيت0199001234", []), ("بيت0199001235", ["missing-text"])):
        printed = PrintedText((PageLetters("بيت3412009901"),), (PageLetters(drawn),))
        assert [one.rule for one in lost(part, printed)] == found


ARABIC = """\
language: ar
pilot:
  name: بيت
  about: >-
    السكن أولا مع [Kodiko](card:kodiko)
    والبلدية 40 سريرا، مَرْحَبًا.
contacts: [{phones: ["01 99 00 12 34"]}]
themes: [emploi]
scope: national
"""


def test_an_arabic_card_is_found_word_for_word_and_a_changed_one_is_not(
    catalogue_folder: CatalogueFolder,
) -> None:
    """With ligatures, vowel marks, numbers and a link in Latin letters."""
    plain_layout(catalogue_folder)
    catalogue_folder.write("initiatives/bayt.yaml", ARABIC)
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 0, done.err
    pdf = catalogue_folder.root / "output" / "full" / "full-screen.pdf"
    with pikepdf.open(pdf) as opened:
        pages = tuple(range(len(opened.pages)))
    about = str(yaml.safe_load(ARABIC)["pilot"]["about"])
    swapped = about.replace(
        "\u0627\u0644\u0633\u0643\u0646 \u0623\u0648\u0644\u0627",
        "\u0623\u0648\u0644\u0627 \u0627\u0644\u0633\u0643\u0646",
    )
    for text, rules in ((about, []), (swapped, ["missing-card"])):
        (field,) = (PrintedField("pilot.about", text, True),)
        found = sought(pdf, [Expected("card-bayt", (field,), CARD, pages)])[0]
        assert [finding.rule for finding in found] == rules


def printed_lines(path: Path, *lines: tuple[str, float, float]) -> Path:
    """A PDF with one page that has each line at a place, from the left and from the bottom."""
    with pikepdf.new() as pdf:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        page = pdf.add_blank_page(page_size=(420, 595))
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        shown = " ".join(f"BT /F 10 Tf {x} {y} Td ({line}) Tj ET" for line, x, y in lines)
        page.obj.Contents = pdf.make_stream(shown.encode("cp1252"))
        pdf.save(path)
    return path


@pytest.mark.parametrize(
    ("first", "second", "rules"),
    [
        ((30, 500), (30, 480), []),
        ((30, 480), (30, 500), ["missing-text"]),
        # A list is set in a little.
        ((30, 480), (45, 500), ["missing-text"]),
        # At the head of the next column.
        ((30, 100), (230, 500), []),
        # Side by side.
        ((30, 500), (200, 500), []),
    ],
)
def test_a_paragraph_above_the_one_before_it_is_an_error(
    tmp_path: Path, first: tuple[int, int], second: tuple[int, int], rules: list[str]
) -> None:
    path = printed_lines(tmp_path / "x.pdf", ("Le premier alinea", *first), ("Le second alinea", *second))
    field = PrintedField("description", "Le premier alinea\n\nLe second alinea", True)
    found = sought(path, [Expected("card-x", (field,), CARD, (0,))])[0]
    assert [finding.rule for finding in found] == rules
    if found:
        assert 'field "description" is not printed in order; "Le second alinea" comes too early' in found[0].message


def test_a_paragraph_on_a_page_before_is_an_error(tmp_path: Path) -> None:
    path = book(tmp_path / "x.pdf", "Le second alinea", "Le premier alinea")
    field = PrintedField("description", "Le premier alinea\n\nLe second alinea", True)
    assert [found.rule for found in sought(path, [Expected("card-x", (field,), CARD, (0, 1))])[0]] == ["missing-text"]


def test_every_theme_of_a_card_must_be_named(catalogue_folder: CatalogueFolder) -> None:
    """As words, or as the description of its pictogram."""
    layout = plain_layout(catalogue_folder)
    change(layout / "layout.yaml", "results, themes, ", "results, ")
    main = "{{ pictogram(card.theme.pictogram, card.theme.color, title=card.theme.name) }}"
    change(layout / "card.html", main, main + "<p>{{ card.theme.name }}</p>")
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 1
    told = 'card-aajt: the field "themes" is not printed whole; missing from "au logement" on'
    assert told in done.err
    change(
        layout / "card.html",
        "<p>{{ card.theme.name }}</p>",
        "<p>{{ card.theme.name }}</p>"
        "{% for theme in card.themes[1:] %}{{ pictogram(theme.pictogram, '#000000', title=theme.name) }}{% endfor %}",
    )
    done = livret_here("-C", catalogue_folder.root, "build")
    assert done.code == 0, done.err


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
    assert "La maquette omet exprès\u00a0: description, " in (output / "report.html").read_text(encoding="utf-8")


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


# --- the same words more than once ---

ONE = "Une équipe accueille chaque personne."
TWO = "Elle cherche avec elle un logement."
END = "Puis elle reste en lien."
TITLE = "Coup de pouce"


def broken(fields: dict[str, str], printed: str) -> list[str]:
    """The fields that are told of a part whose pages hold `printed`."""
    made = tuple(PrintedField(name, text, is_markdown=name != "title") for name, text in fields.items())
    found = lost(Expected("card-x", made, Location("x.yaml"), (0,)), PrintedText.plain(printed))
    return [finding.message.split('"')[1] if '"' in finding.message else finding.rule for finding in found]


REPEATED = [
    # In another field: whole, as the beginning, as the end.
    ({"pilot.about": ONE, "description": ONE}, [ONE, ONE]),
    ({"pilot.about": ONE, "description": f"{ONE} {TWO}"}, [ONE, f"{ONE} {TWO}"]),
    ({"summary": f"{ONE} {TWO}", "description": f"{ONE} {TWO} {END}"}, [f"{ONE} {TWO}", f"{ONE} {TWO} {END}"]),
    # As the end of one text and the beginning of the next, which is a third text.
    ({"pilot.about": f"Bref. {ONE}", "summary": f"{TWO} Fin.", "results": f"{ONE} {TWO}"},
     [f"Bref. {ONE}", f"{TWO} Fin.", f"{ONE} {TWO}"]),
    ({"pilot.about": ONE, "summary": f"{TWO} Fin.", "results": f"{ONE} {TWO}"},
     [ONE, f"{TWO} Fin.", f"{ONE} {TWO}"]),
    ({"pilot.about": f"{ONE} {TWO}", "description": f"Bref. {ONE}\n\n{TWO} Fin.\n\n{ONE} {TWO}"},
     [f"Bref. {ONE}", f"{TWO} Fin.", f"{ONE} {TWO}", f"{ONE} {TWO}"]),
    # The title as the first line; in a sentence; twice.
    ({"title": TITLE, "description": f"{TITLE}\n\n{ONE}"}, [TITLE, TITLE, ONE]),
    ({"title": TITLE, "description": f"{TITLE} aide. {ONE}"}, [TITLE, f"{TITLE} aide. {ONE}"]),
    ({"title": TITLE, "summary": TITLE, "description": f"{TITLE} {TITLE}"}, [TITLE, TITLE, f"{TITLE} {TITLE}"]),
    # A list with one item twice, and an item that begins another.
    ({"description": "- un\n- deux\n- un\n- un toit"}, ["un", "deux", "un", "un toit"]),
    # The first paragraph of a text stands in the one after the next.
    ({"description": f"{ONE}\n\n{TWO}\n\n{ONE} {TWO} {END}"}, [ONE, TWO, f"{ONE} {TWO} {END}"]),
    # Overleaf: what begins as a text before it, and goes on as a text before it.
    ({"pilot.about": ONE, "description": f"{END}\n\n{ONE} {TWO}"}, [ONE, END, f"{ONE}\f{TWO}"]),
    ({"pilot.about": ONE, "description": f"{END}\n\n{ONE} {TWO}"},
     [ONE, END, f"{ONE} Elle cherche\favec elle un logement."]),
    ({"pilot.about": f"Bref. {ONE}", "summary": f"{TWO} Fin.", "results": f"{ONE} {TWO}"},
     [f"Bref. {ONE}", f"\f{TWO} Fin.", f"{ONE} {TWO}"]),
    ({"pilot.about": f"Bref. {ONE}", "summary": f"{TWO} Fin.", "results": f"{ONE} {TWO}"},
     [f"Bref. {ONE}", f"\f{TWO} Fin.", f"{ONE}\f{TWO}"]),
    # Two pages that go on with words that are nearly the same.
    ({"pilot.about": f"{ONE} {TWO}", "description": f"{ONE} Elle cherche avec elle un travail."},
     [ONE, f"{ONE}\fElle cherche avec elle un travail.", TWO]),
    # Equal paragraphs that repeat a sentence, which goes on after a facing page that holds it too.
    ({"pilot.about": "\n\n".join([f"{ONE} {ONE} {ONE}"] * 3), "description": ONE},
     [ONE, ONE, f"Une éq\f{ONE}\fuipe accueille chaque personne. Une équipe\f\faccueille chaque personne.",
      *[ONE] * 5]),
    # Two equal texts that repeat a sentence, on left-hand and on right-hand pages.
    ({"pilot.about": " ".join([ONE] * 5), "description": " ".join([ONE] * 5)},
     [f"{ONE} {ONE} {ONE}", f"\f{ONE} {ONE} {ONE} {ONE} Une équipe", f"\f{ONE} {ONE}", "\faccueille chaque personne."]),
    # Two that are not equal.
    ({"pilot.about": " ".join([ONE, TWO] * 3), "description": " ".join([ONE, TWO] * 2 + [ONE])},
     [f"{ONE} {TWO}", f"\f{ONE} {TWO} {ONE} Elle", f"\f{ONE} {TWO} {ONE} {TWO}",
      f"\fcherche avec elle un logement. {ONE}"]),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "printed"), REPEATED)
def test_words_that_stand_twice_are_found_twice(fields: dict[str, str], printed: list[str]) -> None:
    assert broken(fields, "\n".join(printed)) == []


@pytest.mark.parametrize(("fields", "printed"), REPEATED)
def test_words_that_stand_twice_and_are_printed_once_less_are_missed(
    fields: dict[str, str], printed: list[str]
) -> None:
    for place, text in enumerate(printed):
        left = printed[:place] + ["\f"] * ("\f" in text) + printed[place + 1 :]
        assert broken(fields, "\n".join(left)), f"without {text!r}"


def overleaf(fields: dict[str, str], lines_a_page: int) -> list[list[str]]:
    """The lines of the pages of a card in one column, each page with the same head."""
    column = [line for text in fields.values() for one in text.split("\n\n") for line in textwrap.wrap(one, 48)]
    starts = range(0, len(column), lines_a_page)
    return [["Association des amis", *column[at : at + lines_a_page]] for at in starts]


ALL = f"{ONE} {TWO} {END} {ONE}"
# Two fields with the same long text, three, one inside the other.
SAME = [
    {"pilot.about": "\n\n".join([ALL] * 7), "description": "\n\n".join([ALL] * 7)},
    {"summary": f"{ONE} {TWO} " * 20, "description": f"{ONE} {TWO} " * 20, "results": f"{ONE} {TWO} " * 20},
    {"pilot.about": " ".join([ONE] * 30), "description": " ".join([ONE] * 30) + f" {END}"},
    {"description": "\n\n".join([" ".join([TWO] * 4)] * 9), "results": "\n\n".join([" ".join([TWO] * 4)] * 5)},
]  # fmt: skip


@pytest.mark.parametrize("lines_a_page", [17, 25])
@pytest.mark.parametrize("texts", SAME)
def test_long_texts_of_the_same_words_are_whole_overleaf_and_each_lost_line_is_missed(
    texts: dict[str, str], lines_a_page: int
) -> None:
    fields = {**texts, "contacts.role": "avec elle un logement"}
    pages = overleaf(fields, lines_a_page)
    assert broken(fields, "\f".join(map("\n".join, pages))) == []
    for page in pages:
        for at in range(1, len(page), 7):
            line = page.pop(at)
            assert broken(fields, "\f".join(map("\n".join, pages))), f"without {line!r}"
            page.insert(at, line)


def test_a_text_that_two_neighbouring_cards_print_is_asked_of_each(tmp_path: Path) -> None:
    path = book(tmp_path / "x.pdf", f"{TITLE}\n{ONE}", f"{TITLE}\n{TWO}\n{ONE}", TITLE)
    field = PrintedField("description", ONE)
    assert [sought(path, [Expected("card-x", (field,), CARD, (page,))])[0] for page in (0, 1)] == [[], []]
    assert [found.rule for found in sought(path, [Expected("card-x", (field,), CARD, (2,))])[0]] == ["missing-card"]


def test_two_equal_fields_must_be_printed_twice() -> None:
    phones = (PrintedField("contacts.phones", "01 99 00 12 34"),) * 2
    part = Expected("card-x", (PrintedField("title", TITLE), *phones), Location("x.yaml"), (0,))
    printed = PrintedText.plain(f"{TITLE} 01 99 00 12 34")
    assert [finding.rule for finding in lost(part, printed)] == ["missing-text"]
    assert list(lost(part, PrintedText.plain(f"{TITLE} 01 99 00 12 34 01 99 00 12 34"))) == []


def test_a_text_that_goes_on_overleaf_may_begin_as_another_above(tmp_path: Path) -> None:
    one, two, end = ("Une aide pour chaque personne.", "Elle cherche un logement.", "Puis elle reste en lien.")
    path = book(tmp_path / "x.pdf", f"{one}\n{end}\n{one}", two)
    fields = (PrintedField("pilot.about", one), PrintedField("description", f"{end}\n\n{one} {two}", is_markdown=True))
    assert sought(path, [Expected("card-x", fields, CARD, (0, 1))])[0] == []


def test_a_paragraph_that_two_fields_hold_may_be_broken_in_the_one_that_is_printed_last(tmp_path: Path) -> None:
    one, two, end = ("Une aide pour chaque personne.", "Elle cherche un logement.", "Puis elle reste en lien.")
    path = book(tmp_path / "x.pdf", f"{one} {two}\n{end}\nBref.\n{one}", two)
    fields = (
        PrintedField("pilot.about", f"Bref.\n\n{one} {two}", is_markdown=True),
        PrintedField("description", f"{one} {two}\n\n{end}", is_markdown=True),
    )
    assert sought(path, [Expected("card-x", fields, CARD, (0, 1))])[0] == []


def whole_part(fragment: str = "f1", words: str = "Une aide ponctuelle") -> Expected:
    return Expected("card-aajt", (PrintedField("pilot.about", words, True),), CARD, (0,), fragment=fragment)


def test_a_part_that_was_whole_is_not_searched_again_in_the_same_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.pdf", "Une aide ponctuelle")
    found, whole = sought(path, [whole_part()])
    assert (found, len(whole)) == ([], 1)
    monkeypatch.setattr(completeness, "lost", lambda *_: pytest.fail("searched again"))
    assert sought(path, [whole_part()], known=whole) == ([], whole)


def test_a_part_on_pages_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    _, whole = sought(book(tmp_path / "a.pdf", "Une aide ponctuelle"), [whole_part()], digests=["page-1"])
    gone = tmp_path / "gone.pdf"
    found, now = sought(gone, [whole_part()], known=whole, digests=["page-1"])
    assert found == []
    assert set(now) <= set(whole)
    assert sought(gone, [whole_part()], known=now, digests=["page-1"])[0] == [], "it stays known"


@pytest.mark.parametrize(
    ("part", "digests"),
    [(whole_part(), ["page-2"]), (whole_part(), []), (whole_part(words="Une aide ponctuelle et rapide"), ["page-1"])],
    ids=["another page", "a page without a name", "another field"],
)
def test_a_part_on_a_page_that_changed_is_read_again(tmp_path: Path, part: Expected, digests: list[str]) -> None:
    _, whole = sought(book(tmp_path / "a.pdf", "Une aide ponctuelle"), [whole_part()], digests=["page-1"])
    found, _ = sought(book(tmp_path / "b.pdf", "Une aide"), [part], known=whole, digests=digests)
    assert [one.rule for one in found] == ["missing-card"]


@pytest.mark.parametrize(
    ("printed", "part"),
    [
        ("Une aide ponctu", whole_part()),
        ("Une aide ponctuelle", whole_part(words="Une aide ponctuelle et rapide")),
        ("Une aide", whole_part(fragment="f2")),
    ],
    ids=["other text in the file", "another field", "another fragment"],
)
def test_a_part_that_changed_is_searched_again(tmp_path: Path, printed: str, part: Expected) -> None:
    _, whole = sought(book(tmp_path / "a.pdf", "Une aide ponctuelle"), [whole_part()])
    found, now = sought(book(tmp_path / "b.pdf", printed), [part], known=whole)
    assert [one.rule for one in found] == ["missing-card"]
    assert now == ()


def test_a_part_of_which_something_is_missing_is_told_each_time(tmp_path: Path) -> None:
    path = book(tmp_path / "a.pdf", "Une aide ponctu")
    found, whole = sought(path, [whole_part()])
    assert whole == ()
    assert sought(path, [whole_part()], known=whole)[0] == found
