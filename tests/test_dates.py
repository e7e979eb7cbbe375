"""Dates as people type them, what is understood, and how an event is printed."""

from __future__ import annotations

import pytest

from conftest import CatalogueFolder
from livret.content.schema import dates
from livret.content.schema.validators import BadValueError
from livret.pages.compose.formatting import event_date


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("2027-06-12", "2027-06-12"),
        ("2027-06-12/2027-06-14", "2027-06-12/2027-06-14"),
        ("2027-06-12/14", "2027-06-12/2027-06-14"),
        ("2027-06-12T14:00", "2027-06-12T14:00"),
        ("2027-06-12T14:00/18:30", "2027-06-12T14:00/18:30"),
        ("2027-06-12 14:00", "2027-06-12T14:00"),
        # What ends in the small hours of the next day is an evening of the first.
        ("2027-06-12T19:00/13T01:00", "2027-06-12T19:00/01:00"),
        ("2027-06-12T19:00/2027-06-13T01:00", "2027-06-12T19:00/01:00"),
        ("2027-12-31T20:00:00/2028-01-01T03:00:00", "2027-12-31T20:00/03:00"),
        ("du 12 juin 2027 à 19 h au 13 juin 2027 à 1 h", "2027-06-12T19:00/01:00"),
        ("12 juin 2027, 19 h – 13 juin, 1 h", "2027-06-12T19:00/01:00"),
        ("12/06/2027 19:00 - 13/06/2027 01:00", "2027-06-12T19:00/01:00"),
        ("12 June 2027 7 pm until 13 June 2027 1 am", "2027-06-12T19:00/01:00"),
        ("2027-06-12T19:00/13T09:00", "2027-06-12T19:00/2027-06-13T09:00"),
        ("2027-06-12T10:00/14T17:00", "2027-06-12T10:00/2027-06-14T17:00"),
        ("2027-06-12T19:00/24:00", "2027-06-12T19:00/00:00"),
        ("12 juin 2027, de 19 h à minuit", "2027-06-12T19:00/00:00"),
        ("12 juin 2027", "2027-06-12"),
        ("le 12 juin 2027", "2027-06-12"),
        ("Samedi 12 juin 2027", "2027-06-12"),
        ("1er août 2027", "2027-08-01"),
        ("1ᵉʳ aout 2027", "2027-08-01"),
        ("3 déc. 2027", "2027-12-03"),
        ("12/06/2027", "2027-06-12"),
        ("12.6.2027", "2027-06-12"),
        ("12-06-2027", "2027-06-12"),
        ("du 12 au 14 juin 2027", "2027-06-12/2027-06-14"),
        ("12-14 juin 2027", "2027-06-12/2027-06-14"),
        ("12 – 14 juin 2027", "2027-06-12/2027-06-14"),
        ("12 et 13 juin 2027", "2027-06-12/2027-06-13"),
        ("samedi 12 et dimanche 13 juin 2027", "2027-06-12/2027-06-13"),
        ("du 30 juin au 2 juillet 2027", "2027-06-30/2027-07-02"),
        ("du 30 décembre 2027 au 2 janvier 2028", "2027-12-30/2028-01-02"),
        ("du 12/06/2027 au 14/06/2027", "2027-06-12/2027-06-14"),
        ("du 12 au 14/06/2027", "2027-06-12/2027-06-14"),
        ("12-06-2027 - 14-06-2027", "2027-06-12/2027-06-14"),
        ("12 juin 2027, 14h-18h", "2027-06-12T14:00/18:00"),
        ("12 juin 2027, de 14 à 18 h", "2027-06-12T14:00/18:00"),
        ("12 juin 2027 de 9 h 30 à midi", "2027-06-12T09:30/12:00"),
        ("12 juin 2027 à 20\u202fh\u202f30", "2027-06-12T20:30"),
        ("du 12 au 14 juin 2027, 10 h – 18 h", "2027-06-12T10:00/2027-06-14T18:00"),
        ("12 June 2027", "2027-06-12"),
        ("June 12, 2027", "2027-06-12"),
        ("12th of June 2027", "2027-06-12"),
        ("June 12-14, 2027", "2027-06-12/2027-06-14"),
        ("June 30 to July 2, 2027", "2027-06-30/2027-07-02"),
        ("12 to 14 June 2027", "2027-06-12/2027-06-14"),
        ("12 June 2027, 2 pm to 6.30 pm", "2027-06-12T14:00/18:30"),
        ("12 June 2027 at noon", "2027-06-12T12:00"),
        ("du 1er au 3 mai 2027", "2027-05-01/2027-05-03"),
        ("1er-3 mai 2027", "2027-05-01/2027-05-03"),
        ("mardi 1er et mercredi 2 juin 2027", "2027-06-01/2027-06-02"),
        ("12th to 14th June 2027", "2027-06-12/2027-06-14"),
        ("12 June 2027, 2-6pm", "2027-06-12T14:00/18:00"),
        ("12 June 2027, 2.30-6 p.m.", "2027-06-12T14:30/18:00"),
        ("12 June 2027, 12-2pm", "2027-06-12T12:00/14:00"),
        ("12 June 2027, 10-2pm", "2027-06-12T10:00/14:00"),
        ("12 June 2027, 9-11am", "2027-06-12T09:00/11:00"),
        ("12 June 2027, 14-6pm", "2027-06-12T14:00/18:00"),
        ("12 juin 2027, 20h-2h", "2027-06-12T20:00/02:00"),
        ("12 juin 2027, à partir de 18 h", "2027-06-12T18:00"),
        ("12 June 2027 from 9 to 17h", "2027-06-12T09:00/17:00"),
        ("12 June 2027, 6 am to 8 am", "2027-06-12T06:00/08:00"),
    ],
)
def test_dates_are_understood_as_people_type_them(typed: str, understood: str) -> None:
    assert str(dates.event_date(typed)) == understood


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("12. Juni 2027", "2027-06-12"),
        ("1. März 2027", "2027-03-01"),
        ("3. Dez. 2027", "2027-12-03"),
        ("vom 12. bis 14. Juni 2027", "2027-06-12/2027-06-14"),
        ("12.–14. Juni 2027", "2027-06-12/2027-06-14"),
        ("Samstag, den 12. Juni 2027", "2027-06-12"),
        ("am 12. Juni 2027 um 18:30 Uhr", "2027-06-12T18:30"),
        ("12. Juni 2027 von 9 bis 17 Uhr", "2027-06-12T09:00/17:00"),
        ("12 de junio de 2027", "2027-06-12"),
        ("12 de junio del 2027", "2027-06-12"),
        ("del 12 al 14 de junio de 2027", "2027-06-12/2027-06-14"),
        ("12 y 13 de junio de 2027", "2027-06-12/2027-06-13"),
        ("sábado 12 de junio de 2027 a las 18:30", "2027-06-12T18:30"),
        ("12 giugno 2027", "2027-06-12"),
        ("dal 12 al 14 giugno 2027", "2027-06-12/2027-06-14"),
        ("sabato 12 giugno 2027 alle 18.30", "2027-06-12T18:30"),
        ("12 giugno 2027 alle ore 18", "2027-06-12T18:00"),
        ("12 giugno 2027 dalle 9 alle 17", "2027-06-12T09:00/17:00"),
        ("12 червня 2027 року", "2027-06-12"),
        ("з 12 до 14 червня 2027", "2027-06-12/2027-06-14"),
        ("субота 12 червня 2027 о 18:30", "2027-06-12T18:30"),
        ("١٢ يونيو ٢٠٢٧", "2027-06-12"),
        ("12 حزيران 2027", "2027-06-12"),
        ("1 كانون الأول 2027", "2027-12-01"),
        ("من 12 إلى 14 جوان 2027", "2027-06-12/2027-06-14"),
        ("12 و13 حزيران 2027", "2027-06-12/2027-06-13"),
        ("السبت 12 يونيو 2027 الساعة 18:30", "2027-06-12T18:30"),
        ("۱۲ جون ۲۰۲۷", "2027-06-12"),
        ("از 12 تا 14 جون 2027", "2027-06-12/2027-06-14"),
        ("شنبه 12 ژوئن 2027 ساعت 18:30", "2027-06-12T18:30"),
    ],
)
def test_dates_are_understood_in_the_languages_of_the_labels(typed: str, understood: str) -> None:
    assert str(dates.event_date(typed)) == understood


@pytest.mark.parametrize(
    ("typed", "understood"),
    [("Juni 2027", "2027-06"), ("giugno 2027", "2027-06"), ("Dépôt légal : juin 2027", "2027-06")],
)
def test_months_are_understood_in_these_languages_too(typed: str, understood: str) -> None:
    assert dates.month(typed) == understood


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Sonntag, den 12. Juni 2027",
        # A day of the calendar of Afghanistan, in words and in numbers.
        "۲۲ جوزا ۱۴۰۶",
        "1406-03-22",
        "12 juin 0027",
        "juin 2027",
        "12 juin",
        "12/06/27",
        "31/06/2027",
        "06/13/2027",
        "2027-13-01",
        "2027-W24-6",
        "20270612",
        "12 ju 2027",
        "12 et 14 juin 2027",
        "12, 13 et 14 juin 2027",
        "du 14 au 12 juin 2027",
        "12 juin 2027 à 25 h",
        "12 juin 2027 14h-13h",
        "12 juin 2027 14h-14h",
        "vendredi 12 juin 2027",
        "bientôt",
        "le",
        "-" * 500,
        "12 " * 30,
        "12 " * 100_000,
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(BadValueError) as refused:
        dates.event_date(typed)
    assert refused.value.rule == "bad-date"


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("12 juin", "add the year with four digits"),
        ("du 12 au 14 juin", "add the year with four digits"),
        ("samedi 12 juin", "add the year with four digits"),
        ("12/06", "add the year with four digits"),
        ("2027/6/12", "write it with hyphens: 2027-06-12"),
        ("31 juin 2027", "there is no such day; the day comes before the month"),
        ("06/13/2027", "there is no such day; the day comes before the month"),
        ("31. Februar 2027", "there is no such day; the day comes before the month"),
        ("12. Juni", "add the year with four digits"),
        ("1406-03-22", "write the year with four digits, in the calendar of 2027"),
        ("12 juin 2027 24h", "hours go from 0 to 23"),
        ("12 juin 2027 14h-13h", "write the first time before the last"),
    ],
)
def test_a_refused_date_is_told_with_what_is_wrong_with_it(typed: str, hint: str) -> None:
    with pytest.raises(BadValueError) as refused:
        dates.event_date(typed)
    assert refused.value.hints == (hint,)


def test_a_day_is_one_day() -> None:
    assert str(dates.day("12 juin 2027")) == "2027-06-12"
    for typed in ("12-14 juin 2027", "2027-06-12T14:00"):
        with pytest.raises(BadValueError, match="more than a day"):
            dates.day(typed)


@pytest.mark.parametrize(
    ("typed", "language", "printed"),
    [
        ("2027-06-12", "fr", "12 juin 2027"),
        ("2027-06-01/03", "fr", "du 1er au 3 juin 2027"),
        ("2027-06-12/13", "fr", "12 et 13 juin 2027"),
        ("2027-06-30/2027-07-02", "fr", "du 30 juin au 2 juillet 2027"),
        ("2027-12-30/2028-01-02", "fr", "du 30 décembre 2027 au 2 janvier 2028"),
        ("2027-06-12T14:00/18:30", "fr", "12 juin 2027, de 14 h à 18 h 30"),
        ("2027-06-12T19:00/13T01:00", "fr", "12 juin 2027, de 19 h à 1 h"),
        ("2027-06-12T19:00/13T01:00", "en", "12 June 2027, 19:00–01:00"),
        ("2027-06-12T19:00/24:00", "fr", "12 juin 2027, de 19 h à minuit"),
        ("2027-06-12T19:00/24:00", "en", "12 June 2027, 19:00–midnight"),
        ("2027-06-12T19:00/13T09:00", "fr", "du 12 juin à 19 h au 13 juin 2027 à 9 h"),
        ("2027-06-12T10:00/14T17:00", "en", "12 June, 10:00 – 14 June 2027, 17:00"),
        ("2027-12-31T10:00/2028-01-02T17:00", "de", "31. Dezember 2027, 10:00 – 2. Januar 2028, 17:00"),
        # The hours of each evening.
        ("12 et 13 juin 2027, de 19 h à 1 h", "fr", "12 et 13 juin 2027, de 19 h à 1 h"),
        ("du 12 au 14 juin 2027 de 10h à 18h", "fr", "du 12 au 14 juin 2027, de 10 h à 18 h"),
        ("2027-06-12T09:05", "fr-BE", "12 juin 2027, à 9 h 05"),
        ("2027-06-12/14", "en", "12–14 June 2027"),
        ("2027-06-30/2027-07-02", "en", "30 June – 2 July 2027"),
        ("2027-06-12T14:00/18:30", "en", "12 June 2027, 14:00–18:30"),
        ("2027-06-12/14", "de", "12. bis 14. Juni 2027"),
        ("2027-06-12T14:00/18:30", "de", "12. Juni 2027, 14:00–18:30 Uhr"),
        ("2027-06-30/2027-07-02", "es", "del 30 de junio al 2 de julio de 2027"),
        ("2027-06-12/14", "it", "dal 12 al 14 giugno 2027"),
        ("2027-06-12/14", "uk", "12–14 червня 2027\u202fр."),
        ("2027-06-30/2027-07-02", "uk", "30 червня – 2 липня 2027\u202fр."),
        ("2027-12-30/2028-01-02", "ar", "من 30 ديسمبر 2027 إلى 2 يناير 2028"),
        ("2027-06-12T14:00", "ar", "12 يونيو 2027، 14:00"),
        ("2027-06-12/14", "prs", "از 12 تا 14 جون 2027"),
        ("2027-06-12/14", "tlh", "2027-06-12/2027-06-14"),
    ],
)
def test_an_event_is_printed_in_words(typed: str, language: str, printed: str) -> None:
    assert event_date(dates.event_date(typed), language).replace("\u00a0", " ") == printed


def test_a_note_says_what_a_typed_date_was_read_as(catalogue_folder: CatalogueFolder) -> None:
    catalogue_folder.change("catalogue.yaml", "date: 2019-04-30", "date: du 03/04 au 05/04/2019")
    notes = [finding for finding in catalogue_folder.findings() if finding.rule == "read-date"]
    assert [(str(one.where), one.severity.value, one.message) for one in notes] == [
        (
            "catalogue/catalogue.yaml:2",
            "note",
            '"du 03/04 au 05/04/2019" is read as 2019-04-03/2019-04-05',
        )
    ]
