"""Findings and the report that gathers them."""

from __future__ import annotations

import pytest

from livret.findings import (
    Finding,
    FoundErrors,
    LivretError,
    Location,
    OutputError,
    Report,
    Severity,
    SystemLibraryMissing,
    error,
    note,
    warning,
)
from livret.translation import verbatim


def test_text_stands_on_one_line_with_hints_below() -> None:
    found = error(
        "missing-picture",
        verbatim('picture "a.svg" not found'),
        Location("card.yaml", 12, 3),
        verbatim('did you mean "b.svg"?'),
    )
    assert found.text() == (
        'card.yaml:12: error: picture "a.svg" not found [missing-picture]\n  hint: did you mean "b.svg"?'
    )
    assert note("x", verbatim("y")).text() == "note: y [x]"
    assert warning("x", verbatim("y"), Location("card.yaml")).text() == "card.yaml: warning: y [x]"


@pytest.mark.parametrize(
    "found",
    [
        error("r", verbatim("m"), Location("f", 3), verbatim("h")),
        warning("r", verbatim("m"), Location("f")),
        note("r", verbatim("m"), None, verbatim("h"), verbatim("i")),
    ],
)
def test_a_finding_survives_json(found: Finding) -> None:
    assert Finding.from_stored(found.stored()) == found


def test_json_keys_are_stable() -> None:
    assert error("r", verbatim("m"), Location("f", 3), verbatim("h")).as_dict() == {
        "severity": "error",
        "rule": "r",
        "message": "m",
        "file": "f",
        "line": 3,
        "hints": ["h"],
    }


def test_the_report_sorts_by_place_and_drops_repeats() -> None:
    report = Report()
    last, first = error("r", verbatim("m"), Location("b", 1)), warning("r", verbatim("m"), Location("a", 10))
    before, same_line = note("r", verbatim("m"), Location("a", 2)), error("r", verbatim("n"), Location("a", 10))
    report.add([last, first, before])
    report.add([last, same_line])
    assert report.findings == (before, same_line, first, last)


def test_an_error_stops_the_run() -> None:
    calm, stopped = Report(), Report()
    calm.add([warning("r", verbatim("m")), note("r", verbatim("m"))])
    calm.stop_on_errors()
    assert calm.exit_code == 0
    stopped.add([warning("r", verbatim("m")), error("r", verbatim("m"))])
    assert stopped.exit_code == 1
    with pytest.raises(FoundErrors):
        stopped.stop_on_errors()


def test_strict_promotes_warnings_and_leaves_notes() -> None:
    report = Report(strict=True)
    report.add([warning("a", verbatim("m")), note("b", verbatim("m"))])
    assert [(found.rule, found.severity) for found in report.findings] == [
        ("a", Severity.ERROR),
        ("b", Severity.NOTE),
    ]


@pytest.mark.parametrize(
    ("errors", "warnings", "words"),
    [(0, 0, ""), (1, 0, "1 error"), (2, 1, "2 errors, 1 warning"), (0, 3, "3 warnings")],
)
def test_summary(errors: int, warnings: int, words: str) -> None:
    report = Report()
    report.add(error("r", verbatim(f"m{n}")) for n in range(errors))
    report.add(warning("r", verbatim(f"w{n}")) for n in range(warnings))
    assert report.summary() == words


@pytest.mark.parametrize(
    ("kind", "code"),
    [(LivretError, 1), (SystemLibraryMissing, 3), (OutputError, 4)],
)
def test_ends_have_exit_codes(kind: type[LivretError], code: int) -> None:
    end = kind(verbatim("message"), verbatim("hint"))
    assert (end.exit_code, end.message, end.hints, str(end)) == (code, "message", ("hint",), "message")


def test_what_is_both_a_warning_and_an_error_is_told_once() -> None:
    place = Location("catalogue/catalogue.yaml", 14)
    report = Report()
    report.add(
        [
            warning("r", verbatim("m"), place, verbatim("h")),
            error("r", verbatim("m"), place, verbatim("h")),
            warning("r", verbatim("m"), None, verbatim("h")),
        ]
    )
    assert [str(one.severity.value) for one in report.findings] == ["warning", "error"]
    assert report.summary() == "1 error, 1 warning"
