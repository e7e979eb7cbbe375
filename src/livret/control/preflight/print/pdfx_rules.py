"""The rules of PDF/X-4, by the clauses of ISO 15930-7 and of the standard it is built on.

Where only the chapter of the requirement is known, the clause is "6", the technical requirements as a whole.
"""

from __future__ import annotations

from livret.control.preflight.print.rules import PDF, X4, PrintRule
from livret.translation import say

_MAKER = say("report it to the maker of the program")

PDFX_RULES: dict[str, PrintRule] = {
    # The file and what it says of itself
    "unusable-file": PrintRule("E", PDF, "7.5", say("check that this is the right file, or make it again")),
    "repaired-file": PrintRule("W", PDF, "7.5", say("make the file again: other programs may not repair it")),
    "encrypted-file": PrintRule("E", X4, "6.15", say("remove the protection with qpdf --decrypt")),
    "pdf-version": PrintRule("E", X4, "6.1", say("export the file as PDF/X-4")),
    "newer-pdf-version": PrintRule("W", X4, "6.1", say("export the file as PDF/X-4, which is PDF 1.6")),
    "no-file-id": PrintRule("E", X4, "6.10", say("export the file as PDF/X-4")),
    "trapped": PrintRule("E", X4, "6.11", say("set Trapped to True or False, without quotes")),
    "no-xmp": PrintRule("E", X4, "6.10", say("export the file as PDF/X-4")),
    "bad-xmp": PrintRule("E", X4, "6.10", _MAKER),
    "compressed-xmp": PrintRule("W", X4, "6.10", say("export the metadata without compression")),
    "no-pdfx-mark": PrintRule("E", X4, "6.10", say("export the file as PDF/X-4")),
    "no-document-title": PrintRule("E", X4, "6.10", say("fill in the title in the program that made the file")),
    "no-document-date": PrintRule("E", X4, "6.10", say("export the file as PDF/X-4")),
    "bad-date": PrintRule("W", X4, "6.10", _MAKER),
    "no-document-id": PrintRule("W", X4, "6.10", say("export the file as PDF/X-4")),
    "metadata-differs": PrintRule("E", X4, "6.10", say("export the file again, so that both are written together")),
    # The printing condition
    "no-output-intent": PrintRule("E", X4, "6.4.2", say("export with the printing condition that the printer names")),
    "several-output-intents": PrintRule("E", X4, "6.4.2", say("export with one printing condition")),
    "intent-without-condition": PrintRule("E", X4, "6.4.2", say("name the printing condition, such as FOGRA39")),
    "no-output-profile": PrintRule("E", X4, "6.4.2", say("export with the ICC profile inside the file")),
    "bad-output-profile": PrintRule("E", X4, "6.4.2.1", say("choose the ICC profile of the printer")),
    "output-profile-class": PrintRule("E", X4, "6.4.2.1", say("choose the ICC profile of a press, not of a screen")),
    "output-profile-colours": PrintRule("E", X4, "6.4.1", say("choose the ICC profile of a press in CMYK")),
    "output-profile-version": PrintRule("E", X4, "6.4.2.1", say("choose an ICC profile of version 2 or 4")),
    "device-colour": PrintRule(
        "E", X4, "6.4.3.2", say("convert it to the printing condition, or give it an ICC profile"), only_base=True
    ),
    # Pages and their boxes
    "no-media-box": PrintRule("E", PDF, "7.7.3.3", _MAKER),
    "bad-box": PrintRule("E", PDF, "14.11.2", say("give the box four numbers and an area")),
    "no-trim-box": PrintRule("E", X4, "6.12", say("export with the size of the page after cutting (TrimBox)")),
    "trim-and-art-box": PrintRule("E", X4, "6.12", say("delete ArtBox")),
    "box-nesting": PrintRule("E", X4, "6.12", say("let MediaBox hold BleedBox, and BleedBox hold TrimBox")),
    # Fonts
    "unembedded-font": PrintRule("E", X4, "6.5", say("embed all fonts when exporting")),
    "broken-font": PrintRule("E", X4, "6.5", say("export again, or use another font")),
    "wrong-glyph-widths": PrintRule("E", X4, "6.5", say("export again, or use another font")),
    "font-without-tounicode": PrintRule(
        "W", PDF, "9.10.2", say("export with Unicode maps, so that text can be searched")
    ),
    # What has no place on paper, or cannot be printed surely
    "annotation-in-print-area": PrintRule("E", X4, "6.17", say("delete notes and links, or export without them")),
    "action": PrintRule("E", X4, "6.18", say("export without links and buttons")),
    "javascript": PrintRule("E", X4, "6.18", say("export without JavaScript")),
    "form-fields": PrintRule("E", X4, "6.26", say("turn form fields into text before exporting")),
    "xfa-form": PrintRule("E", X4, "6.26", say("print the form into a new PDF")),
    "embedded-file": PrintRule("E", X4, "6", say("export without attachments")),
    "layer-without-name": PrintRule("E", X4, "6.24", say("give every setting of layers a name")),
    "layers-without-name": PrintRule("W", X4, "6.24", say("give the setting of layers a name")),
    "no-layer-setting": PrintRule("E", PDF, "8.11.4.2", say("export the layers again")),
    "transfer-curve": PrintRule("E", X4, "6.13", say("export without transfer curves")),
    "halftone": PrintRule("E", X4, "6.13", say("export without halftone settings")),
    "postscript-object": PrintRule("E", X4, "6.14", say("export again from the source, without PostScript")),
    "opi": PrintRule("E", X4, "6", say("export with the full pictures in place of OPI")),
    "alternate-image": PrintRule("E", X4, "6.16", say("export with one version of each picture")),
    "reference-object": PrintRule("E", X4, "6", say("embed the pages that the file refers to")),
    "external-stream": PrintRule("E", X4, "6", say("embed everything when exporting")),
    "lzw-compression": PrintRule("E", X4, "6", say("compress with Flate (ZIP) or JPEG")),
    "encrypted-stream": PrintRule("E", X4, "6.15", say("export without protection")),
    "unknown-blend-mode": PrintRule("E", X4, "6.20", say("use a standard blend mode")),
    "unknown-rendering-intent": PrintRule("E", X4, "6.23", say("use one of the four standard rendering intents")),
    "long-name": PrintRule("E", X4, "6.25", _MAKER),
}
