"""What `livret new` writes: it is right at once, it says what was given, and nothing is written over."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest

from conftest import CatalogueFolder
from livret import starter
from livret.content.catalogue.reader import read_catalogue
from livret.content.schema.design import Art
from livret.findings import LivretError, OutputError, Severity
from livret.pages.layout import Layout
from livret.project import Project
from press import TOP, livret_here


@pytest.fixture
def started(tmp_path: Path) -> CatalogueFolder:
    """A new French catalogue with two themes."""
    values = starter.NewCatalogue("Le forum", "fr", themes=("Accès au logement", "Emploi"))
    starter.new_catalogue(tmp_path / "forum", values)
    return CatalogueFolder(tmp_path / "forum")


def rules(folder: CatalogueFolder, *severities: Severity) -> set[str]:
    return {finding.rule for finding in folder.findings() if finding.severity in severities}


@pytest.mark.parametrize("language", ["fr", "en", "fr-CA", "ar", "de"])
def test_a_new_catalogue_has_no_error_and_says_what_to_write(tmp_path: Path, language: str) -> None:
    files = starter.new_catalogue(tmp_path, starter.NewCatalogue("Un titre : le livret", language))
    assert [path.relative_to(tmp_path).parts[:2] for path in files] == [
        ("catalogue", "catalogue.yaml"),
        ("catalogue", "foreword.yaml"),
        ("catalogue", "initiatives"),
    ]
    folder = CatalogueFolder(tmp_path)
    assert rules(folder, Severity.ERROR, Severity.WARNING) == {"unwritten-text"}
    assert folder.catalogue().publication.title == "Un titre : le livret"
    assert folder.catalogue().publication.language == language
    assert len(folder.catalogue().publication.themes) == 3


def test_a_new_catalogue_is_commented_in_its_language(tmp_path: Path) -> None:
    for language, comment in (("fr", "# Au moins un thème"), ("en", "# At least one theme")):
        starter.new_catalogue(tmp_path / language, starter.NewCatalogue("Titre", language))
        assert comment in (tmp_path / language / "catalogue" / "catalogue.yaml").read_text(encoding="utf-8")


def test_what_is_given_stands_in_the_catalogue(tmp_path: Path) -> None:
    values = starter.NewCatalogue(
        "Le forum # 2", "fr", "pour tous: oui", "2027-04-30", "Paris - Cnam", '"Nous"', ("Accès au logement", "Été")
    )
    starter.new_catalogue(tmp_path, values)
    made = CatalogueFolder(tmp_path).catalogue().publication
    assert (made.title, made.subtitle, made.place) == ("Le forum # 2", "pour tous: oui", "Paris - Cnam")
    assert str(made.date.first if made.date else "") == "2027-04-30"
    assert made.publisher
    assert made.publisher.name == '"Nous"'
    assert [(theme.id, theme.name, theme.pictogram) for theme in made.themes] == [
        ("logement", "Accès au logement", "logement"),
        ("ete", "Été", None),
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_line_that_is_offered_as_a_comment_is_right_when_it_is_used(tmp_path: Path, language: str) -> None:
    starter.new_catalogue(tmp_path, starter.NewCatalogue("Titre", language))
    project = Project.at(tmp_path)
    starter.new_partner(project, starter.NewPartner("Partenaire", id="partenaire"))
    starter.new_edition(project, starter.NewEdition("Sud", id="sud"))
    folder = CatalogueFolder(tmp_path)
    shutil.copy(TOP / "catalogue" / "art" / "page.svg", folder.path("logo.svg"))
    folder.write("editions/forewords/sud.yaml", "body: Bienvenue.\n")
    for path in sorted(folder.path("").rglob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        # A comment whose first word ends in a colon, or which is an entry of a list; indented ones belong to it.
        used = re.sub(r"^( *)# ( *(?:- |\w+: |\w+:$).*)$", r"\1\2", text, flags=re.MULTILINE)
        used = re.sub(r"images/[a-z]+\.(svg|jpg)", "logo.svg", used).replace("978-2-...", "978-2-07-036822-8")
        path.write_text(used, encoding="utf-8")
    found = [finding.text() for finding in folder.findings() if finding.severity is Severity.ERROR]
    assert found == []
    assert folder.catalogue().publication.legal.price
    assert folder.catalogue().initiatives[0].figures


def test_what_is_built_stays_out_of_git_and_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    starter.new_catalogue(tmp_path, starter.NewCatalogue("Essai"))
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert (tmp_path / ".gitattributes").read_text(encoding="utf-8") == "catalogue/approvals.yaml merge=union\n"
    starter.copy_demonstration(tmp_path / "other")
    assert (tmp_path / "other" / ".gitignore").read_text(encoding="utf-8") == "output/\n"


def test_a_card_is_named_by_its_acronym_and_has_what_was_given(started: CatalogueFolder) -> None:
    values = starter.NewCard(
        "Association d'aide aux jeunes travailleurs", "AAJT", "Coup de Pouce", ("emploi",), ("FR-PAC", "FR-13")
    )
    assert starter.new_card(started.project, values) == started.path("initiatives/aajt.yaml")
    (card,) = [one for one in started.catalogue().initiatives if one.id == "aajt"]
    assert (card.pilot.name, card.pilot.acronym) == ("Association d'aide aux jeunes travailleurs", "AAJT")
    assert (card.title, card.themes) == ("Coup de Pouce", ("emploi",))
    assert [place.code for place in card.territories] == ["FR-PAC", "FR-13"]
    assert "logement, emploi" in started.path("initiatives/aajt.yaml").read_text(encoding="utf-8")


def test_a_theme_may_be_told_by_its_name(started: CatalogueFolder) -> None:
    card = starter.new_card(started.project, starter.NewCard("Abri", themes=("accès au LOGEMENT", "emploi")))
    assert "themes: [logement, emploi]" in card.read_text(encoding="utf-8")


def test_themes_whose_names_share_a_word_have_ids_that_differ(tmp_path: Path) -> None:
    values = starter.NewCatalogue("Le guide", themes=("Sports d'eau", "Sports de ballon", "Musique", "Musique"))
    starter.new_catalogue(tmp_path / "guide", values)
    text = (tmp_path / "guide/catalogue/catalogue.yaml").read_text(encoding="utf-8")
    assert re.findall(r"- id: (.+)", text) == ["sports-d-eau", "sports-de-ballon", "musique"]


def test_a_card_without_theme_and_territory_has_the_first_theme_and_is_national(started: CatalogueFolder) -> None:
    starter.new_card(started.project, starter.NewCard("Kodiko"))
    (card,) = [one for one in started.catalogue().initiatives if one.id == "kodiko"]
    assert (card.themes, card.scope) == (("logement",), "national")


@pytest.mark.parametrize(
    ("values", "id"),
    [
        (starter.NewCard("Mission locale de Troyes", title="L'été à Troyes"), "l-ete-a-troyes"),
        (starter.NewCard("Mission locale de Troyes"), "mission-locale-de-troyes"),
        (starter.NewCard("Une union dont le nom est trop long pour cela"), "une-union-dont-le-nom-est-trop-long-pour"),
        (starter.NewCard("جمعية الجسور"), "jmyh-ljswr"),
        (starter.NewCard("Дім", title="Вчимося разом"), "vchimosya-razom"),
        (starter.NewCard("Łódź"), "lodz"),
        (starter.NewCard("!?"), "card-1"),
        (starter.NewCard("Con"), "con-1"),
        (starter.NewCard("X", id="autre"), "autre"),
    ],
)  # fmt: skip
def test_a_card_gets_an_id(started: CatalogueFolder, values: starter.NewCard, id: str) -> None:
    assert starter.new_card(started.project, values).name == f"{id}.yaml"


def test_a_card_in_a_language_without_a_start_has_that_of_its_catalogue(started: CatalogueFolder) -> None:
    path = starter.new_card(started.project, starter.NewCard("جمعية", language="ar"))
    assert "[à écrire]" in path.read_text(encoding="utf-8")
    assert "[to write]" in starter.new_card(started.project, starter.NewCard("Bee", language="en")).read_text(
        encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        (starter.NewCard(" "), "is empty"),
        (starter.NewCard("A", themes=("logemant",)), 'there is no theme "logemant"'),
        (starter.NewCard("A", territories=("FR-XXX",)), '"FR-XXX" is not the code'),
        (starter.NewCard("A", language="français"), '"français" is not a language code'),
        (starter.NewCard("A", id="Été"), '"Été" cannot be an id'),
        (starter.NewCard("A\udce9"), "is not written in UTF-8"),
        (starter.NewCard("Exemple"), "there is already catalogue/initiatives/exemple.yaml"),
        (starter.NewCard("A", themes=("a, b: [",)), 'there is no theme "a, b: ["'),
    ],
)
def test_a_card_that_would_not_be_right_is_refused_and_not_written(
    started: CatalogueFolder, values: starter.NewCard, told: str
) -> None:
    with pytest.raises(starter.NotWrittenError, match=re.escape(told)):
        starter.new_card(started.project, values)
    assert [path.name for path in started.path("initiatives").iterdir()] == ["exemple.yaml"]


def test_a_card_can_begin_while_another_file_is_broken(started: CatalogueFolder) -> None:
    started.write("initiatives/exemple.yaml", "pilot: [")
    assert starter.new_card(started.project, starter.NewCard("Kodiko")).is_file()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("partners: [] # personne\n", "partners: [diair] # personne\n"),
        ("partners: [dgef]\ntitle: A\n", "partners: [dgef, diair]\ntitle: A\n"),
        (
            "partners:\n  - dgef   # elle\n# fin\ntitle: A\n",
            "partners:\n  - dgef   # elle\n  - diair\n# fin\ntitle: A\n",
        ),
        ("partners:\n- dgef\ntitle: A\n", "partners:\n- dgef\n- diair\ntitle: A\n"),
        ("title: A", "title: A\npartners: [diair]\n"),
        ("title: A\r\npartners: [dgef]\r\n", "title: A\r\npartners: [dgef, diair]\r\n"),
        # Nobody knows how to add to it: it stays as it is.
        ("partners: [\n  dgef]\n", "partners: [\n  dgef]\n"),
    ],
)
def test_a_new_partner_is_listed_and_all_else_stays(started: CatalogueFolder, before: str, after: str) -> None:
    themes = "themes:\n  - {id: logement, name: Logement}\n".replace("\n", "\r\n" if "\r" in before else "\n")
    started.write("catalogue.yaml", (themes + before).encode())
    starter.new_partner(started.project, starter.NewPartner("Délégation à l'accueil", "Diair"))
    assert started.path("catalogue.yaml").read_bytes().decode() == themes + after
    assert started.path("partners/diair.yaml").is_file()


def test_a_new_edition_keeps_what_was_asked_for(started: CatalogueFolder) -> None:
    starter.new_card(started.project, starter.NewCard("Kodiko", territories=("FR-IDF",)))
    starter.new_edition(
        started.project, starter.NewEdition("Le forum en Île-de-France", territories=("FR-IDF",), id="idf")
    )
    (made,) = started.catalogue().editions
    assert (made.id, made.title) == ("idf", "Le forum en Île-de-France")
    assert [place.code for place in made.territories] == ["FR-IDF"]


@pytest.mark.parametrize("values", [starter.NewEdition("Full"), starter.NewEdition("Le Sud", id="full")])
def test_a_new_edition_does_not_change_the_booklet_with_every_card(
    started: CatalogueFolder, values: starter.NewEdition
) -> None:
    with pytest.raises(LivretError, match='"full" is the edition with every card') as refused:
        starter.new_edition(started.project, values)
    assert refused.value.hints == ("choose another id with --id",)
    assert not (started.root / "catalogue" / "editions").exists()


def test_a_new_edition_leaves_one_of_its_name_alone(started: CatalogueFolder) -> None:
    starter.new_edition(started.project, starter.NewEdition("Sud"))
    with pytest.raises(LivretError, match=r"there is already catalogue/editions/sud\.yaml"):
        starter.new_edition(started.project, starter.NewEdition("Sud"))


def test_a_folder_that_has_a_catalogue_keeps_it(started: CatalogueFolder) -> None:
    before = started.path("catalogue.yaml").read_bytes()
    with pytest.raises(OutputError, match="there is already"):
        starter.new_catalogue(started.root, starter.NewCatalogue("B"))
    with pytest.raises(OutputError, match="there is already"):
        starter.copy_demonstration(started.root)
    assert started.path("catalogue.yaml").read_bytes() == before
    assert sorted(path.name for path in started.root.iterdir()) == [".gitattributes", ".gitignore", "catalogue"]


def test_a_refused_catalogue_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(LivretError, match="is not a language code"):
        starter.new_catalogue(tmp_path, starter.NewCatalogue("A", "français de France"))
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_is_copied_whole(tmp_path: Path) -> None:
    made = starter.copy_demonstration(tmp_path / "essai")
    names = {path.relative_to(TOP / "catalogue") for path in (TOP / "catalogue").rglob("*") if path.is_file()}
    assert {path.relative_to(made) for path in made.rglob("*") if path.is_file()} == names
    assert Path("PROVENANCE.md") in names
    assert read_catalogue(Project.at(tmp_path / "essai"))[0] is not None


# --- the commands ---


def test_a_script_makes_a_catalogue_a_card_a_partner_and_an_edition(tmp_path: Path) -> None:
    done = livret_here("new", "catalogue", "forum", "--title", "Le forum", "--language", "fr", cwd=tmp_path)
    assert (done.code, done.err) == (0, "next: livret -C forum build\n")
    assert done.out.splitlines()[0] == "forum/catalogue/catalogue.yaml"
    for then, *arguments in (
        ("check", "card", "--pilot", "Kodiko", "--theme", "emploi", "--territory", "FR-IDF"),
        ("check", "partner", "--name", "Délégation à l'accueil", "--acronym", "Diair"),
        ("build idf", "edition", "--title", "Île-de-France", "--territory", "FR-IDF", "--id", "idf"),
    ):
        done = livret_here("-C", "forum", "new", *arguments, cwd=tmp_path)
        assert (done.code, done.err) == (0, f"next: livret -C forum {then}\n")
    done = livret_here("-C", "forum", "--format", "json", "check", cwd=tmp_path)
    assert done.code == 0
    assert done.told["catalogue"] == {"initiatives": 2, "partners": 1, "themes": 3, "editions": 2}


@pytest.mark.parametrize("what", ["catalogue", "card", "partner", "edition", "layout"])
def test_without_a_terminal_nobody_is_asked(started: CatalogueFolder, what: str) -> None:
    done = livret_here("-C", started.root, "new", what)
    assert done.code == 2
    assert "is missing" in done.err


def test_on_a_terminal_the_name_of_a_layout_and_what_to_copy_are_asked_for(started: CatalogueFolder) -> None:
    terminal, ours = pty.openpty()
    os.write(terminal, b"regions\npocket\n")
    command = [sys.executable, "-m", "livret", "-C", str(started.root), "--lang", "en", "new", "layout"]
    done = subprocess.run(command, stdin=ours, capture_output=True, text=True)
    os.close(ours)
    os.close(terminal)
    assert done.returncode == 0, done.stderr
    assert "Name of the layout, as its folder is called: " in done.stderr
    assert "Layout to copy (forum, pocket): " in done.stderr
    assert (started.root / "layouts" / "regions" / "layout.yaml").is_file()


def test_what_cannot_be_written_is_told_with_a_hint(started: CatalogueFolder) -> None:
    done = livret_here("-C", started.root, "new", "card", "--pilot", "Kodiko", "--theme", "logemant")
    assert done.code == 1
    assert 'livret: error: there is no theme "logemant"\n  hint: did you mean "logement"?' in done.err


@pytest.mark.parametrize("arguments", [("--from", "demonstration", "x"), ("x", "--from=demonstration")])
def test_the_demonstration_is_copied_by_name(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = livret_here("new", *arguments, cwd=tmp_path)
    assert done.code == 0
    assert (tmp_path / "x" / "catalogue" / "initiatives" / "aajt.yaml").is_file()


# --- the docs ---


def test_the_docs_are_listed_and_shown() -> None:
    listed = livret_here("docs").out
    assert re.search("^content +Writing a catalogue$", listed, re.MULTILINE)
    assert livret_here("docs", "content").out == (TOP / "docs" / "content.md").read_text(encoding="utf-8") + "\n"
    assert livret_here("docs", "--where").out == f"{TOP / 'docs'}\n"
    assert 'did you mean "content"?' in livret_here("docs", "contents").err


def test_the_index_of_a_new_catalogue_has_no_gap_below_its_first_heading(started: CatalogueFolder) -> None:
    assert livret_here("-C", started.root, "build").code == 0
    book = pypdfium2.PdfDocument(started.root / "output" / "full" / "full-screen.pdf")
    texts = [page.get_textpage() for page in book]
    page = next(text for text in texts if text.get_text_bounded().startswith("Index"))
    whole = page.get_text_range()

    def foot(words: str) -> float:
        return float(page.get_charbox(whole.index(words))[1])

    gaps = [foot("Territoires") - foot("Initiatives nationales"), foot("Thèmes") - foot("Accès au logement")]
    assert gaps[0] == pytest.approx(gaps[1], abs=2)


# --- a layout ---


def test_a_layout_is_copied_under_its_name_and_is_whole(started: CatalogueFolder) -> None:
    done = livret_here("-C", started.root, "new", "layout", "regions", "--from", "pocket")
    assert done.code == 0
    made = started.root / "layouts" / "regions"
    files = {path.name: path for folder in ("common", "pocket") for path in (TOP / "layouts" / folder).rglob("*.*")}
    assert {path.name for path in made.rglob("*.*")} == files.keys()
    assert {"_part.html", "_index.css", "card.css"} <= files.keys()
    for name in files.keys() - {"layout.yaml"}:
        assert (made / name).read_bytes() == files[name].read_bytes()
    assert "shares" not in (made / "layout.yaml").read_text(encoding="utf-8")
    assert Layout(started.project, "regions").tokens().text == Layout(started.project, "pocket").tokens().text
    layout = Layout(started.project, "regions")
    assert (layout.file.name, layout.file.like) == ("regions", "pocket")
    assert layout.folders == (made,)
    assert not (started.root / "fonts").exists()


def test_a_copied_layout_keeps_what_the_project_changed(started: CatalogueFolder) -> None:
    own = started.root / "layouts" / "pocket"
    own.mkdir(parents=True)
    (own / "cover.css").write_text("/* mine */\n")
    (own / "labels.yaml").write_text('fr: {pilot: "Qui « porte »"}\n', encoding="utf-8")
    shutil.copy(TOP / "layouts" / "pocket" / "layout.yaml", own)
    measures = (own / "layout.yaml").read_text(encoding="utf-8")
    cut = re.sub(r"pictures:\n(?: .*\n)+", "", measures)
    (own / "layout.yaml").write_text(cut, encoding="utf-8")
    assert "pictures:" not in cut
    starter.new_layout(started.project, "regions", "pocket")
    layout, before = Layout(started.project, "regions"), Layout(started.project, "pocket")
    assert (layout.folders[0] / "cover.css").read_text() == "/* mine */\n"
    assert layout.labels("fr")["pilot"] == "Qui « porte »"
    assert dict(layout.labels("en")) == dict(before.labels("en"))
    assert layout.pictures == before.pictures


def test_a_layout_can_take_fonts_and_pictograms_along(started: CatalogueFolder) -> None:
    own = started.root / "pictograms" / "mail.svg"
    own.parent.mkdir()
    own.write_text("<svg/>")
    starter.new_layout(started.project, "regions", "forum", with_shared=True)
    assert own.read_text() == "<svg/>"
    assert (started.root / "pictograms" / "logement.svg").is_file()
    assert (started.root / "fonts" / "SourceSans3" / "OFL.txt").is_file() or list(started.root.glob("fonts/*/*OFL*"))
    assert {path.name for path in started.project.fonts} == {path.name for path in Project.at(TOP).fonts}


@pytest.mark.parametrize(
    ("name", "source", "told"),
    [
        ("Été", "forum", '"Été" cannot be the name of a layout'),
        ("pocket", "forum", 'there is already a layout "pocket"'),
        ("regions", "forun", 'there is no layout "forun"'),
    ],
)
def test_a_layout_that_cannot_be_is_refused(started: CatalogueFolder, name: str, source: str, told: str) -> None:
    with pytest.raises(starter.NotWrittenError, match=re.escape(told)):
        starter.new_layout(started.project, name, source)
    assert not (started.root / "layouts").exists()


def test_what_a_catalogue_draws_for_a_layout_is_used_in_its_copy(started: CatalogueFolder) -> None:
    starter.new_layout(started.project, "regions", "pocket")
    art = Art.model_validate({"cover": "a.svg", "layouts": [{"layout": "pocket", "cover": "b.svg"}]})
    cover = Layout(started.project, "regions").drawings(art).cover
    assert cover
    assert cover.file == "b.svg"
