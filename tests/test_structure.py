"""The logical structure of fragments: what is kept of the engine's tree, and how a book orders it."""

from __future__ import annotations

from typing import Any

import pytest

from livret.pages.structure_tree import Content, Element, as_contents, contents, headed, linked, once, simplified

# Elements as nested lists (see Element.as_data): [tag, attributes, kids]; [page, mcid]; ["@", page, place].
A, B, C = [0, 1], [0, 2], [0, 3]
NOTE, OTHER = ["@", 0, 0], ["@", 0, 1]


def el(tag: str, *kids: Any, **attributes: Any) -> list[Any]:
    return [tag, attributes, list(kids)]


def read(*data: list[Any]) -> list[Element]:
    return [Element.from_data(each) for each in data]


def told(elements: tuple[Element, ...]) -> list[Any]:
    return [element.as_data() for element in elements]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        # Boxes of the layout give way to what they hold.
        (el("Div", el("NonStruct", el("P", el("Span", A)))), [el("P", A)]),
        (el("P", el("Span", A), el("Span", el("Span", B))), [el("P", A, B)]),
        # Words that stand in a group directly are a paragraph, a block after them is not.
        (el("Sect", el("Span", A), el("Span", B), el("P", C)), [el("Sect", el("P", A, B), el("P", C))]),
        (el("Span", A), [el("P", A)]),
        # A box that says a language carries something.
        (el("P", el("Span", el("Span", A), language="sw")), [el("P", el("Span", A, language="sw"))]),
        # A drawing without a text, and what was hidden, is not told.
        (el("P", el("Figure", A), el("Span", B)), [el("P", B)]),
        (el("P", el("Figure", A, alt="Web")), [el("P", el("Figure", A, alt="Web"))]),
        (el("Sect", el("Hidden", el("P", A)), el("P", B)), [el("Sect", el("P", B))]),
        (el("Sect", el("Div", el("P"))), []),
        # A link is its words, then its annotations, each once, however deep they lay.
        (el("P", el("Link", NOTE, el("Span", OTHER, el("Span", NOTE, A)))), [el("P", el("Link", A, NOTE, OTHER))]),
        (el("P", NOTE, el("Span", A)), [el("P", A)]),
        # A list in a list that is no item of it is a column.
        (
            el("L", el("L", el("LI", el("LBody", A))), el("L", el("LI", el("LBody", B)))),
            [el("L", el("LI", el("LBody", A)), el("LI", el("LBody", B)))],
        ),
        (
            el("L", el("LI", el("LBody", A, el("L", el("LI", el("LBody", B)))))),
            [el("L", el("LI", el("LBody", A, el("L", el("LI", el("LBody", B))))))],
        ),
        (el("L", el("Span", A)), [el("L", el("LI", el("LBody", A)))]),
        # Empty cells stay, or the others would move.
        (el("Table", el("TR", el("TD"), el("TD", A))), [el("Table", el("TR", el("TD"), el("TD", A)))]),
    ],
)
def test_what_means_nothing_is_left_out(given: list[Any], kept: list[Any]) -> None:
    assert told(simplified(read(given))) == kept
    assert told(simplified(read(*kept))) == kept, "once is enough"


def test_pieces_of_one_element_are_one_again() -> None:
    """A card's organisation and project flow over two spreads: versos 0 and 2, rectos 1 and 3."""

    def piece(source: int, *kids: Element | Content, tag: str = "P", page: int = 0) -> Element:
        return Element(tag, kids, page=page, source=source)

    flows = [
        piece(1, piece(2, Content(0, 0)), tag="Sect"),
        piece(5, piece(6, Content(1, 0), page=1), tag="Sect", page=1),
        piece(1, piece(2, Content(2, 0), page=2), piece(3, Content(2, 1), page=2), tag="Sect", page=2),
        piece(5, piece(6, Content(3, 0), page=3), tag="Sect", page=3),
    ]
    assert told(simplified(flows)) == [
        el("Sect", el("P", [0, 0], [2, 0]), el("P", [2, 1], page=2)),
        el("Sect", el("P", [1, 0], [3, 0], page=1), page=1),
    ]


@pytest.mark.parametrize(
    ("given", "kept", "gone"),
    [
        ([el("P", A), el("P", B)], [el("P", A), el("P", B)], 0),
        ([el("P", A, B), el("P", A), el("H1", C)], [el("P", A, B), el("H1", C)], 1),
        ([el("P", A), el("L", el("LI", el("LBody", A)))], [el("P", A)], 1),
        ([el("P", A, el("Link", A, NOTE), B)], [el("P", A, el("Link", NOTE), B)], 1),
        ([el("TR", el("TD"), el("TD", A))], [el("TR", el("TD"), el("TD", A))], 0),
    ],
)
def test_words_drawn_together_are_read_once(given: list[Any], kept: list[Any], gone: int) -> None:
    elements, count = once(read(*given))
    assert told(elements) == told(tuple(read(*kept)))
    assert count == gone


def test_no_words_are_lost_but_those_of_silent_drawings() -> None:
    raw = read(el("Sect", el("Div", el("Span", A)), el("Figure", B), el("Link", NOTE, C)))
    assert {(content.page, content.mcid) for content in contents(simplified(raw))} == {(0, 1), (0, 3)}


@pytest.mark.parametrize(
    ("levels", "first", "expected"),
    [
        ([1], 1, [1]),
        ([1, 2, 3], 2, [2, 3, 4]),
        ([1, 3], 3, [3, 4]),
        ([2, 2, 4, 2], 2, [2, 2, 3, 2]),
        ([3, 1], 2, [2, 2]),
        ([1, 2, 3, 4], 4, [4, 5, 6, 6]),
    ],
)
def test_headings_start_where_told_and_skip_none(levels: list[int], first: int, expected: list[int]) -> None:
    elements = read(el("Sect", *(el(f"H{level}", [0, level]) for level in levels)))
    (section,) = headed(elements, first)
    assert [kid.tag for kid in section.kids if isinstance(kid, Element)] == [f"H{level}" for level in expected]


def test_contents_are_a_table_of_contents() -> None:
    given = el("Sect", el("H1", A), el("L", el("LI", el("LBody", el("Link", B, NOTE)))))
    assert told(as_contents(read(given))) == [el("Sect", el("H1", A), el("TOC", el("TOCI", el("Link", B, NOTE))))]


def test_links_are_found_once_a_page() -> None:
    given = read(el("P", el("Link", A, NOTE, OTHER, ["@", 1, 4])), el("L", el("LI", el("Link", B, ["@", 0, 2]))))
    assert list(linked(given)) == [(0, (0, 1)), (1, (4,)), (0, (2,))]


def test_data_survive_the_store() -> None:
    given = el("TH", A, el("Figure", B, alt="a", box=[1.0, 2.0, 3.0, 4.0]), page=1, table={"ID": "x", "ColSpan": 2})
    assert told(tuple(read(given))) == [el("TH", A, ["Figure", {"alt": "a", "box": (1.0, 2.0, 3.0, 4.0)}, [B]],
                                           page=1, table={"ID": "x", "ColSpan": 2})]  # fmt: skip
