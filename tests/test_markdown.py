"""Markdown to HTML, to words, and what is told about it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livret.content.language.markdown import (
    Reference,
    inline_html,
    plain_paragraph_html,
    plain_text,
    problems,
    references,
    to_html,
)

PHONE = '<span class="nobr">01\u00a099\u00a000\u00a012\u00a034</span>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Un **mot** *ici*.", "<p>Un <strong>mot</strong> <em>ici</em>.</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("a\\\nb", "<p>a<br>\nb</p>"),
        ("[w](https://a.example.org/?x=1&y=2)", '<p><a href="https://a.example.org/?x=1&amp;y=2">w</a></p>'),
        ("[w](mailto:a@b.fr)", '<p><a href="mailto:a@b.fr">w</a></p>'),
        ("[AAJT](card:aajt)", '<p><a class="reference" href="livret:card-aajt">AAJT</a></p>'),
        ("[w](Partner:dgef 'titre')", '<p><a class="reference" href="livret:partner-dgef">w</a></p>'),
        ("[**w**](page:note)", '<p><a class="reference" href="livret:page-note"><strong>w</strong></a></p>'),
        ("[w][r]\n\n[r]: card:aajt", '<p><a class="reference" href="livret:card-aajt">w</a></p>'),
        ("[w](javascript:alert(1))", "<p>w</p>"),
        ("[w](JaVaScRiPt:alert(1))", "<p>w</p>"),
        ("[w](&#106;avascript:alert(1))", "<p>w</p>"),
        ("[w](data:text/html,x)", "<p>w</p>"),
        ("[w](file:///etc/passwd)", "<p>w</p>"),
        ("[w](notes.txt)", "<p>w</p>"),
        ("[w](#ici)", "<p>w</p>"),
        ("[w](livret:card-x)", "<p>w</p>"),
        ("![alt](images/a.png)", "<p>!alt</p>"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
        ("", ""),
    ],
)
def test_html(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize(
    ("levels", "first", "expected"),
    [
        ([1, 2, 3], 3, [3, 4, 5]),
        ([2, 2], 3, [3, 3]),
        ([1, 4, 1, 3], 2, [2, 3, 2, 3]),
        ([3, 1], 3, [3, 3]),
        ([1, 2, 3, 4, 5], 4, [4, 5, 6, 6, 6]),
    ],
)
def test_headings_start_where_told_and_skip_no_level(levels: list[int], first: int, expected: list[int]) -> None:
    text = "\n\n".join("#" * level + " t" for level in levels)
    assert to_html(text, heading_level=first) == "\n".join(f"<h{level}>t</h{level}>" for level in expected)


def test_typography_sees_running_words_only() -> None:
    text = "l'un **l'autre** `l'un` [d'ici](https://l'un.example.org) <https://l'un.example.org>\n\n    l'un"
    assert to_html(text, language="fr") == (
        "<p>l’un<strong> l’autre</strong> <code>l'un</code><a href=\"https://l'un.example.org\"> d’ici</a>"
        '<a href="https://l\'un.example.org"> <span class="address">https://l&#x27;un.<wbr>example.<wbr>org</span></a></p>'
        "\n<pre><code>l'un\n</code></pre>"
    )


def test_quotes_may_open_in_one_word_and_close_in_another() -> None:
    assert inline_html('Il dit "**oui**\n" !', "fr") == "Il dit «<strong>\u00a0oui</strong>\u00a0»\u202f!"


def test_what_is_set_is_escaped() -> None:
    assert inline_html("a < b & <b>c</b>", "fr") == 'a &lt; b &amp;<span class="last"> &lt;b&gt;c&lt;/b&gt;</span>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Une phrase essentielle.", 'Une phrase<span class="last"> essentielle.</span>'),
        ("Un mot court ici.", 'Un mot<span class="last"> court\u00a0ici.</span>'),
        ("Un mot court là\nbas !", 'Un mot court<span class="last"> là\u00a0bas\u202f!</span>'),
        ("Deux établissements", 'Deux<span class="last"> établissements</span>'),
        ("Seulement", "Seulement"),
        ("Un **gras** établissement", 'Un<strong> gras</strong><span class="last"> établissement</span>'),
        ("Un **gras** mot court", 'Un<strong> gras</strong><span class="last"> mot\u00a0court</span>'),
        ("Il suit le [Cir](x.txt) ici.", 'Il suit le<span class="last"> Cir\u00a0ici.</span>'),
        ("Dites `non` en vain", 'Dites <code>non</code><span class="last"> en\u00a0vain</span>'),
        ("Joindre le 01 99 00 12 34", f'Joindre le<span class="last"> {PHONE}</span>'),
        # Nothing to join a short word to, no space to put in, or no words at the end.
        ("Deux mots.", "Deux mots."),
        ("Un **gras** mot.", "Un<strong> gras</strong> mot."),
        ("Un mot **gras**.", "Un mot<strong> gras</strong>."),
        ("Un mot **très essentiel**", "Un mot<strong> très essentiel</strong>"),
        ("La fin\\\nessentielle", "La fin<br>\nessentielle"),
        ("Le ministère – DGEF", "Le ministère\u00a0– DGEF"),
        ("La rue du mot `code`", "La rue du mot <code>code</code>"),
        ("Un mot [](x.txt)", "Un mot "),
    ],
)
def test_the_last_word_stays_whole_and_a_short_one_is_not_alone(text: str, html: str) -> None:
    assert inline_html(text, "fr") == html


def test_every_paragraph_and_entry_has_its_ending_and_no_heading() -> None:
    text = "# Une destinée\n\nUne destinée\n\n- Une destinée\n  - Une destinée\n\n> Une destinée"
    ended = 'Une<span class="last"> destinée</span>'
    assert to_html(text, language="fr").replace("\n", "") == (
        f"<h3>Une destinée</h3><p>{ended}</p><ul><li>{ended}<ul><li>{ended}</li></ul></li></ul>"
        f"<blockquote><p>{ended}</p></blockquote>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a **b** *c* [d](https://e.fr)", '<strong> b</strong><em> c</em><a href="https://e.fr"> d</a>'),
        ("a ***b***", "<em><strong> b</strong></em>"),
        ("a [**b**](https://e.fr)", '<a href="https://e.fr"><strong> b</strong></a>'),
        ("a `b`", " <code>b</code>"),
        ("a **`b`**", " <strong><code>b</code></strong>"),
        ("a (**b**)", " (<strong>b</strong>)"),
        ("a\n*b*", "<em> b</em>"),
    ],
)
def test_the_space_before_an_element_stands_inside_it(text: str, html: str) -> None:
    assert inline_html(text, "fr") == f"a{html}"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Un **gras** et une destinée", None),
        ("Un **gras** et une destinée", "ar-EG"),
        ("Un **mot** مرحبا encore ici", "fr"),
    ],
)
def test_text_that_runs_from_the_right_is_left_as_it_is(text: str, language: str | None) -> None:
    html = inline_html(text, language)
    assert " <strong>" in html
    assert "<span class" not in html
    assert "\u00a0" not in html


def test_plain_text_has_its_ending_too() -> None:
    assert plain_paragraph_html("Chargée de *mission* & l'accueil", "fr") == (
        'Chargée de *mission* &amp;<span class="last"> l’accueil</span>'
    )
    assert plain_paragraph_html("مسؤول عن الدروس", "ar") == "مسؤول عن الدروس"


def test_words_in_another_language_say_so() -> None:
    assert inline_html("le mot [Karibu](lang:sw) veut dire") == 'le mot <span lang="sw">Karibu</span> veut dire'
    assert inline_html("[x](lang:) [y](lang:a b)") == inline_html("x [y](lang:a b)")
    assert problems("[Karibu](lang:sw)") == ()
    assert [problem.rule for problem in problems("[x](lang:)")] == ["unsafe-link"]


def test_one_paragraph_inline() -> None:
    assert inline_html("Un **mot**") == "Un <strong>mot</strong>"
    assert inline_html("Un\n\ndeux") == "<p>Un</p>\n<p>deux</p>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Titre\n\n- *a* [b](x)\n- c\n  d\n\nfin `e`", "Titre\na b\nc d\nfin e"),
        ("a &amp; b\\\nc", "a & b c"),
        ("```\ncode\n```\n\n---\n", "code"),
        ("", ""),
    ],
)
def test_plain_text(text: str, words: str) -> None:
    assert plain_text(text) == words


def test_references() -> None:
    text = "Voir\n[A](card:aajt), [w](https://x.org)\n\n- [D](partner:dgef)\n- <page:note>"
    assert references(text) == (
        Reference("card", "aajt", 1),
        Reference("partner", "dgef", 3),
        Reference("page", "note", 4),
    )


@pytest.mark.parametrize(
    ("text", "rule", "line", "says"),
    [
        ("a\n\n[w](javascript:x)", "unsafe-link", 2, "https://"),
        ("a\nb [w](www.example.org)", "unsafe-link", 1, "https://www.example.org?"),
        ("[w](a@b.fr)", "unsafe-link", 0, "mailto:a@b.fr?"),
        ("[](card:aajt)", "empty-link", 0, "words"),
        ("- a\n- ![p](images/p.png)", "picture-in-text", 1, "images"),
        ("a\nb\nc <br/> d", "raw-html", 2, "<br/>"),
        ("<div class='x'>\nb", "raw-html", 0, "<div"),
    ],
)
def test_problems(text: str, rule: str, line: int, says: str) -> None:
    (found,) = problems(text)
    assert (found.rule, found.line) == (rule, line)
    assert says in f"{found.message} {found.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "a < b > c",
        "5 <6 et 7> 4",
        "[w](https://a.fr) [x](card:a)",
        "`<b>`",
        "\\<b>",
        "\\![w](https://a.fr)",
        "<https://a.fr>",
        "[sic]",
    ],
)
def test_what_is_no_problem(text: str) -> None:
    assert problems(text) == ()


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


MARKS = st.text(alphabet="ab<>/[]()!*_`#&;:\"'\n -.1\\=", max_size=60)
LINKS = st.sampled_from(["javascript:alert(1)", "<script>", "[x](data:x)", "<a href=x>", "[x](card:a)", "onload="])


@given(st.lists(MARKS | LINKS, max_size=5).map("".join), st.sampled_from(["uk", "ar"]))
def test_endings_leave_the_words_as_they_are(text: str, language: str) -> None:
    plain, ended = (unescape(re.sub(r"<[^>]+>", "", to_html(text, language=one))) for one in (None, language))
    # In Arabic, isolates stand around words of Latin letters.
    words = re.sub("[\u2066\u2069]", "", ended) if language == "ar" else ended
    if language == "uk":
        # Straight quotation marks become «», and single ones „“.
        words = re.sub("[„“]", "'", re.sub("[«»]", '"', words))
    assert words.replace("\u00a0", " ").split() == plain.split()


@given(st.lists(MARKS | LINKS, max_size=5).map("".join))
def test_no_text_makes_other_tags_or_targets(text: str) -> None:
    tags = Tags()
    tags.feed(to_html(text))
    problems(text)
    plain_text(text)
    allowed = set("p a em strong code pre ul ol li h3 h4 h5 h6 blockquote br hr".split())
    for tag, attributes in tags.found:
        assert tag in allowed
        assert set(attributes) <= {"href", "class", "title", "start"}
        assert (attributes.get("href") or "https:").split(":")[0].lower() in {"http", "https", "mailto", "livret"}
