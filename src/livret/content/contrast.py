"""Readable colours: the contrast of WCAG 2.1, what of a colour can be read, and the nearest shade that can.

The one place for these rules: `livret check`, the printed layouts and the web edition all ask here. Colours are
`#rrggbb`.
"""

from __future__ import annotations

from collections.abc import Iterator

from livret.translation import Text, say

BLACK, WHITE = "#000000", "#ffffff"

# WCAG 2.1, 1.4.3 Contrast (Minimum), level AA, for text of any size.
ENOUGH = 4.5


def relative_luminance(red: float, green: float, blue: float) -> float:
    """The relative luminance of a colour in sRGB, each channel from 0 to 1 (WCAG 2.1)."""
    channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue)]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def luminance_ratio(one: float, other: float) -> float:
    """The contrast ratio of two luminances, 1 to 21 (WCAG 2.1)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    return luminance_ratio(*(relative_luminance(*(part / 255 for part in _channels(each))) for each in (one, other)))


def on(ground: str) -> str:
    """The text colour on this ground: white if it can be read there, else black."""
    return WHITE if contrast(WHITE, ground) >= ENOUGH else BLACK


def readable(colour: str, *grounds: str) -> str:
    """The colour itself if it can be read as text on all these pale grounds, else the nearest darker shade that can."""
    return next(
        (shade for shade in _darker(colour) if all(contrast(shade, ground) >= ENOUGH for ground in grounds)), BLACK
    )


def readable_on_dark(colour: str, *grounds: str, ratio: float = ENOUGH) -> str:
    """The colour itself if it has this contrast with all these dark grounds, else the nearest paler shade that has."""
    shades = (mixed(WHITE, colour, step / 100) for step in range(101))
    return next((shade for shade in shades if all(contrast(shade, ground) >= ratio for ground in grounds)), WHITE)


def mixed(colour: str, ground: str, share: float) -> str:
    """So much of a colour on a ground; a share of 0 is the ground."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return _hexadecimal(below + (above - below) * share for above, below in pairs)


def doubts(colour: str) -> dict[Text, float]:
    """What cannot be read of a colour that somebody chose, with its contrast.

    Three uses are looked at: text in it on paper, text in it on its tint, and white text on it.

    Empty when the colour can be used for all three.
    """
    uses = {
        say("text on paper"): contrast(colour, WHITE),
        say("text on its tint"): contrast(colour, tint(colour)),
        say("white on it"): contrast(WHITE, colour),
    }
    return {use: ratio for use, ratio in uses.items() if ratio < ENOUGH}


def nearest_good(colour: str) -> str:
    """The nearest darker shade of a colour that can be used for all that `doubts` looks at."""
    return next((shade for shade in _darker(colour) if not doubts(shade)), BLACK)


def tint(colour: str) -> str:
    """A pale panel colour: 12 % of the colour on white paper."""
    return _hexadecimal(255 - (255 - channel) * 0.12 for channel in _channels(colour))


def six_digits(colour: str) -> str:
    """`#abc` as `#aabbcc`, in small letters."""
    short = colour.lower()
    return short if len(short) == 7 else "#" + "".join(2 * digit for digit in short[1:])


def _darker(colour: str) -> Iterator[str]:
    """The colour and its darker shades, one step of its brightest channel each: the hue stays."""
    channels = _channels(colour)
    most = max(channels)
    yield colour
    for step in range(most - 1, -1, -1):
        yield _hexadecimal(channel * step / most for channel in channels)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[index : index + 2], 16) for index in (1, 3, 5))


def _hexadecimal(channels: Iterator[float]) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)
