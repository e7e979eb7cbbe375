"""E-mail addresses, websites and telephone numbers: whether they can be right, and where a link to them leads.

A booklet prints what its holders wrote, so what looks wrong is doubted, not refused; it is printed as it was typed, and
is a link only if it can be one.

Nothing is looked up in the network. The libraries that know the standards each take about 0.1 s to import, so they
are imported only for a value that does not have the usual form.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from livret.translation import Text, say

# A usual e-mail address: of RFC 5321 only what nearly all addresses use. What it takes, email-validator takes too.
_USUAL_EMAIL = re.compile(
    r"(?=.{1,64}@)[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?=.{1,60}$)(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+[a-z]{2,20}"
)
_WEBSITE = re.compile(r"(?:https?://)?(?:[\w](?:[\w-]*[\w])?\.)+[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
# A French number in its usual form: 01 99 00 12 34, or with +33 in place of the 0.
_FRENCH_NUMBER = re.compile(r"(?:\+33[ .\u00a0-]?|0)([1-9](?:[ .\u00a0-]?\d\d){4})")
# 15, 115, 3939, 36 46, 118 218: numbers that are dialled without more.
_EXTENSION = re.compile(r"[ ,(\u00a0]+(?:poste|ext(?:ension)?\.?)[ \u00a0]?\d{1,6}\)?$", re.IGNORECASE)
# Words before a number that its sign on the page says already.
_LED_IN = re.compile(
    r"(?:t[ée]l(?:[ée]phone)?|tel(?:ephone)?|phone|port(?:able)?|mob(?:ile)?|fixe)\b\.?[ \u00a0]?:?[ \u00a0]?",
    re.IGNORECASE,
)
_SHORT_NUMBER = re.compile(r"\d{2,4}|\d\d \d\d|\d{3} \d{3}|\d{6}")
# Signs before the @ that stand in a link as they are (RFC 6068).
_LOCAL_PART = "!$&'*+/=.-_~"
# Whose numbers are meant when one is typed without the code of a country.
_COUNTRY = "FR"


def email_doubt(text: str) -> Text | None:
    """Why a text may not be an e-mail address, as a hint; None when nothing speaks against it."""
    if _USUAL_EMAIL.fullmatch(text):
        return None
    if text.lower().startswith("mailto:"):
        return say("leave out mailto:")
    if "@" not in text:
        return say("there is no @ in it")
    if re.search(r"\s", text):
        return say("there is a space in it; give each address a contact of its own")
    if not text.isascii():
        return say("there is an accent or another special character in it")
    if "." not in text.rpartition("@")[2]:
        return say("what follows the @ has no ending such as .fr or .org")
    return None if _email_url(text) else say("an e-mail address looks like name@example.org")


def website_doubt(text: str) -> Text | None:
    """Why a text may not be a website (a domain, or an address with http or https), as a hint; else None."""
    if _WEBSITE.fullmatch(text):
        return None
    if "@" in text:
        return say("this looks like an e-mail address: it belongs in email")
    if re.search(r"\s", text):
        return say("there is a space in it")
    return say("write it as https://www.example.org or www.example.org")


def phone_doubt(text: str) -> Text | None:
    """Why a text may not be a telephone number, as a hint; None when nothing speaks against it."""
    if _FRENCH_NUMBER.fullmatch(text) or _SHORT_NUMBER.fullmatch(text):
        return None
    if not re.search(r"\d", text):
        return say("there is no digit in it")
    extension = _EXTENSION.search(text)
    if extension:
        return phone_doubt(text[: extension.start()])
    if re.search(r"[^\W\d]", text):
        led_in = _LED_IN.match(text)
        if led_in and phone_doubt(number := text[led_in.end() :]) is None:
            return say("write the number alone: {number}", number=number)
        return say("there are words in it; they belong in role or organisation")
    return (
        None if _phone_url(text) else say("compare it digit by digit; a number abroad begins with + and a country code")
    )


def contact_url(text: str) -> str | None:
    """Where a link on an e-mail address, a telephone number or a website leads; None when it can lead nowhere."""
    if _WEBSITE.fullmatch(text):
        return website_url(text)
    if "@" in text:
        return _email_url(text)
    return _phone_url(text)


def website_url(website: str) -> str:
    """A website as an address to link to: `www.aajt.example.org` gains `https://`."""
    return website if re.match(r"https?://", website, re.IGNORECASE) else f"https://{website}"


def _email_url(text: str) -> str | None:
    """The link to an e-mail address, in ASCII as links must be (RFC 6068); None for what cannot be an address."""
    if _USUAL_EMAIL.fullmatch(text):
        return f"mailto:{text}"
    from email_validator import EmailNotValidError, validate_email

    try:
        # Names that are reserved for tests are the matter of another rule, `fictional-contact`.
        address = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return f"mailto:{quote(address.local_part, safe=_LOCAL_PART)}@{address.ascii_domain}"


def _phone_url(text: str) -> str | None:
    """The link to the first telephone number in a text (RFC 3966), with the code of the country where it can have one.

    A number without such a code is French. Short numbers such as 3939 have none.
    """
    usual = _FRENCH_NUMBER.fullmatch(text)
    if usual:
        return "tel:+33" + re.sub(r"\D", "", usual[1])
    if _SHORT_NUMBER.fullmatch(text):
        return "tel:" + re.sub(r"\D", "", text)
    if not re.search(r"\d", text):
        return None
    import phonenumbers

    for found in phonenumbers.PhoneNumberMatcher(text, _COUNTRY, leniency=phonenumbers.Leniency.POSSIBLE):
        return "tel:" + phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
    return None
