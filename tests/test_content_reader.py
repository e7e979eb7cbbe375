"""Reading a catalogue: what is right is kept, and every mistake is told with its rule and its line."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import FILES, CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.findings import Finding, Severity

CATALOGUE, PARTNER = "catalogue.yaml", "partners/diair.yaml"
AAJT, KODIKO = "initiatives/aajt.yaml", "initiatives/kodiko.yaml"


def test_valid_catalogue_has_no_findings(catalogue_folder: CatalogueFolder) -> None:
    assert catalogue_folder.findings() == ()


def test_everything_typed_is_in_the_catalogue(catalogue_folder: CatalogueFolder) -> None:
    catalogue = catalogue_folder.catalogue()
    assert catalogue.publication.title == "Le forum"
    assert str(catalogue.publication.date) == "2019-04-30"
    assert catalogue.publication.demonstration is True
    assert [theme.id for theme in catalogue.publication.themes] == ["logement", "emploi"]
    assert list(catalogue.partners) == ["diair"]
    assert catalogue.partners["diair"].source.path == "catalogue/partners/diair.yaml"
    first, second = catalogue.initiatives
    assert (first.id, second.id) == ("aajt", "kodiko")
    assert first.filing_name == "AAJT"
    assert first.contacts[0].phones == ("01 99 00 12 34",)
    assert first.figures[0].value == "97 %"
    assert [place.code for place in first.territories] == ["FR-PAC", "FR-13"]
    assert first.description == "Une aide ponctuelle.\n\nAvec [Kodiko](card:kodiko)."
    assert second.scope == "national"
    assert second.title is None


@dataclass(frozen=True)
class Slip:
    """In `file`, `old` is typed as `new`; reading tells `rule` on `line`, with `says` in the message or a hint."""

    file: str
    old: str
    new: str
    rule: str
    line: int
    says: str = ""


SLIPS = [
    # YAML
    Slip(CATALOGUE, "title: Le forum", "title: Le forum : un guide", "yaml-syntax", 1, "quotes"),
    Slip(CATALOGUE, "title: Le forum", 'title: "Le forum', "yaml-syntax", 1, "quotation mark"),
    Slip(CATALOGUE, "  name: Délégation", "\tname: Délégation", "tab", 5, "spaces"),
    Slip(CATALOGUE, "title: Le forum", "title: @forum", "yaml-syntax", 1, "begins with @"),
    Slip(CATALOGUE, "partners: [diair]", "partners: [diair", "yaml-syntax", 15, "opened on line 14"),
    Slip(CATALOGUE, "demonstration: true", "demonstration", "yaml-syntax", 15, "colon"),
    Slip(AAJT, "title: Coup de Pouce", "title: *Coup* de Pouce", "yaml-syntax", 11, "quotes"),
    Slip(CATALOGUE, "title: Le forum", "title: !forum", "unknown-tag", 1, "exclamation mark"),
    Slip(CATALOGUE, "language: fr", "title: Encore", "duplicate-field", 3, "first on line 1"),
    Slip(CATALOGUE, "demonstration: true", "---\ndemonstration: true", "several-documents", 15),
    Slip(AAJT, "title: Coup de Pouce", "title: Atelier #3", "hash-in-text", 11, '"#3" is not printed'),
    Slip(CATALOGUE, '"#17704f"', "#17704f", "hash-in-text", 13, "quotes"),
    Slip(CATALOGUE, "Le forum", "Le\u2028forum", "control-character", 1, "U+2028"),
    Slip(AAJT, "themes: [emploi, logement]", "themes: [emploi, ~]", "empty-item", 18),
    Slip(AAJT, "title: Coup de Pouce", 'title: "\\0"', "control-character", 11),
    Slip(AAJT, "title: Coup de Pouce", "title: Coup \x0b Pouce", "control-character", 11, "U+000B"),
    # Fields
    Slip(AAJT, "title: Coup", "titel: Coup", "unknown-field", 11, 'did you mean "title"?'),
    Slip(AAJT, "title: Coup", "titre: Coup", "unknown-field", 11, 'did you mean "title"?'),
    Slip(AAJT, "title: Coup", "website: Coup", "unknown-field", 11, "belongs inside contacts"),
    Slip(AAJT, "title: Coup", "id: Coup", "unknown-field", 11),
    Slip(AAJT, "  acronym: AAJT", "  themes: AAJT", "unknown-field", 3, "it belongs at the top of the file"),
    Slip(AAJT, "title: Coup de Pouce", "Un mot de trop: non", "unknown-field", 11, "start the text with |"),
    Slip(CATALOGUE, "title: Le forum\n", "", "missing-field", 1, '"title" is missing'),
    Slip(CATALOGUE, "title: Le forum", "title:", "missing-field", 1, '"title" is empty'),
    Slip(CATALOGUE, "title: Le forum", 'title: "  "', "missing-field", 1, '"title" is empty'),
    Slip(CATALOGUE, "  - id: emploi\n    name: Accès à l'emploi\n", "  - id: emploi\n", "missing-field", 11, "item 2"),
    Slip(AAJT, "  name: Association d'aide aux jeunes travailleurs\n", "", "missing-field", 1, 'in "pilot"'),
    Slip(PARTNER, "  Elle coordonne l'action de l'État.\n", "", "missing-field", 3, '"body" is empty'),
    Slip(AAJT, "themes: [emploi, logement]", "themes: emploi, logement", "wrong-type", 18, "write [emploi, logement]"),
    Slip(AAJT, "title: Coup de Pouce", "title: [a, b]", "wrong-type", 11, "must be text; here is a list"),
    Slip(AAJT, "title: Coup de Pouce", "title: {a: b}", "wrong-type", 11, "quotes"),
    Slip(AAJT, "title: Coup de Pouce", "partners:\n  - Ville", "wrong-type", 11, "start the text with |"),
    Slip(AAJT, '["01 99 00 12 34"]', "01 99 00 12 34", "wrong-type", 9, 'write ["01 99 00 12 34"]'),
    Slip(KODIKO, "contacts:\n  - organisation", "contacts:\n    organisation", "wrong-type", 5, "hyphen"),
    Slip(KODIKO, "  name: Kodiko\n  about: |\n    Kodiko réunit", "  Kodiko réunit", "wrong-type", 1, "a group with"),
    Slip(AAJT, "title: Coup de Pouce", "images: [images/p.jpg]", "wrong-type", 11, "write {file: images/p.jpg}"),
    Slip(AAJT, "title: Coup de Pouce", "images: images/p.jpg", "wrong-type", 11, "write [{file: images/p.jpg}]"),
    Slip(AAJT, "title: Coup de Pouce", "images: ['a, b.jpg']", "wrong-type", 11, 'write {file: "a, b.jpg"}'),
    Slip(CATALOGUE, "demonstration: true", "demonstration: peut-être", "wrong-type", 15, "neither true nor false"),
    Slip(CATALOGUE, "date: 2019-04-30", "date: 30/4/19", "bad-date", 2, "2019-04-30"),
    Slip(CATALOGUE, "date: 2019-04-30", "date: 2019-02-30", "bad-date", 2),
    Slip(CATALOGUE, "date: 2019-04-30", "date: lundi 30 avril 2019", "bad-date", 2, "day of the week"),
    Slip(CATALOGUE, "date: 2019-04-30", "date: du 30 au 28 avril 2019", "bad-date", 2, "ends before it begins"),
    Slip(CATALOGUE, "date: 2019-04-30", "issued: 28 et 29 avril 2019", "bad-date", 2, "write one day: 2019-04-28"),
    Slip(CATALOGUE, "date: 2019-04-30", "date: [2019]", "wrong-type", 2, "a date"),
    # Values
    Slip(CATALOGUE, "language: fr", "language: français", "bad-language", 3, 'did you mean "fr"?'),
    Slip(CATALOGUE, "language: fr", "language: fr_FR", "bad-language", 3, 'did you mean "fr-FR"?'),
    Slip(CATALOGUE, "contact@diair.example.org", "contact@diair", "bad-email", 6, "no ending"),
    Slip(CATALOGUE, "contact@diair.example.org", "contact@délégation.example.org", "bad-email", 6, "accent"),
    Slip(CATALOGUE, "contact@diair.example.org", "diair.example.org", "bad-email", 6, "no @"),
    Slip(CATALOGUE, "contact@diair.example.org", "a@example.org b@example.org", "bad-email", 6, "space"),
    Slip(AAJT, '["01 99 00 12 34"]', '["le matin au 01 99 00 12 34"]', "bad-phone", 9, "words"),
    Slip(CATALOGUE, "  email: contact@", "  website: contact@", "bad-website", 6, "e-mail"),
    Slip(CATALOGUE, "email: contact@diair.example.org", "website: javascript:alert(1)", "bad-website", 6),
    Slip(CATALOGUE, "email: contact@diair.example.org", "website: ftp://example.org", "bad-website", 6),
    Slip(CATALOGUE, '"#17704f"', "vert", "bad-color", 13, "#17704f"),
    Slip(CATALOGUE, '"#17704f"', '"#1770"', "bad-color", 13),
    Slip(CATALOGUE, '"#17704f"', '"#fd0"', "low-contrast", 13, "1.2 to 1 as text on its tint"),
    Slip(CATALOGUE, '"#17704f"', '"#ffdd00"', "low-contrast", 13, '"#7c6b00"'),
    Slip(CATALOGUE, "demonstration: true", 'colours: {ground: "#ff6600"}', "low-contrast", 15, '"#b54800"'),
    Slip(CATALOGUE, "demonstration: true", 'colours: {ground: "#777777"}', "low-contrast", 15, "4.4 to 1 as text"),
    Slip(CATALOGUE, "demonstration: true", "colours: {ground_inks: [100, 80]}", "bad-inks", 15, "[100, 80, 0, 45]"),
    Slip(CATALOGUE, "demonstration: true", "colours: {ground_inks: [100, 80, 0, 450]}", "bad-inks", 15),
    Slip(CATALOGUE, "- id: emploi", "- id: Emploi & métiers", "bad-id", 11, '"emploi-metiers"'),
    Slip(AAJT, "Coup de Pouce", "x" * 501, "too-long", 11, "501"),
    Slip(AAJT, "Une aide ponctuelle.", "x" * 20_000, "too-long", 12, "20,000"),
    Slip(KODIKO, "national", "nationale", "unknown-scope", 9, "did you mean"),
    Slip(CATALOGUE, "demonstration: true", "sections: [cover, indx]", "unknown-section", 15, '"index"'),
    # References
    Slip(AAJT, "[emploi, logement]", "[emplois]", "unknown-theme", 18, 'did you mean "emploi"?'),
    Slip(CATALOGUE, "partners: [diair]", "partners: [diair, hcr]", "unknown-partner", 14),
    Slip(CATALOGUE, "partners: [diair]", "partners: [diair, diair]", "duplicate-item", 14, "twice"),
    Slip(AAJT, "[FR-PAC, FR-13]", "[FR-75, FR-75C]", "duplicate-item", 19),
    Slip(CATALOGUE, "- id: emploi", "- id: logement", "duplicate-id", 11, "first on line 8"),
    Slip(AAJT, "pictogram: emploi", "pictogram: emplois", "unknown-pictogram", 17, 'did you mean "emploi"?'),
    Slip(AAJT, "pictogram: emploi", "pictogram: ../emploi", "unknown-pictogram", 17),
    Slip(CATALOGUE, "demonstration: true", "layout: affiche-murale", "unknown-layout", 15),
    Slip(AAJT, "(card:kodiko)", "(card:kodico)", "unknown-reference", 15, 'did you mean "kodiko"?'),
    Slip(AAJT, "(card:kodiko)", "(partner:kodiko)", "unknown-reference", 15),
    Slip(AAJT, "(card:kodiko)", "(page:kodiko)", "unknown-reference", 15),
    Slip(AAJT, "(card:kodiko)", "(javascript:alert(1))", "unsafe-link", 15),
    Slip(AAJT, "[Kodiko](card", "![Kodiko](card", "picture-in-text", 15),
    Slip(AAJT, "Avec [", "Avec <b>eux</b> [", "raw-html", 15, "<b>"),
    # Territories
    Slip(AAJT, "[FR-PAC, FR-13]", "[FR-PCA]", "unknown-territory", 19, 'did you mean "FR-PAC"'),
    Slip(AAJT, "[FR-PAC, FR-13]", "[Bouches du Rhone]", "unknown-territory", 19, 'did you mean "FR-13"'),
    Slip(AAJT, "[FR-PAC, FR-13]", "[13]", "unknown-territory", 19, 'did you mean "FR-13"'),
    Slip(AAJT, "[FR-PAC, FR-13]", "[93]", "insee-number", 19, "FR-93 for the département"),
    Slip(AAJT, "territories: [FR-PAC, FR-13]\n", "", "missing-territory", 1, "FR-PAC"),
    Slip(AAJT, "territories: [FR-PAC, FR-13]", "territories: []", "missing-territory", 19),
    Slip(AAJT, "themes: [emploi, logement]\n", "", "no-theme", 1),
    Slip(AAJT, "themes: [emploi, logement]", "themes: []", "no-theme", 18),
    # Pictures
    Slip(AAJT, "images/aajt.svg", "images/ajat.svg", "missing-picture", 4, 'did you mean "images/aajt.svg"?'),
    Slip(AAJT, "images/aajt.svg", "images/aajt.png", "missing-picture", 4, 'did you mean "images/aajt.svg"?'),
    Slip(AAJT, "images/aajt.svg", "images/Aajt.svg", "missing-picture", 4, "capitals count"),
    Slip(AAJT, "images/aajt.svg", "aajt.svg", "missing-picture", 4, 'did you mean "images/aajt.svg"?'),
    Slip(AAJT, "images/aajt.svg", "images\\aajt.svg", "missing-picture", 4, "slashes"),
    Slip(AAJT, "images/aajt.svg", "https://example.org/a.svg", "missing-picture", 4, "address"),
    Slip(AAJT, "images/aajt.svg", "images", "missing-picture", 4),
    Slip(AAJT, "images/aajt.svg", "i" * 300 + ".svg", "missing-picture", 4),
    Slip(AAJT, "images/aajt.svg", "../../secret.svg", "outside-project", 4),
    Slip(AAJT, "images/aajt.svg", "/etc/passwd", "outside-project", 4),
    Slip(AAJT, "images/aajt.svg", "catalogue.yaml", "picture-format", 4, "SVG, PNG, JPEG or TIFF"),
    Slip(AAJT, ", caption: Un atelier", "", "missing-alt", 21),
    # Contacts
    Slip(KODIKO, "contacts:\n  - organisation: Kodiko\n    email: bonjour@kodiko.example.org\n", "", "no-contact", 1),
    Slip(KODIKO, "  - organisation: Kodiko\n    email: bonjour@kodiko.example.org\n", "", "no-contact", 5),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.rule}-{slip.new[:20]!r}")
def test_each_slip_is_told_once_and_in_its_place(catalogue_folder: CatalogueFolder, slip: Slip) -> None:
    catalogue_folder.change(slip.file, slip.old, slip.new)
    told = [finding for finding in catalogue_folder.findings() if finding.rule == slip.rule]
    assert [(str(finding.where)) for finding in told] == [f"catalogue/{slip.file}:{slip.line}"], told
    assert slip.says in " / ".join((told[0].message, *told[0].hints))


DOUBTS = {"bad-email", "bad-phone", "bad-website"}
WARNINGS = {"hash-in-text", "empty-item", "unsafe-link", "picture-in-text", "raw-html", "no-contact", "missing-alt"}
WARNINGS |= {"low-contrast"}


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.rule}-{slip.new[:20]!r}")
def test_only_an_error_withholds_the_catalogue(catalogue_folder: CatalogueFolder, slip: Slip) -> None:
    catalogue_folder.change(slip.file, slip.old, slip.new)
    catalogue, findings = read_catalogue(catalogue_folder.project)
    severity = next(finding.severity for finding in findings if finding.rule == slip.rule)
    expected = Severity.ERROR
    if slip.rule in WARNINGS | DOUBTS:
        expected = Severity.WARNING
    elif slip.rule == "insee-number":
        expected = Severity.NOTE
    assert severity is expected
    assert (catalogue is None) == (Severity.ERROR in {finding.severity for finding in findings})


def rules(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(str(finding.where), finding.rule) for finding in findings]


def test_every_finding_of_every_file_is_collected(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change(CATALOGUE, "date: 2019-04-30", "date: hier")
    catalogue_folder.change(CATALOGUE, "contact@diair.example.org", "personne")
    catalogue_folder.change(AAJT, "title: Coup", "titel: Coup")
    catalogue_folder.change(AAJT, "[emploi, logement]", "[emploi, sport]")
    catalogue_folder.change(AAJT, "images/aajt.svg", "images/nulle-part.svg")
    catalogue_folder.write(KODIKO, "pilot: [")
    assert rules(catalogue_folder.findings()) == [
        ("catalogue/catalogue.yaml:2", "bad-date"),
        ("catalogue/catalogue.yaml:6", "bad-email"),
        ("catalogue/initiatives/aajt.yaml:4", "missing-picture"),
        ("catalogue/initiatives/aajt.yaml:11", "unknown-field"),
        ("catalogue/initiatives/aajt.yaml:18", "unknown-theme"),
        ("catalogue/initiatives/kodiko.yaml:1", "yaml-syntax"),
    ]


def test_a_broken_catalogue_file_does_not_make_every_theme_unknown(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write(CATALOGUE, "title: [")
    assert {finding.rule for finding in catalogue_folder.findings()} == {"yaml-syntax"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2019", "2019"),
        ("Non", "Non"),
        ("1.50", "1.50"),
        ("0199001234", "0199001234"),
        ('"  a  "', "a"),
        ("1e3", "1e3"),
    ],
)
def test_a_plain_value_is_the_text_that_was_typed(catalogue_folder: CatalogueFolder, typed: str, kept: str) -> None:
    catalogue_folder.change(AAJT, "title: Coup de Pouce", f"title: {typed}")
    assert catalogue_folder.catalogue().initiatives[0].title == kept


@pytest.mark.parametrize("nothing", ["", "~", "null", '""', '"  "'])
def test_an_empty_optional_field_is_absent(catalogue_folder: CatalogueFolder, nothing: str) -> None:
    catalogue_folder.change(AAJT, "title: Coup de Pouce", f"title: {nothing}")
    assert catalogue_folder.catalogue().initiatives[0].title is None


@pytest.mark.parametrize(("typed", "severity"), [("Null", "warning"), ("null", "warning"), ("~", "note")])
def test_what_yaml_takes_for_nothing_is_quoted_with_its_line(
    catalogue_folder: CatalogueFolder, typed: str, severity: str
) -> None:
    catalogue_folder.change("initiatives/kodiko.yaml", "  name: Kodiko", f"  name: {typed}")
    told = [(str(one.where), one.severity.value, one.message) for one in catalogue_folder.findings()]
    place = "catalogue/initiatives/kodiko.yaml:2"
    assert (place, severity, f'"{typed}" is read as nothing') in told
    assert (place, "error", 'the field "name" in "pilot" is empty') in told
    catalogue_folder.change("initiatives/kodiko.yaml", f"  name: {typed}", f'  name: "{typed}"')
    assert typed in [card.pilot.name for card in catalogue_folder.catalogue().initiatives]
    assert [one for one in catalogue_folder.findings() if one.rule == "read-as-nothing"] == []


@pytest.mark.parametrize(("word", "value"), [("oui", True), ("Non", False), ("true", True), ("no", False)])
def test_flags_are_read_in_both_languages(catalogue_folder: CatalogueFolder, word: str, value: bool) -> None:
    catalogue_folder.write("editions/paca.yaml", f"national: {word}\n")
    assert catalogue_folder.catalogue().editions[0].national is value


def test_text_is_normalised(catalogue_folder: CatalogueFolder) -> None:
    decomposed = unicodedata.normalize("NFD", "Été à l'atelier")
    catalogue_folder.change(AAJT, "Coup de Pouce", decomposed)
    catalogue_folder.change(AAJT, "Une aide ponctuelle.", decomposed)
    card = catalogue_folder.catalogue().initiatives[0]
    assert card.title == "Été à l'atelier"
    assert card.description is not None
    assert card.description.startswith("Été à")


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(catalogue_folder: CatalogueFolder) -> None:
    text = FILES[AAJT].replace("\n", "\r\n")
    catalogue_folder.write(AAJT, b"\xef\xbb\xbf" + text.encode())
    card = catalogue_folder.catalogue().initiatives[0]
    assert card.description == "Une aide ponctuelle.\n\nAvec [Kodiko](card:kodiko)."


@pytest.mark.parametrize(
    ("raw", "line"),
    [
        (b"title: a\nplace: caf\xe9\n", 2),
        (b"\xef\xbb\xbftitle: a\n\nplace: caf\xe9\n", 3),
        ("title: é\n".encode("utf-16"), 1),
        (b"\xff", 1),
    ],
)
def test_a_file_in_another_encoding(catalogue_folder: CatalogueFolder, raw: bytes, line: int) -> None:
    catalogue_folder.write("foreword.yaml", raw)
    (found,) = catalogue_folder.findings()
    assert (found.rule, str(found.where)) == ("not-utf8", f"catalogue/foreword.yaml:{line}")
    assert "UTF-8" in found.hints[0]


@pytest.mark.parametrize(("text", "rule"), [("", "empty-file"), ("# x\n", "empty-file"), ("- a\n", "wrong-type")])
def test_a_file_without_fields(catalogue_folder: CatalogueFolder, text: str, rule: str) -> None:
    catalogue_folder.write("foreword.yaml", text)
    assert rules(catalogue_folder.findings()) == [("catalogue/foreword.yaml:1", rule)]


def test_a_huge_file_is_refused_unread(catalogue_folder: CatalogueFolder) -> None:
    path = catalogue_folder.write("foreword.yaml", "")
    with path.open("r+b") as file:
        file.truncate(50_000_000)
    (found,) = catalogue_folder.findings()
    assert found.rule == "file-too-large"
    assert "50 MB" in found.message


def test_a_link_out_of_the_catalogue_is_refused(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("body: secret", encoding="utf-8")
    catalogue_folder.path("foreword.yaml").symlink_to(secret)
    catalogue_folder.path("images/dehors.svg").symlink_to(secret)
    catalogue_folder.change(AAJT, "images/aajt.svg", "images/dehors.svg")
    assert rules(catalogue_folder.findings()) == [
        ("catalogue/foreword.yaml", "outside-project"),
        ("catalogue/initiatives/aajt.yaml:4", "outside-project"),
    ]


def test_a_dangling_link_is_unreadable(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.path("foreword.yaml").symlink_to("nowhere.yaml")
    assert rules(catalogue_folder.findings()) == [("catalogue/foreword.yaml", "unreadable-file")]


def test_without_catalogue_yaml(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.remove(CATALOGUE)
    assert ("catalogue/catalogue.yaml", "missing-file") in rules(catalogue_folder.findings())


@pytest.mark.parametrize(
    ("name", "rule", "hint"),
    [
        ("initiatives/Été.yaml", "bad-id", "rename it to ete.yaml"),
        ("initiatives/aajt.yml", "duplicate-id", "keep the one that ends in .yaml"),
    ],
)
def test_names_of_files(catalogue_folder: CatalogueFolder, name: str, rule: str, hint: str) -> None:
    catalogue_folder.write(name, FILES[KODIKO])
    (found,) = catalogue_folder.findings()
    assert (str(found.where), found.rule, found.hints) == (f"catalogue/{name}", rule, (hint,))


def test_the_ending_yml_is_read(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("initiatives/sos.yml", FILES[KODIKO])
    assert [card.id for card in catalogue_folder.catalogue().initiatives] == ["aajt", "kodiko", "sos"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("aajt.yaml", "content is read from"),
        ("initiative/sos.yaml", "content is read from"),
        ("images/sos.yaml", "content is read from"),
        ("initiatives/2019/sos.yaml", "move it up into initiatives/"),
        ("initiatives/sos.YAML", "rename it to sos.yaml"),
        ("initiatives/sos.docx", "end in .yaml"),
    ],
)
def test_a_stray_file_is_a_warning(catalogue_folder: CatalogueFolder, name: str, hint: str) -> None:
    catalogue_folder.write(name, "")
    (found,) = catalogue_folder.findings()
    assert (found.severity, found.rule, str(found.where)) == (Severity.WARNING, "unexpected-file", f"catalogue/{name}")
    assert hint in found.hints[0]


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "images/logo.xcf",
        "initiatives/.gitkeep",
        "initiatives/aajt.yaml~",
        "initiatives/#aajt.yaml#",
        "initiatives/aajt.yaml.bak",
        "initiatives/.aajt.yaml.swp",
        ".git/x.yaml",
        "pages/Thumbs.db",
    ],
)
def test_what_programs_leave_behind_is_ignored(catalogue_folder: CatalogueFolder, name: str) -> None:
    catalogue_folder.write(name, "x: [")
    assert catalogue_folder.findings() == ()


def test_pages_and_foreword(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("foreword.yaml", "title: Éditorial\nbody: Voir [la note](page:note).\n")
    catalogue_folder.write("pages/note.yaml", "body: |\n  Note.\nsignature: {name: Personne}\n")
    catalogue = catalogue_folder.catalogue()
    assert catalogue.foreword is not None
    assert catalogue.foreword.title == "Éditorial"
    assert [page.id for page in catalogue.pages] == ["note"]


def test_an_edition_with_a_foreword_of_its_own(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write(
        "editions/paca.yaml",
        "title: PACA\nterritories: [FR-PAC]\ninclude: [kodiko]\nforeword: ./editions/paca-foreword.yaml\n",
    )
    catalogue_folder.write("editions/paca-foreword.yaml", "body: Bienvenue.\n")
    catalogue = catalogue_folder.catalogue()
    assert [edition.id for edition in catalogue.editions] == ["paca"]
    assert catalogue.forewords["paca"].body == "Bienvenue."


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("foreword: editions/rien.yaml\n", "missing-file"),
        ("foreword: ../../rien.yaml\n", "outside-project"),
        ("foreword: editions/paca.yaml\n", "missing-file"),
        ("include: [rien]\n", "unknown-initiative"),
        ("exclude: [kodico]\n", "unknown-initiative"),
        ("themes: [rien]\n", "unknown-theme"),
        ("partners: [rien]\n", "unknown-partner"),
        ("territories: [FR-XXX]\n", "unknown-territory"),
        ("sections: []\n", "missing-field"),
    ],
)
def test_faults_of_an_edition(catalogue_folder: CatalogueFolder, text: str, rule: str) -> None:
    catalogue_folder.write("editions/paca.yaml", text)
    assert rules(catalogue_folder.findings()) == [("catalogue/editions/paca.yaml:1", rule)]


def test_faults_of_an_editions_foreword_are_told_there(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("editions/paca.yaml", "foreword: forewords/paca.yaml\n")
    catalogue_folder.write("forewords/paca.yaml", "titre: Bienvenue\n")
    assert {where for where, _ in rules(catalogue_folder.findings())} == {"catalogue/forewords/paca.yaml:1"}


def test_a_partner_that_no_list_names(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.write("partners/hcr.yaml", "name: HCR\nbody: Texte.\n")
    assert rules(catalogue_folder.findings()) == [("catalogue/partners/hcr.yaml", "unlisted-partner")]
    catalogue_folder.write("editions/paca.yaml", "partners: [hcr]\n")
    assert catalogue_folder.findings() == ()


def test_fictional_contacts_are_told_unless_it_is_a_demonstration(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change(CATALOGUE, "demonstration: true\n", "")
    assert rules(catalogue_folder.findings()) == [
        ("catalogue/catalogue.yaml:6", "fictional-contact"),
        ("catalogue/initiatives/aajt.yaml:9", "fictional-contact"),
        ("catalogue/initiatives/aajt.yaml:10", "fictional-contact"),
        ("catalogue/initiatives/kodiko.yaml:7", "fictional-contact"),
    ]


@pytest.mark.parametrize("phone", ["+33 1 99 00 12 34", "+33 (0)1 99 00 12 34", "0033199001234", "06.39.98.12.34"])
def test_spellings_of_a_fictional_number(catalogue_folder: CatalogueFolder, phone: str) -> None:
    catalogue_folder.change(CATALOGUE, "demonstration: true\n", "")
    catalogue_folder.change(AAJT, "01 99 00 12 34", phone)
    assert ("catalogue/initiatives/aajt.yaml:9", "fictional-contact") in rules(catalogue_folder.findings())


def test_an_insee_number_becomes_a_code(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change(AAJT, "[FR-PAC, FR-13]", "[93, fr-75, FR-RE]")
    places = catalogue_folder.catalogue().initiatives[0].territories
    assert [place.code for place in places] == ["FR-PAC", "FR-75C", "FR-974"]


def test_reading_twice_gives_the_same(catalogue_folder: CatalogueFolder) -> None:
    assert read_catalogue(catalogue_folder.project) == read_catalogue(catalogue_folder.project)


def test_the_demonstration_catalogue_reads_without_findings() -> None:
    catalogue, findings = read_catalogue(CatalogueFolder(Path(__file__).parents[1]).project)
    assert [finding.text() for finding in findings] == []
    assert catalogue is not None
    assert len(catalogue.initiatives) == 21
