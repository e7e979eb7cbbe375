"""The resources of content streams, each looked up once, and what a file shares between its pages."""

from __future__ import annotations

from collections import OrderedDict

from livret.control.preflight.pdf_objects import data, entry, identity, raw, resolve
from livret.control.preflight.print.content.colour import CMYK, GRAY, RGB, ColourSpace, ColourSpaces, InkPaint, paint
from livret.control.preflight.print.content.graphics_state import StateChange, read_change
from livret.control.preflight.print.content.layers import Layers
from livret.control.preflight.print.content.lexer import numbers_of
from livret.control.preflight.print.content.print_fonts import PrintFont, read_font

# Decoded streams that are kept for the next page: forms and patterns that many pages draw.
MOST_KEPT = 16 << 20
LARGEST_KEPT = 2 << 20
# The most colours that are kept for one stream.
MOST_COLOURS = 1000
_DEVICE = {b"g": GRAY, b"G": GRAY, b"rg": RGB, b"RG": RGB, b"k": CMYK, b"K": CMYK}


class Shared:
    """What is read once for a file: fonts, colour spaces, layers and the streams of forms."""

    def __init__(self, root: object) -> None:
        self.layers = Layers(root)
        self.spaces = ColourSpaces()
        self._fonts: dict[int, PrintFont] = {}
        self._streams: OrderedDict[int, bytes] = OrderedDict()
        self._size = 0
        # How many operators all pages had so far.
        self.operators = 0

    def forget(self) -> None:
        """Let go of what was read, so that a long file needs no more memory than a short one."""
        self.spaces.forget()
        self._fonts.clear()

    def font(self, value: object) -> PrintFont:
        """The font behind a reference."""
        key = identity(value)
        if key not in self._fonts:
            found = read_font(value)
            if key < 0:
                # An object without a number is found by its address, which is free again when it is gone.
                return found
            self._fonts[key] = found
        return self._fonts[key]

    def stream(self, value: object) -> bytes:
        """The decoded data of a content stream."""
        key = identity(value)
        if key in self._streams:
            self._streams.move_to_end(key)
            return self._streams[key]
        found = data(value)
        if key > 0 and len(found) <= LARGEST_KEPT:
            self._streams[key] = found
            self._size += len(found)
            while self._size > MOST_KEPT:
                self._size -= len(self._streams.popitem(last=False)[1])
        return found


class StreamResources:
    """The resource dictionary of one stream."""

    def __init__(self, value: object, shared: Shared) -> None:
        self.value = resolve(value)
        self.shared = shared
        self._fonts: dict[str, PrintFont] = {}
        self._changes: dict[str, StateChange | None] = {}
        self._spaces: dict[str, ColourSpace] = {}
        self._colours: dict[tuple[bytes, bytes], InkPaint | None] = {}

    def device_colour(self, operator: bytes, written: bytes) -> InkPaint | None:
        """The colour that g, G, rg, RG, k or K sets with its numbers; None when it has too few."""
        key = (operator, written)
        if key not in self._colours:
            if len(self._colours) >= MOST_COLOURS:
                self._colours.clear()
            plain = _DEVICE[operator]
            given = numbers_of(written)
            space = self.space(plain.kind)
            self._colours[key] = paint(space, given[-plain.parts :]) if len(given) >= plain.parts else None
        return self._colours[key]

    def font(self, named: str) -> PrintFont | None:
        """The font of a name; None when there is none."""
        if named not in self._fonts:
            found = raw(entry(self.value, "/Font"), f"/{named}")
            if resolve(found) is None:
                return None
            self._fonts[named] = self.shared.font(found)
        return self._fonts[named]

    def change(self, named: str) -> StateChange | None:
        """What the graphics state dictionary of a name sets; None when there is none."""
        if named not in self._changes:
            found = entry(self.value, "/ExtGState", f"/{named}")
            self._changes[named] = None if found is None else read_change(found)
        return self._changes[named]

    def space(self, named: str) -> ColourSpace:
        """The colour space of a name."""
        if named not in self._spaces:
            self._spaces[named] = self.shared.spaces.named(named, self.value)
        return self._spaces[named]

    def other(self, kind: str, named: str) -> object:
        """A reference to what a name stands for among `/XObject`, `/Pattern`, `/Shading` or `/Properties`."""
        return raw(entry(self.value, kind), f"/{named}")
