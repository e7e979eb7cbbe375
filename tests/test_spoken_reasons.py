"""Reasons that other programs give: in French as far as Livret knows them, and told to be English where it does not."""

from __future__ import annotations

import errno
import logging
import os
import xml.etree.ElementTree as ElementTree

import pytest

from livret.content.pictures import drawing, raster
from livret.content.pictures.headers import PictureFault
from livret.pages.engine.files import Refused
from livret.pages.engine.page_checks import from_record
from livret.translation import foreign, in_language, say, system_reason

FIXED = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    "number", [errno.EACCES, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE, errno.EDQUOT, errno.ELOOP]
)
def test_why_the_system_refused_is_told_in_french(number: int) -> None:
    told = system_reason(OSError(number, os.strerror(number)))
    assert told == os.strerror(number)
    assert in_language(told, "fr") != os.strerror(number)
    assert "(en anglais)" not in in_language(told, "fr")


def test_what_nobody_translated_says_that_it_is_english() -> None:
    assert system_reason(OSError("odd")) == "odd"
    assert in_language(system_reason(OSError("odd")), "fr") == f"«{FIXED}odd{FIXED}» (en anglais)"
    assert in_language(foreign("odd"), "en") == "odd"


@pytest.mark.parametrize(
    ("content", "french"),
    [
        (b"<svg><g></svg>", f"une balise est fermée par une autre{FIXED}: ligne 1, colonne 10"),
        (b"<svg>", f"aucun élément{FIXED}: ligne 1, colonne 5"),
        (b"<svg a='1' a='2'/>", f"un attribut est donné deux fois{FIXED}: ligne 1, colonne 11"),
        (b"<svg>&a;</svg>", f"une entité n’est pas définie{FIXED}: ligne 1, colonne 5"),
    ],
)
def test_why_a_drawing_cannot_be_read_is_told_in_french(content: bytes, french: str) -> None:
    with pytest.raises(ElementTree.ParseError) as english:
        ElementTree.fromstring(content)
    with pytest.raises(drawing.BadDrawing) as told:
        drawing.read(content)
    assert str(told.value).startswith(f"not well-formed: {english.value}".partition(" &")[0])
    assert french in in_language(told.value.reason, "fr")


def test_a_damaged_picture_is_told_without_words_of_pillow() -> None:
    with pytest.raises(PictureFault) as told:
        raster.examine(b"RIFF\x14\0\0\0WEBPVP8 xxxxxxxx")
    assert told.value.message == "is damaged: its bytes cannot be read as a picture"


ENGINE = [
    ("Subgrids are unsupported", (), f"«{FIXED}subgrid{FIXED}» est laissé de côté"),
    (
        '"auto-fit" and "auto-fill" are unsupported in repeat()',
        (),
        f"«{FIXED}repeat(auto-fit){FIXED}» est laissé de côté",
    ),
    (
        "Baseline alignment is not supported for grid layout",
        (),
        f"«{FIXED}align-items: baseline{FIXED}» est laissé de côté",
    ),
    ("Inline grids are not supported", (), f"«{FIXED}display: inline-grid{FIXED}» est laissé de côté"),
    ('Unable to subset "%s" with HarfBuzz', ("Forum",), f"la police «{FIXED}Forum{FIXED}» est gardée entière"),
    ('Unable to instantiate "%s" variable font', ("Forum",), f"la police variable «{FIXED}Forum{FIXED}» ne peut"),
    ("This row has more columns than the table, ignored %d cells", (2,), "2 cellules d’un tableau sont laissées"),
    ("Malformed URL: %s", ("http://[",), f"«{FIXED}http://[{FIXED}» ne se lit pas"),
]


@pytest.mark.parametrize(("template", "values", "french"), ENGINE)
def test_the_engine_speaks_french_on_grids_fonts_and_tables(
    template: str, values: tuple[object, ...], french: str
) -> None:
    record = logging.LogRecord("weasyprint", logging.WARNING, "", 0, template, values, None)
    assert in_language(from_record(record, "card.yaml").message, "fr").startswith(french)


def test_why_a_picture_is_not_given_to_the_engine_is_told_in_french() -> None:
    """The engine keeps the words of the exception, in English, and the exception itself further down."""
    try:
        try:
            raise Refused(say("outside the project"))
        except Refused as refused:
            raise OSError(f"Refused: {refused}")  # noqa: B904 - as the engine does
    except OSError as problem:
        values = ("file:///0/a.svg", problem)
    record = logging.LogRecord("weasyprint", logging.ERROR, "", 0, "Failed to load image at %r: %s", values, None)
    told = from_record(record, "card.yaml").message
    assert told == 'the picture "a.svg" cannot be printed: outside the project'
    assert in_language(told, "fr").endswith("hors du projet")
