"""Language tags (BCP 47), such as `fr` or `zh-Hant`: the one place that takes them apart."""

from __future__ import annotations

from typing import Any


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


class TextIn(str):
    """A text in another language than the part that it stands in, with the tag of that language."""

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> TextIn:
        """In: the words; the tag of their language."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __getnewargs__(self) -> Any:
        return (str(self), self.language)

    def __repr__(self) -> str:
        # What is composed is kept by this: the same words in another language are another text.
        return f"TextIn({super().__repr__()}, {self.language!r})"


def language_in(text: object, around: str) -> str | None:
    """The language of a text where it is another one than that of what stands around it."""
    own = text.language if isinstance(text, TextIn) else None
    return own if own and main_subtag(own) != main_subtag(around) else None
