"""The parser of Markdown: CommonMark, without the parts of it by which words would not be printed.

CommonMark drops some words: a line such as `[Contact]: 01 99 00 12 34` is a link's definition there, the words after
the first on the opening line of a code block are notes for programs, and markdown-it-py skips what is nested deep. Here

- a definition counts only if a link uses it and its target is one that is kept; any other such line is a paragraph;
- an opening line of more than one word is printed as the first line of the code;
- a line that begins with a number of four digits and more, such as `2019. A year`, begins no list;
- asterisks between two letters or digits mark nothing: `5*3*2` and `a*b*c` are printed as they are typed; only
  emphasis that begins before a word may end inside it: `**F**onds`, `*start-up*s`;
- a line that begins with a bullet as word processors write it is an entry of a list (`pasted`);
- lists and quotations nested deeper than `DEEPEST` are a fault, which `too_deep` finds.

Raw HTML and pictures are off.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block, reference
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token

from livret.content.language.pasted import with_lists

# Levels of elements: a quotation is one, a list is two. The engine sets each in the one around it, by recursion.
DEEPEST = 60
REFERENCE_KINDS = ("card", "partner", "page")

WEB = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
REFERENCE = re.compile(rf"({'|'.join(REFERENCE_KINDS)}):(.*)", re.IGNORECASE | re.DOTALL)
# Thai, Lao, Tibetan, Burmese and Khmer, which as Chinese and Japanese have no spaces between words.
_SPACELESS = re.compile(r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]")
# Emphasis that begins before the word in which a text ends: `*start-up` of `*start-up*s`. No word is longer.
_LONGEST_WORD = 80
_BEGINS_BEFORE = re.compile(rf"(?<![\w*)\]])\*(?=[^\s*]*[^\W\d])[^\s*]{{1,{_LONGEST_WORD}}}\Z")
_YEAR = re.compile(r"\d{4,9}[.)]")
# Words in another language are typed [words](lang:en); the shape is that of BCP 47.
LANGUAGE = re.compile(r"lang:([a-z]{2,3}(?:-[a-z0-9]{2,8})*)", re.IGNORECASE)


def is_kept(target: str) -> bool:
    """Whether a link to this target is kept: to the web, to an e-mail address, to a part, or to a language."""
    return bool(WEB.match(target) or REFERENCE.fullmatch(target) or LANGUAGE.fullmatch(target))


class _Definitions(dict[str, Any]):
    """The definitions of one text by label; remembers which of them a link has asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def get(self, label: str, default: Any = None) -> Any:
        if label in self:
            self.used.add(label)
        return super().get(label, default)


def parse(text: str, *, joined: bool = True) -> list[Token]:
    """The tokens of a text.

    With `joined=False`, signs typed with a backslash stay apart, so that none is taken for a mistake.
    """
    text = with_lists(text)
    parser = parser_of(joined)
    definitions = _Definitions()
    tokens = parser.parse(text, {"references": definitions})
    if definitions.keys() - definitions.used:
        # Those that no link uses are text.
        tokens = parser.parse(text, {"references": _Definitions(), "used": definitions.used})
    for token in tokens:
        if token.type == "fence" and len(token.info.split()) > 1:
            token.content, token.info = f"{token.info.strip()}\n{token.content}", ""
    return tokens


def too_deep(tokens: Sequence[Token]) -> int | None:
    """The line, from 0, where lists and quotations are nested too deep to be printed; None when they are not."""
    blocks = (token for token in tokens if token.map and token.type != "inline")
    return next((token.map[0] for token in blocks if token.map and token.level > DEEPEST), None)


@cache
def parser_of(joined: bool = True) -> MarkdownIt:
    """The parser itself; what it renders it need not have parsed."""
    # Four levels more than are printed, so that `too_deep` sees what it refuses.
    options = {"html": False, "xhtmlOut": False, "maxNesting": DEEPEST + 4}
    parser = MarkdownIt("commonmark", options).disable("image")
    # Every target becomes a link here, so that a refused one can be reported by name.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.block.ruler.at("reference", _definition)
    parser.block.ruler.at("list", _list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.inline.ruler.at("emphasis", _emphasis)
    return parser if joined else parser.disable("text_join")


def _emphasis(state: StateInline, silent: bool) -> bool:
    """CommonMark's rule for the signs of emphasis, without asterisks inside a word or a product of numbers."""
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    around = state.src[start - 1 : start] + state.src[state.pos : state.pos + 1]
    if state.src[start] == "*" and start and len(around) == 2 and all(map(_is_of_word, around)):
        begins_before = bool(_BEGINS_BEFORE.search(state.src, max(0, start - _LONGEST_WORD - 1), start))
        for sign in state.delimiters[known:]:
            sign.open = False
            sign.close = sign.close and (sign.length > 1 or begins_before)
    return True


def _is_of_word(sign: str) -> bool:
    """Whether a sign is a letter, a mark on one, or a digit, of a script that puts spaces between words."""
    is_spaceless = unicodedata.east_asian_width(sign) in "WF" or bool(_SPACELESS.match(sign))
    return unicodedata.category(sign)[0] in "LMN" and not is_spaceless


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """CommonMark's rule for lists, without `2019. A year`: what begins with a year is a sentence."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    return not _YEAR.match(line) and list_block(state, start, end, silent)


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """CommonMark's rule for the definition of a link, for those that are kept and used."""
    known: MutableMapping[str, Any] = state.env["references"]
    labels = set(known)
    if not reference(state, start, end, silent):
        return False
    if silent:
        return True
    used = state.env.get("used")
    # A label that is defined a second time has no new entry: its first definition counts, this one is text.
    for label in known.keys() - labels:
        if is_kept(known[label]["href"]) and (used is None or label in used):
            return True
        del known[label]
    state.line = start
    return False
