"""Numbers, addresses and names that stand in text of the other direction keep their own order.

Without help they do not: in Arabic text the Unicode bidirectional algorithm prints the telephone number
01 99 00 12 34 as 34 12 00 99 01. The characters U+2066 to U+2069 isolate them (UAX 9, section 2.4). The print engine
knows these characters, but neither `<bdi>` nor `unicode-bidi`. They have no width and are not printed.
"""

from __future__ import annotations

import re

from livret.content.language_tags import main_subtag

# Languages written from right to left, by their main subtag (Unicode CLDR, characterOrder).
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"})

LEFT, RIGHT, END = "\u2066", "\u2067", "\u2069"

# The blocks of Hebrew, Arabic and their neighbours, and their presentation forms.
FROM_THE_RIGHT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"

_SPACE = "[ \u00a0\u202f\u2009]"
# Brackets belong to a number that goes on, as in +33 (0)1. One alone within an isolate would stand on the wrong side.
_IN_BRACKETS = rf"\(\d+\)(?={_SPACE}?\d)"
_MORE_DIGITS = rf"(?:{_SPACE}|[.,:/–-])?{_IN_BRACKETS}|(?:{_SPACE}|[.,:/–-]|(?<=\)))\d+"
_NUMBER = rf"(?:(?<!\w)[+−-])?(?:{_IN_BRACKETS}|\d+)(?:{_MORE_DIGITS})*"
_COMPARED = rf"(?<!\w)[<>≤≥≈±~]{_SPACE}?"
_AMOUNT = rf"(?:{_COMPARED})?(?:[€$£]{_SPACE}?)?{_NUMBER}(?:{_SPACE}?[%‰€$£°])?"
# Erasmus+, C++, C#: a sign at the end of a name.
_WORD = rf"(?:(?![{FROM_THE_RIGHT}])\w)+(?:\+{{1,2}}(?![\w+])|#(?!\w))?"
_JOINED = rf"(?![{FROM_THE_RIGHT}])[\w \u00a0\u202f.,:;/&+@#'’%‰€$£°=!?…–-]"
_GROUP = rf"(?:\((?:{_JOINED})+\)|\[(?:{_JOINED})+\]|«(?:{_JOINED})+»|“(?:{_JOINED})+”|\"(?:{_JOINED})+\")"
# The second mark of such a pair looks like an apostrophe, and so would be taken for a part of the words.
_IN_SINGLE = rf"(?:(?!['’](?!\w)){_JOINED}){{1,80}}"
_SINGLE = rf"(?:‘{_IN_SINGLE}’|(?<!\w)'{_IN_SINGLE}')(?!\w)"
# Words and numbers, what may stand between them, and whole groups in brackets or quotation marks.
_LEFT_RUN = re.compile(
    rf"(?P<opened>(?<=[«“\"(\[]))?(?:{_AMOUNT}|{_WORD}|{_SINGLE})"
    rf"(?:[ \u00a0\u202f.,:;/&+@#'’<>=≤≥×÷–-]*(?:{_AMOUNT}|{_WORD}|{_GROUP}|{_SINGLE}))*(?:{_SPACE}?[%‰€$£°])?"
    # In a pair of marks that holds nothing else, the stop is a part of the name: «Data & Co.»
    r"(?(opened)(?:[.!?…]+(?=[»”\")\]]))?)"
)
_AMOUNTS = re.compile(_AMOUNT)
_EQUATION = re.compile("[^<>=≤≥×÷][<>=≤≥×÷]")
_RIGHT_WORD = f"[{FROM_THE_RIGHT}]+"
_HAS_RIGHT = rf"(?=[\s\d.,'’-]*[{FROM_THE_RIGHT}])[\s\d.,'’{FROM_THE_RIGHT}-]+"
_RIGHT_GROUP = rf"(?:\({_HAS_RIGHT}\)|\[{_HAS_RIGHT}\]|«{_HAS_RIGHT}»|“{_HAS_RIGHT}”)"
_RIGHT_RUN = re.compile(rf"{_RIGHT_WORD}(?:[\s\d.,'’-]*(?:{_RIGHT_WORD}|{_RIGHT_GROUP}))*")
_ANY_RIGHT = re.compile(f"[{FROM_THE_RIGHT}]")


# In HTML: an element of a line in which there is no word from the right; a word, or what is isolated; what joins them.
_LATIN_ELEMENT = (
    rf"<(?P<tag{{number}}>strong|em|a|s|code|span)\b[^<>]*>(?:(?!</(?P=tag{{number}})>)[^{FROM_THE_RIGHT}])*"
    r"</(?P=tag{number})>"
)
_LATIN_TEXT = (
    rf"(?:{LEFT}[^<>{END}]*{END}|(?<![&#<\w/])(?:(?![{FROM_THE_RIGHT}_])[^\W\d])(?:(?![{FROM_THE_RIGHT}])\w)*)"
)
_BETWEEN = r"(?:[\s\u00a0]|[,.:;/+@’'–-]|&amp;|&\#x27;)*"
_PIECES = re.compile(
    rf"(?:{_LATIN_ELEMENT.format(number=1)}|{_LATIN_TEXT})"
    rf"(?:{_BETWEEN}(?:{_LATIN_ELEMENT.format(number=2)}|{_LATIN_TEXT}))+"
)
# The same the other way round: an element that begins with what is isolated from the right, and has no word from the
# left. The last of all ends with what is isolated: a number or a comma after it belongs to the text around.
_ISOLATED = f"{RIGHT}[^<>{END}]*{END}"
_RIGHT_ELEMENT = (
    rf"<(?P<tag{{number}}>strong|em|a|s|span)\b[^<>]*>(?:\s|<(?!/)[^<>]*>)*{_ISOLATED}"
    rf"(?:(?!</(?P=tag{{number}})>)(?:[\s\u00a0\d,.:;/+’–-]|{_ISOLATED}|<[^<>]*>))*{{end}}</(?P=tag{{number}})>"
    r"|<span\b[^<>]* dir=\"rtl\">(?:(?!</?span\b).)*</span>"
)
_RIGHT_PIECES = re.compile(
    rf"(?:(?:{_RIGHT_ELEMENT.format(number=1, end='')}|{_ISOLATED})(?:[\s\u00a0\d,.:;/+@’–-]|&amp;|&\#x27;)*)+"
    rf"(?:{_RIGHT_ELEMENT.format(number=2, end=f'(?<=[{END}>])')}|{_ISOLATED})"
)
# The element around a text from the left within one from the right, its beginning and its end; and the other way round.
FROM_LEFT = ('<span dir="ltr">', "</span>")
_FROM_RIGHT = ('<span dir="rtl">', "</span>")

_LETTER_FROM_THE_LEFT = re.compile(rf"(?![{FROM_THE_RIGHT}_])[^\W\d]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LATIN_LETTER = re.compile(rf">[^<>]*(?![{FROM_THE_RIGHT}_])[^\W\d]")
_MAY_JOIN = re.compile(f'{RIGHT}|dir="rtl"')
_TAG = re.compile(r"<(/?)(\w+)")


def joined_from_left(html: str) -> str:
    """HTML in a language from the right; words from the left that go on from one element to the next are one element.

    The print engine places the elements of a line in the direction of what holds them, whatever words are in them.
    """
    return _PIECES.sub(_one_element, html) if "</" in html else html


def joined_from_right(html: str) -> str:
    """The same for words from the right in a language from the left."""
    return _RIGHT_PIECES.sub(_one_from_right, html) if _MAY_JOIN.search(html) and "</" in html else html


def _one_from_right(match: re.Match[str]) -> str:
    pieces = match[0]
    return pieces.join(_FROM_RIGHT) if "<" in pieces and _is_whole(pieces) else pieces


def _one_element(match: re.Match[str]) -> str:
    pieces = match[0]
    # Words alone are isolated already, and numbers alone keep their places.
    if "<" not in pieces or not _LATIN_LETTER.search(f">{pieces}") or not _is_whole(pieces):
        return pieces
    return pieces.join(FROM_LEFT)


def _is_whole(html: str) -> bool:
    """Whether each element that begins in some HTML ends in it, and none ends in it that began before."""
    inside: list[str] = []
    for closes, tag in _TAG.findall(html):
        if closes and (not inside or inside.pop() != tag):
            return False
        if not closes and tag not in ("wbr", "br"):
            inside.append(tag)
    return not inside


def is_right_to_left(language: str) -> bool:
    """Whether a language is written from right to left."""
    return main_subtag(language) in RIGHT_TO_LEFT


def runs_against(text: str, language: str, around: str) -> bool:
    """Whether a text in a language runs against the text around it. One without letters of its language does not."""
    if is_right_to_left(language) == is_right_to_left(around):
        return False
    has_right = _ANY_RIGHT.search(text) is not None
    return has_right if is_right_to_left(language) else not has_right or _LETTER_FROM_THE_LEFT.search(text) is not None


def turns(text: str, language: str) -> bool:
    """Whether a whole paragraph runs against a language from the right, in more pieces than `isolated` keeps together.

    Each piece would keep its own order, but the pieces would follow each other from the right: "[note] This text". A
    value such as "10 – 12" has no letters, and runs from the left as well.
    """
    if not is_right_to_left(language) or _ANY_RIGHT.search(text) or not _LETTER_OR_DIGIT.search(text):
        return False
    # As `isolated` looks for it. To ask for a match of the whole text takes no end of time where there is none.
    run = (_LEFT_RUN if _LETTER_FROM_THE_LEFT.search(text) else _AMOUNTS).match(text)
    return run is None or run.end() < len(text)


def isolated(text: str, language: str) -> str:
    """The text with every piece that runs against the language isolated; a number is not broken at its spaces."""
    if is_right_to_left(language):
        return _LEFT_RUN.sub(_left, text)
    return _RIGHT_RUN.sub(rf"{RIGHT}\g<0>{END}", text) if _ANY_RIGHT.search(text) else text


def _left(match: re.Match[str]) -> str:
    run = match[0]
    if re.fullmatch(r"\w+", run):
        # One word or one number keeps its order by itself.
        return run
    if any(sign.isalpha() for sign in run) or _EQUATION.search(run):
        return f"{LEFT}{run}{END}"
    # Numbers alone: each is isolated, but a list of them runs from the right.
    return _AMOUNTS.sub(_amount, run)


def _amount(match: re.Match[str]) -> str:
    number = re.sub(_SPACE, "\u00a0", match[0])
    return number if number.isdecimal() else f"{LEFT}{number}{END}"
