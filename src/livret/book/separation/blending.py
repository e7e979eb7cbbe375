"""Blending that looks otherwise on paper than on screen, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from livret.findings import Finding, warning
from livret.translation import say

# Blend modes that look nearly the same in ink and on screen. Measured where shapes overlap, with FOGRA39L: Multiply
# differs by 8 CIE76, Hue by 5, Screen by 27, Color Dodge by 51.
_ALIKE = ("/Normal", "/Compatible", "/Multiply", "/Darken", "/Hue")


def unlike_on_paper(state: Any, place: str) -> Iterator[Finding]:
    """Warn of a blend mode, and of transparent shapes, that give other colours in ink than on screen."""
    modes = state.get("/BM")
    # Of an array, the first mode counts.
    mode = modes[0] if isinstance(modes, pikepdf.Array) and len(modes) else modes
    if mode is not None and str(mode) not in _ALIKE:
        message = say(
            "{place}: the blend mode {mode} gives other colours in ink than on screen", place=place, mode=str(mode)[1:]
        )
        hint = say("mix by Multiply, or draw the colours that are meant")
        yield warning("unlike-blend-mode", message, None, hint)
    opacity = min(float(state.get(name, 1)) for name in ("/CA", "/ca"))
    if 0 < opacity < 1:
        message = say(
            "{place}: shapes have an opacity of {opacity:.0%}; over another colour they print darker or lighter than "
            "on screen",
            place=place,
            opacity=opacity,
        )
        hint = say("over white nothing shifts; over colour, use a solid colour of the palette")
        yield warning("transparent-colour", message, None, hint)
