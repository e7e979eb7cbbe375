"""Every option of every command has an effect. The commands are asked which options they have, so none is forgotten.

An option of a command that costs little is tried here: with it, something is said or written that is not without it.
For the others, the test is named that shows the effect, and it has to be there.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject

from conftest import CatalogueFolder, two_cards
from livret.cli import main
from press import livret_here

TESTS = Path(__file__).parent
# What all commands have that work on a project.
COMMON = {"-C", "-o", "--jobs", "--strict", "--format", "--lang", "--quiet", "--verbose"}

# How each command is called that costs little, and what each option brings: `=` stands between both.
TRIED: dict[str, tuple[str, dict[str, str]]] = {
    "new catalogue": (
        "fresh --title Annuaire",
        {
            "--title Guide": "title: Guide",
            "--language uk": "language: uk",
            "--publisher Mairie": "name: Mairie",
            "--date 2027-03-05": 'date: "2027-03-05"',
            "--place Troyes": "place: Troyes",
            "--theme Sport": "name: Sport",
        },
    ),
    "new copy-of": ("fresh", {"--from demonstration": "fresh/catalogue/initiatives/samusocial.yaml"}),
    "new card": (
        "--pilot Rucher --theme emploi",
        {
            "--pilot Miellerie": "name: Miellerie",
            "--acronym RU": "acronym: RU",
            "--title Essaim": "title: Essaim",
            "--theme logement": "themes: [logement",
            "--territory FR-13": "territories: [FR-13]",
            "--language en": "[to write]",
            "--id ruche": "initiatives/ruche.yaml",
        },
    ),
    "new edition": (
        "--title Sud",
        {
            "--title Nord": "title: Nord",
            "--subtitle Essai": "subtitle: Essai",
            "--territory FR-PAC": "territories: [FR-PAC]",
            "--theme emploi": "themes: [emploi]",
            "--id midi": "editions/midi.yaml",
        },
    ),
    "new partner": (
        "--name Rucher",
        {
            "--name Miellerie": "name: Miellerie",
            "--acronym RU": "acronym: RU",
            "--website https://rucher.example.org": "website: https://rucher.example.org",
            "--id ruche": "partners/ruche.yaml",
        },
    ),
    "new layout": (
        "regions --from pocket",
        {"--from forum": "like: forum", "--with-shared": "fonts/SourceSans3/SourceSans3-Regular.ttf"},
    ),
    "approve": (
        "aajt --by Anne",
        {
            "--by Marie": 'by: "Marie"',
            "--on 2026-02-03": "on: 2026-02-03",
            "--note oui": 'note: "oui"',
            "--digest 0123456789": "is no longer what was looked at",
            "--edition other": 'edition: "other"',
        },
    ),
    "correct": (
        "aajt --by Anne --note non",
        {
            "--by Marie": 'by: "Marie"',
            "--on 2026-02-03": "on: 2026-02-03",
            "--note oui": 'note: "oui"',
            "--digest 0123456789": "is no longer what was looked at",
            "--edition other": 'edition: "other"',
        },
    ),
    "status": ("", {"--write parts.csv": "parts.csv: 3 parts", "--edition other": "not sent: 1"}),
    "editions": ("", {"--matrix": "kodiko  x"}),
    "compare": ("full other", {"--exit-code": "[editions-differ]"}),
    "docs": ("guide", {"--language fr": "Du dossier vide", "--where": "/docs"}),
}

# The tests that show what an option does.
SHOWN: dict[str, dict[str, str]] = {
    "answers": {
        "--by": "answers::a_name_can_be_given_where_the_form_has_none",
        "--on": "proofing_round::three_cards_go_from_their_first_proof_to_the_press",
        "--yes": "proofing_round::three_cards_go_from_their_first_proof_to_the_press",
    },
    "build": {
        "--all": "build_editions::all_makes_screen_and_press_of_every_edition",
        "--for": "build_editions::all_makes_screen_and_press_of_every_edition",
        "--layout": "cli::another_layout_may_be_tried",
        "--press": "build_editions::the_office_profile_separates_nothing",
        "--no-preflight": "press_preflight::a_build_says_that_it_did_not_judge",
        "--archive": "archive::sources_go_with_an_archive",
        "--sources": "archive::without_sources_there_are_none_and_the_pages_are_the_screen_edition_s",
        "--allow": "build_editions::the_profile_and_the_sign_offs_of_an_edition_are_its_own",
        "--because": "build_editions::the_profile_and_the_sign_offs_of_an_edition_are_its_own",
        "--watch": "watch::watching_is_told_as_text_alone",
        "--cluster": "every_option::a_build_looks_for_the_cluster_that_it_is_given",
    },
    "compare": {
        "--cards": "every_option::a_difference_of_books_is_summed_up_by_card",
        "--since": "comparison::an_edition_is_compared_with_what_it_was_at_a_tag",
        "--report": "comparison::the_command_writes_a_report_and_ends_with_1_if_asked",
    },
    "preflight": {
        "--profile": "preflight_print::preflight_ends_with_1_on_errors_alone",
        "--report": "preflight_reports::the_report_is_one_file_with_a_picture_of_each_place",
        "--no-ink": "press_preflight::a_good_file_has_no_error_of_preflight",
        "--allow": "preflight_print::an_allowed_rule_is_told_with_its_reason",
        "--because": "preflight_print::an_allowed_rule_is_told_with_its_reason",
    },
    "proof": {
        "--theme": "proofs::the_parts_that_options_choose_are_proofed",
        "--territory": "proofs::the_parts_that_options_choose_are_proofed",
        "--pilot": "proofs::a_choice_that_no_part_meets_is_no_error",
        "--partner": "proofs::the_parts_that_options_choose_are_proofed",
        "--unsigned": "proofs::the_parts_that_options_choose_are_proofed",
        "--changed": "proofing_round::three_cards_go_from_their_first_proof_to_the_press",
        "--all": "proofing_round::three_cards_go_from_their_first_proof_to_the_press",
        "--book": "proofs::the_whole_book_is_proofed_with_its_folios_and_no_form",
        "--by": "proofs::letters_are_drafts_with_the_proof_attached",
        "--date": "proofs::letters_are_drafts_with_the_proof_attached",
        "--png": "proofs::each_part_gets_a_file_and_a_picture_of_each_sheet",
        "--ppi": "proofs::each_part_gets_a_file_and_a_picture_of_each_sheet",
        "--zip": "proofs::proofs_are_packed_for_each_organisation_with_names_for_people",
        "--mail-merge": "proofs::a_project_may_write_its_own_letter",
        "--sent": "proofs::what_was_sent_is_entered_and_what_is_approved_stays_so",
        "--edition": "proofs::the_parts_that_options_choose_are_proofed",
    },
    "serve": {
        "--port": "first_page::others_than_this_machine_begin_none",
        "--host": "first_page::others_than_this_machine_begin_none",
        "--no-open": "first_page::others_than_this_machine_begin_none",
    },
}


def _commands(command: click.Command = main, *names: str) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for name, one in command.commands.items():
            yield from _commands(one, *names, name)
    else:
        yield " ".join(names), command


COMMANDS = dict(_commands())


def _options(name: str) -> set[str]:
    """The options of a command that are not those of all."""
    found = (one for one in COMMANDS[name].params if isinstance(one, click.Option))
    return {one.opts[-1] if one.opts[-1].startswith("--") else one.opts[0] for one in found} - COMMON


def test_each_option_of_each_command_is_here_and_no_other() -> None:
    rows = {name: {words.split()[0] for words in row[1]} for name, row in TRIED.items()}
    for name, shown in SHOWN.items():
        rows[name] = rows.get(name, set()) | shown.keys()
    assert rows == {name: options for name in COMMANDS if (options := _options(name))}


# --- tried ---


def _folder(root: Path) -> CatalogueFolder:
    folder = two_cards(root)
    folder.write("editions/other.yaml", "title: Autre\npartners: []\nexclude: [kodiko]\n")
    return folder


def _everything(root: Path, *words: str) -> str:
    """All that a command says, and the name and the text of each file that it writes."""
    folder = _folder(root)
    before = {path: path.stat().st_mtime_ns for path in folder.root.rglob("*")}
    done = livret_here(*words, cwd=folder.root)
    told = [done.out, done.err]
    for path in sorted(path for path in folder.root.rglob("*") if path.is_file()):
        if before.get(path) != path.stat().st_mtime_ns:
            told += [path.as_posix(), path.read_bytes().decode(errors="replace")]
    return "\n".join(told)


@cache
def _plainly(name: str, root: Path) -> str:
    return _everything(root / name.replace(" ", "-"), *name.split(), *TRIED[name][0].split())


@pytest.fixture(scope="module")
def plain_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain")


@pytest.mark.parametrize(
    ("name", "option", "seen"),
    [(name, option, seen) for name, (_, options) in TRIED.items() for option, seen in options.items()],
    ids=lambda value: value if value.startswith("--") else "",
)
def test_an_option_brings_what_is_not_there_without_it(
    plain_root: Path, tmp_path: Path, name: str, option: str, seen: str
) -> None:
    words = TRIED[name][0].split()
    flag = option.split()[0]
    is_needed = name == "new copy-of"
    if flag in words:
        at = words.index(flag)
        words[at : at + 2] = []
    told = _everything(tmp_path / "project", *name.replace("copy-of", "").split(), *words, *option.split())
    assert seen in told
    if not is_needed:
        assert seen not in _plainly(name, plain_root)


@pytest.mark.parametrize("name", TRIED)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_json_is_all_that_is_printed_in_each_language(tmp_path: Path, name: str, language: str) -> None:
    """The docs are a text for people and have neither option."""
    words = name.replace("new copy-of", "new --from demonstration").split()
    given = [*words, *TRIED[name][0].split(), "--format", "json", "--lang", language]
    done = livret_here(*given, cwd=_folder(tmp_path / "project").root)
    if name == "docs":
        assert done.code == 2
    else:
        assert json.loads(done.out)["exit_code"] == done.code == 0


# --- shown elsewhere ---


def test_a_build_looks_for_the_cluster_that_it_is_given(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "project")
    done = livret_here("-C", folder.root, "build", "--cluster", "tcp://127.0.0.1:1")
    assert done.code == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:1" in done.err


def test_a_difference_of_books_is_summed_up_by_card(tmp_path: Path) -> None:
    """The pages of a file belong to the card whose entry of the outline is before them."""
    for name, words in (("before", "neuf heures"), ("after", "dix heures")):
        _book(tmp_path / f"{name}.pdf", words)
    given = ["compare", *(str(tmp_path / f"{name}.pdf") for name in ("before", "after"))]
    told = livret_here(*given, "--cards")
    assert told.code == 0, told.err
    assert "Kodiko: " in told.out
    assert "Kodiko: " not in livret_here(*given).out


def _book(path: Path, words: str) -> None:
    """Two pages, each with an entry of the outline; the second says these words."""
    writer = PdfWriter()
    for number, (title, text) in enumerate((("AAJT", "une aide"), ("Kodiko", words))):
        page = writer.add_blank_page(300, 300)
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        fonts = DictionaryObject({NameObject("/F"): named})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        content = StreamObject()
        content.set_data(f"BT /F 12 Tf 50 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = writer._add_object(content)
        writer.add_outline_item(title=title, page_number=number)
    writer.write(path)


@pytest.mark.parametrize(
    ("option", "test"), [(option, test) for shown in SHOWN.values() for option, test in shown.items()]
)
def test_the_test_that_shows_an_option_is_there_and_names_it(option: str, test: str) -> None:
    file, _, name = test.partition("::")
    text = (TESTS / f"test_{file}.py").read_text(encoding="utf-8")
    assert f"test_{name}" in {one.name for one in ast.parse(text).body if isinstance(one, ast.FunctionDef)}
    assert option in text
