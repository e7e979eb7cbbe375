"""Tagged PDFs made by hand: right in every detail, for tests to look at and to break.

A PDF is written as a list of pages, each a list of tags; a tag holds words, which become marked content, and tags:

    make(path, [[tag("H1", "Un titre"), tag("P", "Un texte, ", link("un lien", "https://a.example.org"))]])
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

FONT = Path(__file__).resolve().parents[1] / "fonts" / "SourceSans3" / "SourceSans3-Regular.ttf"
WIDTH, HEIGHT, LINE = 300, 400, 14
# Where the keys of annotations in the ParentTree start.
ANNOTATIONS = 100_000
XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">'
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Un essai</rdf:li></rdf:Alt></dc:title>'
    '<pdfuaid:part>1</pdfuaid:part></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
)


@dataclass
class Tag:
    """An element to be: its type, what it holds, its entries, and its attributes. `name` finds it again."""

    kind: str
    kids: tuple[Any, ...]
    entries: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    uri: str = ""
    told: str = ""


@dataclass(frozen=True)
class Raw:
    """Operators written as they are, outside any mark; or inside, when a tag holds them."""

    code: str


def tag(kind: str, *kids: Any, name: str = "", attributes: dict[str, Any] | None = None, **entries: Any) -> Tag:
    """A tag with words and tags."""
    return Tag(kind, kids, entries, attributes or {}, name)


def link(words: str, uri: str, told: str = "Un lien", name: str = "", **entries: Any) -> Tag:
    """A link with its annotation."""
    return Tag("Link", (words,), entries, {}, name, uri, told)


def figure(name: str = "", **entries: Any) -> Tag:
    """A square with an alternative text, in its box."""
    return Tag(
        "Figure",
        (Raw("10 10 20 20 re f"),),
        {"Alt": "Un carré", **entries},
        {"O": "/Layout", "BBox": [10, 10, 30, 30]},
        name,
    )


def pdf(value: Any) -> Any:
    """A PDF object for a Python value; a text that starts with a slash is a name."""
    if isinstance(value, PdfObject):
        return value
    if isinstance(value, bool):
        return BooleanObject(value)
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, float):
        return FloatObject(value)
    if isinstance(value, str):
        return NameObject(value) if value.startswith("/") else TextStringObject(value)
    if isinstance(value, list):
        return ArrayObject([pdf(one) for one in value])
    if isinstance(value, dict):
        return DictionaryObject({NameObject(f"/{key}"): pdf(one) for key, one in value.items()})
    assert value is None, value
    return NullObject()


@lru_cache(maxsize=1)
def _font() -> tuple[bytes, tuple[int, ...], tuple[int, ...]]:
    """A font program, the widths of the codes 32 to 255, and its box."""
    face = TTFont(FONT)
    glyphs, units = face.getBestCmap(), face["head"].unitsPerEm
    widths = []
    for code in range(32, 256):
        letter = bytes([code]).decode("cp1252", "replace")
        glyph = glyphs.get(ord(letter))
        widths.append(round(face["hmtx"][glyph][0] * 1000 / units) if glyph else 0)
    head = face["head"]
    return FONT.read_bytes(), tuple(widths), (head.xMin, head.yMin, head.xMax, head.yMax)


def stream(data: bytes, **entries: Any) -> StreamObject:
    """A compressed stream."""
    made = StreamObject()
    made._data = zlib.compress(data)
    made.update(pdf({"Filter": "/FlateDecode", **entries}))
    return made


class Maker:
    """A PDF in the making; `named` are the elements by the names of their tags."""

    def __init__(self) -> None:
        self.writer = PdfWriter()
        self.writer.pdf_header = "%PDF-1.7"
        self.named: dict[str, Any] = {}
        self.parents: dict[int, Any] = {}
        self.ids: list[tuple[str, Any]] = []
        program, widths, box = _font()
        descriptor = {
            "Type": "/FontDescriptor", "FontName": "/Essai", "Flags": 32, "FontBBox": list(box), "ItalicAngle": 0,
            "Ascent": 900, "Descent": -300, "CapHeight": 700, "StemV": 80,
            "FontFile2": self.add(stream(program, Length1=len(program))),
        }  # fmt: skip
        self.font = self.add(
            pdf(
                {
                    "Type": "/Font", "Subtype": "/TrueType", "BaseFont": "/Essai", "FirstChar": 32, "LastChar": 255,
                    "Widths": list(widths), "Encoding": "/WinAnsiEncoding",
                    "FontDescriptor": self.add(pdf(descriptor)),
                }
            )
        )  # fmt: skip
        self.structure = pdf({"Type": "/StructTreeRoot"})
        self.tree = self.add(self.structure)
        self.top = pdf({"Type": "/StructElem", "S": "/Document", "P": self.tree, "K": []})
        self.structure[NameObject("/K")] = ArrayObject([self.add(self.top)])
        self.named["Document"] = self.top

    def add(self, value: Any) -> Any:
        return self.writer._add_object(value)

    def page(self, tags: Sequence[Tag | Raw]) -> None:
        """Draw a page."""
        page = self.writer.add_blank_page(WIDTH, HEIGHT)
        number = len(self.parents)
        page.update(pdf({"StructParents": number, "Tabs": "/S", "Resources": {"Font": {"F": self.font}}}))
        self.parents[number] = ArrayObject()
        code: list[str] = []
        for one in tags:
            self._draw(page, one, self.top.indirect_reference, self.top, number, code)
        page[NameObject("/Contents")] = self.add(stream("\n".join(code).encode("cp1252")))

    def _draw(self, page: Any, one: Any, above: Any, parent: Any, number: int, code: list[str]) -> None:
        if isinstance(one, Tag):
            made = pdf({"Type": "/StructElem", "S": f"/{one.kind}", "P": above, "Pg": page.indirect_reference, "K": []})
            made.update(pdf(one.entries))
            reference = self.add(made)
            if one.attributes:
                made[NameObject("/A")] = pdf(one.attributes)
            if one.name:
                self.named[one.name] = made
            if "ID" in one.entries:
                self.ids.append((one.entries["ID"], reference))
            parent["/K"].append(reference)
            for kid in one.kids:
                self._draw(page, kid, reference, made, number, code)
            if one.uri:
                self._annotate(page, one, reference, made, len(code))
            return
        written = one.code if isinstance(one, Raw) else self._text(one, len(code))
        if parent is self.top:
            code.append(written)
            return
        mcid = len(self.parents[number])
        self.parents[number].append(above)
        parent["/K"].append(NumberObject(mcid))
        code.append(f"/{parent['/S'][1:]} <</MCID {mcid}>> BDC {written} EMC")

    def _text(self, words: str, line: int) -> str:
        clean = words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /F 10 Tf 20 {HEIGHT - 30 - LINE * line} Td ({clean}) Tj ET"

    def _annotate(self, page: Any, one: Tag, reference: Any, made: Any, line: int) -> None:
        low = HEIGHT - 30 - LINE * (line - 1) - 3
        number = ANNOTATIONS + len(self.parents)
        annotation = pdf(
            {
                "Type": "/Annot", "Subtype": "/Link", "Rect": [20, low, 120, low + 12], "F": 4,
                "StructParent": number, "Contents": one.told, "A": {"S": "/URI", "URI": one.uri},
            }
        )  # fmt: skip
        if "/Annots" not in page:
            page[NameObject("/Annots")] = ArrayObject()
        page["/Annots"].append(self.add(annotation))
        made["/K"].append(pdf({"Type": "/OBJR", "Obj": annotation.indirect_reference, "Pg": page.indirect_reference}))
        self.parents[number] = reference
        if one.name:
            self.named[f"{one.name} annotation"] = annotation

    def finish(self) -> None:
        """What stands in the catalogue."""
        numbers = ArrayObject()
        for number, parents in sorted(self.parents.items()):
            numbers.extend([NumberObject(number), parents])
        self.structure[NameObject("/ParentTree")] = self.add(DictionaryObject({NameObject("/Nums"): numbers}))
        if self.ids:
            names = [entry for told, reference in sorted(self.ids) for entry in (told, reference)]
            self.structure[NameObject("/IDTree")] = self.add(pdf({"Names": names}))
        metadata = StreamObject()
        metadata._data = XMP.encode()
        metadata.update(pdf({"Type": "/Metadata", "Subtype": "/XML"}))
        self.writer.root_object.update(
            pdf(
                {
                    "StructTreeRoot": self.tree, "MarkInfo": {"Marked": True}, "Lang": "fr",
                    "ViewerPreferences": {"DisplayDocTitle": True}, "Metadata": self.add(metadata),
                }
            )
        )  # fmt: skip

    # --- for breaking ---

    @property
    def pages(self) -> Any:
        """The pages."""
        return self.writer.pages

    @property
    def root(self) -> Any:
        """The catalogue."""
        return self.writer.root_object

    def code(self, page: int) -> str:
        """The operators of a page."""
        return zlib.decompress(self.pages[page]["/Contents"].get_object()._data).decode("cp1252")

    def rewrite(self, page: int, old: str, new: str) -> Any:
        """Replace operators of a page; fails when they are not there."""
        code = self.code(page)
        assert old in code, code
        self.pages[page][NameObject("/Contents")] = self.add(stream(code.replace(old, new, 1).encode("cp1252")))

    def set(self, holder: Any, key: str, value: Any) -> Any:
        """Change an entry of a dictionary, or remove it by None."""
        holder = holder.get_object()
        if value is None:
            del holder[f"/{key}"]
        else:
            holder[NameObject(f"/{key}")] = pdf(value)


Break = Callable[[Maker], object]


def make(path: Path, pages: Sequence[Sequence[Tag | Raw]], change: Break | None = None) -> Path:
    """Write a PDF, changed before it is written."""
    maker = Maker()
    for page in pages:
        maker.page(page)
    maker.finish()
    if change is not None:
        change(maker)
    with path.open("wb") as file:
        maker.writer.write(file)
    return path


def everything() -> list[list[Tag | Raw]]:
    """Two pages with a tag of every kind that the rules know, all right."""
    return [
        [
            Raw("/Artifact <</Type /Pagination>> BDC BT /F 8 Tf 20 10 Td (Folio) Tj ET 0 0 5 5 re f EMC"),
            tag(
                "TOC",
                tag("TOCI", tag("Reference", link("Un titre", "https://a.example.org/1", name="entry"))),
                tag("TOCI", tag("Reference", link("Un autre", "https://a.example.org/2")), name="second entry"),
                name="contents",
            ),
            tag("H1", "Un titre", name="h1"),
            tag("H2", "Un sous-titre", name="h2"),
            tag("P", "Un texte, ", link("un lien", "https://b.example.org", name="link"), " et ", name="p"),
            tag(
                "L",
                tag("LI", tag("Lbl", "1."), tag("LBody", "Un point", name="body"), name="li"),
                tag("LI", tag("LBody", tag("P", "Un autre"), tag("L", tag("LI", tag("LBody", "Dedans"))))),
                name="l",
            ),
        ],
        [
            tag("H3", "Des chiffres", name="h3"),
            tag(
                "Table",
                tag("TR", _th("Ville", name="th"), _th("Nombre"), name="tr"),
                tag("TR", tag("TD", "Lyon", name="td"), tag("TD", "3")),
                tag("TR", tag("TD", name="empty td"), tag("TD", "4")),
                name="table",
            ),
            figure(name="figure"),
            tag("P", "Un mot", tag("Note", tag("P", "Une note"), name="note", ID="n1")),
            tag("P", tag("Span", "Hello", Lang="en")),
        ],
    ]  # fmt: skip


def _th(words: str, name: str = "") -> Tag:
    return tag("TH", words, name=name, attributes={"O": "/Table", "Scope": "/Column"})
