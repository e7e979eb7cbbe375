"""Reads the colour spaces of a PDF (ISO 32000-1, 8.6): the meaning of the numbers of a colour before separation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pikepdf

from livret.book.separation import functions
from livret.book.separation.functions import Function, Intervals, Values
from livret.book.separation.ink import read_profile
from livret.book.separation.pdf_input import FAULTS, Inseparable, between, floats, pairs, plain_bytes
from livret.project import digest
from livret.translation import say, say_number

# How deep spaces may nest. A Pattern on an Indexed on a Separation on an ICCBased space has four levels.
DEPTH = 6

# The device colour spaces and their channels. They replace an ICC profile with the same number of channels.
DEVICE = {"/DeviceGray": 1, "/DeviceRGB": 3, "/DeviceCMYK": 4}
# Short names, which are allowed only in inline images (ISO 32000-1, table 93).
SHORT = {"/G": "/DeviceGray", "/RGB": "/DeviceRGB", "/CMYK": "/DeviceCMYK", "/I": "/Indexed"}

# The matrix from XYZ to linear sRGB, both with D65 white (IEC 61966-2-1). Then the white.
_SRGB = ((3.2404542, -1.5371385, -0.4985314), (-0.9692660, 1.8760108, 0.0415560), (0.0556434, -0.2040259, 1.0572252))
_D65 = (0.95047, 1.0, 1.08883)


@dataclass(frozen=True)
class Original:
    """A colour of the source: `rgb` and `cmyk` from 0 to 1, `lab` in its own units, or `profiled` in an ICC profile."""

    kind: Literal["rgb", "cmyk", "lab", "profiled"]
    values: Values
    profile: bytes = b""

    @property
    def is_neutral(self) -> bool:
        """Whether it is an sRGB colour that is grey when rounded to 8 bits."""
        return self.kind == "rgb" and len({round(value * 255) for value in self.values}) == 1


@dataclass(frozen=True)
class Space:
    """A colour space.

    `ranges` are the ranges of its components. Spaces with the same `key` are equal. An empty `key` cannot be compared.
    """

    family: str
    components: int
    ranges: Intervals
    key: str
    convert: Callable[[Values], Original] = field(repr=False)
    initial: Values = ()
    profile: bytes = field(default=b"", repr=False)
    base: Space | None = None
    table: bytes = field(default=b"", repr=False)
    # For a Separation: its PDF object, and the function that converts to the base.
    source: Any = field(default=None, repr=False)
    tint: Function | None = field(default=None, repr=False)

    def original(self, values: Sequence[float]) -> Original:
        """Return the colour of components, limited to their ranges. Raises Inseparable when their number is wrong."""
        if len(values) != self.components:
            raise Inseparable(
                "damaged-part",
                say_number(
                    "a colour has {number} component instead of {components}",
                    "a colour has {number} components instead of {components}",
                    number=len(values),
                    components=self.components,
                ),
            )
        held = tuple(between(value, *limits) for value, limits in zip(values, self.ranges, strict=True))
        return self.convert(held)

    @property
    def kind(self) -> str:
        """The kind of its colours: `rgb`, `cmyk`, `lab` or `profiled`."""
        return self.convert(self.initial).kind


def read(source: Any, named: Mapping[str, Any] | None = None, depth: int = 0) -> Space:
    """Read a space that a PDF names or describes. `named` are the spaces of the resources, for names and defaults.

    Raises Inseparable when there is no such space, or it does not follow the standard.
    """
    try:
        return _read(source, named or {}, depth)
    except Inseparable:
        raise
    except FAULTS as fault:
        raise Inseparable("unknown-colour-space", say("a colour space is damaged: {fault}", fault=fault)) from fault


def _read(source: Any, named: Mapping[str, Any], depth: int) -> Space:
    if depth > DEPTH:
        raise Inseparable("unknown-colour-space", say("colour spaces are nested too deeply"))
    if isinstance(source, pikepdf.Name):
        # A resource may have the same name as a short name of inline images. Then the resource is meant.
        name = str(source) if str(source) in named else SHORT.get(str(source), str(source))
        default = named.get(name.replace("/Device", "/Default")) if name in DEVICE else None
        if default is not None:
            return _read(default, {}, depth + 1)
        if name in DEVICE:
            return _DEVICES[name]
        if name == "/Pattern":
            return _pattern(None)
        if name in named:
            return _read(named[name], {key: one for key, one in named.items() if key != name}, depth + 1)
        raise Inseparable("unknown-colour-space", say('there is no colour space "{name}"', name=name[1:]))
    family = SHORT.get(str(source[0]), str(source[0]))
    if family in DEVICE:
        return _read(source[0], named, depth + 1)
    if family == "/Pattern":
        return _pattern(_read(source[1], named, depth + 1) if len(source) > 1 else None)
    if family == "/ICCBased":
        return _profiled(source[1], named, depth)
    if family == "/CalGray":
        return _grey("/CalGray")
    if family == "/CalRGB":
        return _calibrated(source[1])
    if family == "/Lab":
        return _lab(source[1])
    if family == "/Indexed":
        return _indexed(source, named, depth)
    if family in ("/Separation", "/DeviceN"):
        return _tinted(source, family, named, depth)
    raise Inseparable("unknown-colour-space", say('there is no kind of colour space "{family}"', family=family[1:]))


# --- families ---

_UNIT = (0.0, 1.0)


def _grey(family: str) -> Space:
    return Space(family, 1, (_UNIT,), "grey", lambda values: Original("rgb", values * 3), (0.0,))


def _pattern(base: Space | None) -> Space:
    def refuse(values: Values) -> Original:
        raise Inseparable("unknown-colour-space", say("a pattern is used as a colour"))

    return Space("/Pattern", 0, (), "pattern", refuse, (), b"", base)


def _profiled(stream: Any, named: Mapping[str, Any], depth: int) -> Space:
    """Read an ICCBased space. sRGB, grey and unreadable profiles are read as device spaces with as many channels."""
    number = int(stream["/N"])
    raw = plain_bytes(stream)
    profile = read_profile(raw)
    signature = profile.profile.xcolor_space.strip() if profile else ""
    if profile is None or {"GRAY": 1, "RGB": 3, "CMYK": 4, "Lab": 3}.get(signature) != number:
        if "/Alternate" in stream:
            return _read(stream["/Alternate"], named, depth + 1)
        signature = {1: "GRAY", 3: "sRGB", 4: "DeviceCMYK"}.get(number, "")
    if signature == "GRAY":
        return _grey("/ICCBased")
    description = profile.profile.profile_description or "" if profile else ""
    if signature == "sRGB" or (signature == "RGB" and "sRGB" in description):
        return _DEVICES["/DeviceRGB"]
    if signature == "DeviceCMYK":
        return _DEVICES["/DeviceCMYK"]
    if signature == "Lab":
        return _lab(pikepdf.Dictionary(Range=[-128, 127, -128, 127]))
    if not signature:
        raise Inseparable(
            "unknown-colour-space",
            say_number("a profile has {number} channel", "a profile has {number} channels", number=number),
        )
    initial = (0.0, 0.0, 0.0, 1.0)[-number:] if number == 4 else (0.0,) * number
    return Space(
        "/ICCBased",
        number,
        (_UNIT,) * number,
        digest(raw),
        lambda values: Original("profiled", values, raw),
        initial,
        raw,
    )


def _calibrated(entry: Any) -> Space:
    """Read CalRGB. Colours are converted to XYZ, and scaled from its white to the white of sRGB."""
    gammas = floats(entry.get("/Gamma", [1, 1, 1]), 3)
    matrix = floats(entry.get("/Matrix", [1, 0, 0, 0, 1, 0, 0, 0, 1]), 9)
    white = floats(entry["/WhitePoint"], 3)

    def convert(values: Values) -> Original:
        light = [value**gamma for value, gamma in zip(values, gammas, strict=True)]
        xyz = [sum(matrix[3 * one + axis] * light[one] for one in range(3)) for axis in range(3)]
        return Original("rgb", _screen([value / own * to for value, own, to in zip(xyz, white, _D65, strict=True)]))

    return Space("/CalRGB", 3, (_UNIT,) * 3, f"{gammas}{matrix}{white}", convert, (0.0,) * 3)


def _screen(xyz: Sequence[float]) -> Values:
    """Convert XYZ with D65 white to sRGB, limited to its gamut."""
    light = (between(sum(a * b for a, b in zip(row, xyz, strict=True)), 0, 1) for row in _SRGB)
    return tuple(12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055 for value in light)


def _lab(entry: Any) -> Space:
    limits = pairs(entry.get("/Range", [-100, 100, -100, 100]))
    ranges = ((0.0, 100.0), *limits)
    initial = (0.0, *(between(0, *one) for one in limits))
    return Space("/Lab", 3, ranges, f"lab{limits}", lambda values: Original("lab", values), initial)


def lab_to_screen(values: Sequence[float]) -> Values:
    """Convert CIE L*a*b*, relative to the white, to sRGB (0 to 1), limited to its gamut."""
    y = (values[0] + 16) / 116
    parts = (y + values[1] / 500, y, y - values[2] / 200)
    xyz = [part**3 if part > 6 / 29 else (part - 4 / 29) * 108 / 841 for part in parts]
    return _screen([value * white for value, white in zip(xyz, _D65, strict=True)])


def _indexed(source: Any, named: Mapping[str, Any], depth: int) -> Space:
    base = _read(source[1], named, depth + 1)
    if base.family in ("/Pattern", "/Indexed"):
        raise Inseparable("unknown-colour-space", say("an indexed colour space has no base"))
    high, table = int(source[2]), source[3]
    if not isinstance(table, pikepdf.Stream | pikepdf.String):
        raise Inseparable("damaged-part", say("an indexed colour space has no table"))
    table = plain_bytes(table) if isinstance(table, pikepdf.Stream) else bytes(table)
    wanted = (high + 1) * base.components
    if not 0 <= high <= 255 or len(table) < wanted:
        raise Inseparable("damaged-part", say("the table of an indexed colour space is too short"))
    table = table[:wanted]

    def convert(values: Values) -> Original:
        at = int(values[0]) * base.components
        entry = table[at : at + base.components]
        return base.convert(
            tuple(low + value / 255 * (top - low) for value, (low, top) in zip(entry, base.ranges, strict=True))
        )

    key = digest("indexed", base.key, table)
    return Space("/Indexed", 1, ((0.0, float(high)),), key, convert, (0.0,), b"", base, table)


def _tinted(source: Any, family: str, named: Mapping[str, Any], depth: int) -> Space:
    """Read Separation and DeviceN. The tint function converts to the alternate space."""
    number = 1 if family == "/Separation" else len(source[1])
    base = _read(source[2], named, depth + 1)
    tint = functions.read(source[3])
    if len(tint.domain) != number or tint.outputs != base.components:
        raise Inseparable("unknown-colour-space", say("the function of a spot colour has the wrong number of values"))
    return Space(
        family,
        number,
        (_UNIT,) * number,
        "",
        lambda values: base.original(tint(*values)),
        (1.0,) * number,
        b"",
        base,
        b"",
        source,
        tint,
    )


_DEVICES: dict[str, Space] = {
    "/DeviceGray": _grey("/DeviceGray"),
    "/DeviceRGB": Space("/DeviceRGB", 3, (_UNIT,) * 3, "rgb", lambda values: Original("rgb", values), (0.0,) * 3),
    "/DeviceCMYK": Space(
        "/DeviceCMYK", 4, (_UNIT,) * 4, "cmyk", lambda values: Original("cmyk", values), (0.0, 0.0, 0.0, 1.0)
    ),
}


def device(name: str) -> Space:
    """Return a device space: `/DeviceGray`, `/DeviceRGB` or `/DeviceCMYK`."""
    return _DEVICES[name]
