"""Which parts of an edition are proofed: by name, by theme, territory, pilot or partner, and by where they stand."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from livret.content.schema.model import Initiative, Partner
from livret.content.territories import Territory
from livret.control.approvals.state import PartState
from livret.pages.flatplan import Part

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Selection:
    """What parts are wanted. Several values of one field are alternatives; each field that is given must agree.

    `names` are those in the register; `pilots` are ids of cards, `partners` of partners, see `called`. With
    `unsigned` only what is not approved as it is now, with `changed` only what differs from what was last said of it.
    """

    names: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    territories: tuple[Territory, ...] = ()
    pilots: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    unsigned: bool = False
    changed: bool = False

    def has_part(self, path: str, part: Part) -> bool:
        """Whether a part is wanted, as far as its content says."""
        subject = part.subject
        card = subject if isinstance(subject, Initiative) else None
        partner = subject if isinstance(subject, Partner) else None
        if self.names and path not in self.names:
            return False
        if self.themes and not (card and set(card.themes) & set(self.themes)):
            return False
        if self.territories and not (card and _is_in(card.territories, self.territories)):
            return False
        if self.pilots and not (card and card.id in self.pilots):
            return False
        return not self.partners or bool(partner and partner.id in self.partners)

    def has_standing(self, one: PartState) -> bool:
        """Whether a part is wanted, as far as the register says."""
        if self.unsigned and one.standing == "approved":
            return False
        return not self.changed or bool(one.changed)


def _is_in(places: Iterable[Territory], areas: Collection[Territory]) -> bool:
    return any(place.inside(area) for place in places for area in areas)


def names_of(subject: Initiative | Partner) -> tuple[str, ...]:
    """What an organisation may be called: its name, its acronym, and the id of its card or page."""
    organisation = subject.pilot if isinstance(subject, Initiative) else subject
    return tuple(name for name in (organisation.name, organisation.acronym, subject.id) if name)


def called(wanted: str, subjects: Iterable[Initiative | Partner]) -> tuple[Initiative | Partner, ...]:
    """The cards or partners of the organisation of this name, whatever its case and accents.

    When nobody has it as a whole name, it may be some whole words of a name.
    """
    words = _words(wanted)
    found = [one for one in subjects if any(words in _words(name) for name in names_of(one))]
    whole = [one for one in found if any(words == _words(name) for name in names_of(one))]
    return tuple(whole or found)


def _words(text: str) -> str:
    """The words of a name between spaces, without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(one for one in plain if not unicodedata.combining(one))
    return f" {' '.join(_WORD.findall(bare))} "
