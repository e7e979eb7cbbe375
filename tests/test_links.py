"""The links of a book, as a viewer and a screen reader meet them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from conftest import two_cards
from livret.book.binding.links import Link, link_entries, read_links
from livret.measure import Rect
from press import livret_here, plain_layout

LONG = (
    "[une adresse dont le texte court sur deux lignes au moins, parce qu'il est très long](https://www.example.org/a/)"
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = two_cards(tmp_path_factory.mktemp("links") / "project")
    plain_layout(folder)
    folder.change("initiatives/aajt.yaml", "  Une aide ponctuelle.\n", f"  Une aide ponctuelle. {LONG}\n")
    done = livret_here("-C", folder.root, "build")
    assert done.code == 0, done.err
    return PdfReader(folder.root / "output" / "full" / "full-screen.pdf")


@pytest.fixture(scope="module")
def links(reader: PdfReader) -> list[Any]:
    return [link.get_object() for page in reader.pages for link in page.get("/Annots") or ()]


def of(links: list[Any], address: str) -> Any:
    """The one link to an address of the web."""
    (found,) = (link for link in links if "/A" in link and link["/A"]["/URI"] == address)
    return found


def test_links_are_printed_and_have_no_border(links: list[Any]) -> None:
    assert len(links) > 10
    # ISO 14289-1 and ISO 19005 want the flag Print, bit 3.
    assert {int(link["/F"]) for link in links} == {4}
    assert {tuple(map(int, link["/Border"])) for link in links} == {(0, 0, 0)}


def test_a_link_inside_the_book_leads_to_a_name_and_says_the_title(links: list[Any], reader: PdfReader) -> None:
    told = {str(link["/Dest"]): str(link["/Contents"]) for link in links if "/Dest" in link}
    assert told == {
        "partner-diair": "Diair",
        "legend": "Thèmes",
        "card-aajt": "AAJT, Coup de Pouce",
        "card-kodiko": "Kodiko",
        "index": "Index",
    }
    assert set(told) <= set(reader.named_destinations)


def test_names_of_places_stand_in_the_order_of_their_bytes(reader: PdfReader) -> None:
    # A viewer looks for a name by halving (ISO 32000-1, 7.9.6).
    tree = reader.trailer["/Root"]["/Names"]["/Dests"]["/Names"]  # type: ignore[index]
    names = [name.original_bytes for name in tree[::2]]
    assert names[:3] == [b"back-cover", b"card-aajt", b"card-kodiko"]
    assert names == sorted(names)


def test_a_link_to_the_web_says_whose_it_is_and_the_address_without_its_scheme(links: list[Any]) -> None:
    assert of(links, "tel:+33199001234")["/Contents"] == "AAJT, Coup de Pouce, +33199001234"
    assert of(links, "mailto:bonjour@kodiko.example.org")["/Contents"] == "Kodiko, bonjour@kodiko.example.org"
    assert of(links, "https://www.example.org/a/")["/Contents"] == "AAJT, Coup de Pouce, www.example.org/a"


def test_a_link_over_two_lines_is_one_link_with_two_places(links: list[Any]) -> None:
    first, second = (
        list(map(float, of(links, "https://www.example.org/a/")["/QuadPoints"]))[at : at + 8] for at in (0, 8)
    )
    for x0, y0, x1, y1, x2, y2, x3, y3 in (first, second):
        # Upper left, upper right, lower left, lower right, as viewers read them.
        assert (x0, x1, y0, y2) == (x2, x3, y1, y3)
        assert x0 < x1
        assert y0 > y2
    assert first[5] == pytest.approx(second[1], abs=0.01), "the second line stands below the first"
    around = list(map(float, of(links, "https://www.example.org/a/")["/Rect"]))
    assert around == pytest.approx([min(first[0], second[0]), second[5], max(first[2], second[2]), first[1]], abs=0.01)
    assert all("/QuadPoints" not in link for link in links if "/Dest" in link)


def test_keys_of_links_follow_those_of_the_pages(links: list[Any], reader: PdfReader) -> None:
    pages = len(reader.pages)
    assert [int(link["/StructParent"]) for link in links] == list(range(pages, pages + len(links)))
    root: Any = reader.root_object["/StructTreeRoot"]
    assert root["/ParentTreeNextKey"] == pages + len(links)
    keys = [int(key) for key in root["/ParentTree"]["/Nums"][::2]]
    assert keys == sorted(set(keys)), "a number tree is in order"


# --- what is read of a fragment ---


def page_of(pdf: pikepdf.Pdf, *links: tuple[str, tuple[float, ...]]) -> pikepdf.Page:
    """A page with a link annotation for each address and rectangle."""
    page = pdf.add_blank_page()
    page.obj.Annots = pikepdf.Array(
        pikepdf.Dictionary(Rect=list(box), A=pikepdf.Dictionary(URI=pikepdf.String(address))) for address, box in links
    )
    return page


def test_a_place_of_a_link_without_width_or_height_is_left_out() -> None:
    web = "https://example.org/"
    pdf = pikepdf.new()
    page = page_of(pdf, (web, (10, 10, 10, 22)), (web, (10, 10, 60, 22)), (web, (10, 40, 60, 40)))
    [link] = read_links(page, [(0, 1, 2)])
    assert link.lines == (Rect(10, 10, 60, 22),)
    assert list(read_links(page, [(0,), (2,)])) == []


def test_all_places_of_a_link_are_its_own() -> None:
    web = "https://example.org/"
    pdf = pikepdf.new()
    page = page_of(pdf, (web, (10, 50, 60, 62)), ("livret:card-b", (10, 10, 60, 22)), (web, (10, 30, 40, 42)))
    first, second = read_links(page, [(0, 2), (1,)])
    assert (first.target, first.places, first.lines) == (web, (0, 2), (Rect(10, 50, 60, 62), Rect(10, 30, 40, 42)))
    assert (second.places, second.lines) == ((1,), (Rect(10, 10, 60, 22),))


def test_boxes_on_one_line_are_one_place() -> None:
    web = "https://example.org/"
    pdf = pikepdf.new()
    page = page_of(pdf, (web, (10, 10, 30, 22)), (web, (30, 11, 60, 23)))
    [link] = read_links(page, [(0, 1)])
    assert link.lines == (Rect(10, 10, 60, 23),)


@pytest.mark.parametrize(
    ("target", "is_inside"),
    [("livret:card-a", True), ("livret:card-b", False), ("#somewhere", False), ("https://example.org/", True)],
)
def test_a_link_out_of_the_edition_leads_nowhere_and_is_told(target: str, is_inside: bool) -> None:
    metadata = SimpleNamespace(title="Livret")
    plan: Any = SimpleNamespace(starts={"card-a": 3}, titles={"card-a": "A"}, metadata=metadata)
    entries = link_entries(Link(target, (Rect(10, 10, 60, 22),), (0,)), plan, "card-a")
    assert (entries is not None) is is_inside
