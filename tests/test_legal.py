"""What the law wants printed: numbers that prove themselves, the lines of the imprint, and what stops a press file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import CatalogueFolder
from inspector import Inspector
from lengths import mm
from livret.content.catalogue.legal import press_findings
from livret.content.catalogue.reader import read_catalogue
from livret.content.catalogue.reserved_contacts import find_reserved
from livret.content.catalogue.suppressions import accept_allowed, unused_allowances
from livret.content.schema import dates, validators
from livret.content.schema import isbn as isbn_module
from livret.content.schema.model import Allowed, Legal
from livret.content.schema.validators import BadValueError
from livret.findings import Finding, LivretError, Location, Severity, error, note, warning
from livret.pages.compose.composer import Composer
from livret.pages.compose.formatting import mentions
from livret.pages.flatplan import flatplan, select, sources
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.project import Project
from livret.translation import verbatim
from livret.web.compose import WebComposer
from livret.web.layout import WebLayout
from press import TOP, plain_layout

CATALOGUE, PACA, AAJT = "catalogue.yaml", "editions/paca.yaml", "initiatives/aajt.yaml"

LEGAL = """\
legal:
  printer: {name: Imprimerie du Port, address: "3, quai du Port, 13002 Marseille"}
  printed: 2019-04
  deposit: 2019-05
  isbn: 978-2-07-010092-7
  price: 12 €
"""


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """A catalogue that is no demonstration and may go to press: nothing in it is lacking or fictional."""
    made = catalogue_folder
    made.change(CATALOGUE, "demonstration: true\n", LEGAL)
    made.change(CATALOGUE, "  email: contact@diair.example.org\n", "  address: Place Beauvau, 75008 Paris\n")
    made.change(AAJT, "01 99 00 12 34", "04 91 00 12 34")
    made.change(AAJT, "direction@aajt.example.org", "direction@aajt.asso.fr")
    made.change("initiatives/kodiko.yaml", "bonjour@kodiko.example.org", "bonjour@kodiko.asso.fr")
    assert made.findings() == ()
    return made


# --- numbers, months, prices ---


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("978-2-07-010092-7", "978-2-07-010092-7"),
        ("ISBN 978 2 07 010092 7", "978 2 07 010092 7"),
        ("isbn: 9782070100927", "9782070100927"),
        ("978\u20112\u201107\u2011010092\u20117", "978-2-07-010092-7"),
        ("979-10-90636-07-1", "979-10-90636-07-1"),
        ("2-07-010092-8", "2-07-010092-8"),
        ("0-8044-2957-x", "0-8044-2957-X"),
        ("978-67-00000-00-7", "978-67-00000-00-7"),
    ],
)
def test_an_isbn_is_kept_as_it_is_parted(typed: str, kept: str) -> None:
    assert isbn_module.isbn(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("978-2-07-010092-8", "the last one would be 7, not 8"),
        ("978-2-70-010092-7", "the last one would be 1, not 7"),
        ("2-07-010092-X", "the last one would be 8, not X"),
        ("0-8044-2957-1", "the last one would be X, not 1"),
        ("978-2-07-010092", "is not an ISBN"),
        ("977-2-07-010092-7", "is not an ISBN"),
        ("en cours", "is not an ISBN"),
    ],
)
def test_a_wrong_isbn_is_told_with_its_right_digit(typed: str, told: str) -> None:
    with pytest.raises(BadValueError, match=re.escape(told)) as refused:
        isbn_module.isbn(typed)
    assert refused.value.rule == "bad-isbn"


@given(st.integers(0, 10**9 - 1), st.integers(3, 12), st.integers(1, 9))
def test_any_mistyped_digit_of_an_isbn_is_seen(number: int, place: int, shift: int) -> None:
    first = f"978{number:09}"
    digits = first + next(last for last in "0123456789" if _is_isbn(first + last))
    wrong = digits[:place] + str((int(digits[place]) + shift) % 10) + digits[place + 1 :]
    assert not _is_isbn(wrong)


def _is_isbn(text: str) -> bool:
    try:
        return isbn_module.isbn(text) == text
    except BadValueError:
        return False


@pytest.mark.parametrize(
    ("typed", "kept"), [("0317-8471", "0317-8471"), ("ISSN : 03178471", "0317-8471"), ("2434-561x", "2434-561X")]
)
def test_an_issn_is_four_digits_a_hyphen_and_four(typed: str, kept: str) -> None:
    assert isbn_module.issn(typed) == kept


@pytest.mark.parametrize(
    ("typed", "told"),
    [("0317-8472", "the last one would be 1, not 2"), ("2434-5611", "would be X, not 1"), ("0317-847", "not an ISSN")],
)
def test_a_wrong_issn_is_told_with_its_right_digit(typed: str, told: str) -> None:
    with pytest.raises(BadValueError, match=told) as refused:
        isbn_module.issn(typed)
    assert refused.value.rule == "bad-issn"


@pytest.mark.parametrize(
    ("isbn", "is_nobodys"),
    [
        ("978-67-00000-00-7", True),
        ("ISBN 9786600000000", True),
        ("978-65-00000-00-0", False),
        ("978-2-07-010092-7", False),
        ("979-10-90636-07-1", False),
    ],
)
def test_an_isbn_of_no_country_is_known(isbn: str, is_nobodys: bool) -> None:
    assert isbn_module.is_unassigned(isbn) is is_nobodys


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2019-04", "2019-04"),
        ("avril 2019", "2019-04"),
        ("Août 2019", "2019-08"),
        ("May 2019", "2019-05"),
        ("Dépôt légal : avril 2019", "2019-04"),
    ],
)
def test_a_month_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert dates.month(typed) == kept
    assert dates.printing_date(typed) == kept


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("04/2019", "2019-04"),
        ("26/04/2019", "2019-04"),
        ("2019-13", "as 2019-04"),
        ("2019", "as 2019-04"),
        ("avrill 2019", "as 2019-04"),
        ("2019-02-30", "as 2019-04"),
    ],
)
def test_what_is_no_month_is_told_with_its_mend(typed: str, hint: str) -> None:
    for check in (dates.month, dates.printing_date):
        with pytest.raises(BadValueError) as refused:
            check(typed)
        assert refused.value.rule == "bad-month"
        assert hint in refused.value.hints[0]


def test_printing_ends_on_a_day_or_in_a_month_the_deposit_is_of_a_month() -> None:
    assert dates.printing_date("2019-04-26") == "2019-04-26"
    with pytest.raises(BadValueError, match="not a month") as refused:
        dates.month("2019-04-26")
    assert refused.value.hints == ("write year and month: 2019-04",)


@pytest.mark.parametrize(
    ("typed", "kept"), [("12 €", "12 €"), ("12,50 EUR", "12,50 EUR"), ("Gratuit", "gratuit"), ("0 €", "gratuit")]
)
def test_a_price_has_its_currency_or_is_free(typed: str, kept: str) -> None:
    assert validators.price(typed) == kept


@pytest.mark.parametrize(("typed", "hint"), [("12", "write 12 €"), ("cher", "gratuit"), ("à fixer", "gratuit")])
def test_what_is_no_price_is_told(typed: str, hint: str) -> None:
    with pytest.raises(BadValueError) as refused:
        validators.price(typed)
    assert refused.value.rule == "bad-price"
    assert hint in refused.value.hints[0]


@pytest.mark.parametrize(
    ("old", "new", "rule", "line"),
    [
        ("978-2-07-010092-7", "978-2-07-010092-6", "bad-isbn", 19),
        ("isbn: 978-2-07-010092-7", "issn: 0317-8472", "bad-issn", 19),
        ("deposit: 2019-05", "deposit: mai", "bad-month", 18),
        ("12 €", "12", "bad-price", 20),
        ("price:", "prix:", "unknown-field", 20),
        ("name: Imprimerie du Port, ", "", "missing-field", 16),
        ("legal:\n", "filler: vide\nlegal:\n", "unknown-filler", 15),
        ("legal:\n", "press: coated-fogra93\nlegal:\n", "unknown-press-profile", 15),
        ("legal:\n", "allow: [{rule: missing-isbn}]\nlegal:\n", "missing-field", 15),
        ("legal:\n", "allow: [missing-isbn]\nlegal:\n", "wrong-type", 15),
        ("legal:\n", "allow: [{rule: Missing ISBN, reason: x}]\nlegal:\n", "bad-id", 15),
        ("legal:\n", "places: [x]\nlegal:\n", "unknown-field", 15),
    ],
)
def test_slips_are_told_in_their_place(folder: CatalogueFolder, old: str, new: str, rule: str, line: int) -> None:
    folder.change(CATALOGUE, old, new)
    assert [(finding.rule, str(finding.where)) for finding in folder.findings()] == [
        (rule, f"catalogue/{CATALOGUE}:{line}")
    ]


# --- what an edition prints of it ---


def test_an_edition_replaces_field_by_field_and_never_inherits_an_isbn(folder: CatalogueFolder) -> None:
    folder.write(PACA, "legal: {price: gratuit, printed: 2019-06}\n")
    folder.write("editions/idf.yaml", "legal: {isbn: 979-10-90636-07-1}\n")
    folder.write("editions/full.yaml", "legal: {deposit: 2019-07}\n")
    catalogue = folder.catalogue()
    paca, idf, full = (select(catalogue, name).legal for name in ("paca", "idf", "full"))
    assert (paca.price, paca.printed, paca.deposit, paca.isbn) == ("gratuit", "2019-06", "2019-05", None)
    assert (idf.price, idf.isbn) == ("12 €", "979-10-90636-07-1")
    assert (full.deposit, full.isbn) == ("2019-07", "978-2-07-010092-7")
    assert {one.printer.name for one in (paca, idf, full) if one.printer} == {"Imprimerie du Port"}


HOUSE = "Imprimerie du Port, Marseille"
WORDS = {language: Layout(Project.at(TOP), "forum").labels(language) for language in ("fr", "en", "de", "ar", "uk")}
PRINTER = {"name": "Imprimerie du Port", "address": "Marseille"}


@pytest.mark.parametrize(
    ("language", "fields", "lines"),
    [
        ("fr", {}, []),
        ("fr", {"printer": PRINTER, "printed": "2019-04"}, [f"Achevé d'imprimer en avril 2019 par {HOUSE}"]),
        ("fr", {"printer": PRINTER, "printed": "2019-05-01"}, [f"Achevé d'imprimer le 1er mai 2019 par {HOUSE}"]),
        ("fr", {"printer": {"name": "Repro"}}, ["Imprimé par Repro"]),
        ("fr", {"printed": "2019-04"}, ["Achevé d'imprimer en avril 2019"]),
        ("fr", {"deposit": "2019-04"}, ["Dépôt légal : avril 2019"]),
        ("fr", {"isbn": "978-2-07-010092-7"}, ["ISBN\u00a0978-2-07-010092-7"]),
        ("fr", {"issn": "0317-8471"}, ["ISSN\u00a00317-8471"]),
        ("fr", {"price": "12 €"}, ["Prix : 12 €"]),
        ("fr", {"price": "gratuit"}, ["Exemplaire gratuit, ne peut être vendu"]),
        ("en", {"printer": PRINTER, "printed": "2019-04"}, [f"Printed in April 2019 by {HOUSE}"]),
        ("en", {"printer": PRINTER, "printed": "2019-04-26"}, [f"Printed on 26 April 2019 by {HOUSE}"]),
        ("en", {"deposit": "2019-04", "price": "gratuit"}, ["Legal deposit: April 2019", "Free copy, not for sale"]),
        ("de", {"deposit": "2019-04"}, ["Pflichtexemplar: April 2019"]),
        ("uk", {"printed": "2019-05-01"}, ["Надруковано 1 травня 2019\u202fр."]),
        ("ar", {"printer": {"name": "النور", "address": "ليون"}}, ["طُبع لدى النور، ليون"]),
    ],
)  # fmt: skip
def test_mentions_are_worded_in_the_language(language: str, fields: dict[str, object], lines: list[str]) -> None:
    words = WORDS.get(language, WORDS["en"])
    assert list(mentions(Legal.model_validate(fields), words, language)) == lines


def text_of(html: str) -> str:
    flat = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
    return flat.replace("\u2019", "'")


def imprint(folder: CatalogueFolder, layout: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The words of the imprint in a layout; in `web`, of the whole page."""
    # Compressing the fonts would take ten seconds.
    monkeypatch.setattr("livret.web.fonts.files", lambda *_: {})
    edition = select(folder.catalogue(), "full")
    if layout == "web":
        html = WebComposer(folder.project, edition, WebLayout(folder.project, "forum")).page(None)
    else:
        composer = Composer(folder.project, edition, Layout(folder.project, layout))
        parts = flatplan(edition)
        pagination = paginate(parts, {part.anchor: ("any",) for part in parts})
        (page,) = (part for part in parts if part.kind == "imprint")
        html = composer.galley(page, pagination)[0].html
    return text_of(html)


@pytest.mark.parametrize("layout", ["forum", "pocket", "web"])
def test_the_imprint_prints_them(folder: CatalogueFolder, layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = imprint(folder, layout, monkeypatch)
    for line in (
        "Achevé d'imprimer en avril 2019 par Imprimerie du Port, 3, quai du Port, 13002 Marseille",
        "Dépôt légal : mai 2019",
        "ISBN 978-2-07-010092-7",
        "Prix : 12 €",
    ):
        assert line in printed


@pytest.mark.parametrize("layout", ["forum", "pocket", "web"])
@pytest.mark.parametrize("text", ["", "imprint: Merci.\n"])
def test_a_demonstration_says_that_it_is_one(
    folder: CatalogueFolder, layout: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.change(CATALOGUE, LEGAL, LEGAL + text)
    assert "Catalogue de démonstration" not in imprint(folder, layout, monkeypatch)
    folder.change(CATALOGUE, LEGAL, LEGAL + "demonstration: true\n")
    assert "Catalogue de démonstration" in imprint(folder, layout, monkeypatch)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("layout", "paragraphs", "pages"), [("forum", 1, 1), ("forum", 40, 2), ("pocket", 40, 2)])
def test_an_imprint_stands_at_the_foot_and_a_long_one_goes_on(
    folder: CatalogueFolder, layout: str, paragraphs: int, pages: int, tmp_path: Path
) -> None:
    from livret.pages.engine.typeset import typeset

    thanks = [f"Merci{number} à toutes celles et à tous ceux qui ont aidé." for number in range(paragraphs)]
    text = "imprint: |\n" + "".join(f"  {thank}\n\n" for thank in thanks)
    folder.change(CATALOGUE, LEGAL, LEGAL + text)
    edition = select(folder.catalogue(), "full")
    parts = tuple(part for part in flatplan(edition) if part.kind == "imprint")
    made = Layout(folder.project, layout)
    galley = Composer(folder.project, edition, made).galley(parts[0], paginate(parts, {"imprint": ("any",)}))[0]
    pdf, facts, _ = typeset(galley, folder.project.fonts)
    path = tmp_path / "imprint.pdf"
    path.write_bytes(pdf)
    inside = Inspector(path)
    assert len(inside) == len(facts.sides) == pages
    printed = inside.words(range(pages))
    assert [word for word in printed if word.startswith("merci")] == [f"merci{number}" for number in range(paragraphs)]
    foot = inside.box(pages - 1, "/TrimBox").y0 + mm(made.file.margins.foot)
    lowest = min(character.box.y0 for character in inside.characters(pages - 1))
    assert foot <= lowest <= foot + 2 * made.file.baseline


def test_a_layout_without_the_words_is_told(folder: CatalogueFolder) -> None:
    copy = plain_layout(folder)
    (copy / "imprint.html").write_text("{{ mentions() }}", encoding="utf-8")
    edition = select(folder.catalogue(), "full")
    parts = tuple(part for part in flatplan(edition) if part.kind == "imprint")
    composer = Composer(folder.project, edition, Layout(folder.project, "plain"))
    with pytest.raises(LivretError, match=r"labels\.yaml of the layout plain has no 'printed_in'"):
        composer.galley(parts[0], paginate(parts, {"imprint": ("any",)}))


# --- what stands against a press file ---


def told(folder: CatalogueFolder, name: str = "full") -> tuple[Finding, ...]:
    """What is said when an edition goes to press."""
    catalogue, found = read_catalogue(folder.project)
    assert catalogue is not None
    return press_findings(catalogue, name, found, sources(flatplan(select(catalogue, name))))


def brief(findings: Iterable[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.severity.value, finding.rule, str(finding.where)) for finding in findings]


def test_what_lacks_nothing_goes_to_press(folder: CatalogueFolder) -> None:
    assert told(folder) == ()


PUBLISHER = """\
publisher:
  name: Délégation à l'accueil
  address: Place Beauvau, 75008 Paris
"""
TOP_OF_FILE, AT_LEGAL, AT_PUBLISHER = (f"catalogue/{CATALOGUE}:{line}" for line in (1, 15, 4))


@pytest.mark.parametrize(
    ("old", "new", "says", "where", "hint"),
    [
        (PUBLISHER, "", "no publisher (order of 12 January 1995", TOP_OF_FILE, "publisher: {name: ..."),
        ("  address: Place Beauvau, 75008 Paris\n", "", "no address of the publisher", AT_PUBLISHER, "address: ..."),
        (LEGAL.splitlines()[1] + "\n", "", "no printer (law of 29 July 1881", AT_LEGAL, "printer: {name: ..."),
        (', address: "3, quai du Port, 13002 Marseille"', "", "no address of the printer", AT_LEGAL, "address: ..."),
        ("  printed: 2019-04\n", "", "the imprint has no printing date", AT_LEGAL, "printed: 2019-04"),
        ("  deposit: 2019-05\n", "", "no legal deposit", AT_LEGAL, "deposit: 2019-04"),
        ("  price: 12 €\n", "", "no price", AT_LEGAL, "price: gratuit"),
        ("partners: [diair]", "sections: [cover, initiatives]", "no imprint", f"catalogue/{CATALOGUE}:14", "imprint"),
    ],
)  # fmt: skip
def test_each_gap_is_told_with_its_law_its_place_and_its_mend(
    folder: CatalogueFolder, old: str, new: str, says: str, where: str, hint: str
) -> None:
    folder.change(CATALOGUE, old, new)
    (found,) = told(folder)
    assert brief([found]) == [("error", "missing-legal-mention", where)]
    assert says in found.message
    assert hint in found.hints[0]


def test_a_catalogue_that_says_nothing_lacks_everything(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, LEGAL, "")
    found = told(folder)
    assert brief(found) == [
        *(("error", "missing-legal-mention", TOP_OF_FILE),) * 4,
        ("warning", "missing-isbn", TOP_OF_FILE),
    ]


def test_a_missing_isbn_is_a_warning_and_an_issn_will_do(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, "  isbn: 978-2-07-010092-7\n", "")
    assert brief(told(folder)) == [("warning", "missing-isbn", AT_LEGAL)]
    folder.change(CATALOGUE, "  price", "  issn: 0317-8471\n  price")
    assert told(folder) == ()


def test_an_edition_is_told_in_its_own_file(folder: CatalogueFolder) -> None:
    folder.write(PACA, "title: PACA\nlegal:\n  price: gratuit\n")
    (found,) = told(folder, "paca")
    assert brief([found]) == [("warning", "missing-isbn", f"catalogue/{PACA}:2")]
    assert "belongs to the edition full" in found.hints[-1]
    folder.write(PACA, "title: PACA\nlegal: {isbn: 979-10-90636-07-1}\npublisher: {name: Préfecture}\n")
    assert brief(told(folder, "paca")) == [("error", "missing-legal-mention", f"catalogue/{PACA}:3")]
    assert told(folder) == ()


def test_a_demonstration_is_only_told_by_notes(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, LEGAL, "demonstration: true\n")
    folder.change(AAJT, "04 91 00 12 34", "01 99 00 12 34")
    found = told(folder)
    assert {finding.severity for finding in found} == {Severity.NOTE}
    assert [finding.rule for finding in found] == [*("missing-legal-mention",) * 4, "missing-isbn"]


def test_fiction_is_an_error_in_what_the_edition_prints(folder: CatalogueFolder) -> None:
    folder.change(AAJT, "04 91 00 12 34", "06 39 98 12 34")
    folder.change(AAJT, "Une aide ponctuelle.", "Une aide : voir www.example.org.")
    folder.change(CATALOGUE, "978-2-07-010092-7", "978-67-00000-00-7")
    places = [
        ("fictional-contact", f"catalogue/{AAJT}:9"),
        ("fictional-contact", f"catalogue/{AAJT}:13"),
    ]
    isbn = ("unassigned-isbn", f"catalogue/{CATALOGUE}:19")
    assert brief(folder.findings()) == [("warning", *place) for place in (isbn, *places)]
    assert brief(told(folder)) == [("error", *place) for place in (isbn, *places)]
    # Another edition need not wait for a card that it does not print.
    folder.write(PACA, "exclude: [aajt]\nlegal: {isbn: 979-10-90636-07-1}\n")
    assert brief(told(folder, "paca")) == [("error", *isbn)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("01 99 00 12 34", ["01 99 00 12 34"]),
        ("02.61.91.12.34 ou 03-53-01-12-34", ["02.61.91.12.34", "03-53-01-12-34"]),
        ("+33 4 65 71 12 34, 0033536491234", ["+33 4 65 71 12 34", "0033536491234"]),
        ("+33 (0)6 39 98 12 34", ["+33 (0)6 39 98 12 34"]),
        ("01 99 01 12 34 et 06 40 98 12 34", []),
        ("0199001234567", []),
        ("Écrire à x@aajt.example.org.", ["x@aajt.example.org"]),
        ("[ici](https://www.example.com/a), <b.test>", ["www.example.com", "b.test"]),
        ("exemple.org, monexample.org, example.org.fr, example.fr", []),
        ("A.INVALID", ["A.INVALID"]),
    ],
)
def test_fiction_is_found_in_any_text(text: str, found: list[str]) -> None:
    assert [one for one, offset in find_reserved(text) if text.startswith(one, offset)] == found


# --- allowed rules ---


def test_what_is_allowed_becomes_a_note_with_the_reason() -> None:
    allow = [Allowed(rule=rule, reason="Belgique") for rule in ("missing-legal-mention", "no-contact", "bad-date")]
    place = Location("a.yaml", 3)
    given = (
        error("missing-legal-mention", verbatim("le prix"), place, verbatim("mend it")),
        warning("no-contact", verbatim("personne"), place),
        error("bad-date", verbatim("hier"), place),
        error("unknown-theme", verbatim("sport"), place),
        note("typography", verbatim("18 h"), place),
    )
    assert accept_allowed(given, allow) == (
        note("missing-legal-mention", verbatim('le prix (allowed: "Belgique")'), place),
        note("no-contact", verbatim('personne (allowed: "Belgique")'), place),
        *given[2:],
    )
    assert accept_allowed(given, ()) == given


def test_a_catalogue_and_an_edition_allow(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, LEGAL, "allow: [{rule: missing-legal-mention, reason: Imprimé en Belgique}]\n")
    assert [finding.severity.value for finding in told(folder)] == [*("note",) * 4, "warning"]
    assert "Imprimé en Belgique" in told(folder)[0].message
    folder.write(PACA, "allow: [{rule: missing-isbn, reason: Dépliant}]\n")
    assert [finding.severity.value for finding in told(folder, "paca")] == ["note"] * 5


def test_what_the_catalogue_allows_is_a_note_from_the_start(folder: CatalogueFolder) -> None:
    folder.change(AAJT, "04 91 00 12 34", "06 39 98 12 34")
    folder.change(CATALOGUE, "legal:\n", "allow: [{rule: fictional-contact, reason: Numéro à venir}]\nlegal:\n")
    assert brief(folder.findings()) == [("note", "fictional-contact", f"catalogue/{AAJT}:9")]
    assert told(folder) == ()


def test_an_allowed_rule_that_found_nothing_is_told(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, "legal:\n", "allow: [{rule: missing-legal-mentions, reason: x}]\nlegal:\n")
    folder.write(PACA, "allow: [{rule: no-contact, reason: x}]\n")
    catalogue = folder.catalogue()
    gap = error("missing-legal-mention", verbatim("le prix"))
    (found,) = unused_allowances(catalogue, {"full": [gap]})
    assert brief([found]) == [("warning", "unused-allow", AT_LEGAL)]
    assert found.hints == ('did you mean "missing-legal-mention"?',)
    assert brief(unused_allowances(catalogue, {"paca": [note("missing-legal-mentions", verbatim("x"))]})) == [
        ("note", "unused-allow", f"catalogue/{PACA}:1")
    ]


def test_what_the_catalogue_allows_is_used_when_one_edition_needs_it(folder: CatalogueFolder) -> None:
    folder.change(CATALOGUE, LEGAL, "allow: [{rule: missing-isbn, reason: x}]\n")
    folder.write(PACA, "title: PACA\n")
    needed = warning("missing-isbn", verbatim("x"))
    assert unused_allowances(folder.catalogue(), {"full": [], "paca": [needed]}) == ()
    assert brief(unused_allowances(folder.catalogue(), {"full": [], "paca": []})) == [
        ("note", "unused-allow", AT_LEGAL)
    ]


def test_the_demonstration_says_all_that_the_law_asks_for() -> None:
    assert told(CatalogueFolder(TOP)) == ()
    catalogue = CatalogueFolder(TOP).catalogue()
    legal = select(catalogue, "full").legal
    assert legal.isbn
    assert isbn_module.is_unassigned(legal.isbn), "an ISBN that could be somebody's"
    assert Path(catalogue.publication.source.path).name == CATALOGUE


# --- other countries ---


def in_country(folder: CatalogueFolder, legal: str) -> list[tuple[str, str, str]]:
    """What is told of a catalogue whose legal mentions are these."""
    path = folder.path("catalogue.yaml")
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(?m)^legal:.*\n(?:  .*\n)*", f"legal: {legal}\n", text), encoding="utf-8")
    return [(one.severity.value, one.rule, str(one.message)) for one in told(folder)]


def test_belgium_asks_for_a_responsible_person_with_an_address(folder: CatalogueFolder) -> None:
    law = "(Belgium, penal code of 1867, articles 299 and 300)"
    assert in_country(folder, "{country: be}") == [
        ("warning", "missing-legal-mention", f"the imprint names nobody who is responsible {law}")
    ]
    assert in_country(folder, "{country: BE, responsible: {name: A. B.}}") == [
        ("warning", "missing-legal-mention", f"the imprint has no address of the responsible person {law}")
    ]
    assert in_country(folder, '{country: BE, responsible: {name: A. B., address: "rue X 1, 4000 Liège"}}') == []


def test_switzerland_asks_it_of_periodicals_alone(folder: CatalogueFolder) -> None:
    law = "(Switzerland, penal code, article 322)"
    assert in_country(folder, "{country: CH}") == []
    assert in_country(folder, "{country: CH, issn: 1234-5679}") == [
        ("warning", "missing-legal-mention", f"the imprint names nobody who is responsible {law}")
    ]
    assert in_country(folder, "{country: CH, issn: 1234-5679, responsible: {name: A. B.}}") == []


def test_of_another_country_it_is_said_that_nothing_is_known(folder: CatalogueFolder) -> None:
    assert in_country(folder, "{country: LU}") == [
        ("note", "unknown-law", "Livret does not know what the law of LU asks to be printed")
    ]
    found = told_by_reading(folder, "{country: Belgique}")
    assert found == ('"Belgique" is not the code of a country',)


def told_by_reading(folder: CatalogueFolder, legal: str) -> tuple[str, ...]:
    path = folder.path("catalogue.yaml")
    start = path.read_text(encoding="utf-8").partition("legal:")[0]
    path.write_text(f"{start}legal: {legal}\n", encoding="utf-8")
    return tuple(one.message for one in read_catalogue(folder.project)[1] if one.rule == "bad-country")


def test_the_imprint_names_who_is_responsible() -> None:
    legal = Legal.model_validate({"responsible": {"name": "A. B.", "address": "rue X 1, 4000 Liège"}})
    assert mentions(legal, {"responsible": "Éditeur responsable : %s"}, "fr") == (
        "Éditeur responsable : A. B., rue X 1, 4000 Liège",
    )
