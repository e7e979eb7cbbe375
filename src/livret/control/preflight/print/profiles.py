"""What a file can be judged by for print: PDF/X-4, and the variants of GWG 2022 with their limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from livret.control.preflight.print.limits import PrintLimits
from livret.control.preflight.print.pdfx_rules import PDFX_RULES
from livret.control.preflight.print.rules import GWG, PRESS, RULES, X4, PrintRule
from livret.findings import Severity
from livret.translation import Text

EVERY_RULE: Mapping[str, PrintRule] = {**RULES, **PDFX_RULES}


@dataclass(frozen=True)
class PrintProfile:
    """A profile: its name, the family of GWG 2022 it belongs to (empty for none), its colours and its limits.

    `colours` is "cmyk" where every colour is in CMYK or a spot colour, "rgb" where pictures may be RGB, empty where the
    standard alone decides. `severities` says of single rules what is different in this profile. A press profile for
    files in RGB asks for no standard: then `is_pdfx` is false.
    """

    name: str
    title: str
    family: str = ""
    colours: str = ""
    limits: PrintLimits = field(default_factory=PrintLimits)
    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    is_pdfx: bool = True

    def severity(self, rule: str) -> Severity | None:
        """How severe a breach of a rule is; None for a rule that is not checked."""
        if rule in self.severities:
            return self.severities[rule]
        known = EVERY_RULE[rule]
        if known.standard == X4 and not self.is_pdfx:
            return None
        return known.severity(self.family, self.colours)

    def source(self, rule: str) -> tuple[str, str]:
        """The standard and the clause of a rule; of a profile without a variant, the press profile itself."""
        known = EVERY_RULE[rule]
        if known.standard == GWG and not self.family:
            return PRESS, self.name
        return known.standard, known.clause

    def hint(self, rule: str) -> Text:
        """What to do about a breach."""
        return EVERY_RULE[rule].hint


PDFX4 = PrintProfile("pdfx4", "PDF/X-4")


def _limits(
    *, small: float, rich: float, ink: float | None, news: bool = False, pages: int | None = None
) -> PrintLimits:
    """The limits of a variant for offset. The workbook of GWG 2022 writes 149 ppi and asks for more than that."""
    return PrintLimits(
        black_text_below=12,
        black_lines_below=2,
        rich_black_from=0.85,
        rich_black_most=rich,
        text_white_least=small,
        text_inks_least=small,
        line_white_least=0.25,
        line_inks_least=0.25,
        spot_colours_most=0,
        image_least=100 if news else 150,
        image_wanted=150 if news else 225,
        one_bit_least=550,
        one_bit_wanted=800,
        page_image_least=(100 if news else 150) if pages else None,
        page_image_wanted=450 if pages else None,
        ink_mean_most=ink,
        pages_most=pages,
    )


_FAMILIES: Mapping[str, tuple[str, PrintLimits]] = {
    "magazine-ads": ("Magazine Ads", _limits(small=9, rich=2.8, ink=305, pages=1)),
    "newspaper-ads": ("Newspaper Ads", _limits(small=10, rich=2.2, ink=245, news=True, pages=1)),
    "sheetcmyk": ("SheetCMYK", _limits(small=8, rich=2.8, ink=320)),
    "sheetspot": ("SheetSpot", _limits(small=8, rich=2.8, ink=320)),
    "webcmyk": ("WebCMYK", _limits(small=9, rich=2.8, ink=305)),
    "webspot": ("WebSpot", _limits(small=9, rich=2.8, ink=305)),
    "webcmyknews": ("WebCMYKNews", _limits(small=10, rich=2.2, ink=245, news=True)),
}
_DIGITAL = PrintLimits(
    rich_black_from=0.85,
    rich_black_most=2.8,
    text_white_least=5,
    text_inks_least=5,
    line_white_least=0.25,
    line_inks_least=0.25,
    spot_colours_most=0,
    image_least=96,
    image_wanted=150,
    one_bit_least=350,
    one_bit_wanted=600,
)


def _variants() -> Iterator[PrintProfile]:
    for family, (title, limits) in _FAMILIES.items():
        yield PrintProfile(f"{family}-cmyk", f"GWG 2022 {title} CMYK", family, "cmyk", limits)
        yield PrintProfile(f"{family}-cmyk-plus-rgb", f"GWG 2022 {title} CMYK + RGB", family, "rgb", limits)
    yield PrintProfile("digital-print", "GWG 2022 Digital Print", "digital-print", "rgb", _DIGITAL)


VARIANTS: Mapping[str, PrintProfile] = {one.name: one for one in _variants()}
