"""Copy budgets: the estimate of what a page takes, before anything is typeset."""

from __future__ import annotations

import pytest

from livret.content.schema.model import Initiative
from livret.pages.compose.copy_budget import budgets
from livret.pages.layout import CopyRoom, Flow

ROOMS: dict[Flow, CopyRoom] = {
    "organisation": CopyRoom(lines=10, characters=62),
    "project": CopyRoom(lines=10, characters=62, panel=4, panel_lines=5),
}
# 62 characters, 10 words: one line.
LINE = "cinq mots font une ligne de dix mots pour ce petit essai xxxxx"


def card(**fields: object) -> Initiative:
    pilot = {"name": "P", "about": fields.pop("about", LINE)}
    given = {"pilot": pilot, "themes": ["a"], "scope": "national", **fields}
    return Initiative.model_validate(given)


@pytest.mark.parametrize(
    ("fields", "left", "right"),
    [
        ({}, (13, 105), (0, 100)),
        # A partner list costs its own lines and two for the heading.
        ({"partners": "- un\n- deux"}, (15, 65), (0, 100)),
        ({"description": f"{LINE}\n\n{LINE}"}, (13, 105), (26, 105)),
        ({"description": LINE, "results": LINE}, (13, 105), (26, 85)),
        # Five figures are two rows of five lines, below a heading: nothing is left.
        ({"figures": [{"value": str(n), "label": "x"} for n in range(5)]}, (13, 105), (0, 0)),
    ],
)
def test_budget(fields: dict[str, object], left: tuple[int, int], right: tuple[int, int]) -> None:
    found = budgets(card(**fields), ROOMS)
    assert [(budget.words, budget.room) for budget in found] == [left, right]


def test_a_page_without_measures_has_no_budget() -> None:
    assert budgets(card(), {}) == ()
    assert [budget.flow for budget in budgets(card(), {"project": ROOMS["project"]})] == ["project"]


def test_words_over_the_room_show() -> None:
    long = "\n\n".join([LINE] * 14)
    (budget,) = budgets(card(description=long), {"project": ROOMS["project"]})
    assert budget.words == 14 * 13
    assert budget.words - budget.room == pytest.approx(40, abs=5)
