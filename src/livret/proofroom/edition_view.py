"""What there is to see of an edition, and how a part that was begun just now comes into it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from livret.control.approvals.state import PartState
from livret.findings import Finding
from livret.pages.compose.filler import filler_of
from livret.pages.flatplan import Edition, Part
from livret.pages.galley import Fragment
from livret.pages.pagination import Pagination
from livret.pages.pool.pressroom import PressRoom
from livret.pipeline.settle import likely_extents
from livret.proofroom.warm import WarmComposer

# So many new parts are shown before all else is set; more come with a new list of partners or another filter.
FEW = 3


@dataclass(frozen=True)
class View:
    """What there is to see of an edition: an immutable state that any thread may read.

    `fragments` holds the newest state of each part; a part that is still being typeset has none. `found` are the
    findings of typesetting by anchor, `states` the sign-offs by anchor. The furniture is that of so many pages from the
    first on as `furnished` says. `is_settled` says that the folios are those of the newest state, `is_bound` that the
    book in the output folder is too.
    """

    version: int
    edition: Edition
    composer: WarmComposer
    pagination: Pagination
    fragments: Mapping[str, Fragment]
    furniture: tuple[Fragment, ...] = ()
    found: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)
    others: tuple[Finding, ...] = ()
    states: Mapping[str, PartState] = field(default_factory=dict)
    is_settled: bool = False
    is_bound: bool = False
    furnished: int = sys.maxsize

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts in the order of the book."""
        return self.pagination.parts


def with_begun(view: View, composer: WarmComposer, multiple: int, press_room: PressRoom) -> View | None:
    """A view with the parts that it has not yet, typeset at once; None where there are none, or many.

    What is set of all others stays as it is, also contents and index, whose folios follow. The furniture of the pages
    behind a new part would have the running heads of others: there is none until it was set again.
    """
    parts = composer.layout.flatplan(composer.edition)
    begun = [part for part in parts if part.anchor not in view.pagination.starts]
    if not 0 < len(begun) <= FEW:
        return None
    extents = likely_extents(composer, parts, press_room.store)
    filler = filler_of(composer.edition, composer.layout)
    fragments: dict[str, Fragment] = {}
    pagination = composer.layout.paginate(parts, extents, multiple, filler)
    for part in begun:
        galley, _ = composer.galley(part, pagination)
        fragment = press_room.at_once(galley)
        if fragment is not None:
            fragments[part.anchor] = fragment
    sides = {anchor: fragment.facts.sides for anchor, fragment in fragments.items()}
    pagination = composer.layout.paginate(parts, replace(extents, sides={**extents.sides, **sides}), multiple, filler)
    kept = {anchor: one for anchor, one in view.fragments.items() if anchor in pagination.starts}
    first = min(pagination.starts[part.anchor] for part in begun)
    return replace(
        view, edition=composer.edition, composer=composer, pagination=pagination, fragments={**kept, **fragments},
        furnished=min(first, view.furnished), is_settled=False, is_bound=False,
    )  # fmt: skip
