"""Sets Arabic and Hebrew in a line that runs from the left, without a shaping engine.

Arabic letters become the characters that Unicode has for each way they join (Arabic Presentation Forms), and a run from
the right is turned around; numbers in it are not. Vowel signs are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

from livret.content.language.bidi import FROM_THE_RIGHT

_RUN = re.compile(
    rf"[{FROM_THE_RIGHT}]+(?:[^\w{FROM_THE_RIGHT}]*(?:\d[\d.,]*[^\w{FROM_THE_RIGHT}]*)*[{FROM_THE_RIGHT}]+)*"
)
_NUMBER = re.compile(r"\d[\d.,]*")
_MIRRORED = str.maketrans("()[]{}«»<>", ")(][}{»«><")


def in_order(text: str, set_run: Callable[[str], str]) -> str:
    """Return a text with each run from the right as `set_run` gives it."""
    return _RUN.sub(lambda run: set_run(run[0]), text)


def drawn(run: str) -> str:
    """Return a run from the right as it is drawn from the left: with joined letters, in the opposite order."""
    turned = _joined(run)[::-1].translate(_MIRRORED)
    return _NUMBER.sub(lambda number: number[0][::-1], turned)


@cache
def _forms() -> dict[tuple[str, str], str]:
    """The joined forms: by the letters, and by `isolated`, `initial`, `medial` or `final`."""
    found: dict[tuple[str, str], str] = {}
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD)):
        kind, _, letters = unicodedata.decomposition(chr(code)).partition("> ")
        text = "".join(chr(int(letter, 16)) for letter in letters.split())
        # Ligatures of two letters are needed for lam with alef only.
        if len(text) == 1 or (len(text) == 2 and text[0] == "\u0644" and text[1] in "\u0622\u0623\u0625\u0627"):
            found.setdefault((text, kind[1:]), chr(code))
    return found


def forms_of(text: str) -> frozenset[str]:
    """Return all joined forms that letters of a text may take, wherever it is cut."""
    return frozenset(form for (letters, _), form in _forms().items() if set(letters) <= set(text))


def _joined(run: str) -> str:
    forms = _forms()
    letters = [one for one in run if not unicodedata.category(one).startswith("M")]
    made: list[str] = []
    is_joined = False
    at = 0
    while at < len(letters):
        pair = "".join(letters[at : at + 2])
        one = pair if (pair, "isolated") in forms and len(pair) == 2 else letters[at]
        after = letters[at + len(one)] if at + len(one) < len(letters) else ""
        # A letter joins the next when it has an initial form and the next a final one.
        goes_on = (one, "initial") in forms and (after, "final") in forms
        kind = ("medial" if goes_on else "final") if is_joined else ("initial" if goes_on else "isolated")
        made.append(forms.get((one, kind), one))
        is_joined = goes_on
        at += len(one)
    return "".join(made)
