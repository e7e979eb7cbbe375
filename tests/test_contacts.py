"""E-mail addresses, websites and telephone numbers: what counts as one, and where links to them lead."""

from __future__ import annotations

import subprocess
import sys

import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from livret.content.schema.contacts import contact_url, email_doubt, phone_doubt, website_doubt
from livret.content.schema.model import CardContact


@pytest.mark.parametrize(
    "address",
    [
        "contact@diair.example.org",
        "o'neil@mairie.fr",
        "prenom.nom+forum@ac-aix-marseille.fr",
        "A.B@EXAMPLE.ORG",
        "a@b.museum",
        "contact@xn--dlgation-b1ab.example.org",
    ],
)
def test_an_address_that_can_be_right_raises_no_doubt(address: str) -> None:
    assert email_doubt(address) is None


@pytest.mark.parametrize(
    "address",
    ["a..b@example.org", ".a@example.org", "a.@example.org", "a@-b.fr", "a@b-.fr", "a@b..fr", "@b.fr", "a@b@c.fr"],
)
def test_an_address_that_cannot_be_right_raises_one(address: str) -> None:
    assert email_doubt(address) == "an e-mail address looks like name@example.org"


@given(
    st.from_regex(r"[A-Za-z0-9]{1,9}([._+-][A-Za-z0-9]{1,9}){0,3}@([a-z0-9-]{1,8}\.){1,3}[a-z]{2,6}", fullmatch=True)
)
@settings(max_examples=300)
def test_what_is_passed_without_the_library_passes_the_library_too(address: str) -> None:
    from livret.content.schema import contacts

    if contacts._USUAL_EMAIL.fullmatch(address):
        validate_email(address, check_deliverability=False, globally_deliverable=False)


def test_usual_values_need_none_of_the_libraries() -> None:
    code = """
import sys
from livret.content.schema.contacts import email_doubt, contact_url
assert email_doubt("contact@ac-aix.example.org") is None
assert contact_url("01 99 00 12 34") == "tel:+33199001234"
assert contact_url("+33 1 99 00 12 34") == "tel:+33199001234"
print(sorted({"email_validator", "phonenumbers", "idna"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("number", "link"),
    [
        ("01 99 00 12 34", "tel:+33199001234"),
        ("01.99.00.12.34", "tel:+33199001234"),
        ("0199001234", "tel:+33199001234"),
        ("+33 1 99 00 12 34", "tel:+33199001234"),
        ("+33 (0)1 99 00 12 34", "tel:+33199001234"),
        ("0033 1 99 00 12 34", "tel:+33199001234"),
        ("0 805 00 00 00", "tel:+33805000000"),
        ("+41 22 730 51 11", "tel:+41227305111"),
        ("+39 06 6982", "tel:+39066982"),
        ("3939", "tel:3939"),
        ("115", "tel:115"),
        ("118 218", "tel:118218"),
        ("le matin : 01 99 00 12 34", "tel:+33199001234"),
        ("01 99 00 12 34 ou 06 39 98 12 34", "tel:+33199001234"),
    ],
)
def test_a_number_is_dialled_with_the_code_of_its_country(number: str, link: str) -> None:
    assert contact_url(number) == link


@pytest.mark.parametrize(
    ("website", "url"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a", "http://example.org/a"),
        ("HTTPS://example.org", "HTTPS://example.org"),
    ],
)
def test_a_website_is_linked_by_https_unless_it_says_otherwise(website: str, url: str) -> None:
    assert website_doubt(website) is None
    assert contact_url(website) == url


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("contact@délégation.example.org", "mailto:contact@xn--dlgation-b1ab.example.org"),
        ("hélène@example.org", "mailto:h%C3%A9l%C3%A8ne@example.org"),
        ("o'neil@mairie.fr", "mailto:o'neil@mairie.fr"),
        ("contact@diair", "mailto:contact@diair"),
        ("a@b.fr, c@d.fr", None),
        ("a..b@c.fr", None),
        ("javascript:alert(1)", None),
        ("à l'accueil", None),
        ("www", None),
        ("http://exemple.fr/a b", None),
        ("https://délégation.fr/é", "https://délégation.fr/é"),
        ("ftp://example.org", None),
        ("", None),
    ],
)
def test_what_can_lead_nowhere_is_no_link(text: str, link: str | None) -> None:
    assert contact_url(text) == link


NUMBERS = [
    "01 99 00 12 34",
    "+33 (0)1 99 00 12 34",
    "0 805 00 00 00",
    "+41 22 730 51 11",
    "15",
    "115",
    "3939",
    "118 218",
    "01 99 00 12 34 (poste 12)",
    "+41 22 730 51 11, ext. 4567",
]


@pytest.mark.parametrize("number", NUMBERS)
def test_a_telephone_number_that_can_be_right_raises_no_doubt(number: str) -> None:
    assert phone_doubt(number) is None


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("à l'accueil", "no digit"),
        ("01 99 00 12 34 le matin", "words"),
        ("Tél : 01 99 00 12 34", "write the number alone: 01 99 00 12 34"),
        ("Tél. 01.99.00.12.34", "write the number alone: 01.99.00.12.34"),
        ("Portable: +33 6 39 98 12 34", "write the number alone: +33 6 39 98 12 34"),
        ("Fax : 01 99 00 12 34", "words"),
        ("01 99 00 12 (poste 12)", "digit by digit"),
        ("poste 12", "words"),
        ("01 99 00 12", "digit by digit"),
        ("01 99 00 12 34 56 78 90 12", "digit by digit"),
        ("+", "no digit"),
    ],
)
def test_a_telephone_number_that_may_be_wrong_is_doubted_in_words(number: str, says: str) -> None:
    assert says in (phone_doubt(number) or "")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Rennes", "Rennes"),
        ("12 bis, rue des Lilas\n35000 RENNES CEDEX 7\n", "12 bis, rue des Lilas, 35000 RENNES CEDEX 7"),
        ("Mairie,\r\n  1 place Foch -\r\n\r\n35000 Rennes", "Mairie, 1 place Foch - 35000 Rennes"),
        ("شارع 1\nباريس", "شارع 1، باريس"),
    ],
)
def test_the_lines_of_an_envelope_are_printed_with_commas(typed: str, printed: str) -> None:
    assert CardContact(address=typed).address == printed
