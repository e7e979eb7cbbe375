"""What the tag tree of a book says of languages and tables, read as a screen reader does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from conftest import two_cards
from press import livret_here, plain_layout

TABLE = (
    '<p lang="en">Open on Mondays</p><table><thead><tr><th>Jour</th><th>Heures</th></tr></thead>'
    "<tbody><tr><td>Lundi</td><td>9 h</td></tr></tbody></table>"
    # Longer than a page.
    f"<p>{'Un mot après un autre. ' * 260}</p>"
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    folder = two_cards(tmp_path_factory.mktemp("tags") / "project")
    layout = plain_layout(folder)
    card = layout / "card.html"
    text = card.read_text(encoding="utf-8")
    assert text.count("</body>") == 1 or "{% endblock %}" in text
    end = "</body>" if "</body>" in text else text[text.rindex("{% endblock %}") :]
    at = text.rindex(end)
    card.write_text(text[:at] + TABLE + text[at:], encoding="utf-8")
    done = livret_here("-C", folder.root, "build")
    assert done.code == 0, done.err
    return PdfReader(folder.root / "output" / "full" / "full-screen.pdf")


def tree_of(reader: PdfReader) -> Any:
    return reader.root_object["/StructTreeRoot"].get_object()


@pytest.fixture(scope="module")
def elements(reader: PdfReader) -> list[Any]:
    def below(element: Any) -> Iterator[Any]:
        yield element
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            found = kid.get_object()
            if isinstance(found, dict) and "/S" in found:
                yield from below(found)

    (top,) = tree_of(reader)["/K"]
    return list(below(top.get_object()))


def test_a_paragraph_in_another_language_says_so(elements: list[Any]) -> None:
    found = [element for element in elements if element.get("/Lang") == "en"]
    assert [element["/S"] for element in found] == ["/P", "/P"]


def test_heads_of_columns_are_named_and_cells_name_their_heads(reader: PdfReader, elements: list[Any]) -> None:
    heads = [element for element in elements if element["/S"] == "/TH"]
    assert [element["/A"]["/Scope"] for element in heads] == ["/Column"] * 4
    names = tree_of(reader)["/IDTree"]
    listed = list(names["/Names"] if "/Names" in names else names["/Kids"][0].get_object()["/Names"])
    keys = [str(key) for key in listed[::2]]
    # A name tree is looked up by halves (ISO 32000-1, 7.9.6).
    assert keys == sorted(keys)
    by_key = {str(key): element.get_object() for key, element in zip(listed[::2], listed[1::2], strict=True)}
    cells = [element for element in elements if element["/S"] == "/TD"]
    assert len(cells) == 4
    told = [[by_key[str(key)]["/ID"] for key in cell["/A"]["/Headers"]] for cell in cells]
    assert told == [[head["/ID"]] for head in heads]


def test_content_is_found_on_the_page_that_it_stands_on(reader: PdfReader, elements: list[Any]) -> None:
    """An element may go on on another page, whose content is counted anew (ISO 32000-1, 14.7.4)."""
    numbers = list(tree_of(reader)["/ParentTree"]["/Nums"])
    owners = {int(key): owner for key, owner in zip(numbers[::2], numbers[1::2], strict=True)}
    elsewhere = 0
    for element in elements:
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            found = kid.get_object() if hasattr(kid, "get_object") else kid
            is_number = not isinstance(found, dict)
            if not is_number and found.get("/Type") != "/MCR":
                continue
            page = (element if is_number else found)["/Pg"].get_object()
            mcid = int(found) if is_number else int(found["/MCID"])
            owner = owners[int(page["/StructParents"])].get_object()[mcid].get_object()
            assert owner == element
            contents = page["/Contents"].get_object()
            streams = contents if isinstance(contents, list) else [contents]
            assert b"/MCID %d" % mcid in b"\n".join(one.get_object().get_data() for one in streams)
            elsewhere += page != element["/Pg"].get_object()
    assert elsewhere > 0
