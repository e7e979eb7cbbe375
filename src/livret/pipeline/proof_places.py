"""Where the parts that are proofed stand in the book, as far as the last build and this run tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from livret.book.plan import Setting
from livret.pages.compose.composer import Composer
from livret.pages.flatplan import Part, Side
from livret.pages.galley import Fragment
from livret.pages.pagination import Extents, Pagination
from livret.pages.pool.store import Store
from livret.pipeline.settle import extents_of, kept_alone, kept_sides, likely_extents


class PlacesInBook:
    """The pages of an edition in order. Nothing is typeset for them.

    The folios of a part are known when it is known of every part before it how many pages it takes: from the last build
    in this layout, or because it was typeset now.
    """

    def __init__(self, composer: Composer, store: Store, wanted: Iterable[Part]) -> None:
        """In: the parts that are proofed now. Whether these share their pages is found anew: they may be shorter."""
        self._layout = composer.layout
        self._parts = composer.layout.flatplan(composer.edition)
        alone = kept_alone(composer, store) - {part.anchor for part in wanted}
        self._extents = replace(likely_extents(composer, self._parts, store), alone=alone)
        self._known = set(kept_sides(composer, store))
        # The pages as they are known, or else guessed; None until they are asked for.
        self._pagination: Pagination | None = None

    @property
    def pagination(self) -> Pagination:
        """The pages as they are known, or else guessed."""
        if self._pagination is None:
            self._pagination = self._layout.paginate(self._parts, self._extents)
        return self._pagination

    def learn(self, part: Part, fragment: Fragment) -> bool:
        """Take the pages of a part that was typeset; says whether it must be set again, on a page of its own."""
        before = self._extents
        self._take(before.learnt(extents_of({part.anchor: fragment}), self.pagination, self._layout.card_sides))
        self._known.add(part.anchor)
        return self._extents.alone != before.alone

    def settle(self, setting: Setting) -> None:
        """Take the pages of a whole edition that was typeset."""
        found = extents_of({part.anchor: setting.fragments[part.anchor] for part in self._parts})
        self._take(replace(found, alone=frozenset(setting.pagination.sharing.alone)))
        self._known = set(found.sides)

    def _take(self, extents: Extents) -> None:
        if extents != self._extents:
            self._extents, self._pagination = extents, None

    def folios(self, part: Part) -> range | None:
        """The folios of the pages of a part; None when they are not known."""
        return self.pagination.folios(part.anchor) if self._is_known(part) else None

    def side(self, part: Part) -> Side:
        """The side that a part begins on, as it is known, or else guessed: it is typeset for this side."""
        return self.pagination.side(part.anchor)

    def pagination_of(self, part: Part) -> Pagination | None:
        """The pages of the book, when those of this part are known."""
        return self.pagination if self._is_known(part) else None

    def _is_known(self, part: Part) -> bool:
        for one in self._parts:
            if one.anchor == part.anchor:
                return True
            if one.anchor not in self._known:
                return False
        return False
