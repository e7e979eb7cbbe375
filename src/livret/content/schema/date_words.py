"""The words of dates in the languages of the labels, as English words that `dates` reads.

French and English are read by `dates` itself. Abbreviations are read of these two and of German.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
# In Ukrainian as in a date and alone. In Arabic as in Egypt, in the Levant and in the Maghreb. In Dari as in
# Afghanistan and in Iran. These are all months of one calendar: a date in another one is refused.
_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "jän feber mrz apr mai jun jul aug sept okt nov dez",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "січень лютий березень квітень травень червень липень серпень вересень жовтень листопад грудень",
    "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
    "جنوری فبروری مارچ اپریل می جون جولای اگست سپتمبر اکتوبر نومبر دسمبر",
    "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
)
_WEEKDAYS = (
    "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "lunes martes miércoles jueves viernes sábado domingo",
    "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "понеділок вівторок середа четвер п'ятниця субота неділя",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "دوشنبه سه‌شنبه چهارشنبه پنجشنبه جمعه شنبه یکشنبه",
)
_WEEK = "monday tuesday wednesday thursday friday saturday sunday".split()
_OTHERS = {
    "from": "vom von dal dalle з із від من از",
    "to": "bis al до по إلى الی تا",
    "and": "und y e та і й و",
    "at": "um ab a_las a_la desde_las alle alle_ore ore a_partir_de о об الساعة ساعت",
    "the": "am den der el il",
    # A word that only follows: 18 Uhr, 18:30 h, 2027 року.
    "": "року р_",
}


def _plain(text: str) -> str:
    """In small letters, without accents."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("\u200c", " ")


def _table() -> dict[str, str]:
    found: dict[str, str] = {}
    for line, english in [(line, MONTHS["en"]) for line in _MONTHS] + [(line, _WEEK) for line in _WEEKDAYS]:
        names = zip(line.split(), english, strict=True)
        found |= {_plain(word).replace("_", " "): name.lower() for word, name in names}
    for name, words in _OTHERS.items():
        found |= {_plain(word).replace("_", " "): name for word in words.split()}
    return found


_WORDS = _table()


def _any_of(words: Iterable[str]) -> str:
    """The longest first: of `alle ore` and `alle` the one that is typed."""
    longest = sorted(words, key=lambda word: (-len(word), word))
    return r"(?<![^\W\d_])(?:{})(?![^\W\d_])".format("|".join(map(re.escape, longest)))


_WORD = re.compile(_any_of(_WORDS))
_FULL_HOUR = re.compile(rf"({_any_of(word for word, name in _WORDS.items() if name == 'at')} \d{{1,2}})$")
_MONTH_NAMES = "|".join(name.lower() for name in MONTHS["en"])


def plain_date(text: str) -> str:
    """A text in small letters, without accents and doubled spaces, with the words of other languages in English."""
    words = " ".join(_plain(text).split()).replace("’", "'")
    words = "".join(str(unicodedata.digit(letter)) if letter.isdecimal() else letter for letter in words)
    # alle 18: a full hour. 6 am is a time, am 6. Juni a day.
    words = _FULL_HOUR.sub(r"\1h", words)
    words = _WORD.sub(lambda found: found[0] if _is_english(words, found) else _WORDS[found[0]], words)
    # In Arabic `and` is tied to what follows it.
    words = re.sub(r"\band(?=\d)", "and ", words)
    # The 12. of German; 12 de junio de 2027; 18 Uhr and 18:30 h.
    words = re.sub(r"\b(\d{1,2})\.(?=[ \-\u2010-\u2015]|$)", r"\1", words)
    words = re.sub(rf" del? (?=(?:{_MONTH_NAMES})\b|\d{{4}}\b)", " ", words)
    words = re.sub(r"\b(\d{1,2})(?: ?uhr|:00 ?h)\b\.?", r"\1h", words)
    words = re.sub(r"\b(\d{1,2}[:.]\d{2}) ?(?:uhr|h)\b\.?", r"\1", words)
    return " ".join(words.split())


def _is_english(words: str, found: re.Match[str]) -> bool:
    return found[0] == "am" and re.search(r"\d ?$", words[: found.start()]) is not None
