"""The guide for those who make the booklet: each of its commands works, in its order, in both languages."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from press import TOP, livret_here


def commands(page: str) -> list[list[str]]:
    """The lines of a page that are commands, in their order."""
    text = (TOP / "docs" / page).read_text(encoding="utf-8")
    return [shlex.split(line) for line in re.findall(r"^    ((?:livret|cd) .*)$", text, re.MULTILINE)]


# `livret build` itself is tried on what it wrote by other tests; here it takes too long.
TAKES_LONG = {"build", "proof", "approve"}


@pytest.mark.parametrize("page", ["guide.md", "guide.fr.md"])
def test_the_commands_of_the_guide_work_one_after_the_other(page: str, tmp_path: Path) -> None:
    here, done = tmp_path, 0
    for name, *arguments in commands(page):
        if name == "cd":
            here /= arguments[0]
            assert here.is_dir()
        elif arguments[0] in TAKES_LONG:
            # That it is typed as the command takes it: with --help nothing is done.
            assert livret_here(*arguments, "--help", cwd=here).code == 0
        else:
            result = livret_here(*arguments, cwd=here)
            assert result.code == 0, result.err
            done += 1
    assert done == 7
    assert livret_here("--format", "json", "check", cwd=here).told["catalogue"] == {
        "initiatives": 2,
        "partners": 1,
        "themes": 3,
        "editions": 2,
    }


@pytest.mark.parametrize(("page", "card"), [("guide.md", "lunch-for-two"), ("guide.fr.md", "dejeuner-a-deux")])
def test_the_guide_names_the_files_that_are_written(page: str, card: str, tmp_path: Path) -> None:
    text = (TOP / "docs" / page).read_text(encoding="utf-8")
    here = tmp_path
    for name, *arguments in commands(page):
        if name == "cd":
            here /= arguments[0]
        elif arguments[0] == "new":
            livret_here(*arguments, cwd=here)
    for path in re.findall(r"^\| `(catalogue/.*?)` \|", text, re.MULTILINE):
        assert (here / path).is_file()
    assert (here / "catalogue" / "initiatives" / f"{card}.yaml").is_file()
    # The fields that the guide shows stand in the card as it shows them.
    (summary,) = re.findall(r"^    (summary: .*)$", text, re.MULTILINE)
    assert summary in (here / "catalogue" / "initiatives" / f"{card}.yaml").read_text(encoding="utf-8")


def test_both_guides_have_the_same_commands() -> None:
    verbs = [[command[:2] for command in commands(page)] for page in ("guide.md", "guide.fr.md")]
    assert [name for name, *_ in verbs[0]] == [name for name, *_ in verbs[1]]
    assert [rest[:1] for name, *rest in verbs[0] if name != "cd"] == [
        rest[:1] for name, *rest in verbs[1] if name != "cd"
    ]
