"""Markdown fields: from CommonMark to HTML or to plain words, and what is wrong in them. The home of markdown-it-py.

Raw HTML and pictures are off. A link may lead to the web (http, https), to an address (mailto) or, by the schemes
`card:`, `partner:` and `page:`, to another part of the booklet; any other link keeps its words and loses its target.
A link to `lang:en` marks its words as English.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise
from urllib.parse import unquote

from markdown_it.token import Token

from livret.content.language import commonmark, typed_words
from livret.content.language.addresses import breakable
from livret.content.language.bidi import (
    FROM_LEFT,
    is_right_to_left,
    joined_from_left,
    joined_from_right,
    runs_against,
    turns,
)
from livret.content.language.commonmark import LANGUAGE, REFERENCE, WEB, is_kept, parse, parser_of
from livret.content.language.headings import Levels
from livret.content.language.problems import TextProblem
from livret.content.language.runts import is_left_to_right, mark_last_word
from livret.content.language.typography import NO_LANGUAGE, TEXTS, markup, markup_from_left, typeset_runs, typeset_text
from livret.content.language_tags import canonical
from livret.translation import say

# Where references point until the book is bound; a private scheme survives typesetting.
REFERENCE_SCHEME = "livret"

# Without one of these at the beginning of a line, or a link, every word of a text is printed.
_MARKED = re.compile(r"[\[<`~&\\]|^[ \t]*[>#*+\d-]|^(?: {4}|\t)", re.MULTILINE)
# Lists and quotations in others: several marks on a line, or lines that begin far to the right.
_NESTED = re.compile(r"^[ \t]*(?:(?:[>*+-]|\d{1,9}[.)])[ \t]*){6}|^[ \t]{6}", re.MULTILINE)
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>")

# Elements that take the space before them in; code is printed as it is typed.
_TAKE_SPACE = frozenset({"strong_open", "em_open", "link_open", "span_open"})

# Replaces code, and addresses typed as links, while typography works on a paragraph.
_UNTOUCHED = "\ufffc"


@dataclass(frozen=True)
class Reference:
    """A link to another part of the booklet; `line` counts from 0 in the text."""

    kind: str
    id: str
    line: int


@dataclass(frozen=True)
class _TypedLink:
    href: str
    title: str
    line: int
    words: str
    is_picture: bool


@lru_cache(TEXTS)
def to_html(text: str, heading_level: int = 3, language: str | None = None) -> str:
    """Block HTML of a Markdown text.

    In: the text; the level its first heading gets (others follow without skipping a level, none below h6); the
    language whose micro-typography is applied to running words, but to neither code nor addresses. Never raises.

    With a language that is written from left to right, the last word of each paragraph and entry of a list stands in
    `<span class="last">`, with the word before if it is short (`ending`); and the space before bold, italic and linked
    words stands inside their element, for the engine may break a line far too early at one that stands before it.
    """
    return _render(_prepared(text, heading_level, language), language)


@lru_cache(TEXTS)
def foreign_html(text: str, heading_level: int, language: str) -> str:
    """Like `to_html`, for a text among others in another language: each block tells its language and direction."""
    tokens = _prepared(text, heading_level, language)
    told = {"lang": language, "dir": "rtl" if is_right_to_left(language) else "ltr"}
    for token in tokens:
        if not token.level and token.type != "inline" and token.nesting >= 0:
            token.attrs = {**token.attrs, **told}
    return _render(tokens, language)


@lru_cache(TEXTS)
def inline_html(text: str, language: str | None = None) -> str:
    """Like `to_html`, but a text of one paragraph comes without the <p> around it."""
    tokens = _prepared(text, 3, language)
    if len(tokens) == 3 and tokens[0].type == "paragraph_open":
        tokens = tokens[1:2]
    return _render(tokens, language)


@lru_cache(TEXTS)
def plain_paragraph_html(text: str, language: str) -> str:
    """A text that is not Markdown as it is printed, with its last words held together as in a paragraph."""
    text = typeset_text(text, language)
    return (mark_last_word if is_left_to_right(text, language) else markup_from_left)(text, language)


@lru_cache(TEXTS)
def plain_text(text: str) -> str:
    """The words alone, one line for each paragraph, heading or list item."""
    lines = (
        "".join(_words(token.children or ())) if token.type == "inline" else token.content.rstrip("\n")
        for token in parse(text)
    )
    return "\n".join(line for line in lines if line)


def lost_words(text: str) -> tuple[str, ...]:
    """Words of the text that would not be printed: none, as far as is known. Looked for in another way than printed."""
    # Most texts have none of the signs by which Markdown could drop a word.
    if not _MARKED.search(text):
        return ()
    printed = unescape(re.sub(r"<[^>]*>", " ", to_html(text)))
    return tuple(typed_words.lost_words(text, printed))


def too_deep(text: str) -> int | None:
    """The line, from 0, where lists and quotations are nested too deep to be printed; None when they are not."""
    return commonmark.too_deep(parse(text)) if _NESTED.search(text) else None


def references(text: str) -> tuple[Reference, ...]:
    """The links to other parts of the booklet, in order."""
    found = []
    for link in _links(text):
        match = REFERENCE.fullmatch(link.href)
        if match:
            found.append(Reference(match[1].lower(), unquote(match[2]), link.line))
    return tuple(found)


def problems(text: str) -> tuple[TextProblem, ...]:
    """What will not be printed as it was meant: `unsafe-link`, `empty-link`, `picture-in-text`, `raw-html`."""
    # Links and tags need one of these characters; most texts have neither and need no parsing.
    if "<" not in text and "[" not in text:
        return ()
    found = [problem for link in _links(text) for problem in _link_problems(link)]
    for token, line in _inline_tokens(text):
        tag = _TAG.search(token.content) if token.type == "text" else None
        if tag:
            found.append(
                TextProblem(
                    "raw-html",
                    say("HTML is not read here: {tag} is printed as it is typed", tag=tag[0]),
                    line,
                    say("use Markdown: **bold**, *italic*, - for a list; or type \\< if it is meant"),
                )
            )
    return tuple(sorted(found, key=lambda problem: problem.line))


def _link_problems(link: _TypedLink) -> Iterator[TextProblem]:
    if link.is_picture:
        yield TextProblem(
            "picture-in-text",
            say('the picture "{href}" is not printed: text holds no pictures', href=link.href),
            link.line,
            say("pictures belong in fields such as images, logo or portrait"),
        )
    elif not is_kept(link.href):
        hint = say("a link begins with https://, http://, mailto:, card:, partner:, page: or lang:")
        if re.match(r"www\.|[\w-]+(\.[\w-]+)+(/|$)", link.href):
            hint = say("did you mean https://{href}?", href=link.href)
        elif re.fullmatch(r"[^\s@:/]+@[^\s@:/]+", link.href):
            hint = say("did you mean mailto:{href}?", href=link.href)
        yield TextProblem(
            "unsafe-link", say('the link to "{href}" leads nowhere and is left out', href=link.href), link.line, hint
        )
    elif not link.words.strip():
        yield TextProblem(
            "empty-link",
            say('the link to "{href}" has no words', href=link.href),
            link.line,
            say("write [words](target)"),
        )
    if link.title and not link.is_picture:
        message = say('the words "{title}" behind the target of a link are not printed', title=link.title)
        yield TextProblem("link-title", message, link.line, say("move them into the text"))


@lru_cache(4)
def _inline_tokens(text: str) -> tuple[tuple[Token, int], ...]:
    """Every inline token with its line in the text, to be read only; kept, because several checks ask for it."""
    found = []
    for block in parse(text, joined=False):
        if block.type != "inline":
            continue
        line = block.map[0] if block.map else 0
        for token in block.children or ():
            found.append((token, line))
            if token.type in ("softbreak", "hardbreak"):
                line += 1
    return tuple(found)


def _links(text: str) -> Iterator[_TypedLink]:
    if "<" not in text and "[" not in text:
        return
    before: Token | None = None
    opened: tuple[str, str, int, bool] | None = None
    inside: list[Token] = []
    for token, line in _inline_tokens(text):
        if token.type == "link_open":
            is_picture = before is not None and before.type == "text" and before.content.endswith("!")
            href, title = (str(token.attrs.get(name, "")) for name in ("href", "title"))
            opened, inside = (href, title, line, is_picture), []
        elif token.type == "link_close" and opened:
            href, title, start, is_picture = opened
            yield _TypedLink(href, title, start, "".join(_words(inside)), is_picture)
            opened = None
        else:
            inside.append(token)
        before = token


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        else:
            yield token.content


def _prepared(text: str, heading_level: int, language: str | None) -> list[Token]:
    tokens = parse(text)
    _shift_headings(tokens, heading_level)
    _mark_digits(tokens)
    for opened, token in pairwise(tokens):
        if token.children:
            kept = list(_mended(token.children))
            token.children = _typeset(kept, language, opened.type == "paragraph_open") if language else kept
    return tokens


def _shift_headings(tokens: Sequence[Token], first: int) -> None:
    """Renumber headings from `first` on: deeper ones one level deeper, whatever was skipped, none below h6."""
    levels, tag = Levels(first), ""
    for token in tokens:
        if token.type == "heading_open":
            tag = f"h{levels.shifted(int(token.tag[1:]))}"
        if token.type in ("heading_open", "heading_close"):
            token.tag = tag


def _mark_digits(tokens: Sequence[Token]) -> None:
    """Give lists whose last number has two digits and more a class, so that style sheets leave room for them."""
    entries: list[int] = []
    opened: list[Token] = []
    for token in tokens:
        if token.type == "ordered_list_open":
            opened.append(token)
            entries.append(0)
        elif token.type == "list_item_open" and opened and token.level == opened[-1].level + 1:
            entries[-1] += 1
        elif token.type == "ordered_list_close":
            begun = opened.pop()
            last = int(begun.attrs.get("start", 1)) + entries.pop() - 1
            if last > 9:
                begun.attrs = {**begun.attrs, "class": f"digits-{len(str(last))}"}


def _mended(tokens: Sequence[Token]) -> Iterator[Token]:
    """Inline tokens without the links that are not kept."""
    kept_links: list[Token | None] = []
    for token in tokens:
        if token.type == "link_open":
            kept_links.append(token if _open_link(token) else None)
            if kept_links[-1] is None:
                continue
        elif token.type == "link_close":
            opened = kept_links.pop()
            if opened is None:
                continue
            if opened.type == "span_open":
                token.type, token.tag = "span_close", "span"
        yield token


def _typeset(tokens: Sequence[Token], language: str, is_paragraph: bool) -> list[Token]:
    """The inline tokens of one paragraph with their words set together: quotes may open in one and close in another."""
    # Lines that follow each other are one run.
    joined: list[Token] = []
    is_address = False
    for token in tokens:
        if token.type in ("link_open", "link_close"):
            is_address = token.type == "link_open" and token.info == "auto"
        if is_address and token.type == "text":
            address = f'<span class="address">{breakable(token.content)}</span>'
            token = Token("html_inline", "", 0, content=address)
        if token.type != "softbreak" and (token.type != "text" or is_address or token.content == _UNTOUCHED):
            joined.append(token)
            continue
        words = " " if token.type == "softbreak" else token.content
        if joined and joined[-1].type == "words":
            joined[-1].content += words
        elif words:
            joined.append(Token("words", "", 0, content=words))
    runs = [token.content if token.type == "words" else _UNTOUCHED if token.content else "" for token in joined]
    typeset: list[Token] = []
    for token, run in zip(joined, typeset_runs(runs, language), strict=True):
        if token.type == "words":
            token.content = run
        if run or token.type != "words":
            typeset.append(token)
    last = None
    if turned := turns("".join(runs), language):
        language = NO_LANGUAGE
    if not turned and is_left_to_right("".join(runs), language):
        _take_spaces(typeset)
        last = typeset[-1] if is_paragraph and typeset else None
    spoken = _turned_spans(typeset, language)
    for token, own in zip(typeset, spoken, strict=True):
        if token.type == "words":
            # Rendered as it is: `markup` escapes it.
            finish = mark_last_word if token is last else markup
            token.type, token.content = "html_inline", finish(token.content, own)
    return _from_left(typeset) if turned else typeset


def _turned_spans(tokens: Sequence[Token], language: str) -> list[str]:
    """The language that each token is set in; words marked as being in one of the other direction get their own.

    Such words are one element from their own side, with the marks at their ends: "Erasmus+" in Arabic text.
    """
    languages: list[str] = []
    around, end = language, 0
    for number, token in enumerate(tokens):
        if number >= end:
            around = language
        if number >= end and token.type == "span_open":
            end = next(at for at in range(number, len(tokens)) if tokens[at].type == "span_close")
            own = str(token.attrs["lang"])
            if runs_against("".join(_words(tokens[number:end])), own, language):
                token.attrs["dir"] = "rtl" if is_right_to_left(own) else "ltr"
                around = own if is_right_to_left(own) else NO_LANGUAGE
        languages.append(around)
    return languages


def _from_left(tokens: Sequence[Token]) -> list[Token]:
    """Inline tokens of a text from left to right, within one from right to left."""
    first, last = (Token("html_inline", "", 0, content=tag) for tag in FROM_LEFT)
    return [first, *tokens, last]


def _take_spaces(tokens: Sequence[Token]) -> None:
    """Move the space before an element to the beginning of the words in it."""
    for number, token in enumerate(tokens):
        if token.type != "words" or not token.content.endswith(" "):
            continue
        first = number + 1
        while first < len(tokens) and tokens[first].type in _TAKE_SPACE:
            first += 1
        if number + 1 < first < len(tokens) and tokens[first].type in ("words", "text", "html_inline"):
            words = token.content.rstrip(" ")
            tokens[first].content = token.content[len(words) :] + tokens[first].content
            token.content = words


def _open_link(token: Token) -> bool:
    """Turn a link to a part into its private form; say whether the link is kept at all."""
    href = str(token.attrs.get("href", ""))
    match = REFERENCE.fullmatch(href)
    if match:
        token.attrs = {"class": "reference", "href": f"{REFERENCE_SCHEME}:{match[1].lower()}-{match[2]}"}
        return True
    language = LANGUAGE.fullmatch(href)
    if language:
        token.type, token.tag, token.attrs = "span_open", "span", {"lang": canonical(language[1])}
        return True
    return WEB.match(href) is not None


def _render(tokens: Sequence[Token], language: str | None) -> str:
    parser = parser_of()
    html = str(parser.renderer.render(tokens, parser.options, {})).strip("\n")
    if not language:
        return html
    return (joined_from_left if is_right_to_left(language) else joined_from_right)(html)
