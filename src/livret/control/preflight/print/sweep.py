"""One look at every object that the pages of a file are made of, each once, for what PDF/X-4 leaves no place for.

An object that many pages use is told of at the first of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

from livret.control.preflight.pdf_objects import (
    entry,
    identity,
    is_dictionary,
    listed,
    name,
    raw,
    resolve,
)
from livret.control.preflight.print.breach import Breach
from livret.control.preflight.print.pages import PrintPage
from livret.translation import Text, say

BLEND_MODES = frozenset(
    "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight Difference "
    "Exclusion Hue Saturation Color Luminosity".split()
)
INTENTS = frozenset(("AbsoluteColorimetric", "RelativeColorimetric", "Saturation", "Perceptual"))
# ISO 32000-1, annex C: what a name may have at most, in bytes.
LONGEST_NAME = 127
# These lead away from what is printed.
_ELSEWHERE = frozenset(("/Parent", "/P", "/StructParent", "/StructParents", "/B", "/Annots", "/Metadata", "/PieceInfo"))
_OF_STATES = frozenset(("/TR", "/TR2", "/HT", "/HTP", "/BM", "/RI"))
_MOST_OBJECTS = 2_000_000


class Sweep:
    """Looks at everything that pages use. Pages are given in order."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def page(self, page: PrintPage) -> Iterator[Breach]:
        """What is wrong with the objects that no page before has used."""
        pending: list[object] = [page.page.reference, page.page.resources]
        while pending and len(self._seen) < _MOST_OBJECTS:
            value = pending.pop()
            key = identity(value)
            if key in self._seen:
                continue
            if key > 0:
                # Only what has a number can be met again.
                self._seen.add(key)
            held = resolve(value)
            if isinstance(held, ArrayObject):
                pending += [one for one in list.__iter__(held) if _may_hold(one)]
            elif isinstance(held, DictionaryObject):
                yield from (Breach(rule, message, page.number) for rule, message in _look(value, held))
                items = dict.items(held)
                pending += [one for key_, one in items if key_ not in _ELSEWHERE and _may_hold(one)]


def _may_hold(value: object) -> bool:
    return not isinstance(value, int | float | str | bytes | bool) and value is not None


def _look(value: object, held: DictionaryObject) -> Iterator[tuple[str, Text]]:
    """What is wrong with one dictionary or stream, as rule and message."""
    if isinstance(held, StreamObject):
        yield from _stream(value, name(raw(value, "/Subtype")))
    elif not _OF_STATES.isdisjoint(held):
        yield from _state(value)
    # No character has more than four bytes.
    long = [key for key in dict.keys(held) if 4 * len(key) > LONGEST_NAME and len(key.encode()) > LONGEST_NAME + 1]
    if long:
        yield "long-name", say('the name "{name}..." is too long', name=str(long[0])[:20])


def _stream(value: object, subtype: str) -> Iterator[tuple[str, Text]]:
    """What is wrong with one stream, as rule and message."""
    filters = {name(one) for one in listed(raw(value, "/Filter"))}
    if filters & {"LZWDecode", "LZW"}:
        yield "lzw-compression", say("{what} is compressed with LZW", what=_called(subtype))
    if "Crypt" in filters:
        yield "encrypted-stream", say("{what} is encrypted (Crypt)", what=_called(subtype))
    if entry(value, "/F") is not None:
        yield "external-stream", say("{what} is outside the file (F)", what=_called(subtype))
    if subtype == "PS" or name(raw(value, "/Subtype2")) == "PS" or entry(value, "/PS") is not None:
        yield "postscript-object", say("a part of the page is a PostScript program")
    if entry(value, "/OPI") is not None:
        yield "opi", say("{what} is a placeholder for another one elsewhere (OPI)", what=_called(subtype))
    if is_dictionary(raw(value, "/Ref")):
        yield "reference-object", say("a part of the page refers to a page of another file (Ref)")
    if listed(raw(value, "/Alternates")):
        yield "alternate-image", say("a picture has other versions of itself (Alternates)")
    intent = name(raw(value, "/Intent"))
    if subtype == "Image" and intent and intent not in INTENTS:
        yield "unknown-rendering-intent", say('a picture has the rendering intent "{intent}"', intent=intent)


def _called(subtype: str) -> Text:
    match subtype:
        case "Image":
            return say("a picture")
        case "Form":
            return say("a part of the page")
    return say("a stream")


def _state(value: object) -> Iterator[tuple[str, Text]]:
    """What is wrong with one graphics state dictionary, as rule and message."""
    if raw(value, "/TR") is not None:
        yield "transfer-curve", say("a graphics state has a transfer curve (TR)")
    second = raw(value, "/TR2")
    if second is not None and name(second) != "Default":
        yield "transfer-curve", say("a graphics state has a transfer curve (TR2)")
    if raw(value, "/HTP") is not None:
        yield "halftone", say("a graphics state moves the halftone (HTP)")
    halftone = raw(value, "/HT")
    if is_dictionary(halftone):
        yield from _halftone(halftone)
    modes = [name(one) for one in listed(raw(value, "/BM"))]
    if modes and not any(mode in BLEND_MODES for mode in modes):
        yield "unknown-blend-mode", say('a graphics state has the blend mode "{modes}"', modes=modes[0])
    intent = name(raw(value, "/RI"))
    if intent and intent not in INTENTS:
        yield "unknown-rendering-intent", say('a graphics state has the rendering intent "{intent}"', intent=intent)


def _halftone(halftone: object) -> Iterator[tuple[str, Text]]:
    kind = resolve(raw(halftone, "/HalftoneType"))
    if kind not in (1, 5):
        yield "halftone", say("a halftone has the type {kind}; 1 and 5 are allowed", kind=kind)
    if raw(halftone, "/HalftoneName") is not None:
        yield "halftone", say("a halftone has a name (HalftoneName), which is known to one device alone")
