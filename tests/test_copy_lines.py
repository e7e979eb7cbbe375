"""How many lines a text is reckoned to take, beside what a reader counts."""

from __future__ import annotations

import pytest

from livret.pages.compose.copy_lines import columns_hold, line_count, rows_hold


def test_a_text_without_words_takes_no_line() -> None:
    assert line_count("\n  \n", 20) == 0


def test_each_paragraph_begins_a_line() -> None:
    assert line_count("un\ndeux\ntrois", 20) == 3


@pytest.mark.parametrize(("ems", "lines"), [(40, 1), (10, 2), (5, 4)])
def test_a_shorter_measure_takes_more_lines(ems: float, lines: int) -> None:
    # 34 letters and spaces, 15 ems in a serif for text.
    assert line_count("On y vient avec ce que l'on sait", ems) == lines


def test_a_word_longer_than_the_line_is_broken_where_the_line_ends() -> None:
    # Capitals M are 0.95 ems wide: ten of them take 9.5 ems, after a word and a space of 1.4.
    assert line_count("MM " + "M" * 10, 6) == 2


def test_letters_that_are_not_known_count_as_wide() -> None:
    assert line_count("\u4f60" * 20, 6) >= 2


def test_blocks_are_held_in_columns_and_not_parted() -> None:
    assert columns_hold([4, 4, 4, 4], 2, 8) == 4
    assert columns_hold([5, 5, 5], 2, 8) == 2
    assert columns_hold([9], 3, 8) == 0


def test_blocks_are_held_in_rows_as_high_as_the_highest() -> None:
    assert rows_hold([2, 6, 2, 3, 3, 3], 3, 9) == 6
    assert rows_hold([2, 6, 2, 3, 3, 4], 3, 9) == 3
    assert rows_hold([2], 3, 1) == 0
