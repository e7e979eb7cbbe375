"""Signs that no font has: which they are, how a message shows them, and what can be done about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from livret.translation import Text, joined, say, say_number

# What the fonts of Livret have is not looked up in them: opening fonts takes a tenth of a second.
_UNUSUAL = re.compile(
    "[^\t\n\r -~\u00a0-\u0181\u0391-\u03a1\u03a3-\u03ce\u0400-\u045f\u060c\u061b\u061f\u0621-\u06ff"
    "\u1e9e-\u1ef9\u2009-\u201e\u2020-\u2022\u2026\u202f\u2030\u2032\u2033\u2039\u203a\u2060\u20ac\u2122"
    "\u2190-\u2193\u2212\u2248\u2260\u2264\u2265]"
)
# Of what Unicode says need not be drawn (Default_Ignorable_Code_Point), all that is no control or format character:
# these are, among others, what chooses between a sign and its picture.
_NOT_DRAWN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)
# Signs that are nothing to look at by themselves: marks, spaces, and what no standard has given a shape.
_WITHOUT_SHAPE = frozenset({"Mn", "Me", "Mc", "Zs", "Zl", "Zp", "Co", "Cn", "Cs"})
# So many signs a message shows.
_SHOWN = 8

# Free fonts (OFL) of scripts that no font of Livret has, by the first word of a character's name in Unicode.
_FONTS = {
    "ARMENIAN": "Noto Serif Armenian",
    "BENGALI": "Noto Serif Bengali",
    "CJK": "Noto Serif CJK",
    "DEVANAGARI": "Noto Serif Devanagari",
    "ETHIOPIC": "Noto Serif Ethiopic",
    "GEORGIAN": "Noto Serif Georgian",
    "HANGUL": "Noto Serif CJK",
    "HEBREW": "Noto Serif Hebrew",
    "HIRAGANA": "Noto Serif CJK",
    "KATAKANA": "Noto Serif CJK",
    "KHMER": "Noto Serif Khmer",
    "MYANMAR": "Noto Serif Myanmar",
    "SINHALA": "Noto Serif Sinhala",
    "SYRIAC": "Noto Sans Syriac",
    "TAMIL": "Noto Serif Tamil",
    "THAI": "Noto Serif Thai",
    "TIBETAN": "Noto Serif Tibetan",
    "TIFINAGH": "Noto Sans Tifinagh",
}
# Pictures in a text have no common word in their names.
_PICTURES = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_FONT_OF_PICTURES = "Noto Emoji"


def is_unusual(text: str) -> bool:
    """Whether a text has a sign that the fonts of Livret may not have. Most texts have none, which is quickly seen."""
    return _UNUSUAL.search(text) is not None


def without_glyph(runs: Iterable[str], characters: Collection[int]) -> tuple[str, ...]:
    """The signs of texts that no font covers, those that can be seen first; what is never drawn needs no glyph."""
    used = {sign for run in runs for sign in run if ord(sign) not in characters}
    drawn = (sign for sign in used if unicodedata.category(sign) not in ("Cc", "Cf") and not _NOT_DRAWN.match(sign))
    return tuple(sorted(drawn, key=lambda sign: (_is_without_shape(sign), sign)))


def shown(missing: Sequence[str]) -> str:
    """The first of these signs, each with its number in Unicode."""
    signs = (f"U+{ord(one):04X}" if _is_without_shape(one) else f"{one} (U+{ord(one):04X})" for one in missing[:_SHOWN])
    return ", ".join((*signs, *(["…"] if len(missing) > _SHOWN else [])))


def told(missing: Sequence[str]) -> Text:
    """The message about signs that no font has."""
    return say("no font has {character}", character=shown(missing))


def hints(missing: Sequence[str]) -> tuple[Text, ...]:
    """What can be done: the signs can be taken out, or a font added that has them."""
    number = len(missing)
    out = say_number(
        "take the sign out of the text, or write it in words",
        "take the signs out of the text, or write them in words",
        number=number,
    )
    scripts = (unicodedata.name(sign, "").split(" ")[0] for sign in missing)
    fonts = {_FONTS[script] for script in scripts if script in _FONTS}
    # A text in another script is there on purpose.
    is_script = bool(fonts)
    if any(map(_PICTURES.match, missing)):
        fonts.add(_FONT_OF_PICTURES)
    add = say_number("add a font that has it to fonts/", "add fonts that have them to fonts/", number=number)
    if fonts:
        add = say_number(
            "add a font that has it to fonts/, such as {fonts}, and name it in the layout's CSS",
            "add fonts that have them to fonts/, such as {fonts}, and name them in the layout's CSS",
            number=number,
            fonts=joined(sorted(fonts)),
        )
    return (add, out) if is_script else (out, add)


def _is_without_shape(sign: str) -> bool:
    return unicodedata.category(sign) in _WITHOUT_SHAPE
