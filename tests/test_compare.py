"""The difference between two editions, of one catalogue or of two folders; and anchors that are the same in all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conftest import FILES, SVG, CatalogueFolder
from inspector import Inspector
from livret.control.compare import Change, Difference, Side, compare
from press import Done, livret_here, plain_layout

FOREWORD = "title: Éditorial\nbody: |\n  Une délégation a pour premier rôle de réunir.\n"


@pytest.fixture
def folder(catalogue_folder: CatalogueFolder) -> CatalogueFolder:
    """Two cards, `full`, and an edition of the region that overrides much."""
    catalogue_folder.write("foreword.yaml", FOREWORD)
    catalogue_folder.write("editions/forewords/paca.yaml", "body: Bienvenue en Provence.\n")
    catalogue_folder.write("images/cover.svg", SVG)
    catalogue_folder.write(
        "editions/paca.yaml",
        "title: Le forum en Provence\nplace: Marseille\ndate: 2019-05-02\npartners: []\n"
        "sections: [cover, foreword, initiatives]\ncover: {image: images/cover.svg}\nlanguage: en\n"
        "foreword: editions/forewords/paca.yaml\nterritories: [FR-PAC]\nnational: false\n",
    )
    return catalogue_folder


@pytest.fixture
def older(folder: CatalogueFolder, tmp_path: Path) -> CatalogueFolder:
    """A copy of the folder, to be changed: last year's."""
    return CatalogueFolder(Path(shutil.copytree(folder.root, tmp_path / "older")))


def side(folder: CatalogueFolder, name: str = "full") -> Side:
    return Side(folder.project, folder.catalogue(), name)


def between(older: CatalogueFolder, folder: CatalogueFolder) -> Difference:
    return compare(side(older), side(folder))


def told(found: Difference) -> dict[str, tuple[str | None, str | None]]:
    """Every changed field of every card that both have: `aajt title`."""
    return {
        f"{card.id} {change.field}": (change.old, change.new) for card in found.cards.changed for change in card.changes
    }


# --- editions of one catalogue ---


def test_an_edition_does_not_differ_from_itself(folder: CatalogueFolder) -> None:
    found = compare(side(folder, "paca"), side(folder, "paca"))
    assert not found.differs
    assert found.cards.same == 1


def test_every_field_of_an_edition_is_compared(folder: CatalogueFolder) -> None:
    found = compare(side(folder, "paca"), side(folder))
    changes = {change.field: (change.old, change.new) for change in found.fields}
    sections = "cover, imprint, foreword, pages, partners, legend, contents, initiatives, index, back-cover"
    assert changes == {
        "title": ("Le forum en Provence", "Le forum"),
        "place": ("Marseille", None),
        "date": ("2019-05-02", "2019-04-30"),
        "partners": (None, "diair"),
        "sections": ("cover, foreword, initiatives", sections),
        "cover.image": ("images/cover.svg", None),
        "language": ("en", "fr"),
        "foreword.title": (None, "Éditorial"),
        "foreword.body": ("Bienvenue en Provence.", "Une délégation a pour premier rôle de réunir."),
    }


def test_press_filler_and_legal_mentions_are_compared_too(folder: CatalogueFolder) -> None:
    folder.write("editions/a.yaml", "press: uncoated\nfiller: blank\nlegal: {price: gratuit}\n")
    found = compare(side(folder), side(folder, "a"))
    changes = {change.field: (change.old, change.new) for change in found.fields}
    assert changes == {
        "press": ("coated-fogra39", "uncoated"),
        "filler": ("notes", "blank"),
        "legal.price": (None, "gratuit"),
    }


def test_a_card_that_one_edition_leaves_out_is_told_with_the_filter(folder: CatalogueFolder) -> None:
    folder.write("editions/logement.yaml", "themes: [logement]\nexclude: [aajt]\ninclude: [kodiko]\n")
    found = compare(side(folder, "paca"), side(folder, "logement"))
    assert [(one.id, one.name, one.why) for one in found.cards.only_first] == [
        ("aajt", "AAJT", ("excluded by name",)),
    ]
    assert [(one.id, one.why) for one in found.cards.only_second] == [
        ("kodiko", ("not in Provence-Alpes-Côte d'Azur",))
    ]
    assert found.cards.changed == ()


def test_an_edition_without_the_section_shows_no_card(folder: CatalogueFolder) -> None:
    folder.write("editions/flyer.yaml", "sections: [cover, partners]\n")
    found = compare(side(folder, "flyer"), side(folder))
    assert {one.why for one in found.cards.only_second} == {("its sections have no initiatives",)}
    assert (found.first.cards, found.second.cards) == (0, 2)


# --- two folders ---


def test_two_copies_do_not_differ(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    assert not between(older, folder).differs


@pytest.mark.parametrize(
    ("old", "new", "field", "change"),
    [
        ("title: Coup de Pouce", "title: Coup de main", "title", ("Coup de Pouce", "Coup de main")),
        ("title: Coup de Pouce\n", "", "title", ("Coup de Pouce", None)),
        ("acronym: AAJT", "acronym: AJT", "pilot.acronym", ("AAJT", "AJT")),
        (
            "themes: [emploi, logement]",
            "themes: [logement, emploi]",
            "themes",
            ("emploi, logement", "logement, emploi"),
        ),
        ("territories: [FR-PAC, FR-13]", "territories: [FR-PAC]", "territories", ("FR-PAC, FR-13", "FR-PAC")),
        ('phones: ["01 99 00 12 34"]', "phones: []", "contacts.1.phones", ("01 99 00 12 34", None)),
        ("value: 97 %", "value: 98 %", "figures.1.value", ("97 %", "98 %")),
        ("caption: Un atelier", "caption: Un concert", "images.1.caption", ("Un atelier", "Un concert")),
    ],
)
def test_a_card_is_compared_field_by_field(
    older: CatalogueFolder, folder: CatalogueFolder, old: str, new: str, field: str, change: tuple[str, str | None]
) -> None:
    for one in (older, folder):
        one.change("initiatives/aajt.yaml", '"97 %"', "97 %")
    folder.change("initiatives/aajt.yaml", old, new)
    assert told(between(older, folder)) == {f"aajt {field}": change}
    assert told(between(folder, older)) == {f"aajt {field}": change[::-1]}


def test_a_group_put_into_a_list_is_one_change(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    folder.change("initiatives/aajt.yaml", "contacts:\n", "contacts:\n  - {role: Accueil, email: a@example.org}\n")
    folder.change("initiatives/aajt.yaml", "figures:\n", 'figures:\n  - {value: "12", label: aides}\n')
    assert told(between(older, folder)) == {
        "aajt contacts.1": (None, "role: Accueil, email: a@example.org"),
        "aajt figures.1": (None, "value: 12, label: aides"),
    }


def test_a_picture_with_the_same_name_and_other_content_is_told(
    older: CatalogueFolder, folder: CatalogueFolder
) -> None:
    folder.write("images/aajt.svg", SVG.replace("M4", "M5"))
    ((field, (old, new)),) = told(between(older, folder)).items()
    assert field == "aajt pilot.logo"
    assert old is not None
    assert new is not None
    assert old != new
    assert old.startswith("images/aajt.svg (")
    folder.remove("images/atelier.svg")
    (folder.path("images/atelier.svg")).symlink_to(folder.path("images/aajt.svg"))
    assert "aajt images.1.file" in told(between(older, folder))


def test_cards_partners_and_pages_that_came_and_went_are_told(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    older.write("initiatives/elia.yaml", FILES["initiatives/kodiko.yaml"].replace("name: Kodiko", "name: Elia"))
    older.write("pages/note.yaml", "title: Note\nbody: Bonjour.\n")
    folder.write("initiatives/zebre.yaml", FILES["initiatives/kodiko.yaml"].replace("name: Kodiko", "name: Zèbre"))
    folder.change("partners/diair.yaml", "coordonne", "conduit")
    found = between(older, folder)
    assert [(one.id, one.why) for one in found.cards.only_first] == [("elia", ("no such card there",))]
    assert [(one.id, one.name) for one in found.cards.only_second] == [("zebre", "Zèbre")]
    assert [one.id for one in found.pages.only_first] == ["note"]
    ((partner,),) = (found.partners.changed,)
    assert (partner.id, partner.name, [change.field for change in partner.changes]) == ("diair", "Diair", ["body"])
    assert (found.cards.same, found.cards.changed) == (2, ())


def test_changed_cards_stand_in_the_order_of_the_book(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    for name in ("zola", "aube"):
        for one in (older, folder):
            one.write(
                f"initiatives/{name}.yaml", FILES["initiatives/kodiko.yaml"].replace("name: Kodiko", f"name: {name}")
            )
        folder.change(f"initiatives/{name}.yaml", "themes: [emploi]", "themes: [logement]")
    folder.change("initiatives/aajt.yaml", "title: Coup", "title: Le coup")
    assert [card.id for card in between(older, folder).cards.changed] == ["aajt", "aube", "zola"]


# --- words ---


@pytest.mark.parametrize(
    ("old", "new", "runs"),
    [
        ("un deux trois quatre", "un deux 3 quatre", [("un deux",) * 2, ("trois", "3"), ("quatre",) * 2]),
        ("un deux", "un deux trois", [("un deux",) * 2, ("", "trois")]),
        ("le début de la fin", "une suite sans lien de", [("le début de la fin", "une suite sans lien de")]),
        (None, "un", [("", "un")]),
        ("un\n  deux", "un deux", [("un deux",) * 2]),
    ],
)
def test_words_are_told_apart(old: str | None, new: str, runs: list[tuple[str, str]]) -> None:
    assert [(run.old, run.new) for run in Change("title", old, new).runs] == runs


def test_a_change_as_json_has_both_values_and_the_words() -> None:
    assert Change("title", "un deux trois quatre", "un 2 trois").as_dict() == {
        "field": "title",
        "old": "un deux trois quatre",
        "new": "un 2 trois",
        "removed": ["deux", "quatre"],
        "added": ["2"],
    }


# --- the command ---


def run(folder: CatalogueFolder, *arguments: str | Path, columns: int = 80) -> Done:
    return livret_here("compare", *arguments, cwd=folder.root, more={"COLUMNS": str(columns)})


def test_the_difference_is_no_error_unless_asked(folder: CatalogueFolder) -> None:
    done = run(folder, "paca", "full")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("paca: 1 card; in Provence-Alpes-Côte d'Azur\nfull: 2 cards\n")
    assert "title: Le forum [-en Provence-]" in done.out
    assert "Only in full: 1 card; not in Provence-Alpes-Côte d'Azur\n  kodiko  Kodiko\n" in done.out
    assert run(folder, "paca", "full", "--exit-code").code == 1
    assert run(folder, "paca", "full", "--exit-code", "--format", "json").told["exit_code"] == 1
    same = run(folder, "paca", "paca", "--exit-code")
    assert (same.code, same.out.splitlines()[-1]) == (0, "The editions do not differ.")


def test_in_french_every_line_is_french(folder: CatalogueFolder) -> None:
    told = run(folder, "paca", "full", "--lang", "fr").out
    assert told.startswith("paca\u00a0: 1 fiche")
    assert "Seulement dans full" in told
    assert not {"card", "cards", "Only"} & set(told.split())


def test_without_a_second_edition_the_first_is_compared_with_full(folder: CatalogueFolder) -> None:
    assert run(folder, "paca").out == run(folder, "paca", "full").out


def test_an_edition_of_another_folder(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    folder.change("initiatives/aajt.yaml", "title: Coup de Pouce", "title: Coup de main")
    done = run(folder, "../older:paca", "paca")
    assert done.out.splitlines()[-3:] == [
        "In both, but not the same: 1 card", "  aajt (AAJT)", "    title: Coup de [-Pouce-] {+main+}",
    ]  # fmt: skip
    assert run(folder, "../older:paca").out == done.out, "the edition of the same name here"
    there = run(folder, "full", f"{older.root}:full", "--format", "json").told["comparison"]
    assert (there["second"]["folder"], there["differs"]) == (str(older.root), True)
    (card,) = there["cards"]["changed"]
    assert [change["field"] for change in card["changes"]] == ["title"]


@pytest.mark.parametrize("columns", [120, 80, 40])
def test_lines_keep_within_the_terminal(folder: CatalogueFolder, columns: int) -> None:
    folder.write("foreword.yaml", "body: " + "Une délégation a pour premier rôle de réunir. " * 20 + "\n")
    done = run(folder, "paca", "full", columns=columns)
    assert done.code == 0, done.err
    assert max(map(len, done.out.splitlines())) <= columns


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("pcaa", "full"), 2, 'no edition "pcaa"; did you mean "paca"?'),
        (("../older:pcaa",), 2, 'no edition in ../older "pcaa"'),
        (("../nowhere:full",), 1, "there is no folder"),
        ((), 2, "name what to compare"),
    ],
)
def test_what_is_not_there_is_told(
    older: CatalogueFolder, folder: CatalogueFolder, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = run(folder, *arguments, columns=200)
    assert (done.code, done.out) == (code, "")
    assert told in done.err


def test_errors_of_the_other_folder_say_where_they_are(older: CatalogueFolder, folder: CatalogueFolder) -> None:
    older.change("initiatives/aajt.yaml", "themes: [emploi, logement]", "themes: [emplois, logement]")
    done = run(folder, "../older:full", "full")
    assert (done.code, done.out) == (1, "")
    assert "../older/catalogue/initiatives/aajt.yaml:" in done.err


# --- anchors ---


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of four cards in the plain layout, built in three editions."""
    folder = CatalogueFolder(tmp_path_factory.mktemp("compare") / "project")
    for name, content in FILES.items():
        folder.write(name, content)
    for name in ("Zola", "Elia"):
        text = FILES["initiatives/kodiko.yaml"].replace("name: Kodiko", f"name: {name}")
        folder.write(f"initiatives/{name.lower()}.yaml", text)
    folder.write("editions/few.yaml", "title: Peu\nexclude: [elia]\nsections: [cover, initiatives, partners]\n")
    folder.write("editions/last.yaml", "title: Fin\nexclude: [aajt, elia]\n")
    (folder.root / "pictograms").mkdir()
    for name in ("logement", "emploi"):
        (folder.root / "pictograms" / f"{name}.svg").write_text(SVG)
    plain_layout(folder)
    done = livret_here("-C", folder.root, "build", "--all")
    assert done.code == 0, done.out + done.err
    return folder.root / "output"


def anchors(output: Path, edition: str) -> list[str]:
    """The named destinations of an edition's PDF, in the order of their pages."""
    reader = Inspector(output / edition / f"{edition}-screen.pdf").reader
    pages = {name: reader.get_destination_page_number(there) for name, there in reader.named_destinations.items()}
    assert all(page is not None for page in pages.values())
    return sorted(pages, key=lambda name: (pages[name] or 0, name))


@pytest.mark.parametrize(
    ("edition", "cards"),
    [("full", "aajt elia kodiko zola"), ("few", "aajt kodiko zola"), ("last", "kodiko zola")],
)
def test_the_anchor_of_a_card_is_the_same_in_every_edition_that_shows_it(built: Path, edition: str, cards: str) -> None:
    found = anchors(built, edition)
    assert [name for name in found if name.startswith("card-")] == [f"card-{card}" for card in cards.split()]
    assert "partner-diair" in found
    # A link into one edition works in any: what `few` and `last` have, `full` has.
    assert set(found) <= set(anchors(built, "full"))
