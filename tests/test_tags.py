"""The tag tree of the bound demonstration catalogue: read as a reader that speaks would, and owned throughout.

`LIVRET_GOLDEN=write` writes tests/golden/tree-*.txt anew; read them before you commit them.
"""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, NullObject

from press import Done, copied, livret_here
from reading import Reading

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def folder(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration catalogue, built, with one card said to be in English."""
    root = copied(built_demonstration, tmp_path_factory.mktemp("tags") / "project")
    card = root / "catalogue" / "initiatives" / "elia.yaml"
    card.write_text(card.read_text(encoding="utf-8") + "language: en\n", encoding="utf-8")
    done: Done = livret_here("-C", root, "build")
    assert done.code == 0, done.err
    return root / "output" / "full"


@pytest.fixture(scope="module")
def reading(folder: Path) -> Reading:
    return Reading(folder / "full-screen.pdf")


@pytest.fixture(scope="module")
def reader(folder: Path) -> PdfReader:
    return PdfReader(folder / "full-screen.pdf")


def lines(reading: Reading, folder: Path, anchor: str) -> list[str]:
    """One part of the tree. Parts without any element, such as a back cover that is a drawing, are not in it."""
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    anchors = [part["anchor"] for part in report["parts"] if sum(part["words"])]
    assert len(anchors) == len(reading.parts)
    return list(reading.lines(reading.parts[anchors.index(anchor)]))


@pytest.mark.parametrize("anchor", ["cover", "contents", "index", "card-aajt", "card-samusocial", "partner-dgef"])
def test_the_tree_reads_as_it_did(reading: Reading, folder: Path, anchor: str) -> None:
    golden = GOLDEN / f"tree-{anchor}.txt"
    read = "\n".join(lines(reading, folder, anchor)) + "\n"
    if os.environ.get("LIVRET_GOLDEN") == "write":
        golden.write_text(read, encoding="utf-8")
    assert read == golden.read_text(encoding="utf-8")


def test_headings_begin_with_the_title_and_skip_no_level(reading: Reading) -> None:
    text = "\n".join(line for part in reading.parts for line in reading.lines(part))
    levels = [int(level) for level in re.findall(r"^ *H(\d)", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_card_in_another_language_says_so(reading: Reading, folder: Path) -> None:
    assert lines(reading, folder, "card-elia")[0] == "Art [en]"
    assert lines(reading, folder, "card-aajt")[0] == "Art"


def owners(reader: PdfReader) -> dict[int, Any]:
    root: Any = reader.root_object
    flat = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    raw = list(list.__iter__(flat))
    return {int(key): value.get_object() for key, value in zip(raw[::2], raw[1::2], strict=True)}


def test_all_marked_content_has_its_owner_and_the_owner_knows_it(reader: PdfReader) -> None:
    tree = owners(reader)
    page: Any
    for page in reader.pages:
        contents = page.get_contents()
        marked = set() if contents is None else set(map(int, re.findall(rb"/MCID (\d+)", contents.get_data())))
        if not marked:
            continue
        row = tree[int(page["/StructParents"])]
        owned = [mcid for mcid, owner in enumerate(list.__iter__(row)) if not isinstance(owner, NullObject)]
        assert set(owned) == marked
        for mcid in marked:
            owner = row[mcid].get_object()
            kids = [kid.get_object() for kid in list.__iter__(owner["/K"])]
            own = [kid for kid in kids if isinstance(kid, int)]
            other = [kid["/MCID"] for kid in kids if isinstance(kid, dict) and kid.get("/Type") == "/MCR"]
            assert mcid in own + other


def test_every_element_knows_its_parent_and_the_page_of_what_it_holds(reader: PdfReader) -> None:
    """ISO 32000-1, tables 323 to 325: P is the parent; Pg of the element, of an MCR or of an OBJR is the page."""
    root: Any = reader.root_object["/StructTreeRoot"]
    pages: Any = reader.pages
    tree = owners(reader)
    rows: dict[int, Any] = {
        page.indirect_reference.idnum: tree.get(int(page.get("/StructParents", -1))) for page in pages
    }
    annotated = {
        each.idnum: page.indirect_reference.idnum
        for page in pages
        for each in list.__iter__(page.get("/Annots", ArrayObject()))
    }
    seen, objects = 0, 0
    waiting = [(kid, root.indirect_reference.idnum) for kid in list.__iter__(root["/K"])]
    while waiting:
        reference, parent = waiting.pop()
        element = reference.get_object()
        assert element.raw_get("/P").idnum == parent
        for kid in list.__iter__(element["/K"]):
            inner = kid.get_object()
            if isinstance(inner, int):
                assert rows[element.raw_get("/Pg").idnum][inner].get_object() is element
            elif inner.get("/Type") == "/MCR":
                assert rows[inner.raw_get("/Pg").idnum][inner["/MCID"]].get_object() is element
            elif inner.get("/Type") == "/OBJR":
                objects += 1
                assert annotated[inner.raw_get("/Obj").idnum] == inner.raw_get("/Pg").idnum
            else:
                waiting.append((kid, reference.idnum))
        seen += 1
    assert seen > 500
    assert objects > 20


def test_every_link_is_one_element_and_says_where_it_leads(reader: PdfReader) -> None:
    tree = owners(reader)
    page: Any
    for page in reader.pages:
        for reference in page.get("/Annots") or ():
            link = reference.get_object()
            assert link["/Contents"]
            owner = tree[int(link["/StructParent"])]
            assert owner["/S"] == "/Link"
            kids = [kid.get_object() for kid in owner["/K"] if not isinstance(kid, int)]
            # A picture that leads somewhere is an element of its own in its link.
            references = [kid for kid in kids if kid["/Type"] == "/OBJR"]
            assert any(kid["/Obj"].get_object() == link for kid in references)
        if "/Annots" in page:
            assert page["/Tabs"] == "/S"


def test_the_file_says_what_it_is(reader: PdfReader) -> None:
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "fr"
    tree = ElementTree.fromstring(re.sub(r"<\?xpacket[^>]*\?>", "", root["/Metadata"].get_data().decode()))
    assert [part.text for part in tree.iter("{http://www.aiim.org/pdfua/ns/id/}part")] == ["1"]


def test_a_hyphenated_word_is_found_whole(folder: Path) -> None:
    document = pypdfium2.PdfDocument(folder / "full-screen.pdf")
    seen, hyphen = 0, "\u2010"
    for page in document:
        text = page.get_textpage()
        assert hyphen not in text.get_text_range(), "a hyphen that nobody typed is copied"
        for drawn in re.findall(r"(\w+),?\r\n ", text.get_text_range()):
            seen += 1
            assert text.search(drawn).get_next(), drawn
    # The demonstration has dozens of hyphenated words; where one ends its line, a space begins the next.
    assert seen > 20
