"""How many words are told to be over: those that an author has to take out for the text to fit."""

from __future__ import annotations

import pytest

from engine_bench import SIDES, Bench

WORDS = "une carte affichée à l’entrée indique qui habite où et qui conduit les autres chaque matin".split()


def text(count: int) -> str:
    """Running text of so many words."""
    return " ".join(WORDS[number % len(WORDS)] for number in range(count))


def over(bench: Bench, project: str, css: str = "") -> int:
    """What is told to be over of a page for the project that takes 130 mm, 30 lines of text."""
    body = f'<section class="organisation">un</section><section class="project">{project}</section>'
    css = f"p {{ margin: 0; orphans: 9; widows: 9 }} .panel {{ height: 60mm }} {css}"
    facts = bench.set(bench.galley(body, css, sides=SIDES, room=1)).facts
    assert set(facts.over) <= {"recto"}
    return facts.overset


# The whole of a text, by what stands above its last words, and how these stay together.
KEPT = {
    # Of a paragraph of some ten lines that cannot be broken, a few have no room.
    "a paragraph": ("", ""),
    # A panel of one word is as high as fourteen lines.
    "a panel": ('<div class="panel">97</div>', ""),
    "a panel in columns": ('<div class="panel">97</div>', ".project { columns: 2; column-gap: 4mm }"),
}


@pytest.mark.parametrize("kept", KEPT)
def test_as_many_words_are_told_as_have_to_go(bench: Bench, kept: str) -> None:
    panel, css = KEPT[kept]
    length = 310

    def told(taken: int) -> int:
        return over(bench, f"<p>{text(length - 110 - taken)}</p>{panel}<p>{text(110)}</p>", css)

    words = told(0)
    assert words > 0
    # About so many words have to go: with a few more it fits, with half of them it does not.
    assert told(words + 20) == 0
    assert told(words // 2) > 0


def test_blocks_in_a_row_are_not_told_as_lines_full_of_words(bench: Bench) -> None:
    """Contacts of twelve words each, three in a row: no more words are told than there are."""
    contact = f'<div style="display: inline-block; vertical-align: top; width: 20mm">{text(12)}</div>'
    rows = f"<p>{text(200)}</p>" + f"<div>{contact * 3}</div>" * 4
    assert 0 < over(bench, rows) <= 4 * 3 * 12


def test_of_running_text_all_is_told_that_stands_beyond(bench: Bench) -> None:
    done = bench.set(
        bench.galley(
            f'<section class="organisation">un</section><section class="project">{text(700)}</section>',
            sides=SIDES,
            room=1,
        )
    )
    assert done.facts.overset == sum(done.facts.words[2:]) > 0


def test_a_paragraph_that_lacks_a_line_is_not_told_whole(bench: Bench) -> None:
    """What is told falls by about the words that are taken out, and never to all that was moved."""
    body = "<p>{}</p><p>" + text(110) + "</p>"
    first = next(count for count in range(150, 400, 4) if over(bench, body.format(text(count))))
    assert 0 < over(bench, body.format(text(first))) < 40


def test_a_block_that_has_no_room_in_any_one_column_needs_a_line_at_least(bench: Bench) -> None:
    """Both columns have as many lines free as it has, but it stays together: one word less would not make room."""
    contact = f'<div style="break-inside: avoid; margin-top: 4mm">{"une carte affichée<br>" * 10}</div>'
    columns = ".project { columns: 2; column-gap: 4mm }"
    told = [over(bench, f"<p>{text(count)}</p>{contact * 3}", columns) for count in range(72, 112, 8)]
    assert told[0] == 0
    assert all(words == 0 or words >= 3 for words in told), told
    assert any(told)
