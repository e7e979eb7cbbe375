"""The book as a file: what is written is read back, what fragments bring is carried over, and memory stays flat."""

from __future__ import annotations

import io
import json
import pickle
import random
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from pypdf import PdfReader

from livret.book.binding.assemble import assemble
from livret.book.binding.bind import bind
from livret.book.binding.object_copier import Carrier
from livret.book.binding.pdf_syntax import array, dictionary, name, number, text
from livret.book.binding.pdf_writer import Writer
from livret.book.plan import BookPlan, BoundPage, Metadata, OutlineEntry
from livret.findings import OutputError
from livret.measure import Rect

TRIM = Rect(0, 0, 200, 300)


def written(fill: Callable[[Writer], bytes]) -> bytes:
    """A file whose catalog holds, as /Mine, what a function makes."""
    file = io.BytesIO()
    writer = Writer(file)
    mine = fill(writer)
    pages = writer.add(dictionary(Type=b"/Pages", Kids=b"[]", Count=b"0"))
    root = writer.add(dictionary(Type=b"/Catalog", Pages=pages, Mine=mine))
    writer.close(root, writer.add(dictionary(Title=text("Essai"))))
    return file.getvalue()


def mine(content: bytes) -> Any:
    """What stands there, as pypdf reads it, which is strict."""
    root: Any = PdfReader(io.BytesIO(content), strict=True).root_object
    return root["/Mine"]


# --- writing ---


def test_every_object_is_found_again_however_many_there_are() -> None:
    # More than the 200 that one object stream holds, several times.
    count = 607

    def fill(writer: Writer) -> bytes:
        late = writer.reserve()
        found = []
        for place in range(count):
            plain = writer.add(dictionary(Number=b"%d" % place, First=late))
            found += [plain, writer.add_stream(b"data %d" % place)] if place % 50 == 0 else [plain]
        writer.add(b"(the first, written last)", late)
        return array(found)

    content = written(fill)
    found = [one.get_object() for one in list.__iter__(mine(content))]
    assert [one["/Number"] for one in found if "/Number" in one] == list(range(count))
    assert {one["/First"] for one in found if "/First" in one} == {"the first, written last"}
    streams = [one.get_data() for one in found if "/Number" not in one]
    assert streams == [b"data %d" % place for place in range(0, count, 50)]
    with Pdf.open(io.BytesIO(content), attempt_recovery=False) as pdf:
        # There are no pages in it, which is all that qpdf has against it.
        assert pdf.check_pdf_syntax() == ["ERROR: file does not contain any pages"]
        assert pdf.docinfo.Title == "Essai"
        assert [len(bytes(part)) for part in pdf.trailer.ID] == [16, 16]


def test_the_identifier_of_a_file_follows_from_its_content_alone() -> None:
    names = []
    for words in ("un", "un", "deux"):
        with Pdf.open(io.BytesIO(written(lambda _, words=words: text(words)))) as pdf:  # type: ignore[misc]
            names.append([bytes(part) for part in pdf.trailer.ID])
    assert names[0] == names[1] != names[2]


def test_equal_objects_are_written_once_and_a_stream_is_no_dictionary() -> None:
    def fill(writer: Writer) -> bytes:
        twice = [writer.share(b"<</A 1>>") for _ in range(2)]
        streams = [writer.share(b"<</A 1>>", data) for data in (b"x", b"x", b"y", b"")]
        return array([*twice, *streams])

    numbers = [one.idnum for one in list.__iter__(mine(written(fill)))]
    assert [numbers.index(one) for one in numbers] == [0, 0, 2, 2, 4, 5]


def test_what_is_promised_must_be_written() -> None:
    with pytest.raises(AssertionError, match="1 objects were promised"):
        written(Writer.reserve)


@pytest.mark.parametrize(
    "words", ["Été", "(a) \\ b)", "12 0 R", "œuvre à 5 €", "L’hébergement d’abord", "العربية", "a\nb", ""]
)
def test_texts_are_read_back(words: str) -> None:
    assert mine(written(lambda _: text(words))) == words


def test_names_are_read_back() -> None:
    strange = "/a b#(é)/c"
    assert mine(written(lambda _: name(strange))) == strange


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (595.2755906, b"595.2756"),
        (12.0, b"12"),
        (-0.00001, b"0"),
        (0.5, b"0.5"),
        (-8.50394, b"-8.5039"),
        (1e9, b"1000000000"),
    ],
)
def test_numbers_are_short_and_never_have_an_exponent(value: float, shown: bytes) -> None:
    assert number(value) == shown


# --- carrying over ---


def carried(source: Pdf, *values: pikepdf.Object) -> Any:
    """Objects of a file as they stand after they were carried over."""
    saved = io.BytesIO()
    for value in values:
        source.make_indirect(value)
    source.Root.Values = Array(values)
    source.save(saved)
    with Pdf.open(saved) as pdf:
        return mine(written(lambda writer: Carrier(pdf, writer).carry(pdf.Root.Values)))


def test_strings_that_look_like_references_stay_strings() -> None:
    source = Pdf.new()
    strings = [b"1 0 R", b"(1 0 R", b")1 0 R(", b"\\", b"\\) 2 0 R", b"<</A 3 0 R>>", b"\x00\xff 1 0 R"]
    value = Dictionary({"/A B 1 0 R": 7, "/Strings": Array([String(one) for one in strings]), "/Last": [1, 0, 0]})
    value["/Inner"] = source.make_indirect(Dictionary(Deep=source.make_indirect(Array([1.25, Name("/R"), True, None]))))
    (found,) = carried(source, value)
    assert [getattr(one, "original_bytes", one) for one in found["/Strings"]] == strings
    assert found["/A B 1 0 R"] == 7
    assert found["/Last"] == [1, 0, 0]
    assert list(map(str, found["/Inner"]["/Deep"])) == ["1.25", "/R", "True", "NullObject"]


def test_an_object_that_leads_back_to_itself_is_carried() -> None:
    source = Pdf.new()
    first, second = Dictionary(Name="first"), Dictionary(Name="second")
    first.Other, second.Other = source.make_indirect(second), source.make_indirect(first)
    here, there = list.__iter__(carried(source, first, second))
    assert here.get_object()["/Name"] == "first"
    assert here.get_object().raw_get("/Other") == there
    assert there.get_object().raw_get("/Other") == here


def test_equal_objects_become_one_and_others_do_not() -> None:
    source = Pdf.new()
    kind = source.make_indirect(Array([Name.ICCBased, Stream(source, b"profile")]))
    other = source.make_indirect(Array([Name.ICCBased, Stream(source, b"profile")]))
    pictures = [Stream(source, b"pixels", ColorSpace=kind), Stream(source, b"pixels", ColorSpace=other)]
    found = carried(source, *pictures, Stream(source, b"pixels", ColorSpace=Name.DeviceRGB))
    numbers = [one.idnum for one in list.__iter__(found)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert found[0].get_data() == b"pixels"


# --- books ---


def fragment(path: Path, content: bytes = b"0 0 1 rg -5 -5 50 50 re f", pages: int = 1, **resources: Any) -> Path:
    """A file of pages that bleed over the trim by 10 points; `resources` make its resources from the file."""
    pdf = Pdf.new()
    made = pdf.make_indirect(Dictionary({f"/{kind}": make(pdf) for kind, make in resources.items()}))
    for index in range(pages):
        page = pdf.add_blank_page(page_size=(200, 300))
        page.obj.MediaBox = page.obj.BleedBox = Array([-10, -10, 210, 310])
        page.obj.TrimBox = Array([0, 0, 200, 300])
        page.obj.Contents = pdf.make_stream(content + b"\n%% %d" % index)
        page.obj.Resources = made
        page.obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])
    pdf.save(path)
    return path


def plan(fragments: Iterable[Path | None], furniture: Path | None = None, pages: int = 1) -> BookPlan:
    """The plan of a book of these fragments, which have so many pages each; None is a blank page."""
    bound: list[BoundPage] = []
    starts: dict[str, int] = {}
    for place, path in enumerate(fragments):
        anchor = f"part-{place}" if path else None
        if anchor:
            starts[anchor] = len(bound)
        bound += [BoundPage(path, page, anchor, str(len(bound) + page + 1)) for page in range(pages if path else 1)]
    return BookPlan(
        pages=tuple(bound),
        structure=(),
        starts=starts,
        outline=tuple(OutlineEntry(f"Partie {anchor}", anchor) for anchor in starts),
        metadata=Metadata("Un livre", None, None, "fr", datetime(2024, 5, 6, tzinfo=UTC)),
        trim=TRIM,
        furniture=(furniture,) if furniture else (),
    )


def picture(pdf: Pdf) -> Dictionary:
    """The same picture in every file that asks for it."""
    data = bytes(range(12))
    made = Stream(pdf, data, Subtype=Name.Image, Width=2, Height=2, ColorSpace=Name.DeviceRGB, BitsPerComponent=8)
    return Dictionary(Logo=made)


def test_a_full_disk_for_temporary_files_is_told_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(suffix: str) -> IO[bytes]:
        return open("/dev/full", "w+b")

    file = fragment(tmp_path / "a.pdf", pages=1)
    monkeypatch.setattr("livret.book.binding.assemble.NamedTemporaryFile", full)
    with pytest.raises(OutputError, match=r"no room for temporary files in .*: No space left on device") as told:
        assemble(plan([file], None, pages=1))
    assert told.value.hints == ("make room there, or set TMPDIR to a folder on another disk",)


def test_assembled_pages_keep_what_reaches_beyond_the_trim_and_leave_their_annotations(tmp_path: Path) -> None:
    files = [fragment(tmp_path / f"{letter}.pdf", pages=2, XObject=picture) for letter in "ab"]
    stamp = fragment(tmp_path / "furniture.pdf", b"1 0 0 rg 100 5 9 9 re f", pages=5)
    with assemble(plan([files[0], None, files[1]], stamp, pages=2)) as pdf:
        first, second, blank, *_ = pdf.pages
        assert list(first.mediabox) == list(first.bleedbox) == [-10, -10, 210, 310]
        assert list(first.trimbox) == list(blank.mediabox) == [0, 0, 200, 300]
        assert b"-5 -5 50 50 re" in b"".join(stream.read_bytes() for stream in second.obj.Contents)
        assert b"% 1" in second.obj.Resources.XObject.Furniture.read_bytes()
        assert list(second.obj.Resources.XObject.Furniture.BBox) == [-10, -10, 210, 310]
        # A blank page has the furniture alone: its folio.
        assert list(blank.obj.Resources.XObject) == ["/Furniture"]
        assert not any("/Annots" in page.obj for page in pdf.pages)
        logos = {page.obj.Resources.XObject.Logo.objgen for page in pdf.pages if "/Logo" in page.obj.Resources.XObject}
        assert len(logos) == 1, "the same picture in two files is one in the book"
        assert pdf.check_pdf_syntax() == []
        # What is assembled may be changed and written like any file.
        first.obj.MediaBox = Array([0, 0, 99, 99])
        pdf.save(tmp_path / "changed.pdf")
    assert PdfReader(tmp_path / "changed.pdf").pages[0].mediabox.width == 99


def test_a_book_is_the_same_wherever_its_fragments_lie(tmp_path: Path) -> None:
    books = []
    for folder in (tmp_path / "a", tmp_path / "elsewhere"):
        folder.mkdir()
        files = [fragment(folder / f"{letter}.pdf", f"% {letter}".encode()) for letter in "abc"]
        assert bind(plan(files), folder / "book.pdf") == ()
        books.append((folder / "book.pdf").read_bytes())
    assert books[0] == books[1]


GROWTH = """
import json, pickle, resource, sys
from pathlib import Path
from livret.book.binding.bind import bind
few, many = pickle.load(open(sys.argv[1], "rb"))
grown = []
for plan in (few, many):
    bind(plan, Path(sys.argv[2]))
    grown.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(json.dumps(grown))
"""


def test_a_long_book_is_bound_without_holding_its_fragments(tmp_path: Path) -> None:
    chance = random.Random(1)
    files = [
        fragment(tmp_path / f"{place}.pdf", b"%" + chance.randbytes(100_000).hex().encode()) for place in range(300)
    ]
    (tmp_path / "plans").write_bytes(pickle.dumps((plan(files[:10]), plan(files))))
    command = [sys.executable, "-c", GROWTH, str(tmp_path / "plans"), str(tmp_path / "book.pdf")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    few, many = json.loads(done.stdout)
    held = (tmp_path / "book.pdf").stat().st_size
    unit = 1 if sys.platform == "darwin" else 1024
    assert held > 30_000_000
    assert (many - few) * unit < 0.2 * held
