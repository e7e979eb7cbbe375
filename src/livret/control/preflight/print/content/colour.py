"""Colour spaces and colours: which inks a colour prints, and whether it is white or pure black.

ISO 32000-1, 8.6; what is white and black is said by GWG 2022, D0010 and D0013.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from livret.control.preflight.pdf_objects import data, entry, listed, members, name, raw, resolve, whole

PROCESS = ("Cyan", "Magenta", "Yellow", "Black")
# These names are no spot colours: the process inks, all inks, or no ink.
NO_SPOTS = frozenset({*PROCESS, "All", "None"})
# Half a step of eight bits: a smaller difference does not print.
STEP = 0.5 / 255
_DEVICE = {"DeviceGray": 1, "DeviceRGB": 3, "DeviceCMYK": 4, "CalGray": 1, "CalRGB": 3, "Lab": 3, "Pattern": 0}
SHORT = {"G": "DeviceGray", "RGB": "DeviceRGB", "CMYK": "DeviceCMYK", "I": "Indexed"}
_DEFAULTS = {"DeviceGray": "/DefaultGray", "DeviceRGB": "/DefaultRGB", "DeviceCMYK": "/DefaultCMYK"}
DEEPEST = 8


@dataclass(frozen=True, eq=False)
class ColourSpace:
    """A colour space. `kind` is its family; ICC profiles come as ICCBasedGray, ICCBasedRGB, ICCBasedCMYK, ICCBasedLab.

    `base` is what an Indexed space or a pattern counts in, `alternate` what Separation and DeviceN fall back on,
    `names` the colorants of those two, and `source` the object it was read from.
    """

    kind: str
    parts: int
    names: tuple[str, ...] = ()
    base: ColourSpace | None = None
    alternate: ColourSpace | None = None
    source: object = field(default=None, repr=False)

    @property
    def counted(self) -> ColourSpace:
        """The space that colours are given in: an Indexed space and a pattern stand for their base."""
        found = self
        for _ in range(DEEPEST):
            if found.base is None:
                return found
            found = found.base
        return found

    @property
    def spots(self) -> tuple[str, ...]:
        """The spot colours that it may print."""
        return tuple(one for one in self.counted.names if one not in NO_SPOTS)

    @property
    def initial(self) -> tuple[float, ...]:
        """The colour that choosing the space sets (ISO 32000-1, 8.6.8)."""
        if self.kind in {"Separation", "DeviceN"}:
            return (1.0,) * self.parts
        if self.kind in {"DeviceCMYK", "ICCBasedCMYK"}:
            return (0.0, 0.0, 0.0, 1.0)
        return (0.0,) * self.parts


GRAY = ColourSpace("DeviceGray", 1)
RGB = ColourSpace("DeviceRGB", 3)
CMYK = ColourSpace("DeviceCMYK", 4)
PATTERN = ColourSpace("Pattern", 0)
UNKNOWN = ColourSpace("", 0)
_PLAIN = {"DeviceGray": GRAY, "DeviceRGB": RGB, "DeviceCMYK": CMYK, "Pattern": PATTERN}
_ICC = {1: "ICCBasedGray", 3: "ICCBasedRGB", 4: "ICCBasedCMYK"}


@dataclass(frozen=True, eq=False)
class InkPaint:
    """A colour: its space and its values. `parts` says how much of which ink it prints where that is known."""

    space: ColourSpace
    values: tuple[float, ...]
    inks: dict[str, float] | None
    white: bool
    black: bool
    # Whether it leaves anything on the paper, as far as can be told.
    prints: bool = True
    # A pattern paints in place of a colour.
    pattern: object = None

    @property
    def several(self) -> int:
        """How many inks it prints; 0 where that is not known."""
        return sum(value > STEP for value in self.inks.values()) if self.inks is not None else 0


def paint(space: ColourSpace, values: tuple[float, ...]) -> InkPaint:
    """The colour that values give in a space."""
    counted = space
    kind = counted.kind
    clipped = tuple(min(1.0, max(0.0, one)) if kind != "Lab" else one for one in values[: counted.parts or None])
    if kind in {"DeviceCMYK", "ICCBasedCMYK"} and len(clipped) == 4:
        inks = dict(zip(PROCESS, clipped, strict=True))
        exact = kind == "DeviceCMYK"
        return InkPaint(space, clipped, inks, exact and _none(inks), exact and _only_black(inks), not _none(inks))
    if kind in {"DeviceGray", "ICCBasedGray", "CalGray"} and len(clipped) == 1:
        inks = {"Black": 1 - clipped[0]}
        exact = kind == "DeviceGray"
        return InkPaint(space, clipped, inks, exact and _none(inks), exact and _only_black(inks), not _none(inks))
    if kind in {"Separation", "DeviceN"} and len(clipped) == len(counted.names):
        inks = {key: value for key, value in zip(counted.names, clipped, strict=True) if key != "None"}
        known = bool(inks)
        return InkPaint(space, clipped, inks, known and _none(inks), _only_black(inks), known and not _none(inks))
    if kind in {"DeviceRGB", "CalRGB", "ICCBasedRGB"} and len(clipped) == 3:
        return InkPaint(space, clipped, None, False, False, min(clipped) < 1 - STEP)
    if kind == "Lab" and len(clipped) == 3:
        return InkPaint(space, clipped, None, False, False, clipped[0] < 99.9)
    return InkPaint(space, clipped, None, False, False)


def _none(inks: dict[str, float]) -> bool:
    return all(value <= STEP for value in inks.values())


def _only_black(inks: dict[str, float]) -> bool:
    return inks.get("Black", 0) >= 1 - STEP and all(value <= STEP for key, value in inks.items() if key != "Black")


class ColourSpaces:
    """Reads the colour spaces of a file, each once. Resources may set a space in place of a device space."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], ColourSpace] = {}
        # Keeps the objects alive, so that no other object takes their number.
        self._kept: list[object] = []

    def forget(self) -> None:
        """Let go of the spaces and of the objects they were read from."""
        self._known.clear()
        self._kept.clear()

    def find(self, value: object, resources: object, depth: int = 0) -> ColourSpace:
        """The space that a name or an array stands for; UNKNOWN when it is broken."""
        found = resolve(value)
        if found is None or depth > DEEPEST:
            return UNKNOWN
        named = name(found)
        if named:
            return self.named(named, resources, depth)
        key = (id(found), id(resolve(entry(resources, "/ColorSpace"))))
        if key not in self._known:
            self._kept.append((found, entry(resources, "/ColorSpace")))
            self._known[key] = self._array(found, resources, depth)
        return self._known[key]

    def named(self, named: str, resources: object, depth: int = 0) -> ColourSpace:
        """The space of a name: a device space, or one that the resources name."""
        if named in _PLAIN:
            default = _DEFAULTS.get(named)
            put = entry(resources, "/ColorSpace", default) if default else None
            if put is not None and name(put) != named and depth < DEEPEST:
                # A default space cannot stand for itself, so the device spaces inside it are left as they are.
                return self.find(put, None, depth + 1)
            return _PLAIN[named]
        own = entry(resources, "/ColorSpace", f"/{named}")
        if own is None or name(own) == named:
            return UNKNOWN
        return self.find(own, resources, depth + 1)

    def _array(self, found: object, resources: object, depth: int) -> ColourSpace:
        parts = members(found)
        kind = name(parts[0]) if parts else ""
        kind = SHORT.get(kind, kind)
        if len(parts) == 1 and kind in _PLAIN:
            return self.named(kind, resources, depth + 1)
        if kind in _DEVICE and kind not in {"Pattern", "DeviceGray", "DeviceRGB", "DeviceCMYK"}:
            return ColourSpace(kind, _DEVICE[kind], source=found)
        if len(parts) < 2:
            return UNKNOWN
        if kind == "ICCBased":
            return _icc(parts[1])
        if kind in {"Pattern", "Indexed", "I"}:
            base = self.find(parts[1], resources, depth + 1)
            return ColourSpace("Indexed" if kind == "I" else kind, 1 if kind == "Indexed" else base.parts, base=base)
        if kind == "Separation" and len(parts) >= 4:
            alternate = self.find(parts[2], resources, depth + 1)
            return ColourSpace(kind, 1, (name(parts[1]),), alternate=alternate, source=found)
        if kind == "DeviceN" and len(parts) >= 4:
            names = tuple(name(one) for one in listed(parts[1]))[:64]
            alternate = self.find(parts[2], resources, depth + 1)
            return ColourSpace(kind, len(names), names, alternate=alternate, source=found)
        return UNKNOWN


def _icc(stream: object) -> ColourSpace:
    """The space of an ICC profile, by its header, else by its number of components."""
    head = data(stream)[16:20]
    kinds = {b"GRAY": "ICCBasedGray", b"RGB ": "ICCBasedRGB", b"CMYK": "ICCBasedCMYK", b"Lab ": "ICCBasedLab"}
    parts = whole(raw(stream, "/N")) or 0
    kind = kinds.get(head) or _ICC.get(parts, "")
    return ColourSpace(kind, parts, source=resolve(stream)) if kind else UNKNOWN


def nested(space: ColourSpace) -> Iterator[tuple[bool, ColourSpace]]:
    """The spaces that a colour is meant in (False) and those that stand in for them (True: alternate)."""
    counted = space.counted
    yield False, counted
    alternate = counted.alternate
    for _ in range(DEEPEST):
        if alternate is None:
            return
        yield True, alternate.counted
        alternate = alternate.counted.alternate
