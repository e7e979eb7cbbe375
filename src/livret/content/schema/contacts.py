"""E-mail addresses, websites and telephone numbers: whether they can be right, and where a link to them leads.

Nothing is looked up in the network. The libraries that know the standards each take about 0.1 s to import, so they
are imported only for a value that does not have the usual form.
"""

from __future__ import annotations

import re

# A usual e-mail address: of RFC 5321 only what nearly all addresses use. What it takes, email-validator takes too.
_USUAL_EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?=.{1,60}$)(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}"
)
_WEBSITE = re.compile(r"(?:https?://)?(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
# A French number in its usual form: 01 99 00 12 34, or with +33 in place of the 0.
_FRENCH_NUMBER = re.compile(r"(?:\+33[ .\u00a0-]?|0)([1-9](?:[ .\u00a0-]?\d\d){4})")
# Whose numbers are meant when one is typed without the code of a country.
_COUNTRY = "FR"


def email_fault(text: str) -> str | None:
    """Why a text is no e-mail address, as a hint; None when it can be one."""
    if _USUAL_EMAIL.fullmatch(text):
        return None
    if text.lower().startswith("mailto:"):
        return "leave out mailto:"
    if "@" not in text:
        return "there is no @ in it"
    if re.search(r"\s", text):
        return "there is a space in it; give each address a contact of its own"
    if not text.isascii():
        return "there is an accent or another special character in it"
    if "." not in text.rpartition("@")[2]:
        return "what follows the @ has no ending such as .fr or .org"
    return None if _is_email(text) else "an e-mail address looks like name@example.org"


def _is_email(text: str) -> bool:
    from email_validator import EmailNotValidError, validate_email

    try:
        # Names that are reserved for tests are told by another rule, `fictional-contact`.
        validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return False
    return True


def website_fault(text: str) -> str | None:
    """Why a text is no address of a website (a domain, or an address with http or https), as a hint; else None."""
    if _WEBSITE.fullmatch(text):
        return None
    if "@" in text:
        return "this looks like an e-mail address: it belongs in email"
    if re.search(r"\s", text):
        return "there is a space in it"
    return "write it as https://www.example.org or www.example.org"


def website_url(website: str) -> str:
    """A `website` field as an address to link to: `www.aajt.example.org` gains `https://`."""
    return website if re.match(r"https?://", website, re.IGNORECASE) else f"https://{website}"


def telephone_url(number: str) -> str:
    """The link to a telephone number (RFC 3966), with the code of the country where there is room for one.

    A number without such a code is French; short numbers such as 3939 have none.
    """
    usual = _FRENCH_NUMBER.fullmatch(number)
    if usual:
        return "tel:+33" + re.sub(r"\D", "", usual[1])
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number, _COUNTRY)
    except phonenumbers.NumberParseException:
        return "tel:" + re.sub(r"[^\d+]", "", number)
    if not phonenumbers.is_possible_number(parsed):
        return "tel:" + re.sub(r"[^\d+]", "", number)
    return "tel:" + phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
