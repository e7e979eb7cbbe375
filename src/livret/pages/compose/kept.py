"""Compositions kept from one build to the next: a part is composed anew only when something that it is made of changed.

A composition is found by the digest of all that composing reads: the variables of the template, the shapes of the
pictures in them, the edition, the files of the layout, the pictograms, Livret itself and the packages that are
installed. Which folios of other parts it prints is only known when it is composed: they are kept with it, and must
still be the same. It is text and nothing else, so nothing that is kept is ever run.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Protocol

from livret.content.schema.base import Model
from livret.content.schema.design import Framing
from livret.project import digest, file_digest

# The HTML of a card has some 40 kilobytes; what unpacks to more was not written by Livret.
MOST_BYTES = 64 * 1024 * 1024


class Shelf(Protocol):
    """What keeps compositions: the store."""

    def take(self, folder: str, name: str) -> bytes | None:
        """What was put there; None when there is nothing, or it is damaged."""

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Keep a content."""


@dataclass(frozen=True)
class Composition:
    """The HTML of a part, the copyfitting step to begin with, and the folios of other parts that stand in it."""

    html: str
    likely_fit: str
    folios: Mapping[str, str]


@dataclass(frozen=True)
class Compositions:
    """What was composed before. `surroundings` is a digest of Livret, of Python and of all packages."""

    shelf: Shelf
    surroundings: str

    def find(self, key: str, folio: Callable[[str], str]) -> Composition | None:
        """What was composed of this, when the parts that it refers to still have the same folios."""
        raw = self.shelf.take("composed", key)
        if raw is None:
            return None
        try:
            packed = zlib.decompressobj()
            kept = json.loads(packed.decompress(raw, MOST_BYTES))
            html, likely_fit, folios = kept["html"], kept["likely_fit"], kept["folios"]
            if not (isinstance(html, str) and isinstance(likely_fit, str)):
                return None
            if any(folio(anchor) != number for anchor, number in folios.items()):
                return None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error):
            return None
        return Composition(html, likely_fit, folios)

    def keep(self, key: str, composed: Composition) -> None:
        """Keep a composition for the next build. Raises OutputError."""
        content = {"html": composed.html, "likely_fit": composed.likely_fit, "folios": dict(composed.folios)}
        self.shelf.put("composed", key, zlib.compress(json.dumps(content).encode(), 1))


def framings(value: Any) -> Iterator[Framing]:
    """Every picture that a value names, at any depth."""
    if value is None or isinstance(value, str | int | float):
        return
    if isinstance(value, Framing):
        yield value
    if isinstance(value, Model):
        for name in type(value).model_fields:
            yield from framings(getattr(value, name))
    elif is_dataclass(value):
        for field in fields(value):
            yield from framings(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from framings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from framings(each)


def files_digest(*folders: Path) -> str:
    """A digest of all files in these folders, by their paths there; what a link leads to is in them too."""
    parts = []
    for number, folder in enumerate(folders):
        seen = set()
        for above, below, names in os.walk(folder, followlinks=True):
            # A link may lead to a folder that it stands in.
            seen.add(os.path.realpath(above))
            below[:] = sorted(
                name
                for name in below
                if name != "__pycache__" and os.path.realpath(os.path.join(above, name)) not in seen
            )
            for name in sorted(names):
                path = Path(above, name)
                if path.is_file():
                    parts += [str(number), path.relative_to(folder).as_posix(), file_digest(path)]
    return digest(*parts)
