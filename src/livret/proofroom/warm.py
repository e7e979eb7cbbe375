"""What stays warm between two saves: galleys that were composed, and fragments that were found or typeset."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from livret.pages.compose.composer import Composer
from livret.pages.compose.drawings import QrCodes
from livret.pages.flatplan import Edition, Part
from livret.pages.galley import Facts, Fragment, Galley
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination
from livret.pages.pool.store import Store
from livret.project import Project


@dataclass(frozen=True)
class _Composed:
    """A galley, and what it was composed for: the content, the side and whether it shares a page."""

    part: Part
    place: tuple[str, bool]
    galley: Galley


class WarmStore(Store):
    """A store that looks up a galley only once, as long as no picture, font or style sheet changes."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._warm: dict[str, Fragment] = {}

    def find(self, galley: Galley) -> Fragment | None:
        """As the store; somebody may have deleted the output folder meanwhile."""
        fragment = self._warm.get(galley.digest)
        if fragment is not None and fragment.path.exists():
            return fragment
        fragment = super().find(galley)
        if fragment is not None:
            self._warm[galley.digest] = fragment
        return fragment

    def keep(self, galley: Galley, pdf: bytes, facts: Facts, files: tuple[tuple[str, str], ...]) -> Fragment:
        """As the store."""
        fragment = super().keep(galley, pdf, facts, files)
        self._warm[galley.digest] = replace(fragment, reused=True)
        return fragment

    def forget(self) -> None:
        """Look at every file again, because one that is no text of the catalogue has changed."""
        self._warm.clear()
        self._digests.clear()

    def keep_only(self, galleys: set[str]) -> None:
        """Forget the fragments of all other galleys, given by digest: older states of what was edited."""
        self._warm = {digest: one for digest, one in self._warm.items() if digest in galleys}


class WarmComposer(Composer):
    """A composer that composes a part only once, as long as its content, its side and the layout stay the same.

    `before_each` is called before anything is composed, so that a long edition gives way to what is urgent.
    """

    def __init__(
        self,
        project: Project,
        edition: Edition,
        layout: Layout,
        qr_codes: QrCodes,
        before_each: Callable[[], None],
        last: WarmComposer | None = None,
    ) -> None:
        """`last` composed the state before; what is the same is taken from there."""
        super().__init__(project, edition, layout, qr_codes)
        self._before_each = before_each
        self._composed: dict[str, _Composed] = {}
        # The newest galley of each part, also of those that print folios of others.
        self._newest: dict[str, Galley] = {}
        if last is not None and last.layout is layout:
            # A press profile or a template that changes comes with another layout.
            self._templates = last._templates
            if last.edition.press == edition.press:
                self.inks = last.inks
            if _frame(last.edition) == _frame(edition):
                self._composed = last._composed

    def galley(self, part: Part, pagination: Pagination) -> tuple[Galley, bool]:
        """As the composer."""
        place = (pagination.side(part.anchor), part.anchor in pagination.downs)
        known = self._composed.get(part.anchor)
        if known and known.place == place and (known.part is part or known.part == part):
            self._newest[part.anchor] = known.galley
            return known.galley, False
        self._before_each()
        galley, prints_folios = super().galley(part, pagination)
        self._newest[part.anchor] = galley
        if not prints_folios and part.subject is not None:
            self._composed[part.anchor] = _Composed(part, place, galley)
        return galley, prints_folios

    @property
    def galleys(self) -> tuple[Galley, ...]:
        """The newest galley of each part that was composed."""
        return tuple(self._newest.values())


def _frame(edition: Edition) -> tuple[Edition, tuple[str, ...]]:
    """What a part may print of its edition: all but the cards, which are parts of their own."""
    second = replace(edition.second, initiatives=()) if edition.second else None
    return replace(edition, initiatives=(), second=second), tuple(theme.id for theme in edition.themes_shown)
