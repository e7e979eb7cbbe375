"""Copy budgets: the estimate of what a page takes, before anything is typeset."""

from __future__ import annotations

from pathlib import Path

import pytest

import stress
from livret import pipeline
from livret.content.schema.model import Initiative
from livret.findings import Report
from livret.pages.compose.composer import Composer
from livret.pages.compose.copy_budget import budgets, likely_fit
from livret.pages.flatplan import select
from livret.pages.layout import Layout
from livret.pages.layout_file import CopyRoom, Flow
from livret.pages.pool.store import Store
from livret.pipeline.settle import likely_extents
from livret.project import Project

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


# 10 characters a line; a card of 4 lines probably fits as it is, one of 6 at the first step.
STEPPED: dict[Flow, CopyRoom] = {"project": CopyRoom(lines=4, characters=10, panel=2, panel_lines=3, fits=(4, 6))}


def composed(project: str, organisation: str = "") -> str:
    head = "<head><title>un long titre qui ne compte pas</title></head>"
    return (
        f'<!DOCTYPE html><html>{head}<body><section class="organisation">{organisation}</section>'
        f'<section class="project wide">{project}</section></body></html>'
    )


@pytest.mark.parametrize(
    ("project", "step"),
    [
        ("<p>dix signes</p>" * 4, ""),
        ("<p>dix signes</p>" * 5, "closer"),
        ("<p>dix signes</p>" * 7, "smaller"),
        # A paragraph of 41 characters takes five lines.
        (f"<p>{'x' * 40}</p>", ""),
        (f"<p>{'x' * 41}</p>", "closer"),
        ("<p>dix signes<br>dix signes<br>dix</p><div>dix</div><p><em>dix</em> mots</p>", "closer"),
        # A heading takes two lines; spaces and characters by name count as what is printed.
        ("<h2>Titre</h2><p>dix signes</p><p>dix\n   signes</p>", ""),
        ("<h2>Titre</h2><p>dix signes</p><p>x&nbsp;&amp;&nbsp;xxxxx</p><p>dix</p>", "closer"),
        # Nor do drawings count, nor what stands beside the text.
        ("<svg><title>dix signes</title><text>dix signes</text></svg><p>dix</p>", ""),
        ("<aside><p>dix signes</p><p>dix signes</p></aside>" + "<p>dix signes</p>" * 4, ""),
    ],
)
def test_a_composed_card_probably_fits_at_the_step_whose_lines_hold_it(project: str, step: str) -> None:
    found = likely_fit(composed(project, "<p>ailleurs</p>" * 30), (), STEPPED, ("closer", "smaller"))
    assert found == step


def test_rows_of_figures_take_lines_of_their_own() -> None:
    figures = [{"value": str(number), "label": "x"} for number in range(3)]
    assert likely_fit(composed("<p>dix</p>"), figures, STEPPED, ("closer", "smaller")) == "smaller"
    assert likely_fit(composed("<p>dix</p>"), figures[:2], STEPPED, ("closer", "smaller")) == ""


def test_what_stands_in_the_panel_of_figures_is_counted_once() -> None:
    panel = f'<ul class="figures wide">{"<li><p>dix signes</p></li>" * 9}</ul>'
    figures = [{"value": str(number), "label": "dix signes"} for number in range(2)]
    assert likely_fit(composed(f"{panel}<p>dix</p>"), figures, STEPPED, ("closer", "smaller")) == ""
    listed = panel.replace("figures wide", "wide figures")
    assert likely_fit(composed(f"{listed}<p>dix</p>"), figures, STEPPED, ("closer", "smaller")) == "smaller"


def test_without_measures_a_card_is_first_tried_as_it_is() -> None:
    long = composed("<p>dix signes</p>" * 90)
    assert likely_fit(long, (), ROOMS, ("closer",)) == ""
    assert likely_fit(long, (), STEPPED, ()) == ""
    assert likely_fit(long, (), STEPPED, ("closer",)) == "closer"


@pytest.mark.parametrize(("said", "likely"), [("smaller", "smaller"), ("", ""), ("unknown", "closer")])
def test_a_template_may_say_at_which_step_its_card_probably_fits(said: str, likely: str) -> None:
    html = composed("<p>dix signes</p>" * 5)
    on_article = html.replace("<body>", f'<body><article class="card" data-fit="{said}">')
    on_section = html.replace('<section class="organisation"', f'<section data-fit="{said}" class="organisation"')
    found = [likely_fit(each, (), STEPPED, ("closer", "smaller")) for each in (on_article, on_section)]
    assert found == [likely, likely]


# The steps at which these cards fit, as typesetting finds them; in the last case none does.
@pytest.mark.parametrize(
    ("layout", "steps"),
    [
        (
            "forum",
            {
                "mediane": "",
                "partenaires-bavards": "",
                "trente-partenaires": "",
                "recit": "fit-3",
                "organisation-bavarde": "fit-3",
                "douze-contacts": "fit-3",
                "longue": "fit-3",
            },
        ),
        (
            "pocket",
            {"mediane": "", "courte": "fit-1", "nom-de-12": "fit-2", "recit": "fit-3", "quatorze-themes": "fit-3"},
        ),
    ],
)
def test_the_layouts_begin_at_the_step_at_which_a_card_fits(tmp_path: Path, layout: str, steps: dict[str, str]) -> None:
    project = Project.at(stress.write(tmp_path / "project", 20, layout))
    edition = select(pipeline.read(project, Report()), "full")
    composer = Composer(project, edition, Layout(project, layout))
    parts = composer.layout.flatplan(edition)
    pagination = composer.layout.paginate(parts, likely_extents(composer, parts, Store(project)))
    found = {part.id: composer.galley(part, pagination)[0].likely_fit for part in parts if part.id in steps}
    assert found == steps
