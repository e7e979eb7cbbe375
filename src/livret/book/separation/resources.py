"""What a content stream needs of the rest of a PDF while it is separated: its resources, and the parts they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pikepdf

from livret.book.separation.colour_spaces import Space
from livret.book.separation.functions import Values
from livret.book.separation.graphics_state import Start
from livret.book.separation.pdf_input import Inseparable
from livret.book.separation.targets import Target


class Parts(Protocol):
    """The other parts of a PDF, separated as a content stream comes upon them; all but `fault` may raise Inseparable.

    `resources` are those of the stream, as the source has them.
    """

    # Colours that were separated already.
    colours: dict[Any, tuple[Values, tuple[list[float], pikepdf.Operator]]]

    def space(self, source: Any, resources: Any) -> Space:
        """The colour space of an operator or a resource."""

    def written_space(self, space: Space, target: Target) -> pikepdf.Object | None:
        """The space in which its colours may stay, as it shall be written; None when they are converted."""

    def stencil_space(self, target: Target) -> pikepdf.Object:
        """The space of patterns that take a colour."""

    def xobject(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """A picture or a form, and whether the scale in which a form is used made a difference."""

    def pattern(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """A pattern, and whether its scale made a difference."""

    def inline(self, picture: Any) -> pikepdf.Object:
        """A picture inside a content stream, as a stream of its own."""

    def shading(self, source: Any, target: Target, resources: Any) -> pikepdf.Object:
        """A gradient."""

    def state(self, source: Any, start: Start, resources: Any) -> pikepdf.Object:
        """A graphics state, without overprint."""

    def font(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """A font, and whether its glyphs bring colours of their own."""

    def overprint(self, stroke: bool, fill: bool) -> pikepdf.Object:
        """The graphics state that says what overprints."""

    def fault(self, rule: str, message: str) -> None:
        """Something cannot be separated, and is left out."""


class Resources:
    """The resources of a stream as the source has them, and those it shall have: what it uses and nothing else.

    `known` holds what the same resources gave on the same target before.
    """

    def __init__(self, source: Any, known: dict[Any, Any]) -> None:
        self.source = source
        self._known = known
        self._used: dict[str, dict[str, Any]] = {}

    def find(self, category: str, name: str) -> Any:
        """A resource of the source. Raises Inseparable when it is missing."""
        found = self._category(category)
        found = found.get(name) if found is not None else None
        if found is None:
            raise Inseparable("damaged-part", f"the resource {name} of {category[1:]} is missing")
        return found

    def _category(self, category: str) -> Any:
        return self.source.get(category) if self.source is not None else None

    def once(self, category: str, name: str, make: Callable[[Any], Any]) -> Any:
        """What a resource becomes, made once for all streams that share it."""
        key = (category, name)
        if key not in self._known:
            self._known[key] = make(self.find(category, name))
        return self._known[key]

    def space(self, source: Any, make: Callable[[Any, Any], Space]) -> Space:
        """A colour space that an operator names, read once."""
        key = ("/ColorSpace", str(source))
        if key not in self._known:
            self._known[key] = make(source, self.source)
        space: Space = self._known[key]
        return space

    def use(self, category: str, name: str, part: Any) -> None:
        """A stream uses this part under a name of the source."""
        self._used.setdefault(category, {})[name] = part

    def add(self, category: str, stem: str, part: Any) -> pikepdf.Name:
        """A stream uses a part that the source has not; its name, one for each part."""
        entries = self._used.setdefault(category, {})
        for name, entry in entries.items():
            if entry is part:
                return pikepdf.Name(name)
        taken = self._category(category)
        number = len(entries)
        while f"/{stem}{number}" in entries or (taken is not None and f"/{stem}{number}" in taken):
            number += 1
        entries[f"/{stem}{number}"] = part
        return pikepdf.Name(f"/{stem}{number}")

    @property
    def written(self) -> pikepdf.Dictionary:
        """The resources that are used, in order of their names."""
        made = pikepdf.Dictionary()
        for category in sorted(self._used):
            entries = self._used[category]
            made[category] = pikepdf.Dictionary({name: entries[name] for name in sorted(entries)})
        return made
