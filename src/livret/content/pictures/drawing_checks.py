"""What of a drawing would not be printed as it looks on a screen: the engine says nothing of it.

An error where words or the whole drawing would be missing, else a warning. What the engine does with each is measured;
`tests/test_drawings.py` has the list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from xml.etree import ElementTree

import tinycss2.color5  # type: ignore[import-untyped]

from livret.content.messages import listed, quoted
from livret.content.pictures import drawing, drawing_filters
from livret.content.pictures.drawing_box import length, shapes, view_box
from livret.content.pictures.drawing_references import Given, references
from livret.content.pictures.drawing_styles import SHORTHAND, Own, Styles, families, walk
from livret.findings import Finding, Location, Severity, error, warning
from livret.translation import Text, say

PATHS = say("convert text to paths in the program that drew it")
PICTURE = say("let the program that drew it flatten the effect, or export the drawing as PNG at 300 pixels an inch")

_TEXTS = frozenset({"text", "tspan", "textPath"})
_ANIMATIONS = frozenset({"animate", "animateColor", "animateMotion", "animateTransform", "set"})
_COLOURS = ("fill", "stroke", "stop-color")
_WITHOUT_COLOUR = frozenset({"none", "inherit", "currentcolor", "context-fill", "context-stroke", ""})
_SIZE = re.compile(rf"{drawing.NUMBER}(px|pt|pc|mm|cm|in|em|ex|rem|%)?")

# Properties that the engine drops: the values that change nothing, and what is then printed.
_DROPPED: Mapping[str, tuple[str, Text]] = {
    "mix-blend-mode": (r"normal", say("colours that lie on one another are not mixed")),
    "paint-order": (r"normal|fill.*", say("lines of letters and shapes lie on their colour, not below it")),
    "shape-inside": (r"none|auto", say("the text is set on one line")),
    "inline-size": (r"0|auto", say("the text is set on one line")),
    "text-decoration": (r"none.*", say("words are not underlined or struck out")),
    "text-transform": (r"none", say("letters stay as they are typed")),
    "transform-box": (r"view-box|border-box", say("a turned shape is printed at another place")),
    "vector-effect": (r"none", say("lines grow and shrink with the drawing")),
    "writing-mode": (r"horizontal-tb|lr|lr-tb|rl|rl-tb", say("the text runs from left to right")),
}


Found = Iterator[tuple[ElementTree.Element, Finding]]


def check(content: bytes, given: Given, named_in: str) -> tuple[Finding, ...]:
    """The findings of a drawing; `named_in` is the place of the content that shows it. Never raises."""
    told = say("named in {named_in}", named_in=named_in)
    try:
        root = drawing.read(content)
    except drawing.BadDrawing as problem:
        return (problem.finding(Location(given.shown), told),)
    styles = Styles(root)
    places: dict[Finding, list[ElementTree.Element]] = {}
    for node, fault in _faults(root, styles, given):
        places.setdefault(fault, []).append(node)
    if not any(fault.severity is Severity.ERROR for fault in places):
        for node, fault in _emptiness(root, styles):
            places.setdefault(fault, []).append(node)
    if not places:
        return ()
    line = dict(zip(root.iter(), drawing.lines(content), strict=True))
    return tuple(
        replace(
            fault,
            message=say("{message} ({number} times)", message=fault.message, number=len(nodes))
            if len(nodes) > 1
            else fault.message,
            where=Location(given.shown, min(line[node] for node in nodes)),
            hints=(*fault.hints, told),
        )
        for fault, nodes in places.items()
    )


def _faults(root: ElementTree.Element, styles: Styles, given: Given) -> Found:
    # Each node is looked at once: the messages make it long.
    nodes = list(root.iter())
    for dropped in styles.dropped:
        message = say("{what} is not read: the drawing is printed without it", what=dropped.what)
        yield (
            nodes[dropped.element],
            warning("drawing-style", message, None, say("export it with styles as attributes")),
        )
    parents = {child: node for node in nodes for child in node}
    named = drawing.named(root)
    holders = {
        inner: drawing.local_name(outer)
        for outer in nodes
        if drawing.local_name(outer) in drawing_filters.CONTAINERS
        for inner in outer.iter()
    }
    in_frames = {node for frame in nodes if drawing.local_name(frame) == "foreignObject" for node in frame.iter()}
    for node, own, values in walk(root, styles):
        name = drawing.local_name(node)
        if name == "foreignObject":
            yield from _frame(node, parents)
        if node in in_frames:
            continue
        if name == "flowRoot" and (words := " ".join("".join(node.itertext()).split())):
            yield (
                node,
                error(
                    "lost-drawing-text",
                    say("the text in a frame is not printed: {words}", words=quoted(words, 40)),
                    None,
                    PATHS,
                ),
            )
        if name in _TEXTS:
            yield from ((node, fault) for fault in _text(node, own, values, styles, given))
        yield from ((node, fault) for fault in _effects(node, own, named, holders.get(node, "")))
        if name not in _ANIMATIONS:
            yield from ((node, fault) for fault in _values(own))
        yield from ((node, fault) for fault in references(node, own, given))
        if name in ("script", "handler") or any(key.lower().startswith("on") for key in own):
            yield (
                node,
                warning(
                    "drawing-script",
                    say("a script is not run"),
                    None,
                    say("delete it; the web edition refuses the drawing"),
                ),
            )
        elif name in _ANIMATIONS:
            yield (
                node,
                warning(
                    "drawing-script", say("a drawing is printed without its animation, as it looks at the start"), None
                ),
            )


def _frame(node: ElementTree.Element, parents: Mapping[ElementTree.Element, ElementTree.Element]) -> Found:
    """A piece of HTML inside a drawing; beside another choice in a `switch`, that one is printed."""
    parent = parents.get(node)
    if parent is not None and drawing.local_name(parent) == "switch" and len(parent) > 1:
        return
    words = " ".join("".join(node.itertext()).split())
    if words:
        yield (
            node,
            error(
                "lost-drawing-text",
                say("the text in <foreignObject> is not printed: {words}", words=quoted(words, 40)),
                None,
                PATHS,
            ),
        )
    else:
        yield node, warning("drawing-effect", say("what is in <foreignObject> is not printed"), None, PICTURE)


def _text(node: ElementTree.Element, own: Own, values: Own, styles: Styles, given: Given) -> Iterator[Finding]:
    # What is wrong with one text, the worst first: the messages make it long.
    letters = (node.text or "") + "".join(child.tail or "" for child in node)
    words = quoted(" ".join(letters.split()), 40)
    if drawing.local_name(node) == "textPath":
        words = quoted(" ".join("".join(node.itertext()).split()), 40)
        yield error(
            "lost-drawing-text",
            say("text on a path is printed at another place, or not at all: {words}", words=words),
            None,
            PATHS,
        )
        return
    if not letters.strip():
        return
    shorthand = own.get(SHORTHAND, "")
    if shorthand and not _SIZE.fullmatch(shorthand.split()[0]):
        hint = say("write font-size, font-family and font-weight apart")
        yield error(
            "lost-drawing-text",
            say('text with "font: {shorthand}" is not printed: {words}', shorthand=shorthand, words=words),
            None,
            hint,
            PATHS,
        )
        return
    fonts = given.fonts()
    asked = families(values.get("font-family", "sans-serif"))
    if not any(family.casefold() in fonts.families | styles.families | fonts.named.keys() for family in asked):
        message = say(
            "text in the font {font}, which the project does not have: {words}",
            font=quoted(asked[0] if asked else ""),
            words=words,
        )
        yield warning("drawing-font", message, None, PATHS, say("or add the font to fonts/"))
    used = sorted({letter for letter in letters if unicodedata.category(letter) not in ("Cc", "Cf")})
    missing = [letter for letter in used if ord(letter) not in fonts.characters]
    if missing and not styles.families:
        shown = listed(f"{letter} (U+{ord(letter):04X})" for letter in missing[:8])
        yield error(
            "missing-glyph",
            say("no font has {character}, in the text {words}", character=shown, words=words),
            None,
            PATHS,
        )
    if any(
        unicodedata.bidirectional(letter) in ("R", "AL") or unicodedata.category(letter)[0] == "M" for letter in used
    ):
        yield error(
            "lost-drawing-text",
            say("letters that join or run from right to left are printed apart, in wrong order: {words}", words=words),
            None,
            PATHS,
        )


def _effects(
    node: ElementTree.Element, own: Own, named: Mapping[str, ElementTree.Element], holder: str
) -> Iterator[Finding]:
    name = drawing.local_name(node)
    told = own.get("filter", "none")
    if told not in ("none", "") and (why := _filter_fault(told, named, holder)):
        yield warning("drawing-effect", say("a filter is not printed: {why}", why=why), None, PICTURE)
    clip = own.get("clip-path", "none")
    if clip not in ("none", "") and not clip.startswith("url("):
        yield warning(
            "drawing-effect",
            say("{value} does not cut anything off", value=quoted("clip-path: " + clip)),
            None,
            PICTURE,
        )
    if name == "clipPath":
        if any(drawing.local_name(child) == "text" for child in node.iter()):
            yield warning(
                "drawing-effect", say("text cannot be used as a clipping path; the text itself is printed"), None, PATHS
            )
        holes = any("evenodd" in f"{child.get('clip-rule')} {child.get('style')}" for child in node.iter())
        if holes and (len(node) != 1 or drawing.local_name(node[0]) == "use"):
            # The holes of one shape are cut out.
            yield warning(
                "drawing-effect", say("holes in a clipping path are filled (clip-rule: evenodd)"), None, PICTURE
            )
    choices = [child for child in node if drawing.local_name(child) != "foreignObject"]
    if name == "switch" and len(choices) > 1:
        yield warning(
            "drawing-effect",
            say("all {number} choices of a <switch> are printed, on one another", number=len(choices)),
            None,
            PICTURE,
        )
    for name, (harmless, printed) in _DROPPED.items():
        value = own.get(name, "")
        if value and not re.fullmatch(harmless, value):
            yield warning(
                "drawing-effect",
                say("{value} is not printed: {printed}", value=quoted(f"{name}: {value}"), printed=printed),
                None,
                PICTURE,
            )


def _filter_fault(told: str, named: Mapping[str, ElementTree.Element], holder: str) -> Text | None:
    """Why a filter is not drawn; None when it is, or when it leads nowhere. `holder` is what its element is inside."""
    found = drawing.REFERENCE.search(told)
    steps = named.get(found[1]) if found else None
    if found and steps is None:
        return None
    if steps is not None and drawing.local_name(steps) != "filter":
        return say("#{name} is no filter", name=steps.get("id"))
    return say("it is inside a <{name}>", name=holder) if holder else drawing_filters.why_not_drawn(told, steps)


@lru_cache(1024)
def _is_colour(value: str) -> bool:
    # Drawings say the same few colours many times.
    return tinycss2.color5.parse_color(value) is not None


def _values(own: Own) -> Iterator[Finding]:
    """Values that the engine does not understand."""
    for name, value in own.items():
        if "var(" in value and name != "style":
            hint = say("export it with styles as attributes")
            yield warning(
                "drawing-style", say("{value} is not understood", value=quoted(f"{name}: {value}")), None, hint
            )
        elif name in _COLOURS:
            colour = re.sub(r"^url\([^)]*\)", "", value).strip()
            if name == "stop-color" and "device-cmyk(" in colour.lower():
                hint = say("write the colours of gradients as #rrggbb; the press edition gets its inks from them")
                yield warning(
                    "drawing-style",
                    say("the inks {colour} in a gradient are printed pale", colour=quoted(colour)),
                    None,
                    hint,
                )
            elif colour.lower() not in _WITHOUT_COLOUR and not _is_colour(colour):
                hint = say("write the colour as #rrggbb")
                yield warning(
                    "drawing-style",
                    say("the colour {colour} is not understood: black is printed", colour=quoted(colour)),
                    None,
                    hint,
                )


def _emptiness(root: ElementTree.Element, styles: Styles) -> Found:
    """A drawing of which nothing would be seen."""
    box = view_box(root)
    if box and not (box[2] > 0 and box[3] > 0):
        yield root, error("empty-drawing", say("the viewBox of this drawing has no size: nothing is printed"), None)
        return
    is_empty = True
    for shape in shapes(root, styles):
        found = shape.box()
        if not found:
            continue
        is_empty = False
        edge = length(shape.values.get("stroke-width", "1"))
        left, top, right, bottom = found
        if not box or (
            left - edge < box[0] + box[2]
            and right + edge > box[0]
            and top - edge < box[1] + box[3]
            and bottom + edge > box[1]
        ):
            return
    hint = say("export it again, with its page around what is drawn")
    if is_empty:
        yield root, error("empty-drawing", say("this drawing is empty: nothing is printed"), None, hint)
    else:
        message = say("the whole drawing is outside its viewBox: nothing is printed")
        yield root, error("empty-drawing", message, None, hint)
