"""E-mail addresses, websites and telephone numbers: what counts as one, and where links to them lead."""

from __future__ import annotations

import subprocess
import sys

import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from livret.content.schema.contacts import email_fault, telephone_url, website_fault, website_url


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
def test_an_address_that_can_be_right_has_no_fault(address: str) -> None:
    assert email_fault(address) is None


@pytest.mark.parametrize(
    "address",
    ["a..b@example.org", ".a@example.org", "a.@example.org", "a@-b.fr", "a@b-.fr", "a@b..fr", "@b.fr", "a@b@c.fr"],
)
def test_an_address_that_cannot_be_right_has_one(address: str) -> None:
    assert email_fault(address) == "an e-mail address looks like name@example.org"


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
from livret.content.schema.contacts import email_fault, telephone_url
assert email_fault("contact@ac-aix.example.org") is None
assert telephone_url("01 99 00 12 34") == "tel:+33199001234"
assert telephone_url("+33 1 99 00 12 34") == "tel:+33199001234"
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
        ("+999 1", "tel:+9991"),
    ],
)
def test_a_number_is_dialled_with_the_code_of_its_country(number: str, link: str) -> None:
    assert telephone_url(number) == link


@pytest.mark.parametrize(
    ("website", "url"),
    [
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/a", "http://example.org/a"),
        ("HTTPS://example.org", "HTTPS://example.org"),
    ],
)
def test_a_website_is_linked_by_https_unless_it_says_otherwise(website: str, url: str) -> None:
    assert website_fault(website) is None
    assert website_url(website) == url
