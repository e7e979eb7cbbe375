"""Spot colours of a whole file: how many, and whether two names mean one ink (GWG 2022, R0020 to R0023)."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from livret.control.preflight.pdf_objects import data, entry, is_dictionary, members, name, pairs, resolve
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.content.colour import NO_SPOTS, ColourSpace
from livret.control.preflight.print.content.geometry import Box
from livret.control.preflight.print.limits import PrintLimits
from livret.translation import Text, say, say_number

_SUFFIXES = frozenset(
    {"C", "CP", "E", "K", "M", "N", "U", "UP", "Z", "CV", "CVU", "CVC", "HC", "PC", "TC", "TCX", "TP", "TPX"}
    | {"XGC", "EC"}
)
MOST_NAMED = 8
DEEPEST = 12
MOST_OBJECTS = 5000


@dataclass
class SpotColours:
    """The spot colours met so far, each with where it is used first."""

    found: dict[str, tuple[int, Box]] = field(default_factory=dict)
    # What a spot colour looks like: a digest of its alternate space and its tint transform.
    looks: dict[str, str] = field(default_factory=dict)

    def add(self, space: ColourSpace, page: int, box: Box) -> None:
        """Count the spot colours of a space that is used."""
        counted = space.counted
        for one in counted.spots:
            self.found.setdefault(one, (page, box))
        if all(one in self.looks for one in counted.spots):
            return
        parts = members(counted.source)
        if counted.kind == "Separation" and counted.spots:
            self.looks.setdefault(counted.names[0], _digest(parts[2:4]))
        elif counted.kind == "DeviceN":
            for key, value in pairs(entry(parts[4], "/Colorants") if len(parts) > 4 else None):
                own = members(value)
                if key in counted.spots and key not in NO_SPOTS and len(own) >= 4:
                    self.looks.setdefault(key, _digest(own[2:4]))

    def breaches(self, limits: PrintLimits) -> Iterator[Breach]:
        """What is wrong with the spot colours of the file."""
        names = list(self.found)
        most = limits.spot_colours_most
        if most is not None and len(names) > most:
            page, box = self.found[names[most]]
            shown = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
            yield Breach(
                "spot-colours",
                _used(len(names), most, shown),
                page,
                box,
            )
        for at, one in enumerate(names):
            for other in names[:at]:
                yield from self._twins(other, one)

    def _twins(self, first: str, second: str) -> Iterator[Breach]:
        """Whether two names mean one ink; told once, by the strictest rule that says so."""
        page, box = self.found[second]
        both = say("{first} and {second}", first=first, second=second)
        if _plain(first) == _plain(second):
            yield Breach(
                "spot-letter-case",
                say("the spot colours {both} differ only in how they are written", both=both),
                page,
                box,
            )
            return
        bases = (_base(first), _base(second))
        if bases[0] and bases[0] == bases[1]:
            yield Breach(
                "spot-suffixes", say("the spot colours {both} differ only in their suffix", both=both), page, box
            )
        if first in self.looks and self.looks[first] == self.looks.get(second):
            yield Breach("spot-twins", say("the spot colours {both} look the same", both=both), page, box)


def _used(count: int, most: int, names: str) -> Text:
    if most:
        return say("the file uses {number} spot colours; {most} allowed: {names}", number=count, most=most, names=names)
    return say_number(
        "the file uses {number} spot colour: {names}",
        "the file uses {number} spot colours: {names}",
        number=count,
        names=names,
    )


def _plain(named: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", named).casefold())


def _base(named: str) -> str:
    """A name without the suffix of a colour guide, in small letters; empty when it has none."""
    base, _, suffix = named.rpartition(" ")
    return base.casefold() if suffix in _SUFFIXES else ""


def _digest(values: tuple[object, ...]) -> str:
    """A digest of objects and all they hold. A reference counts as what it leads to."""
    digest = hashlib.sha256()
    count = 0

    def feed(value: object, depth: int) -> None:
        nonlocal count
        count += 1
        found = resolve(value)
        if depth > DEEPEST or count > MOST_OBJECTS:
            return
        if is_dictionary(found):
            body = data(found)
            for key, inner in sorted(pairs(found)):
                # How a stream is compressed says nothing of what it is.
                if key not in {"Length", "Filter", "DecodeParms"}:
                    digest.update(f"/{key}".encode())
                    feed(inner, depth + 1)
            digest.update(b"<" + body + b">")
            return
        inside = members(found)
        if inside:
            digest.update(b"[")
            for inner in inside:
                feed(inner, depth + 1)
            digest.update(b"]")
        elif name(found):
            digest.update(f"/{name(found)}".encode())
        elif isinstance(found, int | float):
            digest.update(f" {float(found):g}".encode())
        else:
            digest.update(repr(found).encode())

    for value in values:
        feed(value, 0)
    return digest.hexdigest()
