"""Reads the forms of proofs in a PDF that came back, however the program that saved it arranged them.

A field is found by its full name (ISO 32000-1, 12.7.3.2), from the form of the file and from the pages: some programs
write each field by itself, without the one above it, and some keep the fields on the pages and no form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# Form names of proofs begin so. The limits keep a file from taking for ever.
FORM = "livret:"
LENGTH, DEPTH, FIELDS, PAGES = 20_000, 8, 200, 400
# In the order in which they stand on a proof; programs may give the two buttons names of their own.
_STATES = ("approved", "corrections")
_OFF = ("", "Off")


@dataclass
class FoundForm:
    """The form of one proof: the number of its first page from 0, and what its fields say."""

    name: str
    page: int
    values: dict[str, str] = field(default_factory=dict)
    # The buttons of the answer: the names that each has when it is on, and what it shows.
    buttons: list[tuple[frozenset[str], str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the process that asked."""
        stated = {"state": self._state()} if self.buttons or "state" in self.values else {}
        return {"name": self.name, "page": self.page, "values": self.values | stated}

    def _state(self) -> str:
        """Which button is on. Some programs only turn the button on, and some only write the value."""
        value = self.values.get("state", "").removeprefix("/")
        if value in _STATES:
            return value
        if value not in _OFF:
            places = [place for place, (names, _) in enumerate(self.buttons) if value in names]
            if not places:
                return value
            if len(places) == 1:
                return self._named(places[0], value)
        ticked = {self._named(place, shown) for place, (_, shown) in enumerate(self.buttons) if shown not in _OFF}
        return " ".join(sorted(ticked))

    def _named(self, place: int, name: str) -> str:
        """What a button says that is on under this name."""
        has_own_names = any(set(_STATES) & names for names, _ in self.buttons)
        return name if name in _STATES or has_own_names or len(self.buttons) != len(_STATES) else _STATES[place]


def text(value: Any) -> str:
    """A string of the file; empty for anything else."""
    import pikepdf

    if isinstance(value, pikepdf.Stream):
        return value.read_bytes()[:LENGTH].decode("utf-8", "replace")
    if not isinstance(value, pikepdf.String | pikepdf.Name):
        return ""
    # A lone half of a pair cannot be written anywhere.
    return str(value)[: LENGTH + 1].encode("utf-8", "replace").decode()


def kids(value: Any, key: str) -> Iterator[Any]:
    """The dictionaries in an array of a dictionary, at most FIELDS."""
    import pikepdf

    array = value.get(key)
    if isinstance(array, pikepdf.Array):
        for index in range(min(len(array), FIELDS)):
            if isinstance(array[index], pikepdf.Dictionary):
                yield array[index]


def forms(pdf: Any) -> tuple[FoundForm, ...]:
    """The forms of proofs in a file, in the order of their pages."""
    import pikepdf

    found: dict[str, FoundForm] = {}
    pages = _pages_of_fields(pdf)
    seen: set[tuple[int, int]] = set()
    for one in _fields(pdf):
        if one.objgen != (0, 0) and one.objgen in seen:
            continue
        seen.add(one.objgen)
        name, _, ending = _full_name(one).partition(".")
        if not name.startswith(FORM):
            continue
        form = found.setdefault(name, FoundForm(name, len(pdf.pages)))
        form.page = min(form.page, pages.get(one.objgen, form.page))
        value = text(one.get("/V"))
        if ending and value and not form.values.get(ending):
            form.values[ending] = value
        appearances = one.get("/AP")
        normal = appearances.get("/N") if isinstance(appearances, pikepdf.Dictionary) else None
        if ending == "state" and isinstance(normal, pikepdf.Dictionary) and not isinstance(normal, pikepdf.Stream):
            names = frozenset(key.removeprefix("/") for key in normal.keys()) - {"Off"}  # noqa: SIM118
            form.buttons.append((names, text(one.get("/AS")).removeprefix("/")))
    return tuple(sorted(found.values(), key=lambda form: form.page))


def _fields(pdf: Any) -> Iterator[Any]:
    """Every field and every widget, from the form and from the pages; some of them twice."""
    import pikepdf

    form = pdf.Root.get("/AcroForm")
    waiting = [(one, 0) for one in kids(form, "/Fields")] if isinstance(form, pikepdf.Dictionary) else []
    count = 0
    while waiting and count < FIELDS * DEPTH:
        one, depth = waiting.pop(0)
        count += 1
        yield one
        if depth < DEPTH:
            waiting += [(kid, depth + 1) for kid in kids(one, "/Kids")]
    for index in range(min(len(pdf.pages), PAGES)):
        for one in kids(pdf.pages[index].obj, "/Annots"):
            if one.get("/Subtype") == "/Widget":
                yield from _with_those_above(one)


def _with_those_above(one: Any) -> Iterator[Any]:
    import pikepdf

    for _ in range(DEPTH):
        yield one
        one = one.get("/Parent")
        if not isinstance(one, pikepdf.Dictionary):
            return


def _full_name(one: Any) -> str:
    """The names of a field and of those above it. A widget without a name is that of the field above it."""
    parts = [text(field.get("/T")) for field in _with_those_above(one)]
    return ".".join(part for part in reversed(parts) if part)


def _pages_of_fields(pdf: Any) -> dict[tuple[int, int], int]:
    """The number of the page of each widget."""
    found: dict[tuple[int, int], int] = {}
    for index in range(min(len(pdf.pages), PAGES)):
        for one in kids(pdf.pages[index].obj, "/Annots"):
            if one.objgen != (0, 0):
                found.setdefault(one.objgen, index)
    return found
