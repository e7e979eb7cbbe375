"""The resources of a content stream while it is separated, and the parts of the PDF that they name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pikepdf

from livret.book.separation.colour_spaces import Space
from livret.book.separation.functions import Values
from livret.book.separation.graphics_state import Start
from livret.book.separation.pdf_input import Inseparable
from livret.book.separation.targets import Target
from livret.translation import Text, say


class Parts(Protocol):
    """Separates the other parts of a PDF when a content stream uses them.

    All methods except `fault` and `reduced` may raise Inseparable. `resources` are those of the stream in the source.
    """

    # Colours that are already separated.
    colours: dict[Any, tuple[Values, tuple[list[float], pikepdf.Operator]]]

    def space(self, source: Any, resources: Any) -> Space:
        """Return the colour space of an operator or a resource."""

    def written_space(self, space: Space, target: Target) -> pikepdf.Object | None:
        """Return the PDF object of the space when its colours may stay, or None when they must be converted."""

    def stencil_space(self, target: Target) -> pikepdf.Object:
        """Return the colour space of uncoloured patterns."""

    def xobject(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Separate a picture or a form. The second value says whether the result depends on the scale of its use."""

    def pattern(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Separate a pattern. The second value says whether the result depends on the scale of its use."""

    def inline(self, picture: Any) -> pikepdf.Object:
        """Return an inline picture as a separate stream."""

    def shading(self, source: Any, target: Target, resources: Any) -> pikepdf.Object:
        """Separate a gradient."""

    def state(self, source: Any, start: Start, resources: Any) -> pikepdf.Object:
        """Separate a graphics state. Its overprint entries are removed."""

    def font(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Separate a font. The second value says whether its glyphs set their own colours."""

    def overprint(self, stroke: bool, fill: bool) -> pikepdf.Object:
        """Return the graphics state that switches overprint on or off for lines and for fills."""

    def reduced(self, what: str, inks: Values) -> None:
        """Report a colour in CMYK that is printed with less ink, because of the ink limit."""

    def fault(self, rule: str, message: Text) -> None:
        """Report a part that cannot be separated and is left out."""


class Resources:
    """The resources of a stream in the source, and its new resources, which contain only what the stream uses.

    `known` holds earlier results of the same resources on the same target.
    """

    def __init__(self, source: Any, known: dict[Any, Any]) -> None:
        self.source = source
        self._known = known
        self._used: dict[str, dict[str, Any]] = {}

    def find(self, category: str, name: str) -> Any:
        """Return a resource of the source. Raises Inseparable when it is missing."""
        found = self._category(category)
        found = found.get(name) if found is not None else None
        if found is None:
            raise Inseparable(
                "damaged-part", say("the resource {name} of {category} is missing", name=name, category=category[1:])
            )
        return found

    def _category(self, category: str) -> Any:
        return self.source.get(category) if self.source is not None else None

    def once(self, category: str, name: str, make: Callable[[Any], Any]) -> Any:
        """Return the result of `make` for a resource. It is made only once for all streams that share the resource."""
        key = (category, name)
        if key not in self._known:
            self._known[key] = make(self.find(category, name))
        return self._known[key]

    def space(self, source: Any, make: Callable[[Any, Any], Space]) -> Space:
        """Return the colour space that an operator names. It is read only once."""
        key = ("/ColorSpace", str(source))
        if key not in self._known:
            self._known[key] = make(source, self.source)
        space: Space = self._known[key]
        return space

    def use(self, category: str, name: str, part: Any) -> None:
        """Add a part to the new resources under its name in the source."""
        self._used.setdefault(category, {})[name] = part

    def add(self, category: str, stem: str, part: Any) -> pikepdf.Name:
        """Add a part that the source does not have. Return its name, the same one each time for the same part."""
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
        """The new resources, sorted by name."""
        made = pikepdf.Dictionary()
        for category in sorted(self._used):
            entries = self._used[category]
            made[category] = pikepdf.Dictionary({name: entries[name] for name in sorted(entries)})
        return made
