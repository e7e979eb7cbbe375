"""The difference between two editions: cards that only one of them has, and every field that changed.

The editions may be of one catalogue, and then share their cards, or of two folders, such as two years of a forum.
The fields are read from the content format itself, so a new field is compared without a change here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Any

from livret.content.schema import introspection
from livret.content.schema.base import Entity, Model
from livret.content.schema.design import FramedPicture
from livret.content.schema.introspection import Shape
from livret.content.schema.model import Catalogue, CatalogueFile, EditionFile, EditorialPage, Initiative, Partner
from livret.control.editions import FILTERS, field_of, filters, left_out
from livret.control.languages import shown
from livret.control.word_runs import WordRun
from livret.findings import LivretError
from livret.pages.flatplan import Edition, select
from livret.project import PICTURE_LIMIT, Project, digest
from livret.translation import say

# How many characters of a picture's digest are shown: enough to tell two drawings apart.
_DIGEST = 12
# Texts that share less than half of their words are shown as two texts: mostly they share only short common words.
_ALIKE = 0.5


@dataclass(frozen=True)
class Change:
    """A field with two values; None where a side has none. Places in lists count from 1: `contacts.2.email`."""

    field: str
    old: str | None
    new: str | None

    @cached_property
    def runs(self) -> tuple[WordRun, ...]:
        """Both values word by word; each as a whole when they have too little in common."""
        old, new = (self.old or "").split(), (self.new or "").split()
        words = SequenceMatcher(None, old, new, autojunk=False)
        if words.ratio() < _ALIKE:
            return (WordRun(" ".join(old), " ".join(new)),)
        return tuple(WordRun(" ".join(old[a:b]), " ".join(new[c:d])) for _, a, b, c, d in words.get_opcodes())

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        changed = [run for run in self.runs if not run.is_same]
        return {
            "field": self.field,
            "old": self.old,
            "new": self.new,
            "removed": [run.old for run in changed if run.old],
            "added": [run.new for run in changed if run.new],
        }


@dataclass(frozen=True)
class Only:
    """A card, partner or page that only one side has, and in words why the other side does not have it."""

    id: str
    name: str
    why: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        return {"id": self.id, "name": self.name, "why": list(self.why)}


@dataclass(frozen=True)
class Changed:
    """A card, partner or page that both sides have, but not with the same values."""

    id: str
    name: str
    changes: tuple[Change, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        return {"id": self.id, "name": self.name, "changes": [change.as_dict() for change in self.changes]}


@dataclass(frozen=True)
class Group:
    """The differences of all cards, or partners, or pages: only in the first, only in the second, changed."""

    only_first: tuple[Only, ...]
    only_second: tuple[Only, ...]
    changed: tuple[Changed, ...]
    same: int

    @property
    def differs(self) -> bool:
        """Whether there is any difference."""
        return bool(self.only_first or self.only_second or self.changed)

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        told = {name: [one.as_dict() for one in getattr(self, name)] for name in ("only_first", "only_second")}
        return {**told, "changed": [one.as_dict() for one in self.changed], "same": self.same}


@dataclass(frozen=True)
class Told:
    """One side as the answer names it: its edition, its number of cards, and its filters in words."""

    edition: str
    folder: str
    cards: int
    filters: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Everything that `livret compare` shows."""

    first: Told
    second: Told
    fields: tuple[Change, ...]
    cards: Group
    partners: Group
    pages: Group

    @property
    def differs(self) -> bool:
        """Whether there is a difference in anything that is printed."""
        return bool(self.fields) or any(group.differs for group in (self.cards, self.partners, self.pages))

    def as_dict(self) -> dict[str, Any]:
        """For `--format json`; keys are stable."""
        sides = {name: {**vars(side), "filters": list(side.filters)} for name, side in
                 (("first", self.first), ("second", self.second))}  # fmt: skip
        groups = {name: getattr(self, name).as_dict() for name in ("cards", "partners", "pages")}
        return {**sides, "differs": self.differs, "fields": [one.as_dict() for one in self.fields], **groups}


@dataclass(frozen=True)
class Side:
    """An edition to be compared, with the catalogue and the project it comes from."""

    project: Project
    catalogue: Catalogue
    name: str

    @cached_property
    def edition(self) -> Edition:
        """The edition itself. Raises KeyError when the catalogue has no edition of this name."""
        return select(self.catalogue, self.name)

    @cached_property
    def file(self) -> EditionFile | None:
        """What the edition's file says; None for `full` when it has no file."""
        return next((file for file in self.catalogue.editions if file.id == self.name), None)

    @cached_property
    def told(self) -> Told:
        """The side as the answer names it."""
        return Told(self.name, str(self.project.root), len(self.cards), filters(self.file))

    @cached_property
    def cards(self) -> tuple[Initiative, ...]:
        """The cards that it shows, with the values that their files have."""
        names = {card.id for card in shown(self.edition)}
        return tuple(card for card in self.catalogue.initiatives if card.id in names)

    @cached_property
    def partners(self) -> tuple[Partner, ...]:
        """Its partners, with the values that their files have."""
        return tuple(self.catalogue.partners[partner.id] for partner in self.edition.partners)

    def value(self, field: str) -> Any:
        """A field of the edition as it is written in files: partners are ids, the foreword is its own page."""
        if field == "foreword":
            return self.catalogue.forewords.get(self.name, self.catalogue.foreword)
        return field_of(self.edition, field)

    def why_not(self, card: Entity) -> tuple[str, ...]:
        """Why this side does not show a card of the other side, in words."""
        mine = next((one for one in self.catalogue.initiatives if one.id == card.id), None)
        if mine is None:
            return (say("no such card there"),)
        return left_out(self.file, mine) or (say("its sections have no initiatives"),)


def compare(first: Side, second: Side) -> Difference:
    """The differences of two editions. Cards, partners and pages are in the order of the second, then of the first.

    Raises KeyError when a side has no edition of its name.
    """
    differ = _Differ(first.project, second.project)
    return Difference(
        first.told,
        second.told,
        tuple(_fields(differ, first, second)),
        _group(differ, first.cards, second.cards, first, second),
        _group(differ, first.partners, second.partners),
        _group(differ, first.catalogue.pages, second.catalogue.pages),
    )


def _fields(differ: _Differ, first: Side, second: Side) -> Iterator[Change]:
    """The changes in the editions' own fields, whether from catalogue.yaml or from the edition's file."""
    own = {name: one for name, one in introspection.fields(EditionFile).items() if name not in FILTERS}
    known = {**own, **introspection.fields(CatalogueFile), "foreword": Shape(model=EditorialPage)}
    for name, expected in known.items():
        if name in Edition.__dataclass_fields__:
            yield from differ.changes(expected, first.value(name), second.value(name), name)


def _group(
    differ: _Differ,
    old: Sequence[Entity],
    new: Sequence[Entity],
    first: Side | None = None,
    second: Side | None = None,
) -> Group:
    before = {one.id: one for one in old}
    after = {one.id: one for one in new}
    both = [one for one in new if one.id in before]
    changed = []
    for one in both:
        found = tuple(differ.changes(Shape(model=type(one)), before[one.id], one, ""))
        if found:
            changed.append(Changed(one.id, _name(one), found))
    return Group(
        tuple(Only(one.id, _name(one), second.why_not(one) if second else ()) for one in old if one.id not in after),
        tuple(Only(one.id, _name(one), first.why_not(one) if first else ()) for one in new if one.id not in before),
        tuple(changed),
        len(both) - len(changed),
    )


def _name(entity: Entity) -> str:
    if isinstance(entity, Initiative):
        return entity.filing_name
    if isinstance(entity, Partner):
        return entity.acronym or entity.name
    return getattr(entity, "title", None) or entity.id


@dataclass(frozen=True)
class _Differ:
    """Compares values field by field; of two folders, also the content of pictures with the same name."""

    first: Project
    second: Project

    def changes(self, expected: Shape, old: Any, new: Any, path: str) -> Iterator[Change]:
        """The changes in a value and in all that it holds; `path` is its name."""
        if old == new and self.first.root == self.second.root:
            return
        if expected.model and old is not None and new is not None:
            for name, inner in introspection.fields(expected.model).items():
                # A picture is named by its field, as it is typed without framing.
                is_path = expected.model is FramedPicture and name == "file"
                below = path if is_path else f"{path}.{name}" if path else name
                yield from self.changes(inner, getattr(old, name), getattr(new, name), below)
        elif expected.item and expected.item.model:
            yield from self._lists(expected.item, old or (), new or (), path)
        elif expected.kind and expected.kind.name == "picture" and old == new and old is not None:
            before, after = self._picture(self.first, old), self._picture(self.second, new)
            if before != after:
                yield Change(path, before, after)
        elif old != new:
            yield Change(path, _text(old), _text(new))

    def _lists(self, item: Shape, old: Sequence[Any], new: Sequence[Any], path: str) -> Iterator[Change]:
        """Changes in a list of groups. Groups at the same place between equal neighbours are one group that changed."""
        for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            paired = b - a if kind == "equal" or b - a == d - c else 0
            for step in range(paired):
                yield from self.changes(item, old[a + step], new[c + step], f"{path}.{c + step + 1}")
            for place in range(a + paired, b):
                yield Change(f"{path}.{place + 1}", _text(old[place]), None)
            for place in range(c + paired, d):
                yield Change(f"{path}.{place + 1}", None, _text(new[place]))

    def _picture(self, project: Project, path: str) -> str:
        """The path of a picture with its size in bytes and the start of its digest; both folders have this path."""
        try:
            bytes_there = project.read(project.inside_catalogue(path), PICTURE_LIMIT)
        except (OSError, LivretError):
            return say("{path} (cannot be read)", path=path)
        return f"{path} ({len(bytes_there):,} bytes, {digest(bytes_there)[:_DIGEST]})"


def _text(value: Any) -> str | None:
    """A value as text, as one would type it. Groups are `name: value` in their order; empty values are left out."""
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, FramedPicture) and value.focus is None and value.fit is None:
        return value.file
    if isinstance(value, Model):
        given = ((name, _text(getattr(value, name))) for name in introspection.fields(type(value)))
        return ", ".join(f"{name}: {text}" for name, text in given if text is not None)
    if isinstance(value, tuple):
        return ", ".join(_text(one) or "" for one in value)
    return str(value)
