"""The torture page: everything that a page in RGB can hold, as the engine typesets it; `handmade` has the rest.

All pages are 240 by 320 points, whole points, so that rasters of two versions lie pixel on pixel.
"""

from __future__ import annotations

import base64
import io
import math
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

FONT = Path(__file__).resolve().parents[1] / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf"
SIZE = (240, 320)


# --- pictures ---


def photograph(size: tuple[int, int] = (160, 120)) -> Image.Image:
    """A picture in colour with soft and hard changes: sky, sun, hills, and a row of flags."""
    width, height = size
    sky = Image.merge(
        "RGB",
        [
            Image.linear_gradient("L").resize(size).point([round(low + (high - low) * v / 255) for v in range(256)])
            for low, high in ((60, 230), (110, 220), (210, 190))
        ],
    )
    draw = ImageDraw.Draw(sky)
    draw.ellipse((width * 0.65, height * 0.1, width * 0.85, height * 0.36), fill=(255, 214, 90))
    for number, colour in enumerate(((46, 92, 48), (74, 122, 56), (118, 146, 60))):
        base = height * (0.62 + 0.13 * number)
        hill = [(x, base + 8 * math.sin(x / (17 + 6 * number) + number)) for x in range(width + 1)]
        draw.polygon([*hill, (width, height), (0, height)], fill=colour)
    for number, colour in enumerate(((200, 30, 50), (240, 240, 240), (30, 60, 160), (20, 20, 20), (250, 180, 0))):
        draw.rectangle((10 + 14 * number, height - 26, 20 + 14 * number, height - 10), fill=colour)
    return sky


def _file(picture: Image.Image, kind: str, **options: Any) -> str:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    mime = "jpeg" if kind == "JPEG" else "png"
    return f"data:image/{mime};base64,{base64.b64encode(file.getvalue()).decode()}"


def pictures() -> dict[str, str]:
    """The kinds of picture that a page can show, as addresses."""
    photo = photograph()
    fading = photo.copy()
    fading.putalpha(Image.radial_gradient("L").resize(photo.size).point([255 - v for v in range(256)]))
    cmyk = Image.merge("CMYK", [*(Image.linear_gradient("L").resize((80, 60)).rotate(90 * n) for n in range(3)),
                                Image.new("L", (80, 60), 20)])  # fmt: skip
    return {
        "rgb": _file(photo, "PNG"),
        "jpeg": _file(photo, "JPEG", quality=92),
        "rgba": _file(fading, "PNG"),
        "cmyk": _file(cmyk, "JPEG", quality=92),
        "grey": _file(photo.convert("L"), "PNG"),
        "grey-jpeg": _file(photo.convert("L"), "JPEG", quality=92),
        "indexed": _file(photo.quantize(32), "PNG"),
        "bilevel": _file(photo.convert("1"), "PNG"),
    }


# --- what the engine typesets ---

_SVG = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 240 320"
 width="240pt" height="320pt"><defs>
<linearGradient id="l"><stop offset="0" stop-color="#c41460"/><stop offset=".5" stop-color="#ffd000"/>
 <stop offset="1" stop-color="#008285"/></linearGradient>
<linearGradient id="fade"><stop offset="0" stop-color="#0e60a2"/>
 <stop offset="1" stop-color="#0e60a2" stop-opacity="0"/></linearGradient>
<radialGradient id="r"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#622e76"/></radialGradient>
<linearGradient id="grey"><stop offset="0" stop-color="#000"/><stop offset="1" stop-color="#fff"/></linearGradient>
<linearGradient id="m"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#000"/></linearGradient>
<mask id="mask" maskUnits="userSpaceOnUse" x="0" y="0" width="240" height="320">
 <rect x="130" y="130" width="100" height="50" fill="url(#m)"/></mask>
<mask id="hues" maskUnits="userSpaceOnUse" x="0" y="0" width="240" height="320">
 <circle cx="150" cy="215" r="20" fill="#f00"/><circle cx="180" cy="215" r="20" fill="#0f0"/>
 <circle cx="210" cy="215" r="20" fill="#00f"/></mask>
<clipPath id="clip"><circle cx="60" cy="155" r="25"/></clipPath>
<pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse"><rect width="12" height="12" fill="#e5effb"/>
 <circle cx="6" cy="6" r="4" fill="#922a07"/><path d="M0 0L12 12" stroke="#000" stroke-width=".5"/></pattern>
</defs>
<rect x="10" y="10" width="105" height="50" fill="url(#l)"/>
<rect x="125" y="10" width="105" height="50" fill="url(#r)"/>
<rect x="10" y="70" width="105" height="50" fill="url(#fade)"/>
<rect x="125" y="70" width="105" height="50" fill="url(#grey)"/>
<g clip-path="url(#clip)"><rect x="10" y="130" width="100" height="25" fill="#32622d"/>
 <rect x="10" y="155" width="100" height="25" fill="#9d6100"/></g>
<rect x="130" y="130" width="100" height="50" fill="#c41460" mask="url(#mask)"/>
<rect x="10" y="190" width="105" height="50" fill="url(#p)" stroke="url(#l)" stroke-width="4"/>
<rect x="125" y="190" width="105" height="50" fill="#0c2d64" mask="url(#hues)"/>
<g opacity=".5"><circle cx="40" cy="280" r="25" fill="#f00"/><circle cx="65" cy="280" r="25" fill="#00f"/></g>
<text x="120" y="270" font-family="T" font-size="20" fill="#008285" stroke="#000" stroke-width=".4">Ombre</text>
<path d="M120 280h100M120 288h100" stroke="#717171" stroke-width=".5"/>
<path d="M120 300h100" stroke="#bdbdbd" stroke-width="3" stroke-dasharray="6 3"/></svg>"""

# Blend modes one by one: a step of the press, not of the torture (see test_separate).
BLEND = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 320" width="240pt" height="320pt">
<defs><filter id="f"><feBlend mode="MODE"/></filter></defs>
<rect x="20" y="20" width="150" height="200" fill="#ffd000"/>
<rect x="20" y="120" width="200" height="60" fill="#bdbdbd"/>
<rect x="70" y="60" width="150" height="200" fill="#0e60a2" filter="url(#f)"/></svg>"""

_CSS = """
@font-face { font-family: T; src: url(FONT) }
@page { size: 240pt 320pt; margin: 0 }
body { margin: 0; font: 9pt/12pt T; color: #000 }
section { position: relative; width: 240pt; height: 320pt; break-after: page; overflow: hidden }
section > * { position: absolute; box-sizing: border-box }
"""

_BOXES = (
    "background: linear-gradient(to right, #0c2d64, #fff7ea)",
    "background: linear-gradient(45deg, #c41460, #ffd000 30%, #008285 30%, #0e60a2)",
    "background: radial-gradient(circle at 30% 40%, #fff, #32622d 60%, #000)",
    "background: repeating-linear-gradient(60deg, #622e76, #622e76 6pt, #eae5f3 6pt, #eae5f3 12pt)",
    "background: repeating-radial-gradient(#c00, #fff 14pt)",
    "background: linear-gradient(rgba(196,20,96,.9), rgba(14,96,162,.1)), #fff2d7",
    "background: #fff; border-radius: 8pt; box-shadow: 3pt 3pt 8pt rgba(12,45,100,.7)",
    "background: #e0f1f1; box-shadow: inset 0 0 10pt #000",
    "background: lab(55% 40 -30); border: 4pt solid oklch(70% .15 140)",
    "background: #0c2d64; opacity: .4",
    "border: 5pt groove #9d6100; background: rgba(0,130,133,.25)",
    "border: 3pt dotted #bdbdbd; background: #717171",
)


def _sections() -> list[str]:
    """The pages that the engine typesets, as HTML."""
    shown = "".join(
        f'<img src="{address}" style="left:{10 + 115 * (n % 2)}pt;top:{8 + 78 * (n // 2)}pt;width:105pt;height:70pt">'
        for n, address in enumerate(pictures().values())
    )
    boxes = "".join(
        f'<div style="left:{10 + 77 * (n % 3)}pt;top:{10 + 77 * (n // 3)}pt;width:66pt;height:66pt;{style}"></div>'
        for n, style in enumerate(_BOXES)
    )
    words = "".join(
        f'<p style="left:10pt;top:{10 + 19 * n}pt;margin:0;color:{colour};font-size:{size}pt;line-height:18pt">'
        "Vingt-deux projets d'accueil</p>"
        for n, (colour, size) in enumerate(
            [("#000", 9), ("#000", 11.9), ("#000", 12), ("#000", 16), ("#717171", 9), ("#bdbdbd", 9), ("#c41460", 9),
             ("#0e60a2", 12), ("#333", 9), ("rgba(0,0,0,.5)", 9), ("#123456", 9), ("oklch(60% .1 30)", 11)]
        )
    )  # fmt: skip
    dark = '<div style="left:10pt;top:250pt;width:220pt;height:30pt;background:#0c2d64;color:#fff">White text</div>'
    lines = '<div style="left:10pt;top:290pt;width:220pt;height:20pt;border:.5pt solid #000"></div>'
    return [shown, _SVG.replace("FONT", FONT.as_uri()), boxes, words + dark + lines]


def typeset(path: Path) -> None:
    """Have the engine typeset its pages."""
    import weasyprint

    import livret.pages.engine.patches  # noqa: F401 - so that Pillow reads as it does in Livret

    sections = "".join(f"<section>{one}</section>" for one in _sections())
    css = _CSS.replace("FONT", FONT.as_uri())
    weasyprint.HTML(string=f"<html lang=fr><style>{css}</style><body>{sections}").write_pdf(
        path, pdf_variant="pdf/ua-1"
    )


def typeset_blend(path: Path, mode: str) -> None:
    """Have the engine typeset shapes that are mixed by a blend mode of SVG."""
    import weasyprint

    import livret.pages.engine.patches  # noqa: F401 - so that Pillow reads as it does in Livret

    html = f"<html><style>{_CSS.replace('FONT', FONT.as_uri())}</style><body>{BLEND.replace('MODE', mode)}"
    weasyprint.HTML(string=html).write_pdf(path)
