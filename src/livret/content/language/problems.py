"""What is wrong in one text."""

from __future__ import annotations

from dataclasses import dataclass

from livret.translation import Text


@dataclass(frozen=True)
class TextProblem:
    """Something wrong in a text, for the reader to make a finding of; `line` counts from 0 in the text.

    What `is_mended` is printed as it was meant.
    """

    rule: str
    message: Text
    line: int
    hint: Text
    is_mended: bool = False
