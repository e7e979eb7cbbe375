"""Where a drawing draws: the boxes of its shapes, and the viewBox of a drawing that has none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat

from livret.content.pictures import drawing
from livret.content.pictures.drawing_geometry import STILL, Matrix, Point, moved, path_points, product, transform
from livret.content.pictures.drawing_styles import Own, Styles, inherited

Box = tuple[float, float, float, float]

_LENGTH = re.compile(rf"\s*({drawing.NUMBER})\s*([a-z%]*)\s*", re.IGNORECASE)
_UNITS = {
    "": 1,
    "px": 1,
    "pt": 4 / 3,
    "pc": 16,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96,
    "em": 16,
    "ex": 8,
    "rem": 16,
}
# Elements whose children are drawn elsewhere, or nowhere.
_APART = frozenset(
    "defs symbol clipPath mask pattern marker linearGradient radialGradient filter style title desc".split()
)
_DEPTH = 400


@dataclass(frozen=True)
class PaintedShape:
    """An element that is painted, what is said of it, and where its units lie in the drawing."""

    node: ElementTree.Element
    values: Own
    matrix: Matrix

    def box(self) -> Box | None:
        """The box of the shape in the units of the drawing, without the width of its line; None for no shape."""
        points = [moved(self.matrix, point) for point in _points(self.node, self.values)]
        if not points:
            return None
        xs, ys = zip(*points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def length(text: str, whole: float = 0) -> float:
    """A length in pixels; a percentage is one of `whole`. What is no length is 0, as in the engine."""
    found = _LENGTH.fullmatch(text or "")
    if not found:
        return 0
    unit = found[2].lower()
    return float(found[1]) * (whole / 100 if unit == "%" else _UNITS.get(unit, 0))


def view_box(root: ElementTree.Element) -> Box | None:
    """The viewBox, or what width and height say in its place: left, top, width and height; None without either."""
    if told := root.get("viewBox"):
        left, top, width, height = (float(number) for number in re.findall(drawing.NUMBER, told))
        return left, top, width, height
    width, height = (length(root.get(name, "")) if "%" not in root.get(name, "") else 0 for name in ("width", "height"))
    return (0, 0, width, height) if width > 0 and height > 0 else None


def shapes(root: ElementTree.Element, styles: Styles) -> Iterator[PaintedShape]:
    """Each element that paints something, in order, with what is drawn by reference."""
    yield from _shapes(root, {}, STILL, _WholeDrawing(root, styles, drawing.named(root)))


@dataclass(frozen=True)
class _WholeDrawing:
    root: ElementTree.Element
    styles: Styles
    named: Mapping[str, ElementTree.Element]


def _shapes(
    node: ElementTree.Element, parent: Own, matrix: Matrix, all_of: _WholeDrawing, depth: int = 0
) -> Iterator[PaintedShape]:
    name = drawing.local_name(node)
    if not isinstance(node.tag, str) or depth > _DEPTH:
        return
    own = all_of.styles.own(node)
    values = inherited(parent, own)
    if values.get("display") == "none" or _is_nought(own.get("opacity", "1")):
        return
    matrix = product(matrix, transform(own.get("transform", "")))
    if name == "use" or (name == "svg" and node is not all_of.root):
        whole = view_box(all_of.root) or (0, 0, 0, 0)
        offset = length(own.get("x", ""), whole[2]), length(own.get("y", ""), whole[3])
        matrix = product(matrix, (1, 0, 0, 1, *offset))
    if name == "use":
        meant = all_of.named.get(drawing.target(node)[1:])
        if meant is not None:
            inner = product(matrix, _fitted(meant, own))
            if drawing.local_name(meant) == "symbol":
                for child in meant:
                    yield from _shapes(child, values, inner, all_of, depth + 1)
            else:
                yield from _shapes(meant, values, inner, all_of, depth + 1)
        return
    if name == "svg" and node is not all_of.root:
        matrix = product(matrix, _fitted(node, own))
    if _is_painted(name, values):
        yield PaintedShape(node, values, matrix)
    for child in node if name not in _APART else ():
        yield from _shapes(child, values, matrix, all_of, depth + 1)


def _fitted(node: ElementTree.Element, asked: Own) -> Matrix:
    """How a symbol or an inner drawing is scaled into the width and height that are asked for."""
    box = node.get("viewBox")
    if drawing.local_name(node) not in ("symbol", "svg") or not box:
        return STILL
    left, top, width, height = (float(number) for number in re.findall(drawing.NUMBER, box))
    wide, tall = (length(asked.get(name) or node.get(name) or "") for name in ("width", "height"))
    if not (width > 0 and height > 0 and wide > 0 and tall > 0):
        return 1, 0, 0, 1, -left, -top
    scale = min(wide / width, tall / height)
    return scale, 0, 0, scale, (wide - width * scale) / 2 - left * scale, (tall - height * scale) / 2 - top * scale


def _is_nought(text: str) -> bool:
    return bool(re.fullmatch(r"0*\.?0*%?", text.strip())) and text.strip() not in ("", ".", "%")


def _is_painted(name: str, values: Own) -> bool:
    if values.get("visibility") in ("hidden", "collapse"):
        return False
    if name == "image":
        return True
    if name not in ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath"):
        return False
    is_filled = values.get("fill", "black") not in ("none", "transparent") and not _is_nought(
        values.get("fill-opacity", "1")
    )
    is_lined = values.get("stroke", "none") not in ("none", "transparent", "") and not _is_nought(
        values.get("stroke-opacity", "1")
    )
    return is_lined or (is_filled and name != "line")


def _points(node: ElementTree.Element, values: Own) -> list[Point]:
    """Points whose box is that of a shape; none when it has no size."""
    name = drawing.local_name(node)
    given = {key: length(values.get(key, "")) for key in ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry")}
    x, y = given["x"], given["y"]
    if name in ("rect", "image"):
        wide, tall = given["width"], given["height"]
        if (
            name == "rect"
            and not (wide > 0 and tall > 0)
            and "%" not in values.get("width", "") + values.get("height", "")
        ):
            return []
        return [(x, y), (x + wide, y + tall)]
    if name in ("circle", "ellipse"):
        rx, ry = (given["r"], given["r"]) if name == "circle" else (given["rx"], given["ry"])
        is_sized = (rx > 0 and ry > 0) or "%" in "".join(values.get(key, "") for key in ("r", "rx", "ry"))
        return [(given["cx"] - rx, given["cy"] - ry), (given["cx"] + rx, given["cy"] + ry)] if is_sized else []
    if name == "line":
        return [(length(values.get(f"x{n}", "")), length(values.get(f"y{n}", ""))) for n in (1, 2)]
    if name in ("polyline", "polygon"):
        numbers = [float(number) for number in re.findall(drawing.NUMBER, values.get("points", ""))]
        return list(zip(numbers[::2], numbers[1::2], strict=False))
    if name == "path":
        return list(path_points(values.get("d", "")))
    letters = len("".join(node.itertext()).strip())
    size = length(values.get("font-size", "16"))
    # About as wide as letters are; text goes to either side of its place.
    return [(x - letters * size * 0.6, y - size), (x + letters * size * 0.6, y + size * 0.3)] if letters else []


def with_view_box(content: bytes) -> bytes:
    """A drawing that was read, with a viewBox: what width and height say, else the box of what it draws.

    Without one, the engine and browsers neither scale a drawing nor know its shape.
    """
    root = drawing.read(content)
    if root.get("viewBox") is not None:
        return content
    if (box := view_box(root)) is None:
        found = [shape.box() for shape in shapes(root, Styles(root))]
        boxes = [one for one in found if one]
        if not boxes:
            return content
        left, top = (min(one[axis] for one in boxes) for axis in (0, 1))
        box = (left, top, max(one[2] for one in boxes) - left, max(one[3] for one in boxes) - top)
    if not (box[2] > 0 and box[3] > 0):
        return content
    told = " ".join(f"{number:.6g}" for number in box)
    start: list[int] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda *_: start.append(parser.CurrentByteIndex) if not start else None
    parser.Parse(content, True)
    name = re.compile(rb"<[\w:.-]+").match(content, start[0])
    # Places are counted in bytes of the file, so one in another encoding is left as it is.
    return content[: name.end()] + f' viewBox="{told}"'.encode() + content[name.end() :] if name else content
