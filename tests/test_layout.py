"""A layout's files: what they say becomes CSS and words, and what is wrong in them is told with file and line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from conftest import CatalogueFolder
from livret.content.contrast import tint
from livret.findings import LivretError
from livret.pages.compose import layout_checks
from livret.pages.layout import Layout
from livret.project import Project, write
from livret.starter.layouts import new_layout
from livret.translation import in_language
from livret.web.layout import WebLayout
from press import TOP, change, livret_here, plain_layout


@pytest.fixture
def plain(catalogue_folder: CatalogueFolder) -> Path:
    """The folder of the plain layout in a project."""
    return plain_layout(catalogue_folder)


def read(plain: Path) -> Layout:
    return Layout(Project.at(plain.parents[1]), plain.name)


def test_measures_and_palette_become_css(plain: Path) -> None:
    css = read(plain).tokens().text
    for line in (
        "@page { size: 100mm 150mm; bleed: 3mm; margin-top: 10mm; margin-bottom: 15mm }",
        "@page :left { margin-left: 10mm; margin-right: 12mm }",
        "@page :right { margin-left: 12mm; margin-right: 10mm }",
        "  --colour-logement-tint: #feeee2;",
        "  --type-text: 10pt; --leading-text: 12pt;",
    ):
        assert line in css.splitlines()
    # (100 - 12 - 10 - 2 x 4) / 3, rounded down so that three columns and two gutters fit.
    for measure in ("--baseline: 12pt;", "--gutter: 4mm;", "--column: 23.333mm;"):
        # Once for the pages, whose boxes do not see the root, and once for all elements.
        assert css.count(measure) == 2


def test_the_palette_may_stand_in_a_file(plain: Path) -> None:
    inline = read(plain).palette
    text = (plain / "layout.yaml").read_text()
    start, stop = text.index("palette:\n"), text.index("sides:")
    lines = text[start:stop].splitlines()[1:]
    write(plain / "palette.yaml", "\n".join(line.strip() for line in lines))
    write(plain / "layout.yaml", text[:start] + "palette: palette.yaml\n" + text[stop:])
    assert read(plain).palette == inline


def test_a_project_may_own_single_files_of_an_installed_layout(catalogue_folder: CatalogueFolder) -> None:
    own = catalogue_folder.root / "layouts" / "forum" / "card.css"
    write(own, "p { color: red }")
    layout = Layout(catalogue_folder.project, "forum")
    names = [sheet.name for sheet in layout.stylesheets("card")]
    assert names[0] == "layout.yaml"
    assert names[1].endswith("/layouts/forum/base.css")
    assert names[2:] == ["layouts/forum/card.css"]
    assert layout.stylesheets("card")[2].text == "p { color: red }"
    assert [sheet.name for sheet in layout.stylesheets("none")] == names[:2]


def test_files_that_layouts_share_stand_behind_their_own(catalogue_folder: CatalogueFolder) -> None:
    layout = Layout(catalogue_folder.project, "forum")
    names = [Path(sheet.name).parts[-2:] for sheet in layout.stylesheets("index")[1:]]
    assert names == [("forum", "base.css"), ("common", "_index.css"), ("forum", "index.css")]
    write(catalogue_folder.root / "layouts" / "forum" / "_index.css", "li { color: red }")
    assert Layout(catalogue_folder.project, "forum").stylesheets("index")[2].text == "li { color: red }"


def test_a_layout_yaml_that_says_nothing_of_sharing_leaves_it_to_the_one_of_livret(
    catalogue_folder: CatalogueFolder,
) -> None:
    text = (TOP / "layouts" / "forum" / "layout.yaml").read_text(encoding="utf-8")
    own = catalogue_folder.root / "layouts" / "forum" / "layout.yaml"
    write(own, "".join(line for line in text.splitlines(keepends=True) if not line.startswith("shares:")))
    found = Layout(catalogue_folder.project, "forum").find("_part.html")
    assert found is not None
    assert found.parts[-3:] == ("layouts", "common", "_part.html")


def test_a_layout_that_shares_nothing_sees_no_file_of_others(catalogue_folder: CatalogueFolder) -> None:
    plain = plain_layout(catalogue_folder)
    (plain / "_part.html").unlink(missing_ok=True)
    assert Layout(catalogue_folder.project, "plain").find("_part.html") is None


@pytest.mark.parametrize(
    ("language", "contents"), [("fr", "Sommaire"), ("fr-CA", "Sommaire"), ("en", "Contents"), ("ar", "Contents")]
)
def test_labels_follow_the_language(plain: Path, language: str, contents: str) -> None:
    assert read(plain).labels(language)["contents"] == contents


def test_a_project_overrides_the_words_it_names_in_print_and_on_the_web(catalogue_folder: CatalogueFolder) -> None:
    own = catalogue_folder.root / "layouts" / "forum"
    own.mkdir(parents=True)
    write(own / "labels.yaml", "fr: {pilot: Porteur, initiatives: Projets, find: Trouver un projet}\n")
    project = Project.at(catalogue_folder.root)
    for labels in (Layout(project, "forum").labels("fr"), WebLayout(project, "forum").labels("fr")):
        assert (labels["pilot"], labels["initiatives"], labels["contact"]) == ("Porteur", "Projets", "Contact")
    web = WebLayout(project, "forum").labels("fr")
    assert (web["find"], web["skip"]) == ("Trouver un projet", "Aller au contenu")
    assert Layout(project, "forum").labels("en")["pilot"] == "Lead organisation"


def test_a_copied_layout_need_not_repeat_the_words_that_stay(catalogue_folder: CatalogueFolder) -> None:
    project = Project.at(catalogue_folder.root)
    made = new_layout(project, "mine", "pocket")
    write(made / "labels.yaml", "fr: {pilot: Porteur, contents: Table, results: Bilan}\n")
    labels = Layout(Project.at(catalogue_folder.root), "mine").labels("fr")
    assert (labels["pilot"], labels["contents"], labels["imprint"]) == ("Porteur", "Table", "Mentions")
    assert Layout(Project.at(catalogue_folder.root), "mine").labels("en")["contents"] == "Contents"


def test_the_web_edition_has_every_word_also_beside_a_layout_with_few(plain: Path) -> None:
    write(plain / "labels.yaml", "fr: {pilot: Porteur, page_short: p.}\n")
    labels = WebLayout(Project.at(plain.parent.parent), "plain").labels("fr")
    assert (labels["pilot"], labels["results"]) == ("Porteur", "Résultats")


def test_a_language_without_labels_is_told_when_there_is_no_english(plain: Path) -> None:
    write(plain / "labels.yaml", "fr: {contents: Sommaire}\n")
    with pytest.raises(LivretError, match="neither ar nor en"):
        read(plain).labels("ar")


@pytest.mark.parametrize(
    ("listed", "themes", "expected"),
    [
        # Its own colour, then the palette's colour of its name, then those of theme_colours in turn.
        ("[black]", [("x", "#336699")], {"x": ("#336699", "#e7edf3")}),
        ("[black]", [("x", "#369")], {"x": ("#336699", "#e7edf3")}),
        ("[black]", [("logement", "#000000")], {"logement": ("#000000", "#e0e0e0")}),
        ("[black]", [("logement", None)], {"logement": ("#922a07", "#feeee2")}),
        ("[black]", [("x", None)], {"x": ("#000000", "#e0e0e0")}),
        ("[rule, logement]", [("x", None), ("y", None), ("z", None)],
         {"x": ("#bdbdbd", "#f7f7f7"), "y": ("#922a07", "#feeee2"), "z": ("#bdbdbd", "#f7f7f7")}),
        # Without theme_colours: every colour that has a tint.
        ("[]", [("x", None), ("y", None)], {"x": ("#922a07", "#feeee2"), "y": ("#922a07", "#feeee2")}),
    ],
)  # fmt: skip
def test_colours_of_themes(
    plain: Path, listed: str, themes: list[tuple[str, str | None]], expected: dict[str, tuple[str, str]]
) -> None:
    change(plain / "layout.yaml", "sides:", f"theme_colours: {listed}\nsides:")
    found = read(plain).theme_colours(themes)
    assert {theme: (colours.color, colours.tint) for theme, colours in found.items()} == expected


@pytest.mark.parametrize(("colour", "pale"), [("#000000", "#e0e0e0"), ("#ffffff", "#ffffff"), ("#ff0000", "#ffe0e0")])
def test_a_tint_is_a_little_of_the_colour_on_white(colour: str, pale: str) -> None:
    assert tint(colour) == pale


# --- what is wrong ---

# What the plain layout leaves out already; given twice the field would be another fault.
LEFT_OUT = (
    "leaves_out: [partners, contacts.name, contacts.organisation, contacts.address, contacts.website, results, themes,"
    " images.caption, images.credit]"
)

USES: dict[str, Callable[[Layout], Any]] = {
    "palette": lambda layout: layout.palette,
    "labels": lambda layout: layout.labels("fr"),
    "tiles": lambda layout: layout.tiles(),
    "themes": lambda layout: layout.theme_colours([("x", None)]),
    "css": lambda layout: layout.stylesheets("card"),
}


@pytest.mark.parametrize(
    ("file", "old", "new", "use", "told"),
    [
        ("layout.yaml", "name: plain", "nmae: plain", "", r"layouts/plain/layout\.yaml:\d+: n\w+: "),
        ("layout.yaml", "width: 100", "width: a4", "", r"layout\.yaml:3: trim\.width: .*number"),
        ("layout.yaml", "width: 100", "width: 0", "", r'layout\.yaml:3: trim\.width: .*at least 10; here is "0"'),
        ("layout.yaml", "columns: 3", "columns: 0", "", r"layout\.yaml:7: grid\.columns: "),
        ("layout.yaml", "#922a07", "brick", "", r"layout\.yaml:12: palette\..*logement\.rgb: "),
        ("layout.yaml", "[0, 90, 100, 47]", "[0, 90, 100]", "", r"layout\.yaml:12: .*logement\.cmyk"),
        ("layout.yaml", "[0, 90, 100, 47]", "[0, 90, 100, 470]", "", r"layout\.yaml:12: .*logement\.cmyk"),
        ("layout.yaml", "project: recto", "project: front", "", r"layout\.yaml:14: sides\.project: .*verso, recto"),
        ("layout.yaml", "bleed: 3", "bleed: 3\nbleeds: 4", "", r"layout\.yaml:5: bleeds: "),
        ("layout.yaml", LEFT_OUT, "leaves_out: [id]", "", r'layout\.yaml:18: .*a card has no field "id"'),
        ("layout.yaml", LEFT_OUT, "leaves_out: [result]", "", r"did you mean \"results\"\?"),
        ("layout.yaml", LEFT_OUT, "leaves_out: [contacts.fax]", "", r'a card has no field "contacts\.fax"'),
        ("layout.yaml", "bleed: 3", "bleed: [3", "", r"layout\.yaml:5: .* \[yaml-syntax\]"),
        ("layout.yaml", "name: plain", "- plain", "", r"layout\.yaml:\d: .* \[yaml-syntax\]"),
        ("layout.yaml", "sides:", "theme_colours: [blakc]\nsides:", "themes", r'no colour "blakc"'),
        ("labels.yaml", "contents: Sommaire", "contents: {a: b}", "labels", r"labels\.yaml:1: fr\.contents: "),
        ("labels.yaml", "fr: {page_short: p.,", "fr: [{page_short: p.,", "labels", r"labels\.yaml:2: .*yaml-syntax"),
        ("layout.yaml", "bleed: 3", "bleed: 3\nbleed: 5", "", r"layout\.yaml:5: .*bleed"),
        ("art/tiles.yaml", "col: 3", "col: far", "tiles", r"tiles\.yaml:3: tiles\.1\.col: .*whole number"),
        ("art/tiles.yaml", "region: FR-PAC, col: 3", "col: 3", "tiles", r"tiles\.yaml:3: tiles\.1\.region: "),
        ("base.css", "10pt/12pt", "\udce9", "css", r"layouts/plain/base\.css:1: .*UTF-8"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_line(
    plain: Path, file: str, old: str, new: str, use: str, told: str
) -> None:
    path = plain / file
    text = path.read_text()
    assert text.count(old) == 1
    path.write_bytes(text.replace(old, new).encode(errors="surrogateescape"))
    with pytest.raises(LivretError, match=told):
        USES.get(use, id)(read(plain))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("width: 100", "width: a4", "trim.width: ce doit être un nombre ; ici se trouve « a4 »"),
        ("width: 100", "width: 2000", "trim.width: ce doit être au plus 1000 ; ici se trouve « 2000 »"),
        ("width: 100, ", "", "trim.width: ce champ manque"),
        ("columns: 3", "columns: 2.5", "grid.columns: ce doit être un nombre entier ; ici se trouve « 2.5 »"),
        ("columns: 3", "columns: [3]", "grid.columns: ce doit être un nombre entier"),
        ("#922a07", "brick", "rgb: ce doit être une couleur, par exemple « #1a2b3c » ; ici se trouve « brick »"),
        ("[0, 90, 100, 47]", "[0, 90, 100]", "cmyk.3: il manque cette valeur dans la liste"),
        ("[0, 90, 100, 47]", "[0, 90, 100, 47, 9]", "cmyk: valeurs dans cette liste : 4 au plus"),
        ("[0, 90, 100, 47]", "much", "cmyk: ce doit être une liste ; ici se trouve « much »"),
        ("project: recto", "project: front", "ce doit être verso, recto ou any ; ici se trouve « front »"),
        ("bleed: 3", "bleed: 3\nbleeds: 4", "bleeds: ce champ n’existe pas ici"),
        ("bleed: 3", "bleed: 3\ngrids: {a: b}", "grids: ce champ n’existe pas ici"),
        ("bleed: 3", "bleed: 3\ncard: {per_page: 3}", "plusieurs fiches ne tiennent sur une page (per_page) que"),
    ],
)
def test_a_fault_of_a_layout_is_told_in_french_too(plain: Path, old: str, new: str, told: str) -> None:
    text = (plain / "layout.yaml").read_text()
    assert text.count(old) == 1
    write(plain / "layout.yaml", text.replace(old, new))
    with pytest.raises(LivretError) as refused:
        read(plain)
    french = in_language(refused.value.message, "fr").replace("\xa0", " ").replace("\u202f", " ")
    assert told in french
    for english in ("Input", "should be", "Value error", "Field required", "this must"):
        assert english not in french


def test_a_layout_says_what_it_leaves_out(plain: Path) -> None:
    change(plain / "layout.yaml", LEFT_OUT, "")
    assert read(plain).file.leaves_out == ()
    change(plain / "layout.yaml", "bleed: 3", "bleed: 3\nleaves_out: [results, contacts.address, pilot.acronym]")
    assert read(plain).file.leaves_out == ("results", "contacts.address", "pilot.acronym")


def test_hints_are_told_once(plain: Path) -> None:
    write(plain / "layout.yaml", "- plain\n")
    with pytest.raises(LivretError) as told:
        read(plain)
    assert told.value.hints
    assert not any("hint:" in hint for hint in told.value.hints)


@pytest.mark.parametrize("word", ["no", "2019", "~x"])
def test_labels_are_the_words_that_were_typed(plain: Path, word: str) -> None:
    change(plain / "labels.yaml", "Sommaire", word)
    assert read(plain).labels("fr")["contents"] == word


@pytest.mark.parametrize(("file", "use"), [("layout.yaml", ""), ("labels.yaml", "labels"), ("art/tiles.yaml", "tiles")])
@pytest.mark.parametrize("content", ["", "12\n", "[1]\n", "word\n"])
def test_a_file_of_another_shape_is_told(plain: Path, file: str, use: str, content: str) -> None:
    write(plain / file, content)
    with pytest.raises(LivretError, match=rf"layouts/plain/{file}:1: "):
        USES.get(use, id)(read(plain))


def test_every_fault_of_a_file_is_told_at_once(plain: Path) -> None:
    change(plain / "layout.yaml", "width: 100", "width: a4")
    change(plain / "layout.yaml", "columns: 3", "columns: 0")
    with pytest.raises(LivretError) as told:
        read(plain)
    assert [text.partition(": ")[0] for text in (told.value.told, *told.value.hints)] == [
        "layouts/plain/layout.yaml:3",
        "layouts/plain/layout.yaml:7",
    ]


def test_a_missing_file_is_named(plain: Path) -> None:
    (plain / "labels.yaml").unlink()
    with pytest.raises(LivretError, match=r'the layout "plain" has no labels\.yaml'):
        read(plain).labels("fr")


def test_an_unknown_layout_is_told_with_those_there_are(catalogue_folder: CatalogueFolder, plain: Path) -> None:
    with pytest.raises(LivretError, match='no layout "plian"') as told:
        Layout(catalogue_folder.project, "plian")
    assert "forum" in told.value.hints[0]
    assert "plain" in told.value.hints[0]


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_no_style_sheet_holds_a_measure_that_belongs_into_layout_yaml(layout: str) -> None:
    for path in (TOP / "layouts" / layout).glob("*.css"):
        held = re.findall(r"\d(?:mm|cm|in)\b", path.read_text(encoding="utf-8"))
        assert held == [], path.name


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_a_style_sheet_names_no_measure_that_is_not_there_and_none_is_there_in_vain(layout: str) -> None:
    folder = TOP / "layouts" / layout
    css = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css")))
    known = Layout(Project.at(TOP), layout)
    given = set(re.findall(r"--([\w-]+):", known.tokens().text))
    # What the style sheets and templates set themselves, and what stands behind a comma as what else holds.
    html = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")))
    own = set(re.findall(r"--([\w-]+):", css + html))
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= given | own
    assert {name for name in known.measures if f"var(--{name})" not in css} == set()


def test_a_project_s_own_layout_yaml_without_measures_leaves_them_to_livret(catalogue_folder: CatalogueFolder) -> None:
    own = catalogue_folder.root / "layouts" / "pocket"
    own.mkdir(parents=True)
    measures = (TOP / "layouts" / "pocket" / "layout.yaml").read_text(encoding="utf-8")
    cut = re.sub(r"measures:\n(?: .*\n)+", "measures: {tab: 9}\n", measures)
    (own / "layout.yaml").write_text(cut, encoding="utf-8")
    tokens = Layout(catalogue_folder.project, "pocket").tokens().text
    assert "--tab: 9mm;" in tokens
    assert "--legend-tab: 30.1mm;" in tokens


def test_measures_are_reckoned_from_trim_margins_and_grid() -> None:
    tokens = Layout(Project.at(TOP), "pocket").tokens().text
    # 105 wide with margins of 8.5 and 7.5, four columns, gutters of 3.5; 130.7 mm hold 37 lines of 10 points.
    for told in (
        "--sheet-width: 111mm;",
        "--text-width: 89mm;",
        "--column: 19.625mm;",
        "--columns-3: 65.875mm;",
        "--text-height: 370pt;",
        "--picture-art-cover-height: 78mm;",
    ):
        assert told in tokens


# --- what can be told of a layout without typesetting ---


def told(folder: CatalogueFolder, layout: str = "plain") -> list[str]:
    return [finding.text() for finding in layout_checks.findings(Layout(folder.project, layout))]


@pytest.mark.parametrize("layout", ["forum", "pocket"])
def test_nothing_is_told_of_the_layouts_of_livret(catalogue_folder: CatalogueFolder, layout: str) -> None:
    # The project has its own pictograms besides those of Livret.
    assert told(catalogue_folder, layout) == []


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("<p>\n{% if card %}\n", "card.html:2: error: {% if %} is not closed before the end of the file"),
        ("<p>\n\n{{ card.title|bold }}\n", 'card.html:3: error: there is no filter "bold"'),
        ("{% if card %}\n{{ card.title }\n{% endif %}", "card.html:2: error: } cannot stand here"),
        ("\n{{ pictogram('logemant') }}", 'card.html:2: warning: there is no pictogram "logemant" [missing-pictogram]'),
    ],
)
def test_a_fault_in_a_template_is_told_with_its_line(
    catalogue_folder: CatalogueFolder, template: str, message: str
) -> None:
    (plain_layout(catalogue_folder) / "card.html").write_text(template, encoding="utf-8")
    (one,) = told(catalogue_folder)
    assert one.startswith(f"layouts/plain/{message}"), one


@pytest.mark.parametrize("folder", ["pictograms", "layouts/plain/art"])
def test_a_drawing_that_cannot_be_printed_is_told_with_its_line(catalogue_folder: CatalogueFolder, folder: str) -> None:
    plain_layout(catalogue_folder)
    path = catalogue_folder.root / folder / "house.svg"
    path.parent.mkdir(exist_ok=True)
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n<path d="M0 0h9"\n</svg>\n', encoding="utf-8")
    (one,) = told(catalogue_folder)
    assert one.startswith(f"{folder}/house.svg:3: error: this drawing cannot be printed: "), one
    assert "[bad-drawing]" in one


def test_a_variable_that_nothing_sets_is_told_with_its_line(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    (layout / "card.css").write_text(
        "/* var(--nobody)\n */\n.a { width: var(--gutter); height: var(--own, 3pt) }\n"
        ".b { --own: 3pt; color: var(--colour-logment) }\n.c { margin: var( --own ) }\n",
        encoding="utf-8",
    )
    assert told(catalogue_folder) == [
        "layouts/plain/card.css:4: warning: nothing sets the variable --colour-logment [unknown-variable]\n"
        '  hint: did you mean "colour-logement"?'
    ]


def test_a_check_tells_faults_of_labels_and_templates_and_changes_nothing(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    (layout / "notes.html").write_text("{% for %}", encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "check")
    assert done.code == 1
    assert "layouts/plain/notes.html:1: error:" in done.err
    (layout / "labels.yaml").write_text("fr:\n  pilot: [\n", encoding="utf-8")
    done = livret_here("-C", catalogue_folder.root, "check")
    assert done.code == 1
    assert "layouts/plain/labels.yaml:2: error: a bracket" in done.err


def test_what_is_no_css_is_told_with_its_line_and_good_css_is_not(catalogue_folder: CatalogueFolder) -> None:
    layout = plain_layout(catalogue_folder)
    sheet = """/* } */ p::before { content: "}" }
a {
  color red;
  margin: 0;
}
@media print { b { color: #000; --x: {} } }
em { color: red
i { color: blue }
"""
    (layout / "card.css").write_text(sheet, encoding="utf-8")
    found = told(catalogue_folder)
    assert [one.split(": warning: ")[0] for one in found] == ["layouts/plain/card.css:3", "layouts/plain/card.css:7"]
