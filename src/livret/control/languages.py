"""What of an edition is in its languages, and on which side it is bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from livret.content.catalogue.translations import is_partly_foreign
from livret.content.language_names import language_name
from livret.content.language_tags import main_subtag
from livret.content.schema.model import Catalogue, Initiative
from livret.findings import Finding, note
from livret.pages.flatplan import Edition
from livret.translation import say


@dataclass(frozen=True)
class Share:
    """How many cards of an edition are wholly in a language, and how many others have texts in it."""

    language: str
    translated: int
    in_part: int


def shown(edition: Edition) -> tuple[Initiative, ...]:
    """The cards that an edition prints: those it selects, unless its sections leave them all out."""
    return edition.initiatives if "initiatives" in edition.sections else ()


def shares(edition: Edition) -> tuple[Share, ...]:
    """How much of an edition is translated, for each of its languages that is not the catalogue's."""
    found = []
    for one in _in_other_languages(edition):
        own = [is_partly_foreign(card) for card in shown(one) if card.language is None]
        found.append(Share(one.language, len(own) - sum(own), sum(own)))
    return tuple(found)


def _in_other_languages(edition: Edition) -> Iterator[Edition]:
    """An edition in each of its languages that is not the catalogue's."""
    for one in (edition, edition.second):
        if one and main_subtag(one.language) != main_subtag(one.written):
            yield one


def untranslated(catalogue: Catalogue, edition: Edition) -> Iterator[Finding]:
    """A note for each card that has no text in a language of an edition, if others have."""
    for one in _in_other_languages(edition):
        if not catalogue.translated(one.language):
            continue
        for card in shown(one):
            if card.language is not None and main_subtag(card.language) != main_subtag(one.language):
                message = say(
                    "the edition {edition} is in {language}, and this card is printed in {other}",
                    edition=one.id,
                    language=language_name(one.language),
                    other=language_name(card.language),
                )
                stem, _, ending = card.source.path.rpartition(".")
                hint = say("write its texts into {file}", file=f"{stem}.{one.language}.{ending}")
                yield note("untranslated-card", message, card.source, hint)
