"""Markdown without loss: every typed word is printed, however deep it stands and whatever stands before it."""

from __future__ import annotations

import re
import time
from collections import Counter
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import CatalogueFolder
from livret.content.language.markdown import lost_words, plain_text, problems, to_html, too_deep
from livret.content.language.typed_words import typed_words


def words(html: str) -> list[str]:
    return re.findall(r"[^\W_]+", unescape(re.sub(r"<[^>]*>", " ", html)))


@pytest.mark.parametrize(
    "text",
    [
        "[Contact]: 01.99.00.12.34",
        "[Attention]: gratuit",
        "[Site]: https://www.example.org",
        "[Site]:\nwww.example.org",
        "[A]: https://a.example.org\n[A]: https://b.example.org\n\nvoir [A]",
        "> [Contact]: 01.99.00.12.34",
        "- [Contact]: x\n- [Contact]: y",
        '[Contact]: 01.99.00.12.34 "le matin"',
        "[Contact]: 01.99.00.12.34\n[Adresse]: Paris",
        "[a\nb]: c",
    ],
)
def test_a_line_that_looks_like_the_definition_of_a_link_is_printed(text: str) -> None:
    expected = re.findall(r"[^\W_]+", text)
    if "voir" in text:
        # The first definition is used by the link; the second is text.
        expected = ["A", "https", "b", "example", "org", "voir", "A"]
    assert words(to_html(text)) == expected
    assert re.findall(r"[^\W_]+", plain_text(text)) == expected


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[w][r]\n\n[r]: card:aajt", '<p><a class="reference" href="livret:card-aajt">w</a></p>'),
        ("[w][r]\n\n[R]: https://a.fr", '<p><a href="https://a.fr">w</a></p>'),
        ("Voir [le site].\n\n[le site]: <https://a.fr>", '<p>Voir <a href="https://a.fr">le site</a>.</p>'),
        ("[w][r]\n\n[r]: notes.txt", "<p>[w][r]</p>\n<p>[r]: notes.txt</p>"),
    ],
)
def test_a_definition_that_a_link_uses_is_none_of_the_text(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize("levels", [1, 9, 10, 12, 20, 29, 30])
def test_lists_are_printed_to_the_thirtieth_level(levels: int) -> None:
    text = "\n".join(f"{'  ' * level}- niveau{level}" for level in range(levels))
    assert words(to_html(text)) == [f"niveau{level}" for level in range(levels)]
    assert too_deep(text) is None
    assert lost_words(text) == ()


@pytest.mark.parametrize("levels", [1, 19, 20, 40, 59])
def test_quotations_are_printed_to_the_sixtieth_level(levels: int) -> None:
    text = "\n\n".join(f"{'>' * level} niveau{level}" for level in range(1, levels + 1))
    assert words(to_html(text)) == [f"niveau{level}" for level in range(1, levels + 1)]
    assert too_deep(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"{'  ' * level}- n{level}" for level in range(31)),
        "\n".join(f"{'  ' * level}- n{level}" for level in range(90)),
        "> " * 61 + "mot",
        ">" * 15_000 + " mot",
        "- " * 5_000 + "mot",
        "1. " * 3_000 + "mot",
        "> - " * 40 + "mot",
        "\n".join("   " * level + "1) n" for level in range(1, 60)),
    ],
)
def test_what_is_nested_deeper_is_a_fault_and_ends_in_no_traceback(text: str) -> None:
    assert too_deep(text) is not None
    to_html(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python une note\na = 1\n```", "python une note\na = 1"),
        ("~~~ Attention : travaux\nsuite\n~~~", "Attention : travaux\nsuite"),
        ("- ``` un deux\n  trois\n  ```", "un deux\ntrois"),
        ("```python\na = 1\n```", "a = 1"),
    ],
)
def test_words_on_the_opening_line_of_a_code_block_are_printed(text: str, expected: str) -> None:
    assert plain_text(text) == expected
    assert words(to_html(text)) == re.findall(r"[^\W_]+", expected)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("2019. Une année", "<p>2019. Une année</p>"),
        ("- 1968) Une année\n- b", "<ul>\n<li>1968) Une année</li>\n<li>b</li>\n</ul>"),
        ("5. a\n6. b", '<ol start="5">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("999. a", '<ol start="999" class="digits-3">\n<li>a</li>\n</ol>'),
    ],
)
def test_a_line_that_begins_with_a_year_is_a_sentence(text: str, html: str) -> None:
    assert to_html(text) == html


def test_a_title_of_a_link_is_told() -> None:
    (problem,) = problems('Voir\n[le site](https://a.fr "tous les jours").')
    assert (problem.rule, problem.line) == ("link-title", 1)
    assert '"tous les jours"' in problem.message


@pytest.mark.parametrize(
    "text",
    [
        "`a` " * 4_750,
        "`" * 19_000,
        "` `` " * 3_800,
        " ".join("`" * length for length in range(1, 190)),
        "".join("`" * (2 + number % 12) + "a" + "`" * (3 + number % 12) for number in range(1_200)),
        "[`" * 9_500,
        "[" * 19_000,
        "[[a](" * 3_800,
        "*a **b " * 2_700,
        "<a " * 6_300,
        "![`a](b`)" * 2_100,
    ],
    ids=lambda text: text[:12],
)
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    to_html(text, 3, "fr")
    problems(text)
    lost_words(text)
    assert time.process_time() - start < 15


PIECES = st.sampled_from(
    [
        *"abc é œ 7 12 . , : ; ! ? ( ) [ ] < > * _ ` ~ # - + | \\ / \" ' = & @".split(),
        *(" ", "  ", "\n", "\n\n", "    ", "\t", "  \n", "- ", "1. ", "7) ", "> ", "## ", "](", "]: ", "][", "!["),
        *"** *** __ ``` ~~~ --- === mot Contact gratuit https://a.fr card:x lang:en a@b.fr".split(),
        *"&amp; &eacute; &#233; <b> [w](https://a.fr) [w][r] [s]: <https://a.fr> `code` \\* \\[ \\`".split(),
        *("[r]: https://a.fr", "[s]: x"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=1500)
def test_each_typed_word_is_printed(text: str) -> None:
    missing = Counter(typed_words(text)) - Counter(words(to_html(text)))
    assert not missing, (missing, to_html(text))


@given(
    st.lists(
        st.sampled_from(["mot", "gras", "un", "7", "**x**", "*y*", "\n", "\n\n", "- ", "> ", "## ", "!", ","]),
        max_size=30,
    )
)
def test_of_usual_text_no_word_is_left_out_by_the_second_count(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert Counter(typed_words(text)) == Counter(words(to_html(text)))


def test_lost_words_and_deep_lists_are_errors_with_their_line(catalogue_folder: CatalogueFolder) -> None:
    deep = "".join(f"    {'  ' * level}- n{level}\n" for level in range(40))
    catalogue_folder.change("initiatives/aajt.yaml", "  Une aide ponctuelle.\n", f"  Une aide.\n\n{deep}")
    found = [(str(each.where), each.severity.value, each.rule) for each in catalogue_folder.findings()]
    assert found == [("catalogue/initiatives/aajt.yaml:45", "error", "text-too-deep")]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("5*3*2 = 30, a*b*c.", "5*3*2 = 30, a*b*c."),
        ("a**b**c, 2**3**2", "a**b**c, 2**3**2"),
        ("é*b*ç, e\u0301*b*c, m²*3*2", "é*b*ç, e\u0301*b*c, m²*3*2"),
        ("(5)*3*2", "(5)*3*2"),
        ("**5*3*2**", "<strong>5*3*2</strong>"),
        ("*voir 3*2 là*", "<em>voir 3*2 là</em>"),
        ("[5*3*2](https://a.fr)", '<a href="https://a.fr">5*3*2</a>'),
    ],
)
def test_asterisks_between_letters_or_digits_are_printed(text: str, html: str) -> None:
    assert to_html(text) == f"<p>{html}</p>"
    assert plain_text(text) == re.sub(r"<[^>]*>", "", html)
    assert lost_words(text) == ()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*mot*", "<em>mot</em>"),
        ("**mot**, *mot*.", "<strong>mot</strong>, <em>mot</em>."),
        ("«*mot*» (*mot*)", "«<em>mot</em>» (<em>mot</em>)"),
        ("l’*esprit* et l'**esprit**", "l’<em>esprit</em> et l'<strong>esprit</strong>"),
        ("**F**onds d'**A**ide", "<strong>F</strong>onds d'<strong>A</strong>ide"),
        ("des *start-up*s, *5*3", "des <em>start-up</em>s, *5*3"),
        ("***mot***", "<em><strong>mot</strong></em>"),
        ("中文*强调*中文", "中文<em>强调</em>中文"),
        ("คำ*คำ*คำ", "คำ<em>คำ</em>คำ"),
        ("a_b_c _mot_ __mot__", "a_b_c <em>mot</em> <strong>mot</strong>"),
    ],
)
def test_emphasis_at_the_edges_of_words_is_kept(text: str, html: str) -> None:
    assert to_html(text) == f"<p>{html}</p>"
