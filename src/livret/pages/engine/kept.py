"""What Livret keeps on the computed styles of the engine, which many boxes and texts share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from weasyprint import css


class KeptByStyle:
    """What was worked out for one style; None where nobody has asked for it yet."""

    __slots__ = ("is_bare", "measured", "sizes", "strut", "text_setup")

    def __init__(self) -> None:
        self.is_bare: bool | None = None
        self.measured: dict[Any, Any] = {}
        self.sizes: Any = None
        self.strut: Any = None
        self.text_setup: Any = None


def kept(style: Any) -> KeptByStyle:
    """What is kept for a style."""
    # Texts in drawings have styles of another class.
    own: KeptByStyle | None = getattr(style, "kept", None)
    if own is None:
        own = style.kept = KeptByStyle()
    return own


def keep_on_styles() -> None:
    """Make room on every style of the engine, and have copies say that they are copies.

    The engine mostly copies a style before it writes into it. So what depends on its values is not kept for a copy.
    """
    if hasattr(css.Style, "kept"):
        return
    css.Style.kept = None
    css.Style.is_copy = False
    for kind in (css.ComputedStyle, css.AnonymousStyle):
        kind.copy = _marked_copy(kind.copy)


def _marked_copy(engine_copy: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def copy(style: Any) -> Any:
        made = engine_copy(style)
        made.is_copy = True
        return made

    return copy
