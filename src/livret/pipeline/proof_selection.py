"""Which parts of an edition are proofed: by name, by theme, territory, pilot or partner, and by where they stand."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from livret.content.schema.model import Initiative, Partner
from livret.content.territories import Territory
from livret.control.approvals.state import PartState
from livret.pages.flatplan import Part


@dataclass(frozen=True)
class Selection:
    """What parts are wanted. Several values of one field are alternatives; each field that is given must agree.

    `names` are those in the register, `pilots` and `partners` names, acronyms or ids. With
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
        if self.pilots and not (card and _is_called(self.pilots, (card.pilot.name, card.pilot.acronym, card.id))):
            return False
        return not self.partners or bool(
            partner and _is_called(self.partners, (partner.name, partner.acronym, partner.id))
        )

    def has_standing(self, one: PartState) -> bool:
        """Whether a part is wanted, as far as the register says."""
        if self.unsigned and one.standing == "approved":
            return False
        return not self.changed or bool(one.changed)


def _is_in(places: Iterable[Territory], areas: Collection[Territory]) -> bool:
    return any(place.inside(area) for place in places for area in areas)


def _is_called(wanted: Sequence[str], names: Iterable[str | None]) -> bool:
    """Whether one of the names is wanted: whatever its case and accents, and a long name also by a part of it."""
    folded = [_folded(name) for name in names if name]
    return any(one == name or (len(one) > 3 and one in name) for one in map(_folded, wanted) for name in folded)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())
