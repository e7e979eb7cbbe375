"""The fields of press profiles: numbers with their limits, sheets by name or measure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from livret.content.messages import did_you_mean, listed, quoted
from livret.content.schema.validators import BadValueError, Kind, clean
from livret.translation import say

# Trimmed and untrimmed sheets by name, width and height in millimetres: ISO 216 and ISO 217.
SHEETS = {
    "A5": (148.0, 210.0),
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "A2": (420.0, 594.0),
    "A1": (594.0, 841.0),
    "SRA4": (225.0, 320.0),
    "SRA3": (320.0, 450.0),
    "SRA2": (450.0, 640.0),
    "SRA1": (640.0, 900.0),
}


@dataclass(frozen=True)
class Range(Kind):
    """A number from `low` to `high`, both allowed; `whole` when it counts something."""

    low: float = 0
    high: float = 0
    whole: bool = False

    @classmethod
    def of(cls, what: str, low: float, high: float, example: str, *, whole: bool = False) -> Range:
        """The range of a number whose unit is `what`: millimetres, points ..."""
        one = (
            say("a whole number from {low:g} to {high:g} ({unit})", low=low, high=high, unit=what)
            if whole
            else say("a number from {low:g} to {high:g} ({unit})", low=low, high=high, unit=what)
        )
        return cls("number", one, say("numbers"), example, low, high, whole)

    def read(self, value: Any) -> Any:
        """The number that was typed; for other types the model decides. Rules bad-number, out-of-range."""
        if not isinstance(value, str):
            return value
        text = clean(value)
        if not re.fullmatch(r"-?\d+" if self.whole else r"-?\d+(\.\d+)?", text):
            meant = re.search(r"\d+" if self.whole else r"\d+([.,]\d+)?", text)
            hint = (
                say("write {number}, without a unit", number=meant[0].replace(",", "."))
                if meant
                else say("write {example}", example=self.example)
            )
            raise BadValueError(
                "bad-number",
                say("{text} is not a whole number", text=quoted(text))
                if self.whole
                else say("{text} is not a number", text=quoted(text)),
                hint,
            )
        number = float(text)
        if not self.low <= number <= self.high:
            raise BadValueError(
                "out-of-range",
                say("{text} is not {one}", text=text, one=self.one),
                say("was it meant in another unit?"),
            )
        return int(number) if self.whole else number


BLEED = Range.of(say("millimetres"), 0, 20, "3")
MARGIN = Range.of(say("millimetres"), 0, 50, "5")
SIDE = Range.of(say("millimetres"), 50, 2000, "640")
# Four inks of 100 % each are all there is; under 100 % not even solid black could be printed.
INK = Range.of(say("percent"), 100, 400, "300")
PPI = Range.of(say("pixels an inch"), 1, 5000, "225")
TYPE = Range.of(say("points"), 0, 72, "5")
LINE = Range.of(say("points"), 0, 10, "0.25")
GRAMS = Range.of(say("grams a square metre"), 20, 600, "115")
BULK = Range.of(say("cubic centimetres a gram"), 0.4, 4, "0.85")
MULTIPLE = Range.of(say("pages"), 1, 64, "4", whole=True)
STITCHED = Range.of(say("pages"), 4, 400, "64", whole=True)

Bleed = Annotated[float, BLEED, BeforeValidator(BLEED.read)]
Margin = Annotated[float, MARGIN, BeforeValidator(MARGIN.read)]
Ink = Annotated[float, INK, BeforeValidator(INK.read)]
Ppi = Annotated[float, PPI, BeforeValidator(PPI.read)]
TypeSize = Annotated[float, TYPE, BeforeValidator(TYPE.read)]
LineWidth = Annotated[float, LINE, BeforeValidator(LINE.read)]
Grams = Annotated[float, GRAMS, BeforeValidator(GRAMS.read)]
Bulk = Annotated[float, BULK, BeforeValidator(BULK.read)]
Multiple = Annotated[int, MULTIPLE, BeforeValidator(MULTIPLE.read)]
Stitched = Annotated[int, STITCHED, BeforeValidator(STITCHED.read)]
ColourMode = Annotated[Literal["cmyk", "rgb"], Kind("colour-mode", say("a colour mode"), say("colour modes"), "cmyk")]
Variant = Annotated[
    Literal[
        "sheetcmyk-cmyk", "sheetcmyk-cmyk-plus-rgb", "sheetspot-cmyk", "sheetspot-cmyk-plus-rgb",
        "webcmyk-cmyk", "webcmyk-cmyk-plus-rgb", "webcmyknews-cmyk", "webcmyknews-cmyk-plus-rgb",
        "webspot-cmyk", "webspot-cmyk-plus-rgb", "magazine-ads-cmyk", "magazine-ads-cmyk-plus-rgb",
        "newspaper-ads-cmyk", "newspaper-ads-cmyk-plus-rgb", "digital-print",
    ],
    Kind("variant", say("a variant of GWG 2022"), say("variants of GWG 2022"), "sheetcmyk-cmyk"),
]  # fmt: skip
IccPath = Annotated[Path, Kind("icc", say("the path of an ICC file"), say("paths of ICC files"), "printer.icc")]


def _sheet(value: Any) -> Any:
    """A sheet from its name, or from width and height in millimetres. Rules unknown-sheet, bad-number, out-of-range."""
    if isinstance(value, str):
        name = clean(value).upper()
        if name not in SHEETS:
            hints = (
                *did_you_mean(name, SHEETS),
                say("choose from {sheets}, or give width and height", sheets=listed(SHEETS, "or")),
            )
            raise BadValueError("unknown-sheet", say("{value} is not the name of a sheet", value=quoted(value)), *hints)
        return SHEETS[name]
    if isinstance(value, tuple):
        if len(value) != 2 or not all(isinstance(side, str) for side in value):
            hint = say("write width and height in millimetres: [640, 900]")
            raise BadValueError("wrong-type", say("a sheet has two measures, width and height"), hint)
        return tuple(SIDE.read(side) for side in value)
    return value


Sheet = Annotated[
    tuple[float, float],
    Kind(
        "sheet",
        say("the name of a sheet or its width and height in millimetres"),
        say("sheets"),
        "[640, 900]",
    ),
    BeforeValidator(_sheet),
]
