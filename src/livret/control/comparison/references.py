"""Numbers of pages in text: which words are such numbers, which followed the page that they name, and which did not.

A number may be anything: years, a telephone number. It counts as that of a page where a word such as "page" or "p."
stands before it, or where it begins or ends a line and no other number stands beside it, as in a table of contents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from livret.control.comparison.pages import Word

# Words before the number of a page, without a full stop, in the languages that layouts have labels for.
_PAGE_WORDS = frozenset(
    "p pp pg page pages fol f° folio s seite seiten pág págs página páginas pag pagg pagina pagine"
    " с ст стор сторінка сторінки сторінку сторінці сторінок"
    " ص صص صفحة صفحات الصفحة الصفحات صفحه صفحه‌ی صفحۀ".split()
)
# Words between two numbers of pages: "pages 12 et 14".
_BETWEEN = frozenset("et à ou and to or und bis oder y e a o u et/ou і й та до або و أو إلى تا یا & - –".split())
_AROUND = "()[]{}«»“”\"'.,;:!?،؛؟"
# PDFium gives a hyphen within a number as U+FFFE.
_RANGE = re.compile("[-‐–\ufffe]")
# A page may have a letter before its number, or a Roman number.
_LABEL = re.compile("[A-Za-z]?[0-9]{1,5}|[ivxlcdm]{1,7}|[IVXLCDM]{1,7}")
# So many numbers at the ends of lines must follow their pages before one that did not is told: it is a list of pages.
_LIST = 3


@dataclass(frozen=True)
class StaleReference:
    """The number of a page that moved, or is gone (`now` is None), printed as it was before; `word` is the one after.

    `told` is the number with the words before it, as it is printed.
    """

    told: str
    now: str | None
    word: Word


def written(word: Word, labels: Mapping[str, str | None] | None = None) -> str:
    """A word to be compared, with numbers of pages as they are now; that of a page that is gone is like no other."""
    text, numbers = _plain(word), _numbers(word)
    if not numbers:
        return word.key
    return text.replace(
        text.strip(_AROUND), "–".join((labels or {}).get(number, number) or f"{number}†" for number in numbers)
    )


def references(words: Sequence[Word], labels: Container[str], folio: str) -> Mapping[int, bool]:
    """Which words name pages of these labels, by their place; true where a word such as "page" says so.

    `folio` is the label of the page itself, which may stand in the middle of a line of furniture.
    """
    found: dict[int, bool] = {}
    # From the end, because in "12, 14, 20" the last one may stand at the end of a line.
    for at in range(len(words) - 1, -1, -1):
        word = words[at]
        numbers = _numbers(word)
        if not numbers or any(number not in labels for number in numbers):
            continue
        is_before_other = word.key.endswith(",") and at + 1 in found
        if _is_announced(words, at):
            found[at] = True
        elif is_before_other or (
            (word.begins_line or word.ends_line or word.key == folio) and not _is_beside_number(words, at)
        ):
            found[at] = False
    return found


def may_name_moved(words: Iterable[Word], labels: Mapping[str, str | None]) -> bool:
    """Whether any word may be the number of a page that moved: a quick answer, for pages that are the same."""
    moved = {label for label, now in labels.items() if label != now}
    return bool(moved) and any(word.key.strip(_AROUND) in moved or _RANGE.search(word.text) for word in words)


def stale(
    pairs: Iterable[tuple[int, int]],
    before: tuple[Sequence[Word], Mapping[int, bool]],
    after: Sequence[Word],
    labels: Mapping[str, str | None],
) -> Iterator[StaleReference]:
    """The references of a page that did not follow.

    `pairs` are places of words before and after that stand at one place of the text. `before` are words and their
    references. `labels` tell where pages are now.
    """
    words, found = before
    moved = [(a, b) for a, b in pairs if a in found and any(labels.get(one, one) != one for one in _numbers(words[a]))]
    left = [(a, b) for a, b in moved if written(words[a]) == written(after[b])]
    followed = sum(not found[a] for a, _ in moved) - sum(not found[a] for a, _ in left)
    is_list = followed >= _LIST and followed > sum(not found[a] for a, _ in left)
    for a, b in left:
        now = [labels.get(one, one) for one in _numbers(words[a])]
        known = [one for one in now if one is not None]
        if found[a] or (is_list and known == now):
            yield StaleReference(_told(words, a), "–".join(known) if known == now else None, after[b])


def _numbers(word: Word) -> tuple[str, ...]:
    """The labels of pages in a word: one, or two of a range; none where it holds anything else."""
    bare = _plain(word).strip(_AROUND)
    if _LABEL.fullmatch(bare):
        return (bare,)
    parts = tuple(_RANGE.split(bare))
    return parts if len(parts) == 2 and all(part.isdecimal() for part in parts) else ()


def _plain(word: Word) -> str:
    """A word with the digits 0 to 9, whatever digits it is written with."""
    if word.text.isascii():
        return word.text
    text = unicodedata.normalize("NFKC", word.text)
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def _is_announced(words: Sequence[Word], at: int) -> bool:
    """Whether "page" stands before a number, or before numbers that it goes on with: "pages 12, 14 et 20"."""
    while at > 0:
        before = words[at - 1].key.casefold()
        if before.strip(_AROUND) in _PAGE_WORDS:
            return True
        is_number = before.strip(_AROUND)[:1].isdecimal() and (
            before.endswith(",") or words[at].key.casefold() in _BETWEEN
        )
        if not is_number and before not in _BETWEEN:
            return False
        at -= 1
    return False


def _is_beside_number(words: Sequence[Word], at: int) -> bool:
    """Whether another number stands directly beside one, as in a telephone number; commas part numbers of pages."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else None
    before = words[at - 1].key if at and not (word.begins_line or word.is_apart) else ""
    after = following.key if following and not (word.ends_line or following.is_apart) else ""
    return before[-1:].isdecimal() or (after[:1].isdecimal() and words[at].key[-1:].isdecimal())


def _told(words: Sequence[Word], at: int) -> str:
    """A reference as a reader would name it: with the word before it, where that is "page"."""
    has_word = at > 0 and words[at - 1].key.casefold().strip(_AROUND) in _PAGE_WORDS
    return " ".join(word.text for word in words[at - has_word : at + 1]).strip(_AROUND)
