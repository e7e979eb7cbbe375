"""Pages that need not be judged again, because in the last file nothing was found on them.

The name of a page stands for all that it draws, down to the bytes of its fonts and pictures. On a right page, what is
near the fold depends on the page before, too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from livret.project import digest

NAME_LENGTH = 16


class KnownPages:
    """The pages of a file by name, and which of them are `known`. Judging says which are `sound` now."""

    def __init__(self, names: Sequence[str] = (), known: Collection[str] = ()) -> None:
        before = ["", *names]
        # Even pages are on the left.
        self._names = [
            digest(name, str(number % 2), before[number - 1] if number % 2 else "")[:NAME_LENGTH]
            for number, name in enumerate(names, start=1)
        ]
        self._known = frozenset(known)
        self.sound: tuple[str, ...] = ()

    def has(self, number: int) -> bool:
        """Whether a page is known. The first is always judged: what all pages share is looked at there."""
        return 1 < number <= len(self._names) and self._names[number - 1] in self._known

    def keep(self, faulty: Collection[int]) -> None:
        """Take all pages for sound but these."""
        self.sound = tuple(name for number, name in enumerate(self._names, start=1) if number not in faulty)
