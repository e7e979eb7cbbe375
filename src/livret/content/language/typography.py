"""Micro-typography: the spaces, quotes, dashes, apostrophes and numbers of every text that is printed.

French follows the Lexique des règles typographiques en usage à l'Imprimerie nationale (3rd edition, 2002, ISBN
978-2-7433-0482-9); where the booklet has a convention of its own, that is said.

- U+202F, the "espace fine insécable", before ; ! ? and U+00A0, the "espace mots insécable", before : and inside « ».
  None in 14:30, 16:9, (?), addresses. No space before a comma or a full stop. Three dots become … .
- Quotation marks "..." become « ... », and “...” inside other quotes. Apostrophes are ’.
- U+202F between groups of three digits in numbers of 5 digits and more, of 4 if so typed (convention). Not in years,
  postcodes, references. Telephone numbers by pairs (convention), kept together.
- U+00A0 before symbols and units (also SI Brochure, 9th edition, 5.4.3), after n°, p., art., M., Mme, between day
  and month, before siècle, after > and <. "14h30" becomes "14 h 30".
- 2ème becomes 2e and 1ère 1re, in superior letters.
- Capitals keep their accents, the preposition À too; œ and æ are letters, not ornaments. Both from closed lists.
- A spaced hyphen or em dash becomes a spaced en dash; ranges such as 2010-2015 take an en dash (conventions).

English follows the Chicago Manual of Style (17th edition, chapter 6): curly quotes and apostrophes, em dash unspaced,
en dash in ranges, no space before punctuation. Numbers stay as typed. German, Spanish, Italian and Ukrainian have their
own quotation marks in place of straight ones. Texts in other languages are left alone; but in those from the right,
an apostrophe between Latin letters, as in the name of an association, is ’.

Addresses, e-mail addresses, file names, dates and code in `backticks` never change.

Quotes may open in one token of Markdown and close in the next, and a token may begin with a colon. So the tokens of
one paragraph are set together, with `typeset_runs`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from html import escape
from itertools import islice

from livret.content.language import english, french, quotation_marks
from livret.content.language.addresses import breakable
from livret.content.language.bidi import FROM_LEFT, is_right_to_left, isolated, joined_from_left, turns
from livret.content.language.pasted import TIE, ties
from livret.content.language.rules import HELD, NBSP, SP, SPACES, THIN, Draft, Guess, TypographyRule
from livret.content.language_tags import main_subtag
from livret.content.territories import pieces_of_names

__all__ = ["Guess", "guesses", "markup", "ordinals", "typeset_html", "typeset_runs", "typeset_text"]

# The tag of a text that says nothing about its language or direction (ISO 639-2).
NO_LANGUAGE = "und"

_LATIN = "[A-Za-zÀ-ÖØ-öø-ɏ]"
_SEPARATOR = f"[{SPACES}.-]"
_END = r"""[^\s<>«»“”"'’`.,;:!?…)\]}–—\ufffc]"""
_INSIDE = r"""[^\s<>«»“”"`–—\ufffc]"""
# Endings that no inclusive form has: "auteur.es" and "demandeur.se" are not domains.
_ENDINGS = (
    "fr|com|org|net|eu|info|io|gouv|coop|asso|be|ch|de|uk|ca|lu|bzh|corsica|paris|alsace|gp|mq|gf|yt|nc|pf|tv|app|dev"
    "|pdf|docx?|odt|xlsx?|ods|pptx?|odp|csv|txt|md|ya?ml|json|xml|html?|css|js|py|zip|jpe?g|png|gif|svg|tiff?|webp|eps|idml"
)
_PHONE = (
    rf"(?<![\w+/-])(?<!(?<!\.\.)\.)(?:0[1-9](?:{_SEPARATOR}\d\d){{4}}|0{SP}?8\d\d(?:{SP}\d{{3}}){{2}}|0{SP}8\d\d(?:{SP}\d\d){{3}}"
    rf"|(?:\+[1-9]\d{{0,2}}|00{SP}?33)(?:{_SEPARATOR}?\(0\){_SEPARATOR}?|{_SEPARATOR})\d{{1,4}}(?:{_SEPARATOR}\d{{2,4}}){{1,5}}"
    rf"|0[1-9]\d{{8}})(?!\d|{_SEPARATOR}\d)"
)
_KEPT = re.compile(
    rf"(?P<phone>{_PHONE})"
    # Addresses, e-mail addresses, then domains and file names.
    rf"|(?P<address>\b(?:(?:https?|ftp|file)://|mailto:|www\.){_INSIDE}*{_END}"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*"
    rf"|(?<![\w@.-])(?:[\w-]+\.)+(?:{_ENDINGS})\b(?![.-]\w)(?:(?::\d+)?/(?:{_INSIDE}*{_END})?)?)"
    # Code, character references, dates, times, ISBN, SIRET.
    r"|`[^`\n]+`|&#?\w+;"
    r"|(?<![\w/.-])(?:\d{1,2}(?P<mark>[/.-])\d{1,2}(?P=mark)\d{2,4}|\d{4}-\d\d-\d\d)(?![\w/-])"
    r"|\b\d{1,2}:\d\d(?::\d\d)?\b"
    rf"|\b97[89](?:[{SPACES}-]?\d){{9}}[{SPACES}-]?[\dX]\b|\b\d{{3}}{SP}\d{{3}}{SP}\d{{3}}{SP}\d{{5}}\b"
    rf"|{HELD}"
)
_MAY_KEEP = re.compile(rf"\d[.:\d{SPACES}/-]\d|\w\.\w|[@`&{HELD}]|://|mailto:")
_LABEL = re.compile(rf"(?:\b(?:t[ée]l(?:\.|[ée]phone)?|fax|mobile|portable)|☎){SP}?:?{SP}?$", re.IGNORECASE)
_SEPARATORS = re.compile(f"{_SEPARATOR}+")

# Editions print the same texts, and cards repeat short ones; so this many results are kept.
TEXTS = 4096

Rules = Sequence[TypographyRule | Callable[[Draft], None]]
_RULES: dict[str, Rules] = {"fr": french.RULES, "en": english.RULES, **quotation_marks.RULES}


def typeset_text(text: str, language: str) -> str:
    """The text as it is printed. `language` is a BCP 47 tag; setting a set text changes nothing."""
    rules = _rules(language)
    if rules:
        return _typeset(Draft(text), rules).text
    return _LATIN_APOSTROPHE.sub(_apostrophe, text) if "'" in text and is_right_to_left(language) else text


def typeset_runs(runs: Sequence[str], language: str) -> tuple[str, ...]:
    """The runs of one paragraph, set as one text and cut again where they were: for words in bold, links and the like.

    U+FFFC in a run stands for what must not be touched, such as code. The runs joined are what `typeset_text` makes
    of the runs joined.
    """
    rules = _rules(language)
    if len(runs) == 1:
        return (typeset_text(runs[0], language),)
    if not rules or not runs:
        # What changes here keeps its length.
        signs = iter(typeset_text("".join(runs), language))
        return tuple("".join(islice(signs, len(run))) for run in runs)
    draft = _typeset(Draft("".join(runs), traced=True), rules)
    assert draft.origins is not None
    cuts, offset = [0], 0
    for run in runs[:-1]:
        offset += len(run)
        cuts.append(max(cuts[-1], bisect_left(draft.origins, offset)))
    return tuple(draft.text[start:stop] for start, stop in zip(cuts, [*cuts[1:], None], strict=False))


def guesses(text: str, language: str) -> tuple[Guess, ...]:
    """Where `typeset_text` had to guess, by place. A guess with `before == after` was left as it stood."""
    draft = _typeset(Draft(text, traced=True), _rules(language))
    return tuple(sorted(draft.guesses, key=lambda guess: guess.offset))


@lru_cache(TEXTS)
def typeset_html(text: str, language: str) -> str:
    """The text as it is printed, escaped, with `markup`."""
    return markup_from_left(typeset_text(text, language), language)


def markup_from_left(text: str, language: str) -> str:
    """`markup` of a whole text already set, from left to right if all of it runs against the language."""
    if turns(text, language):
        return markup(text, NO_LANGUAGE).join(FROM_LEFT)
    html = markup(text, language)
    return joined_from_left(html) if is_right_to_left(language) else html


def markup(text: str, language: str) -> str:
    """Escape a text already set and add what plain text cannot say; tags apart, the text is the same.

    `<sup class="ord">` holds the superior letters of French ordinals. `<span class="nobr">` holds telephone numbers,
    ranges of numbers and inclusive forms (salarié.e.s), which must not be broken nor hyphenated: U+2060 between
    their letters would not prevent hyphenation, and the fonts do not have it. `<span class="address">` holds web and
    e-mail addresses, which may break after their marks; `<span class="place-name">` what of the
    name of a territory stays on one line; `<span class="long-word">` a word of 20 letters and more, which may be
    hyphenated anywhere, in titles too.
    """
    if not _MAY_MARK.search(text):
        return escape(isolated(text, language))
    parts, end = [], 0
    for match in _marked(language).finditer(text):
        parts.append(escape(isolated(text[end : match.start()], language)))
        found = match.groupdict()
        end = match.end()
        if found.get("superior"):
            head = text[match.start() : match.start("superior")]
            parts.append(f'{escape(head)}<sup class="ord">{found["superior"]}</sup>')
        elif found["phone"] or found["whole"]:
            parts.append(f'<span class="nobr">{escape(isolated(match[0], language))}</span>')
        elif found["address"]:
            parts.append(f'<span class="address">{breakable(isolated(match[0], language))}</span>')
        elif found.get("place"):
            parts.append(f'<span class="place-name">{escape(match[0])}</span>')
        elif found.get("long"):
            parts.append(f'<span class="long-word">{escape(isolated(match[0], language))}</span>')
        else:
            parts.append(escape(isolated(match[0], language)))
    return "".join(parts) + escape(isolated(text[end:], language))


def ordinals(text: str) -> list[tuple[str, bool]]:
    """A French text already set, in segments; True marks the superior letters of an ordinal."""
    segments, end = [], 0
    for match in _marked("fr").finditer(text):
        if match["superior"]:
            segments += [(text[end : match.start("superior")], False), (match["superior"], True)]
            end = match.end()
    return [segment for segment in [*segments, (text[end:], False)] if segment[0]]


# "un.e", "citoyen.ne.s", "acteur·rice·s", "celles.ceux".
_INCLUSIVE = (
    r"(?i:\b[^\W\d_]{2,}(?:[.·‧•](?:e|te|ne|le|se|sse|esse|ve|fe|re|ère|ière|lle|elle|elles|nne|tte|trice|rice|euse|teuse|ice|ale"
    r"|ite|ue|che|que|x|eux|ceux|celles|il|ils|tes|toutes|s|es|nes|les|ses|ves|res|ères|trices|rices|euses|ales)\b)+)"
)
# A word of so many letters may be wider than a title's line.
_LONG = r"(?P<long>[^\W\d_]{20,})"
# Names of regions and départements in hyphens, or the part of a long one that stays together.
_NAMES = "|".join(re.escape(piece).replace("'", "['’]") for piece in pieces_of_names())
# A browser may break a line between "l'" and an element.
_PLACE = rf"(?P<place>(?<![^\W_])(?:[DLdl]['’])?(?i:{_NAMES})(?![\w-]))"
_RANGE = r"\b\d{1,4}–\d{1,4}\b"
# A name in Latin letters inside Arabic is one run from the left: with an element in its midst its halves change places.
_MARKUP_FROM_THE_RIGHT = rf"{_KEPT.pattern}|(?P<whole>{_RANGE})"
_MARKUP = rf"{_MARKUP_FROM_THE_RIGHT}|{_LONG}|{_PLACE}"
_MARKUP_FRENCH = rf"{_KEPT.pattern}|(?P<whole>{_RANGE}|{_INCLUSIVE})|{_LONG}|{_PLACE}|{french.SUPERIOR}"

_MAY_MARK = re.compile(r"\d|[.·‧•@]\w|[IVX][er]|`|://|[^\W\d_]{20}|[^\W\d_]-[^\W\d_]")


@cache
def _marked(language: str) -> re.Pattern[str]:
    # Each takes as long to compile as a card takes to be read; most catalogues need one.
    if is_right_to_left(language):
        return re.compile(_MARKUP_FROM_THE_RIGHT)
    return re.compile(_MARKUP_FRENCH if main_subtag(language) == "fr" else _MARKUP)


def _rules(language: str) -> Rules:
    return _RULES.get(language) or _RULES.get(main_subtag(language), ())


def _typeset(draft: Draft, rules: Rules) -> Draft:
    if rules:
        if ties(draft.text):
            draft.change(_UNTIED)
        draft.change(_ONE_SPACE)
        if _MAY_KEEP.search(draft.text):
            draft.hold(_KEPT, _kept)
        draft.apply(rules)
        draft.release()
    return draft


# In names in Latin letters. Languages from the right have no rules here, and use the straight sign in other ways.
_LATIN_APOSTROPHE = re.compile(rf"{_KEPT.pattern}|(?P<apostrophe>(?<={_LATIN})'(?={_LATIN}))")


def _apostrophe(match: re.Match[str]) -> str:
    return "’" if match["apostrophe"] else match[0]


# Each no-break space between two words, in texts that have too many of them.
_UNTIED = TypographyRule(TIE, " ")


def _one_space(match: re.Match[str]) -> str:
    typed = match[0]
    return NBSP if NBSP in typed else THIN if THIN in typed else " "


# One space for many; the no-break one, if one was typed.
_ONE_SPACE = TypographyRule(re.compile(rf"{SP}{{2,}}|\t"), _one_space)


def _kept(match: re.Match[str]) -> str:
    """What is held: as it was typed, but a telephone number in its groups."""
    number = match["phone"]
    if not number:
        return match[0]
    if number.isdigit():
        # Ten digits are a telephone number where they are called so or stand alone.
        if _LABEL.search(match.string, 0, match.start()) is None and match[0] != match.string.strip():
            return number
        return NBSP.join(number[i : i + 2] for i in range(0, 10, 2))
    return _SEPARATORS.sub(NBSP, number.replace("(0)", f"{NBSP}(0)")).replace(f"(0){NBSP}", "(0)")
