"""Lines of texts joined for a form, and broken again as they were in the file."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livret.content.editing.paragraphs import broken_lines, joined_lines
from livret.content.language.markdown import to_html

TYPED = """\
Une inscription à payer, un premier loyer, quelques semaines
sans ressources : il suffit parfois de peu.

- Une entrée de liste, assez longue pour tenir sur deux
  lignes du fichier.
- Une autre.

1. Un
   deux"""

SHOWN = """\
Une inscription à payer, un premier loyer, quelques semaines sans ressources : il suffit parfois de peu.

- Une entrée de liste, assez longue pour tenir sur deux lignes du fichier.
- Une autre.

1. Un deux"""


def test_each_paragraph_and_each_entry_is_one_line_in_a_form() -> None:
    assert joined_lines(TYPED) == SHOWN


def test_what_did_not_change_keeps_its_lines() -> None:
    assert broken_lines(SHOWN, TYPED) == TYPED
    more = broken_lines(SHOWN.replace("Une autre.", "Une tout autre."), TYPED)
    assert more == TYPED.replace("Une autre.", "Une tout autre.")


def test_a_new_paragraph_has_lines_as_long_as_the_others() -> None:
    new = "Le fonds de dotation débloque alors une somme, une fois, pour que le jeune adulte poursuive."
    lines = "Le fonds de dotation débloque alors une somme, une fois,\npour que le jeune adulte poursuive."
    assert broken_lines(f"{SHOWN}\n\n{new}", TYPED) == f"{TYPED}\n\n{lines}"


def test_a_long_entry_of_a_list_is_indented_on_its_further_lines() -> None:
    new = "- Membres du comité d'attribution, côté établissements accueillant des réfugiés : Cada."
    assert broken_lines(new, "", usual=60) == (
        "- Membres du comité d'attribution, côté établissements\n  accueillant des réfugiés : Cada."
    )


@pytest.mark.parametrize(
    "text",
    [
        "a  \nb",
        "a\\\nb",
        "# a\nb",
        "a\n# b",
        "> a\n> b",
        "```\na\nb\n```",
        "    a\n    b",
        "| a |\n| b |",
        "a\n===\nb",
        "a\n- b\n- c",
        "a\n\nb",
    ],
)
def test_lines_that_mean_something_stay(text: str) -> None:
    assert joined_lines(text) == text


def test_no_new_line_begins_with_what_would_be_a_mark() -> None:
    line = f"{'mot ' * 12}en 2019 - 2. soit + 3 # 4 > 5 fois plus {'mot ' * 12}".strip()
    broken = broken_lines(line, "", usual=60)
    assert "\n" in broken
    assert to_html(broken).replace("\n", " ") == to_html(line).replace("\n", " ")


_TEXTS = st.text(alphabet="ab -+*#>|`1.)\\\n ", max_size=120)


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _TEXTS)
@example("a\nb\n\na\nb", "a b\n\na b\n\nc")
def test_what_is_printed_is_the_same_and_what_is_shown_comes_back(typed: str, shown: str) -> None:
    assert " ".join(to_html(joined_lines(typed)).split()) == " ".join(to_html(typed).split())
    assert broken_lines(joined_lines(typed), typed) == typed
    broken = broken_lines(shown, typed, usual=50)
    assert " ".join(to_html(broken).split()) == " ".join(to_html(shown).split())
