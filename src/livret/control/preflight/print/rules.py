"""The rules of preflight for print: what each comes from, and how severe it is in each profile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from livret.findings import Severity
from livret.translation import Text, say

GWG = "GWG 2022"
X4 = "ISO 15930-7"
PDF = "ISO 32000-1"
PRESS = say("press profile")

# The variants of GWG 2022 without their colours, in the order of the letters of a rule.
FAMILIES = (
    "magazine-ads",
    "newspaper-ads",
    "sheetcmyk",
    "sheetspot",
    "webcmyk",
    "webspot",
    "webcmyknews",
    "digital-print",
)
_LETTERS: Mapping[str, Severity | None] = {
    "E": Severity.ERROR,
    "W": Severity.WARNING,
    "N": Severity.NOTE,
    "-": None,
}


@dataclass(frozen=True)
class PrintRule:
    """Where a rule comes from, and how severe it is: E error, W warning, N note, - not checked.

    `severities` is one letter for all profiles, or one for each of FAMILIES; then the rule is checked only by profiles
    that belong to one of them. `clause` is the clause of the standard, for GWG the number of the requirement, for a
    press profile the field. `colours` is set where the variants for CMYK alone and those for RGB pictures differ.
    `only_base` is for what the variants of GWG 2022 say more strictly by a rule of their own.
    """

    severities: str
    standard: str
    clause: str
    hint: Text
    colours: str = ""
    only_base: bool = False

    def severity(self, family: str, colours: str) -> Severity | None:
        """How severe a breach is for one of FAMILIES, or for none (empty); None where it is not checked."""
        if (self.colours and self.colours != colours) or (self.only_base and family):
            return None
        if len(self.severities) == 1:
            return _LETTERS[self.severities] if family or self.standard != GWG else None
        return _LETTERS[self.severities[FAMILIES.index(family)]] if family else None


RULES: dict[str, PrintRule] = {
    # The file and its pages
    "not-pdfx4": PrintRule("E", GWG, "R0001", say("correct what the rules of PDF/X-4 report")),
    "user-unit": PrintRule("E", GWG, "R0002", say("export the pages at their real size")),
    "crop-box": PrintRule("E", GWG, "R0003", say("delete CropBox, or make it the same as MediaBox")),
    "page-size": PrintRule("--WWEEEW", GWG, "R0004", say("give all pages one size")),
    "page-rotated": PrintRule("--WWEEEW", GWG, "R0004", say("export the pages upright, without Rotate")),
    "empty-page": PrintRule("EEWWEEE-", GWG, "R0005", say("say to the printer that the page is meant to be blank")),
    "too-many-pages": PrintRule("EE------", GWG, "R0006", say("send one file for each page")),
    "optional-content-configs": PrintRule("EE------", GWG, "R0034", say("export without alternative layer settings")),
    "output-intent-not-cmyk": PrintRule("E", GWG, "R0035", say("export for a printing condition in CMYK")),
    "unread-content": PrintRule("W", PDF, "7.8.2", say("export the file again; no reader may agree on what is there")),
    # Overprint
    "white-text-overprints": PrintRule("E", GWG, "R0007", say("turn overprint off for white text")),
    "white-path-overprints": PrintRule("W", GWG, "R0008", say("turn overprint off for white shapes")),
    "black-text-knocks-out": PrintRule("WWWWWWW-", GWG, "R0009", say("let small black text overprint")),
    "black-line-knocks-out": PrintRule("WWWWWWW-", GWG, "R0010", say("let thin black lines overprint")),
    "grey-text": PrintRule("WWWWWWW-", GWG, "R0011", say("use CMYK 0 0 0 100 in place of DeviceGray")),
    "grey-line": PrintRule("WWWWWWW-", GWG, "R0012", say("use CMYK 0 0 0 100 in place of DeviceGray")),
    "grey-overprints": PrintRule("WWWWWWW-", GWG, "R0013", say("use CMYK in place of DeviceGray")),
    # Text and lines
    "courier-font": PrintRule(
        "WWWWWWW-", GWG, "R0014", say("look whether Courier has taken the place of another font")
    ),
    "rich-black-text": PrintRule("W", GWG, "R0015", say("set text in black alone")),
    "small-white-text": PrintRule("W", GWG, "R0016", say("set white text larger")),
    "small-text-in-inks": PrintRule("W", GWG, "R0017", say("set the text larger, or in one ink")),
    "thin-white-line": PrintRule("W", GWG, "R0018", say("draw white lines wider")),
    "thin-line-in-inks": PrintRule("W", GWG, "R0019", say("draw the line wider, or in one ink")),
    # Colours and inks
    "spot-colours": PrintRule(
        "EEEWEWEW", GWG, "R0020", say("convert spot colours to CMYK, unless the printer wants them")
    ),
    "spot-suffixes": PrintRule("---W-W--", GWG, "R0021", say("give one spot colour one name")),
    "spot-letter-case": PrintRule("---E-E--", GWG, "R0022", say("give one spot colour one name")),
    "spot-twins": PrintRule("---E-E--", GWG, "R0023", say("give one spot colour one name")),
    "registration-colour": PrintRule("W", GWG, "R0024", say("use CMYK; the colour All is for marks outside the page")),
    "ink-coverage": PrintRule("WWWWWWW-", GWG, "R0026", say("take ink away, cyan, magenta and yellow first")),
    "not-early-binding": PrintRule("EEEEEEE-", GWG, "R0027", say("convert the colours to CMYK"), "cmyk"),
    "not-intermediate-binding": PrintRule("E", GWG, "R0028", say("convert to CMYK; only pictures may be RGB"), "rgb"),
    "group-colour-space": PrintRule("E", GWG, "R0030", say("set the transparency blend space to CMYK")),
    # Pictures
    "low-image-resolution": PrintRule("E", GWG, "R0031", say("use a larger picture, or set it smaller")),
    "doubtful-image-resolution": PrintRule("W", GWG, "R0031", say("use a larger picture, or set it smaller")),
    "low-one-bit-resolution": PrintRule("E", GWG, "R0032", say("use a drawing with more pixels, or a vector drawing")),
    "doubtful-one-bit-resolution": PrintRule(
        "W", GWG, "R0032", say("use a drawing with more pixels, or a vector drawing")
    ),
    "low-page-image-resolution": PrintRule(
        "EE------", GWG, "R0033", say("export the page with text and lines as such")
    ),
    "doubtful-page-image-resolution": PrintRule(
        "WW------", GWG, "R0033", say("export the page with text and lines as such")
    ),
    # PrintLimits of press profiles
    "small-text": PrintRule("W", PRESS, "text.least", say("set the text larger")),
    "hairline": PrintRule("E", PRESS, "lines.least", say("draw the line wider")),
    "no-bleed": PrintRule("E", PRESS, "bleed", say("export with bleed on all sides")),
    "unfilled-bleed": PrintRule("W", PRESS, "bleed", say("let colours and pictures run into the bleed")),
    "unsafe-content": PrintRule("W", PRESS, "safe_margin", say("move it inwards")),
    "fold-disagrees": PrintRule("W", PRESS, "safe_margin", say("look at both pages side by side")),
    "ink-peak": PrintRule("W", PRESS, "ink_limit", say("take ink away, cyan, magenta and yellow first")),
    "ink-not-measured": PrintRule("N", PRESS, "ink_limit", say("install Ghostscript (Debian: ghostscript)")),
    "page-multiple": PrintRule("E", PRESS, "pages.multiple", say("add or remove pages")),
}
