"""Language tags (BCP 47), such as `fr` or `zh-Hant`: the one place that takes them apart."""

from __future__ import annotations


def main_subtag(tag: str) -> str:
    """The language itself, without script and region, in lower case: `fr-CA` and `FR_ca` give `fr`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def canonical(tag: str) -> str:
    """A tag as it is usually written (RFC 5646, 2.1.1): `FR` gives `fr`, `zh-hant-tw` gives `zh-Hant-TW`."""
    first, *others = tag.split("-")
    cased = [part.title() if len(part) == 4 and part.isalpha() else part.lower() for part in others]
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in cased)])


# Dari is the Persian of Afghanistan: `prs`, `fa-AF` and, in these booklets, `fa` are one language.
_SAME = {"fa": "prs", "prs": "fa"}


def with_main_subtags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Each tag, its main subtag, and another tag of the same language: where to look for words, in order."""
    found = ((tag, main_subtag(tag), _SAME.get(main_subtag(tag))) for tag in tags)
    return tuple(candidate for candidates in found for candidate in candidates if candidate)
