"""The command line in French and in English: which language is chosen, and that all of it is in that language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from conftest import CatalogueFolder
from livret.control.report import report_html
from livret.findings import Location, warning
from livret.translation import say
from press import livret_here

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "livret"
FIXED = "\N{NO-BREAK SPACE}"
NOTHING = {"LIVRET_LANG": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
FRENCH = f"livret{FIXED}: erreur{FIXED}: aucun catalogue dans "
ENGLISH = "livret: error: no catalogue in "


@pytest.mark.parametrize(
    ("before", "after", "environment", "told"),
    [
        (["--lang", "fr"], [], {}, FRENCH),
        ([], ["--lang=fr"], {}, FRENCH),
        (["--lang", "en"], [], {"LIVRET_LANG": "fr"}, ENGLISH),
        ([], [], {"LIVRET_LANG": "fr_BE.UTF-8"}, FRENCH),
        ([], [], {"LIVRET_LANG": "en", "LC_ALL": "fr_FR.UTF-8"}, ENGLISH),
        ([], [], {"LANG": "fr_FR.UTF-8"}, FRENCH),
        ([], [], {"LC_MESSAGES": "fr_CH", "LANG": "en_GB"}, FRENCH),
        ([], [], {"LC_ALL": "C.UTF-8", "LANG": "fr_FR"}, ENGLISH),
        ([], [], {"LANG": "fro_FR"}, ENGLISH),
        ([], [], {}, ENGLISH),
    ],
)
def test_the_language_is_asked_for_or_that_of_the_terminal(
    tmp_path: Path, before: list[str], after: list[str], environment: dict[str, str], told: str
) -> None:
    done = livret_here(*before, "-C", tmp_path, "check", *after, more=NOTHING | environment)
    assert done.err.startswith(told)


def test_an_unknown_language_is_refused(tmp_path: Path) -> None:
    done = livret_here("-C", tmp_path, "check", more={"LIVRET_LANG": "tlh"})
    assert (done.code, done.err) == (2, "Error: LIVRET_LANG is tlh; Livret speaks en, fr\n")
    done = livret_here("-C", tmp_path, "check", "--lang", "tlh", more={"LIVRET_LANG": "fr"})
    assert done.code == 2
    assert f"Erreur{FIXED}: valeur refusée pour --lang{FIXED}: «{FIXED}tlh{FIXED}» n’est pas parmi" in done.err


def test_a_call_in_french_leaves_click_in_english() -> None:
    livret_here("check", "--help", more={"LIVRET_LANG": "fr"})
    plain = click.Context(click.Command("print", help="Print."), info_name="print")
    assert plain.command.get_help(plain).startswith("Usage: print [OPTIONS]")
    assert "Show this message and exit." in plain.command.get_help(plain)


def test_help_is_french_and_its_commands_stay() -> None:
    done = livret_here("check", "--help", more={"LIVRET_LANG": "fr"})
    assert done.out.startswith(f"Usage{FIXED}: ")
    for words in (
        "Lire le catalogue et signaler tout ce qui n’y va pas. Rien n’est composé.",
        f"Exemples{FIXED}:",
        "    livret check --strict --format json\n",
        "Traiter les avertissements comme des erreurs.",
        "Afficher cette aide et finir.",
    ):
        assert words in done.out
    assert livret_here("check", "--help").out.startswith("Usage: "), "the French of one call is not kept for the next"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("buidl",), "il n’y a pas de commande « buidl ». Vouliez-vous dire build ?"),
        (("build", "--pres"), "il n’y a pas d’option « --pres ». Vouliez-vous dire --press ou --sources ?"),
        (("build", "--jobs", "x"), "valeur refusée pour --jobs : « x » n’est pas un nombre (entier)."),
        (("approve",), "il manque l’argument « CARD ... »."),
        (("check", "full"), "check contrôle tout le catalogue : livret check"),
    ],
)
def test_what_click_says_is_french(arguments: tuple[str, ...], told: str) -> None:
    done = livret_here(*arguments, more={"LIVRET_LANG": "fr"})
    assert " ".join(done.err.splitlines()[-1].split()) == f"Erreur : {told}"


def test_findings_are_french_as_a_whole(catalogue_folder: CatalogueFolder) -> None:
    card = catalogue_folder.path("initiatives/aajt.yaml")
    card.write_text(card.read_text(encoding="utf-8") + "nom: Aajt\nscope: regionall\n", encoding="utf-8")
    lines = len(card.read_text(encoding="utf-8").splitlines())
    done = livret_here("-C", catalogue_folder.root, "check", more={"LIVRET_LANG": "fr"})
    assert done.code == 1
    place = f"catalogue/initiatives/aajt.yaml:{lines - 1}"
    assert f"{place}: erreur{FIXED}: il n’y a pas de champ «{FIXED}nom{FIXED}» [unknown-field]\n" in done.err
    assert not {word for word in ("error", "hint", "warning", " the ", " is ") if word in done.err}


def test_json_is_english_unless_a_language_is_asked_for(catalogue_folder: CatalogueFolder) -> None:
    card = catalogue_folder.path("initiatives/aajt.yaml")
    card.write_text(card.read_text(encoding="utf-8") + "nom: Aajt\n", encoding="utf-8")
    call = ("-C", catalogue_folder.root, "check", "--format", "json")
    for environment, message in (
        ({"LANG": "fr_FR"}, 'there is no field "nom"'),
        ({"LIVRET_LANG": "fr"}, f"il n’y a pas de champ «{FIXED}nom{FIXED}»"),
    ):
        told = livret_here(*call, more=NOTHING | environment).told
        assert [finding["message"] for finding in told["findings"] if finding["rule"] == "unknown-field"] == [message]


# Types see to it that a finding and an error of Livret hold texts with French; these calls take any text.
SPEAKERS = {"echo", "say", "remark", "fail", "confirm", "prompt", "UsageError", "BadParameter", "ClickException"}


def unsaid(path: Path) -> Iterator[str]:
    """Calls that show words which were not said with `say`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SPEAKERS:
            for argument in node.args[:1]:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                literal = "".join(str(part.value) for part in parts if isinstance(part, ast.Constant))
                if any(word.isalpha() and len(word) > 1 for word in literal.split()):
                    yield f"{path.name}:{node.lineno}: {literal}"


@pytest.mark.parametrize("path", sorted((PACKAGE / "cli").glob("*.py")), ids=lambda path: path.name)
def test_everything_that_is_printed_goes_through_say(path: Path) -> None:
    assert list(unsaid(path)) == []


def test_the_lint_sees_a_text_that_was_not_said(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text('call.say(f"{n} cards built")\ncall.say(say("{n} cards", n=n))\nclick.echo(path)\n')
    assert list(unsaid(file)) == ["a.py:1:  cards built"]


def test_the_report_of_a_french_booklet_is_french() -> None:
    content = {"edition": "paca", "pages": 2, "cards": 1, "files": {}, "layout": "forum", "leaves_out": [], "parts": []}
    found = [warning("no-title", say("the file has no title"), Location("a.pdf"))]
    page = report_html(content, None, found, "fr")
    assert '<html lang="fr">' in page
    assert f"<title>paca{FIXED}: 2 pages, 1 fiche</title>" in page
    assert f'<strong class="warning">avertissement</strong>{FIXED}: le fichier n’a pas de titre [no-title]' in page
