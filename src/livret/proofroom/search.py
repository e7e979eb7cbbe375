"""Which parts hold some words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from livret.content.schema import introspection
from livret.content.schema.base import Entity, Model
from livret.pages.flatplan import Part
from livret.proofroom.edition_view import View

_ACCENTS = re.compile("[\u0300-\u036f\u064b-\u065f]")


class PartTexts:
    """The texts of parts, in small letters without accents; made anew only for a part whose content has changed."""

    def __init__(self) -> None:
        # By anchor: what the text was made of, and the text.
        self._known: dict[str, tuple[str, Entity | None, str]] = {}

    def holding(self, view: View, asked: str) -> list[str]:
        """The anchors of the parts that hold every one of these words, whatever their accents."""
        words = folded(asked).split()
        found = []
        for part in view.parts:
            text = self._text(view, part)
            if all(word in text for word in words):
                found.append(part.anchor)
        return found

    def _text(self, view: View, part: Part) -> str:
        title = view.composer.navigation.description(part)
        known = self._known.get(part.anchor)
        if known is None or known[0] != title or known[1] is not part.subject:
            known = title, part.subject, folded(" ".join([title, *_strings(part.subject)]))
            self._known[part.anchor] = known
        return known[2]


def _strings(value: Any) -> Iterable[str]:
    """Each text that somebody typed in a file."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Model):
        for name in introspection.fields(type(value)):
            yield from _strings(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


def folded(text: str) -> str:
    """Small letters without accents."""
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))
