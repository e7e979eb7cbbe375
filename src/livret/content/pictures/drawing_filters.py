"""Filters of drawings: which can be drawn, and what of them lies below their element.

They are drawn as pictures made of pixels. Where a filter lays something below its element, as a shadow does, only that
is made of pixels: the element itself stays lines, letters and inks.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import tinycss2  # type: ignore[import-untyped]
import tinycss2.color5  # type: ignore[import-untyped]

from livret.content.pictures.drawing import local_name
from livret.translation import Text, say

SVG = "{http://www.w3.org/2000/svg}"
# The content of these elements is drawn several times, or only says what is hidden. Filters there are not drawn.
CONTAINERS = frozenset({"clipPath", "marker", "mask", "pattern"})
# Inputs that SVG allows in a filter and that resvg does not have.
_BACKGROUNDS = frozenset({"BackgroundImage", "BackgroundAlpha", "FillPaint", "StrokePaint"})
_FUNCTIONS = frozenset(
    "blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia url".split()
)
_SOURCE = "SourceGraphic"
# The units of lengths, in pixels of CSS.
_PIXELS = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


def why_not_drawn(told: str, named: ElementTree.Element | None) -> Text | None:
    """Why a filter cannot be drawn, in words that follow "a filter is not printed: "; None when it can.

    `told` is the value of the property, and `named` the filter that it leads to, if it does.
    """
    functions = [one for one in tinycss2.parse_component_value_list(told) if one.type not in ("whitespace", "comment")]
    for one in functions:
        name = getattr(one, "lower_name", "url" if one.type == "url" else "")
        if name not in _FUNCTIONS:
            return say('"{told}" is not understood', told=told)
    if len(functions) == 1 and functions[0].type == "function" and shadow(told) is None and "drop-shadow" in told:
        return say('"{told}" is not understood', told=told)
    for step in named if named is not None else ():
        if not isinstance(step.tag, str):
            continue
        if not local_name(step).startswith("fe") and local_name(step) not in ("title", "desc", "set", "animate"):
            return say("<{local_name}> is not a step of a filter", local_name=local_name(step))
        for part in step.iter():
            found = _BACKGROUNDS & {part.get("in"), part.get("in2")}
            if found:
                return say("it uses {min}, the picture behind the element", min=min(found))
    return None


# --- what lies below an element ---


def below(steps: ElementTree.Element) -> ElementTree.Element | None:
    """A filter that draws only what this one lays below its element; None where it changes the element itself."""
    made = ElementTree.Element(steps.tag, dict(steps.attrib))
    made.extend(step for step in steps if local_name(step).startswith("fe"))
    if not len(made):
        return None
    last, is_first = made[-1], len(made) == 1
    name = local_name(last)
    if name == "feDropShadow" and last.get("in", _SOURCE if is_first else "") == _SOURCE:
        made.remove(last)
        made.extend(_shadow_steps(last))
        return made
    if name == "feMerge":
        layers = [layer for layer in last if local_name(layer) == "feMergeNode"]
        if len(layers) > 1 and [layer.get("in") == _SOURCE for layer in layers] == [False] * (len(layers) - 1) + [True]:
            made.remove(last)
            merged = ElementTree.SubElement(made, last.tag, dict(last.attrib))
            merged.extend(layers[:-1])
            return made
    is_over = (name == "feBlend" and last.get("mode", "normal") == "normal") or (
        name == "feComposite" and last.get("operator", "over") == "over"
    )
    if is_over and last.get("in") == _SOURCE and last.get("in2", _SOURCE) != _SOURCE:
        made.remove(last)
        merged = ElementTree.SubElement(made, f"{SVG}feMerge", _region(last))
        ElementTree.SubElement(merged, f"{SVG}feMergeNode", {"in": last.get("in2", "")})
        return made
    return None


def shadow(told: str, box: tuple[float, float, float, float] = (0, 0, 0, 0)) -> ElementTree.Element | None:
    """The filter of a value that is one `drop-shadow(...)`, without the element on it; None for any other value.

    Its region has all that lies in a box or has a shadow there, and no more: resvg looks at each pixel of the region.
    """
    values = [one for one in tinycss2.parse_component_value_list(told) if one.type not in ("whitespace", "comment")]
    if len(values) != 1 or values[0].type != "function" or values[0].lower_name != "drop-shadow":
        return None
    lengths, colours = [], []
    for part in values[0].arguments:
        if part.type == "dimension" and part.lower_unit in _PIXELS:
            lengths.append(f"{part.value * _PIXELS[part.lower_unit]:.6g}")
        elif part.type == "number" and part.value == 0:
            lengths.append("0")
        elif part.type not in ("whitespace", "comment"):
            colours.append(tinycss2.serialize([part]))
    colour = tinycss2.color5.parse_color(colours[0]) if colours else None
    if not 2 <= len(lengths) <= 3 or len(colours) > 1 or (colours and colour is None):
        return None
    step = ElementTree.Element(
        f"{SVG}feDropShadow",
        {
            "dx": lengths[0],
            "dy": lengths[1],
            "stdDeviation": lengths[2] if len(lengths) == 3 else "0",
            "flood-color": colours[0] if colours else "black",
        },
    )
    # A blur is not seen beyond three times its deviation.
    across, down = (
        abs(float(step.get(name, ""))) + 3 * abs(float(step.get("stdDeviation", ""))) for name in ("dx", "dy")
    )
    left, top, width, height = box
    sides = {"x": left - across, "y": top - down, "width": width + 2 * across, "height": height + 2 * down}
    region = {name: f"{value:.6g}" for name, value in sides.items()}
    made = ElementTree.Element(f"{SVG}filter", {"filterUnits": "userSpaceOnUse"} | region)
    made.extend(_shadow_steps(step))
    return made


def _shadow_steps(step: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The steps of a shadow, which are those of `feDropShadow` but for the last (Filter Effects 1, 9.13)."""
    region = _region(step)
    blur = {"in": "SourceAlpha", "stdDeviation": step.get("stdDeviation", "2")}
    yield ElementTree.Element(f"{SVG}feGaussianBlur", region | blur)
    move = {"dx": step.get("dx", "2"), "dy": step.get("dy", "2"), "result": "moved-shadow"}
    yield ElementTree.Element(f"{SVG}feOffset", region | move)
    flood = {name: step.get(name, usual) for name, usual in (("flood-color", "black"), ("flood-opacity", "1"))}
    yield ElementTree.Element(f"{SVG}feFlood", region | flood)
    yield ElementTree.Element(f"{SVG}feComposite", region | {"in2": "moved-shadow", "operator": "in"})


def _region(step: ElementTree.Element) -> dict[str, str]:
    return {name: step.attrib[name] for name in ("x", "y", "width", "height") if name in step.attrib}
