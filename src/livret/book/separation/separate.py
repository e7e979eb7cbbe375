"""Separation: converts a PDF from RGB to CMYK, grey and spot colours, in every stream, resource and picture.

It also removes what a printing press does not need: links, tags, names, outlines and metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf

from livret.book.saving import save
from livret.book.separation import colour_spaces, functions, shading
from livret.book.separation.blending import unlike_on_paper
from livret.book.separation.colour_spaces import Space
from livret.book.separation.content_stream import rewrite
from livret.book.separation.functions import Values
from livret.book.separation.graphics_state import Start, multiply
from livret.book.separation.images import NAMELESS, NONE, Kept, OriginalPictures, Pictures
from livret.book.separation.ink import BLACK, Inks
from livret.book.separation.pdf_input import FAULTS, Inseparable, floats
from livret.book.separation.resources import Resources
from livret.book.separation.targets import Luminosity, PrintTarget, Target
from livret.findings import Finding, error, warning
from livret.translation import Text, say

# How deep forms and patterns may nest. The engine uses only a few levels.
DEPTH = 40
# The number of tints of a spot colour for which CMYK values are calculated.
TINTS = 65

# The entries that are kept of the catalogue, a page, a form and a graphics state. Overprint is set again by Livret.
# Halftones and transfer curves are removed, because the printer chooses them (ISO 15930-7, 6.8).
_CATALOGUE = ("/Type", "/Pages", "/Version")
_PAGE = tuple("/Type /Parent /MediaBox /CropBox /BleedBox /TrimBox /ArtBox /Rotate /UserUnit /Group".split())
_FORM = ("/Type", "/Subtype", "/FormType", "/BBox", "/Matrix")
_TILING = ("/Type", "/PatternType", "/PaintType", "/TilingType", "/BBox", "/XStep", "/YStep", "/Matrix")
_STATE = ("/Type", "/LW", "/LC", "/LJ", "/ML", "/D", "/FL", "/SA", "/BM", "/CA", "/ca", "/AIS", "/TK", "/RI")


def separate_file(
    source: Path,
    target: Path,
    inks: Inks,
    kept: Kept | None = None,
    originals: OriginalPictures = NONE,
    names: Mapping[str, str] = NAMELESS,
) -> tuple[Finding, ...]:
    """Separate the file `source` into the file `target`. The same content gives the same bytes.

    `originals` are the files that pictures were converted from for the screen, and `names` the names of the files of
    pictures, by their resource. Return the findings of `separate`.
    """
    with pikepdf.open(source) as pdf:
        findings = separate(pdf, inks, kept, originals, names)
        save(pdf, target, deterministic_id=True)
    return (*inks.findings, *findings)


def separate(
    pdf: pikepdf.Pdf,
    inks: Inks,
    kept: Kept | None = None,
    originals: OriginalPictures = NONE,
    names: Mapping[str, str] = NAMELESS,
) -> tuple[Finding, ...]:
    """Separate a PDF in place. `kept` stores converted pictures between runs.

    Return the findings. A part that cannot be separated is left out, and gives an error with its page.
    """
    work = _Separation(pdf, inks, Pictures(pdf, kept, originals, names))
    if "/OCProperties" in pdf.Root:
        work.fault("layered-content", say("the file has layers, which a press file cannot have"))
    for number, page in enumerate(pdf.pages, 1):
        work.place = say("page {number}", number=number)
        work.page(page)
    for name in [name for name in dict(pdf.Root.items()) if name not in _CATALOGUE]:
        del pdf.Root[name]
    return tuple(dict.fromkeys(work.findings))


class _Separation:
    """Separates the parts of one PDF. A part is separated again only when another use gives another result."""

    def __init__(self, pdf: pikepdf.Pdf, inks: Inks, pictures: Pictures) -> None:
        self.findings: list[Finding] = []
        self.place = ""
        self.colours: dict[Any, Any] = {}
        self._pdf = pdf
        self._limit = inks.limit
        self._ink = PrintTarget(inks)
        self._mask = Luminosity()
        self._pictures = pictures
        self._gradients = shading.Gradients(pdf)
        # Results by object number and use: target, whether it is uncoloured, whether fill and stroke are black.
        self._contents: dict[Any, list[tuple[Any, bool, pikepdf.Object]]] = {}
        self._single: dict[Any, Any] = {}
        self._resources: dict[Any, dict[Any, Any]] = {}
        self._written: dict[int, tuple[Space, Any]] = {}
        self._open: set[tuple[int, int]] = set()

    def reduced(self, what: str, inks: Values) -> None:
        """Warn of a colour of the design with more ink than the limit: other inks of nearly the same colour print it.

        The page is not named, so that a colour of a layout gives one finding.
        """
        message = say(
            "{what} has {total:g} % of ink, over the limit of {limit:g} %; inks that look nearly the same are printed",
            what=what,
            total=100 * sum(inks),
            limit=self._limit,
        )
        hint = say("write inks that make {limit:g} % or less, less cyan, magenta and yellow first", limit=self._limit)
        self.findings.append(warning("reduced-ink", message, None, hint))

    def fault(self, rule: str, message: Text) -> None:
        """Add an error for the page that is being separated."""
        self.findings.append(
            error(rule, say("{place}: {message}", place=self.place, message=message) if self.place else message)
        )

    # --- pages ---

    def page(self, page: pikepdf.Page) -> None:
        """Separate a page, with all that it uses."""
        notes = page.obj.get("/Annots")
        for note in notes if isinstance(notes, pikepdf.Array) else ():
            if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") != "/Link" and "/AP" in note:
                kind = str(note.get("/Subtype"))[1:]
                self.findings.append(
                    warning(
                        "lost-annotation",
                        say("{place}: an annotation ({kind}) is not printed", place=self.place, kind=kind),
                    )
                )
        made, raw = Resources(None, {}), b""
        try:
            made = self._known(page.resources, self._ink)
            page.contents_coalesce()
            if "/Contents" in page.obj:
                raw = rewrite(page.obj["/Contents"], made, Start(self._ink, is_fresh=True), self).raw
        except Inseparable as fault:
            self.fault(fault.rule, fault.message)
        except FAULTS as fault:
            self.fault("damaged-part", say("it is damaged: {fault}", fault=fault))
        for name in [name for name in dict(page.obj.items()) if name not in _PAGE]:
            del page.obj[name]
        page.obj["/Contents"] = self._pdf.make_stream(raw)
        page.obj["/Resources"] = made.written
        if isinstance(page.obj.get("/Group"), pikepdf.Dictionary):
            page.obj["/Group"] = _group(page.obj["/Group"], self._ink)
        elif "/Group" in page.obj:
            del page.obj["/Group"]

    def _known(self, source: Any, target: Target) -> Resources:
        """Return new resources. They share earlier results with all streams that have the same source."""
        number = source.objgen if source is not None else (0, 0)
        return Resources(source, self._resources.setdefault((number, target.space), {}) if number != (0, 0) else {})

    # --- content streams ---

    def xobject(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Separate a picture or a form (see `resources.Parts`)."""
        kind = source.get("/Subtype")
        if kind == "/Image":
            return self._once(source, start.target, lambda: self._picture(source, start.target, resources)), False
        if kind != "/Form":
            raise Inseparable("unknown-part", say("an object of the kind {kind} cannot be printed", kind=str(kind)[1:]))
        matrix = multiply(floats(source.get("/Matrix", [1, 0, 0, 1, 0, 0]), 6), start.matrix)

        def finish(made: Any) -> None:
            if "/Group" in source:
                made["/Group"] = _group(source["/Group"], start.target)

        return self._content(source, replace(start, matrix=matrix), resources, _FORM, finish)

    def _content(
        self, source: Any, start: Start, resources: Any, names: tuple[str, ...], finish: Callable[[Any], None]
    ) -> tuple[pikepdf.Object, bool]:
        """Separate a stream with content. Use an earlier result when it is the same for this use."""
        way = (start.target.space, start.is_uncoloured, start.fill == BLACK, start.stroke == BLACK)
        done = self._contents.setdefault((source.objgen, way), [])
        for scale, is_scaled, made in done:
            if not is_scaled or scale == start.scale:
                return made, is_scaled
        if source.objgen in self._open or start.depth > DEPTH:
            raise Inseparable("endless-content", say("a part is drawn inside itself, or too deeply in others"))
        self._open.add(source.objgen)
        try:
            own = self._known(source.get("/Resources", resources), start.target)
            rewritten = rewrite(source, own, start, self)
        finally:
            self._open.discard(source.objgen)
        made = self._pdf.make_stream(rewritten.raw)
        for name in names:
            if name in source:
                made[name] = source[name]
        made["/Resources"] = own.written
        finish(made)
        done.append((start.scale, rewritten.is_scaled, made))
        return made, rewritten.is_scaled

    def pattern(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Separate a pattern (see `resources.Parts`)."""
        if int(source["/PatternType"]) == 2:
            return self._once(source, start.target, lambda: self._shading_pattern(source, start, resources)), False
        matrix = multiply(floats(source.get("/Matrix", [1, 0, 0, 1, 0, 0]), 6), start.matrix)
        is_stencil = int(source["/PaintType"]) == 2
        begin = replace(start, matrix=matrix, is_uncoloured=is_stencil, is_fresh=not is_stencil)
        return self._content(source, begin, resources, _TILING, lambda made: None)

    def _shading_pattern(self, source: Any, start: Start, resources: Any) -> Any:
        made = pikepdf.Dictionary(Type=pikepdf.Name("/Pattern"), PatternType=2)
        made["/Shading"] = self.shading(source["/Shading"], start.target, resources)
        if "/Matrix" in source:
            made["/Matrix"] = source["/Matrix"]
        if "/ExtGState" in source:
            made["/ExtGState"] = self.state(source["/ExtGState"], start, resources)
        return self._pdf.make_indirect(made)

    def font(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        """Return a font unchanged, or a Type 3 font with separated glyphs (see `resources.Parts`)."""
        if source.get("/Subtype") != "/Type3":
            return source, False
        made: tuple[pikepdf.Object, bool] = self._once(
            source, start.target, lambda: self._glyphs(source, start, resources)
        )
        return made

    def _glyphs(self, source: Any, start: Start, resources: Any) -> tuple[pikepdf.Object, bool]:
        made = pikepdf.Dictionary(
            {name: value for name, value in source.items() if name not in ("/CharProcs", "/Resources")}
        )
        own = self._known(source.get("/Resources", resources), start.target)
        glyphs = pikepdf.Dictionary()
        is_coloured = False
        if source.objgen in self._open or start.depth > DEPTH:
            raise Inseparable("endless-content", say("a glyph is drawn with itself"))
        self._open.add(source.objgen)
        try:
            for name in sorted(source["/CharProcs"].keys()):
                begin = Start(start.target, start.matrix, depth=start.depth + 1)
                done = rewrite(source["/CharProcs"][name], own, begin, self)
                is_coloured |= not done.is_uncoloured
                glyphs[name] = self._pdf.make_stream(done.raw)
        finally:
            self._open.discard(source.objgen)
        made["/CharProcs"] = glyphs
        made["/Resources"] = own.written
        return self._pdf.make_indirect(made), is_coloured

    def inline(self, picture: Any) -> pikepdf.Object:
        """Return an inline picture as a separate stream (see `resources.Parts`)."""
        made = self._pdf.make_stream(picture.read_raw_bytes())
        for name, value in picture.obj.items():
            if name != "/Length":
                made[name] = value
        made["/Subtype"] = pikepdf.Name("/Image")
        return made

    # --- resources ---

    def _once(self, source: Any, target: Target, make: Callable[[], Any]) -> Any:
        """Return the result of `make` for an object and a target. It is made only once for an indirect object."""
        if source.objgen == (0, 0):
            return make()
        key = (source.objgen, target.space)
        if key not in self._single:
            self._single[key] = make()
        return self._single[key]

    def space(self, source: Any, resources: Any) -> Space:
        """Read a colour space (see `resources.Parts`)."""
        named = resources.get("/ColorSpace") if resources is not None else None
        return colour_spaces.read(source, dict(named.items()) if isinstance(named, pikepdf.Dictionary) else None)

    def written_space(self, space: Space, target: Target) -> pikepdf.Object | None:
        """Return the space in which colours may stay (see `resources.Parts`)."""
        if not target.keeps(space):
            return None
        if space.family != "/Separation":
            return pikepdf.Name(target.space)
        if id(space) not in self._written:
            self._written[id(space)] = (space, self._spot(space))
        found: pikepdf.Object = self._written[id(space)][1]
        return found

    def stencil_space(self, target: Target) -> pikepdf.Object:
        """Return the colour space of uncoloured patterns (see `resources.Parts`)."""
        key = ("stencil", target.space)
        if key not in self._single:
            self._single[key] = pikepdf.Array([pikepdf.Name("/Pattern"), pikepdf.Name(target.space)])
        found: pikepdf.Object = self._single[key]
        return found

    def _spot(self, space: Space) -> pikepdf.Array:
        """Return the space of a spot colour with CMYK as its alternate space."""
        tints = [space.original((index / (TINTS - 1),)) for index in range(TINTS)]
        samples = shading.thinned(self._ink.path(tints))
        function = functions.table(self._pdf, ((0, 1),), [len(samples)], samples)
        name = space.source[1]
        return pikepdf.Array([pikepdf.Name("/Separation"), name, pikepdf.Name("/DeviceCMYK"), function])

    def _picture(self, source: Any, target: Target, resources: Any) -> Any:
        """Separate a picture in the space that it names. JPEG 2000 and stencils may name none."""
        space = self.space(source["/ColorSpace"], resources) if "/ColorSpace" in source else None
        stays = self.written_space(space, target) if space is not None and space.family != "/Indexed" else None
        if target is self._ink and space is not None and space.key == "grey":
            stays = None
        try:
            return self._pictures.separate(source, space, stays, target)
        except Inseparable as fault:
            raise Inseparable(
                fault.rule,
                say("{message} ({told})", message=fault.message, told=self._pictures.told(source, resources)),
            ) from fault

    def shading(self, source: Any, target: Target, resources: Any) -> pikepdf.Object:
        """Separate a gradient (see `resources.Parts`)."""

        def make() -> Any:
            space = self.space(source["/ColorSpace"], resources)
            stays = self.written_space(space, target)
            if stays is not None and (most := shading.over_limit(source, space, target)):
                self.reduced(f"{self.place}: a gradient", most)
                stays = None
            return self._pdf.make_indirect(self._gradients.separate(source, space, stays, target))

        made: pikepdf.Object = self._once(source, target, make)
        return made

    def state(self, source: Any, start: Start, resources: Any) -> pikepdf.Object:
        """Separate a graphics state: remove overprint, convert its soft mask to grey (see `resources.Parts`)."""
        made = pikepdf.Dictionary({name: source[name] for name in _STATE if name in source})
        self.findings.extend(unlike_on_paper(source, self.place))
        if "/Font" in source:
            made["/Font"] = pikepdf.Array([self.font(source["/Font"][0], start, resources)[0], source["/Font"][1]])
        mask = source.get("/SMask")
        if isinstance(mask, pikepdf.Name):
            made["/SMask"] = mask
        elif mask is not None:
            made["/SMask"] = self._soft_mask(mask, start, resources)
        return made

    def _soft_mask(self, source: Any, start: Start, resources: Any) -> Any:
        """Convert a soft mask to grey. Its grey says how much of the artwork is visible, so it has no inks."""
        begin = Start(self._mask, start.matrix, depth=start.depth + 1)
        form = source["/G"]
        made = pikepdf.Dictionary(Type=pikepdf.Name("/Mask"), S=source["/S"])
        made["/G"] = self.xobject(form, begin, resources)[0]
        if "/BC" in source:
            ground: Values = floats(source["/BC"])
            families = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}
            group = form.get("/Group", {})
            space = (
                self.space(group["/CS"], resources) if "/CS" in group else colour_spaces.device(families[len(ground)])
            )
            made["/BC"] = pikepdf.Array(list(self._mask.flat(space.original(ground))))
        if "/TR" in source:
            made["/TR"] = source["/TR"]
        return made

    def overprint(self, stroke: bool, fill: bool) -> pikepdf.Object:
        """Return the graphics state that switches overprint on or off (see `resources.Parts`)."""
        key = ("overprint", stroke, fill)
        if key not in self._single:
            # With mode 1, black text does not change the plates where it has no ink (ISO 32000-1, 8.6.7).
            made = pikepdf.Dictionary(Type=pikepdf.Name("/ExtGState"), OP=stroke, op=fill, OPM=1)
            self._single[key] = self._pdf.make_indirect(made)
        found: pikepdf.Object = self._single[key]
        return found


def _group(source: Any, target: Target) -> pikepdf.Dictionary:
    """Return a transparency group that is blended in ink, or in grey for a mask."""
    made = pikepdf.Dictionary({name: source[name] for name in ("/Type", "/S", "/I", "/K") if name in source})
    if "/CS" in source or target.channels == 1:
        made["/CS"] = pikepdf.Name(target.space)
    return made
