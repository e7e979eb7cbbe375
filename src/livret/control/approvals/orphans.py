"""Parts that the register has events of, and the catalogue no longer has: renamed, deleted, or misspelt by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from livret.content.messages import did_you_mean
from livret.content.schema.base import Entity, Model
from livret.content.schema.model import Catalogue
from livret.control.approvals.register import Register
from livret.control.approvals.state import FOLDERS, marks_of
from livret.findings import Finding, warning
from livret.project import Project
from livret.translation import Text, say

# A card that has this share of the fields of one that is gone is likely the same card under a new name.
_ALIKE = 0.5


def orphans(project: Project, register: Register, catalogue: Catalogue) -> tuple[Finding, ...]:
    """A finding for each part in the register that the catalogue no longer has, in whatever edition."""
    known = dict(_parts(catalogue))
    return tuple(
        warning(
            "unknown-approval",
            say('the register has events of "{part}", which is not in the catalogue', part=part),
            where,
            _hint(project, part, register, known),
        )
        for part, where in register.places.items()
        if not all(name in known for name in _languages(part))
    )


def _parts(catalogue: Catalogue) -> Iterator[tuple[str, Model | None]]:
    """What the catalogue has, by its name in the register."""
    groups: Mapping[str, Iterable[Entity]] = {
        "card": catalogue.initiatives, "partner": catalogue.partners.values(), "page": catalogue.pages
    }  # fmt: skip
    yield "foreword", catalogue.foreword
    for kind, group in groups.items():
        yield from ((f"{FOLDERS[kind]}/{one.id}", one) for one in group)
    for one in catalogue.translations:
        folder = f"{one.role}/" if one.role in FOLDERS.values() else ""
        yield f"{folder}{one.entity.id}.{one.language}", one.entity


def _languages(part: str) -> tuple[str, ...]:
    """The names of a part in each of its languages: a page in two has that of both, initiatives/aajt+aajt.ar."""
    folder, slash, name = part.rpartition("/")
    return tuple(f"{folder}{slash}{stem}" for stem in name.split("+"))


def _hint(project: Project, part: str, register: Register, known: Mapping[str, Model | None]) -> Text:
    """What may have become of a part. What has events of its own is not the part under a new name."""
    last = register.last(part)
    folder = part.rpartition("/")[0]
    free = {
        name: one for name, one in known.items() if name.rpartition("/")[0] == folder and not register.events.get(name)
    }
    likeness = {name: _likeness(last.marks, marks_of(project, one)) for name, one in free.items() if last and one}
    best = max(likeness, key=lambda name: likeness[name], default=None)
    if best and likeness[best] == 1:
        return say("{name} has the same content: if it was renamed, write its new name in its place", name=best)
    if best and likeness[best] >= _ALIKE:
        return say("{name} has nearly the same content: if it was renamed, write its new name in its place", name=best)
    if last and not last.marks and (hints := did_you_mean(part, free)):
        # Written by hand, so perhaps with a wrong name: what commands write names a part that was there.
        return hints[0]
    return say("it was deleted or renamed; its events are kept, and count for nothing")


def _likeness(before: Mapping[str, str], now: Mapping[str, str]) -> float:
    """Which share of the fields of two parts are the same."""
    same = sum(now.get(name) == mark for name, mark in before.items())
    return same / max(len(before), len(now), 1)
