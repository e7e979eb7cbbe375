"""What a rule gives when a file breaks it."""

from __future__ import annotations

from dataclasses import dataclass

from livret.translation import Text

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Breach:
    """One place where a file breaks a rule.

    `page` counts from 1 and is None for the file as a whole. `box` is (x0, y0, x1, y1) in points of the page's default
    user space, y upwards; None for the whole page. The rule says how severe it is in a profile, see `rules`.
    """

    rule: str
    message: Text
    page: int | None = None
    box: Box | None = None
    hints: tuple[Text, ...] = ()
