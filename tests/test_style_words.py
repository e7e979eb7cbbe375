"""What the engine says of style sheets, told in Livret's words, with the line."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import weasyprint
from weasyprint.logger import LOGGER

from livret.pages.engine.page_checks import TOLD_BETTER, from_record
from livret.pages.galley import Stylesheet
from livret.translation import in_language


class Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What the engine logs meanwhile."""
    kept = Kept()
    before, LOGGER.handlers[:] = LOGGER.handlers[:], [kept]
    yield kept.records
    LOGGER.handlers[:] = before


PARTS = "is left out with all that it holds: the engine does not understand it"


@pytest.mark.parametrize(
    ("css", "told"),
    [
        ("p { colour: red }", '"colour: red" is left out: the engine does not know this property'),
        ("p { color: redd }", '"color: redd" is left out: the engine does not take this value'),
        ("p { color: }", '"color:" is left out: the engine does not take this value'),
        (
            ".x { border-radius: 1px / 2px / 3px }",
            '"border-radius: 1px / 2px / 3px" is left out: the engine does not take this value',
        ),
        ("p { -weasy-color: red }", '"-weasy-color: red" is left out: write "color" in place of it'),
        (
            "p > > a { color: red }",
            'the selector "p > > a" is left out with its block: the engine does not understand it',
        ),
        (
            "p::foo { color: red }",
            'the selector "p::foo" is left out with its block: the engine does not understand it',
        ),
        (
            "@media foo bar { p { color: red } }",
            '"@media foo bar" is left out with all that it holds: the engine does not know this medium',
        ),
        ("@foo { a { color: red } }", '"@foo" is left out: the engine does not know this rule'),
        (
            "p { margin: 0 } @import url(a.css);",
            '"@import url(a.css)" is left out: it must stand before all other rules',
        ),
        ("@page :foo { margin: 0 }", f'"@page :foo" {PARTS}'),
        ('@page { @foo { content: "x" } }', f'"@page" {PARTS}'),
        ("@layer a, b { p { color: red } }", f'"@layer" {PARTS}'),
        ("@font-face { font-family: x }", 'an @font-face is left out: it has no "src"'),
        ("@counter-style foo { system: cyclic }", 'the counter style "foo" is left out: it has too few symbols'),
        ("p { color red; }", "this is no CSS; it is left out, or the rule around it"),
    ],
)
def test_a_fault_is_told_in_plain_words_with_its_line(records: list[logging.LogRecord], css: str, told: str) -> None:
    text = f"a {{ color: red }}\n{css}" if "@import" not in css else f"\n{css}"
    weasyprint.CSS(string=text, base_url="file:///nowhere/")
    (record,) = [one for one in records if not TOLD_BETTER.match(one.getMessage())]
    finding = from_record(record, "layouts/forum/card.css", (Stylesheet("layouts/forum/card.css", text, None),))
    assert (in_language(finding.message, "en"), finding.rule) == (told, "stylesheet")
    assert finding.where is not None
    assert (finding.where.path, finding.where.line) == ("layouts/forum/card.css", 2)
    assert in_language(finding.message, "fr") != told


def test_a_property_that_is_nearly_one_has_a_hint(records: list[logging.LogRecord]) -> None:
    weasyprint.CSS(string="p { colour: red; zzzz: 1 }")
    hints = [[in_language(hint, "en") for hint in from_record(one, "a.css").hints] for one in records]
    assert hints == [['did you mean "color"?'], []]


def test_a_message_of_another_version_of_the_engine_is_told_as_it_is() -> None:
    for template, values in (("Ignored `%s:%s` at %d:%d, %s, and %s.", ("a", "b", 3, 1, "c", "d")), ("Odd at 3:1", ())):
        record = logging.LogRecord("weasyprint", logging.WARNING, "", 0, template, values, None)
        finding = from_record(record, "a.css", (Stylesheet("a.css", "", None),))
        said = record.getMessage().rstrip(".")
        assert in_language(finding.message, "en") == said
        assert in_language(finding.message, "fr") == f"«\N{NO-BREAK SPACE}{said}\N{NO-BREAK SPACE}» (en anglais)"
        assert finding.where is not None
        assert finding.where.line == 3


@pytest.mark.parametrize(
    ("css", "line", "told"),
    [
        ("p { color: var(--bad) }", 2, '"color: 12px"'),
        # The engine reads four properties out of this one.
        ("p { border:var(--bad) soild }", 2, '"border: 12px soild"'),
        ("p {\n  text-align:\n    var(--bad)\n}", 4, '"text-align: 12px"'),
        ("p { text-align: /* why */ var(--bad) }", 2, '"text-align: 12px"'),
    ],
)
def test_a_wrong_value_with_a_variable_has_one_place_wherever_it_is_met(
    records: list[logging.LogRecord], css: str, line: int, told: str
) -> None:
    """It is read when a page is laid out, in each worker anew: only equal findings are told once."""
    other = Stylesheet("layouts/forum/base.css", "p { margin: 0 }\n" * 9, None)
    text = f":root {{ --bad: 12px }}\n{css}"
    sheet = Stylesheet("layouts/forum/card.css", text, None)
    weasyprint.HTML(string="<p>x</p>").write_pdf(stylesheets=[weasyprint.CSS(string=text)])
    found = {from_record(one, place, (other, sheet)) for one in records for place in ("aajt.yaml", "kodiko.yaml")}
    assert len(found) == 1
    (one,) = found
    assert one.where is not None
    assert (one.where.path, one.where.line) == ("layouts/forum/card.css", line)
    assert one.message == f"{told} is left out: the engine does not take this value"
