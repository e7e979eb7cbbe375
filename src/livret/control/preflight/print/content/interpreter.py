"""Runs content streams: follows the graphics state, and hands what is painted to the painter.

Any stream can be run, and nothing is raised. What is nested too deeply, or is too long, is left out, and the page says
so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from livret.control.preflight.pdf_objects import (
    entry,
    identity,
    is_dictionary,
    listed,
    members,
    name,
    numbers,
    raw,
    resolve,
    undecoded,
)
from livret.control.preflight.print.content import painting
from livret.control.preflight.print.content.colour import PATTERN, ColourSpace, InkPaint, paint
from livret.control.preflight.print.content.geometry import (
    EVERYWHERE,
    Box,
    Matrix,
    common,
    matrix,
    multiply,
    placed_box,
)
from livret.control.preflight.print.content.graphics_state import GraphicsState, StateChange, mask_group
from livret.control.preflight.print.content.lexer import PATH, Lexer, Operand, name_of, numbers_of, path_parts
from livret.control.preflight.print.content.page_items import Clip, GroupSpace, PageItems
from livret.control.preflight.print.content.paths import OPERANDS, PathData
from livret.control.preflight.print.content.resources import Shared, StreamResources
from livret.control.preflight.print.content.text_state import TextPosition
from livret.translation import say

# What a page may have. A real page has a few thousand operators, and forms in forms ten deep.
MOST_OPERATORS = 1_000_000
MOST_ITEMS = 100_000
# What a whole file may have; later pages are not run.
MOST_OF_FILE = 50_000_000
# Compressed data of a stream without content are no longer than this.
SHORTEST_DATA = 16
DEEPEST_STREAM = 24
DEEPEST_STATE = 1000
LONGEST_PATH = 200_000
# A pattern or a form that is drawn again and again on one page is looked into this often.
MOST_READINGS = 400


@dataclass
class PageRun:
    """A page that is being run, and what it has cost so far."""

    page: PageItems
    shared: Shared
    operators: int = 0
    readings: dict[int, int] = field(default_factory=dict)
    open_streams: set[int] = field(default_factory=set)

    def tell(self, problem: str) -> None:
        """Remember what could not be read."""
        self.page.problems.setdefault(problem)

    def source(self, stream: object) -> bytes:
        """The data of a content stream; empty, and told, when they cannot be decoded or are too long."""
        found = self.shared.stream(stream)
        if not found and len(undecoded(stream)) > SHORTEST_DATA:
            self.tell(say("the data of a stream cannot be decoded, or are too long"))
        return found

    def may_read(self, stream: object) -> bool:
        """Whether a form, pattern or glyph is looked into: not inside itself, not too deep, not too often."""
        key = identity(stream)
        if key in self.open_streams:
            self.tell(say("a form or pattern draws itself"))
            return False
        if len(self.open_streams) >= DEEPEST_STREAM:
            self.tell(say("forms are nested more than {limit} deep", limit=DEEPEST_STREAM))
            return False
        self.readings[key] = self.readings.get(key, 0) + 1
        return self.readings[key] <= MOST_READINGS


@dataclass
class StreamRun:
    """One content stream that is being run: the page itself, a form, a cell of a pattern, or a glyph."""

    run: PageRun
    resources: StreamResources
    state: GraphicsState
    # Set inside a pattern: what is painted lies here, and nothing else is known of its place.
    region: Box | None = None
    # Set inside a glyph of a Type 3 font: the text that shows it, as whose part its paths are taken.
    glyph: painting.DrawnGlyph | None = None
    # An uncoloured pattern or glyph must not change colours.
    fixed_colours: bool = False
    stack: list[GraphicsState] = field(default_factory=list)
    dropped: int = 0
    path: PathData = field(default_factory=PathData)
    pending_clip: bytes = b""
    text: TextPosition = field(default_factory=TextPosition)
    text_clip: list[Box] = field(default_factory=list)
    # For each open marked-content sequence, whether its layer is off.
    marks: list[bool] = field(default_factory=list)
    hidden: int = 0
    # The matrix of the stream when it began, in which its patterns are laid out.
    base: Matrix = field(init=False)

    def __post_init__(self) -> None:
        self.base = self.state.ctm

    def execute(self, source: bytes) -> None:
        """Run the stream from its first operator to its last."""
        lexer = Lexer(source)
        run, path, items, handlers = self.run, self.path, self.run.page.items, _HANDLERS
        for operator, written, operands in lexer.operations():
            run.operators += 1
            if run.operators > MOST_OPERATORS or len(items) > MOST_ITEMS:
                run.tell(
                    say(
                        "the page has more than {number} operators; the rest was not read",
                        number=min(run.operators, MOST_OPERATORS),
                    )
                )
                return
            if operator == PATH:
                built, numbers_built = path_parts(written)
                run.operators += len(built) - 1
                if len(path.operators) < LONGEST_PATH:
                    path.operators += built
                    path.numbers += numbers_built
                continue
            handler = handlers.get(operator)
            if handler is not None:
                handler(self, written, operands)
            elif operator in OPERANDS:
                if len(path.operators) < LONGEST_PATH:
                    path.add(operator, numbers_of(written))
            else:
                run.tell(say("unknown operator {name}", name=operator[:20].decode("latin-1")))
        if lexer.broken:
            run.tell(say("the content has bytes that belong to no operator"))
        if self.stack or self.dropped:
            run.tell(say("q without Q"))

    # Graphics state

    def save(self, _written: bytes, _operands: list[Operand]) -> None:
        """q"""
        if len(self.stack) >= DEEPEST_STATE:
            self.dropped += 1
            self.run.tell(say("q is nested more than {limit} deep", limit=DEEPEST_STATE))
        else:
            self.stack.append(self.state.copy())

    def restore(self, _written: bytes, _operands: list[Operand]) -> None:
        """Q"""
        if self.dropped:
            self.dropped -= 1
        elif self.stack:
            self.state = self.stack.pop()
        else:
            self.run.tell(say("Q without q"))

    def concatenate(self, written: bytes, _operands: list[Operand]) -> None:
        """cm"""
        given = numbers_of(written)
        if len(given) >= 6:
            self.state.ctm = matrix(multiply(matrix(given), self.state.ctm))

    def set_width(self, written: bytes, _operands: list[Operand]) -> None:
        """w"""
        given = numbers_of(written)
        if given:
            self.state.line_width = abs(given[-1])

    def set_dictionary(self, _written: bytes, operands: list[Operand]) -> None:
        """gs"""
        named = _name(operands)
        change = self.resources.change(named)
        if change is None:
            self.run.tell(say("no graphics state is named /{name}", name=named))
            return
        self._apply(change)

    def _apply(self, change: StateChange) -> None:
        vars(self.state).update(change.values)
        if change.font is not None:
            parts = members(change.font) or listed(change.font)
            self.state.font = self.run.shared.font(parts[0]) if parts else self.state.font
            size = resolve(parts[1]) if len(parts) > 1 else None
            self.state.font_size = float(size) if isinstance(size, int | float) else self.state.font_size
        if change.mask is not None:
            group, luminous = mask_group(change.mask)
            self.look_at_group(entry(group, "/Group"), None, in_mask=luminous)

    def look_at_group(self, group: object, box: Box | None, *, in_mask: bool = False) -> None:
        """Remember the colour space of a transparency group when it is not DeviceCMYK."""
        space = entry(group, "/CS")
        if name(raw(group, "/S")) != "Transparency" or space is None:
            return
        kind = name(space) or self.run.shared.spaces.find(space, None).kind or say("no colour space")
        if kind != "DeviceCMYK" and not (in_mask and kind == "DeviceGray"):
            self.run.page.groups.append(GroupSpace(kind, box, in_mask))

    # Colours

    def set_space(self, operator: bytes, operands: list[Operand]) -> None:
        """cs and CS"""
        named = _name(operands)
        space = self.resources.space(named)
        if not space.kind:
            self.run.tell(say("no colour space is named /{name}", name=named))
        self._set(operator, space, paint(space, space.initial))

    def set_colour(self, operator: bytes, written: bytes, operands: list[Operand]) -> None:
        """sc, scn, SC and SCN: values in the current space, or a pattern, with or without values."""
        stroke = operator.isupper()
        space = self.state.stroke_space if stroke else self.state.fill_space
        named = _name(operands)
        if named:
            values = b" ".join(token for kind, token in operands if kind == "run")
            self._set(operator, space, self._pattern(named, space, numbers_of(values)))
        elif space.kind != "Pattern":
            self._set(operator, space, paint(space, numbers_of(written)))

    def _set(self, operator: bytes, space: ColourSpace, colour: InkPaint) -> None:
        if self.fixed_colours:
            return
        if operator.isupper():
            self.state.stroke_space, self.state.stroke = space, colour
        else:
            self.state.fill_space, self.state.fill = space, colour

    def _pattern(self, named: str, space: ColourSpace, values: tuple[float, ...]) -> InkPaint:
        pattern = self.resources.other("/Pattern", named)
        if not is_dictionary(pattern):
            self.run.tell(say("no pattern is named /{name}", name=named))
        shading = entry(pattern, "/Shading")
        if shading is not None:
            inside = self.run.shared.spaces.find(entry(shading, "/ColorSpace"), self.resources.value)
            return InkPaint(inside, (), None, False, False, pattern=pattern)
        base = space.base if space.kind == "Pattern" else None
        if base is not None and values:
            flat = paint(base, values)
            return InkPaint(base, flat.values, flat.inks, flat.white, flat.black, flat.prints, pattern)
        return InkPaint(PATTERN, (), None, False, False, pattern=pattern)

    def set_device(self, operator: bytes, written: bytes) -> None:
        """g, G, rg, RG, k and K"""
        colour = self.resources.device_colour(operator, written)
        if colour is not None:
            self._set(operator, colour.space, colour)

    # Marked content and forms

    def mark(self, _written: bytes, operands: list[Operand]) -> None:
        """BMC and BDC: a sequence may belong to a layer."""
        names = [name_of(token) for kind, token in operands if kind == "name"]
        off = False
        if len(names) >= 2 and names[0] == "OC" and operands[-1][0] == "name":
            off = self.run.shared.layers.hides(self.resources.other("/Properties", names[1]))
        if len(self.marks) < DEEPEST_STATE:
            self.marks.append(off)
            self.hidden += off

    def unmark(self, _written: bytes, _operands: list[Operand]) -> None:
        """EMC"""
        if self.marks:
            self.hidden -= self.marks.pop()

    def draw(self, _written: bytes, operands: list[Operand]) -> None:
        """Do"""
        named = _name(operands)
        drawn = self.resources.other("/XObject", named)
        kind = name(raw(drawn, "/Subtype"))
        if not kind:
            self.run.tell(say("no picture or form is named /{name}", name=named))
        if self.hidden or self.run.shared.layers.hides(raw(drawn, "/OC")):
            return
        if kind == "Image":
            painting.place_image(self, drawn)
        elif kind == "Form":
            self.draw_form(drawn)

    def draw_form(self, form: object) -> None:
        """Run a form XObject (ISO 32000-1, 8.10), and leave the state as it was."""
        if not self.run.may_read(form):
            return
        state = self.state.copy()
        state.ctm = matrix(multiply(matrix(numbers(raw(form, "/Matrix"))), state.ctm))
        box = numbers(raw(form, "/BBox"))
        if len(box) == 4:
            state.clip = painting.clipped(state.clip, box, state.ctm)
        group = entry(form, "/Group")
        if name(raw(group, "/S")) == "Transparency":
            self.look_at_group(group, common(state.clip.box, placed_box(EVERYWHERE, state.ctm)))
            state.enter_group()
        self.run_inside(form, state, raw(form, "/Resources"), region=self.region)

    def run_inside(
        self,
        stream: object,
        state: GraphicsState,
        resources: object,
        *,
        region: Box | None = None,
        glyph: painting.DrawnGlyph | None = None,
        fixed_colours: bool = False,
    ) -> None:
        """Run another stream from inside this one. The caller has asked `may_read`."""
        own = self.resources if resolve(resources) is None else StreamResources(resources, self.run.shared)
        inner = StreamRun(
            self.run, own, state, region, glyph or self.glyph, fixed_colours or (self.fixed_colours and glyph is None)
        )
        key = identity(stream)
        self.run.open_streams.add(key)
        try:
            inner.execute(self.run.source(stream))
        finally:
            self.run.open_streams.discard(key)


def _name(operands: list[Operand]) -> str:
    """The last name among operands."""
    return next((name_of(token) for kind, token in reversed(operands) if kind == "name"), "")


def run_page(page: PageItems, shared: Shared, sources: tuple[object, ...], resources: object, group: object) -> None:
    """Run the content of a page; what it paints is added to `page`."""
    run = PageRun(page, shared)
    if shared.operators > MOST_OF_FILE:
        run.tell(
            say(
                "the pages before it have more than {limit} operators, and it was not read",
                limit=MOST_OF_FILE,
            )
        )
        return
    state = GraphicsState(clip=Clip(page.media))
    stream = StreamRun(run, StreamResources(resources, shared), state)
    stream.look_at_group(group, None)
    stream.execute(b"\n".join(run.source(one) for one in sources))
    shared.operators += run.operators


_Handler = Callable[[StreamRun, bytes, list[Operand]], None]


def _colour(operator: bytes) -> _Handler:
    return lambda run, written, operands: run.set_colour(operator, written, operands)


def _device(operator: bytes) -> _Handler:
    return lambda run, written, operands: run.set_device(operator, written)


def _space(operator: bytes) -> _Handler:
    return lambda run, written, operands: run.set_space(operator, operands)


def _nothing(_run: StreamRun, _written: bytes, _operands: list[Operand]) -> None:
    """An operator that changes nothing that a rule asks for."""


_HANDLERS: dict[bytes, _Handler] = {
    b"q": StreamRun.save,
    b"Q": StreamRun.restore,
    b"cm": StreamRun.concatenate,
    b"w": StreamRun.set_width,
    b"gs": StreamRun.set_dictionary,
    b"BMC": StreamRun.mark,
    b"BDC": StreamRun.mark,
    b"EMC": StreamRun.unmark,
    b"Do": StreamRun.draw,
    **{word: _colour(word) for word in (b"sc", b"scn", b"SC", b"SCN")},
    **{word: _device(word) for word in (b"g", b"G", b"rg", b"RG", b"k", b"K")},
    **{word: _space(word) for word in (b"cs", b"CS")},
    **dict.fromkeys((b"J", b"j", b"M", b"d", b"ri", b"i", b"MP", b"DP", b"BX", b"EX", b"d0", b"d1", b"BI"), _nothing),
    **painting.HANDLERS,
}
