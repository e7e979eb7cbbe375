"""Messages for users in English and in French: said once, in English, and translated where they are shown.

`say("the picture {name} is missing", name=name)` is a `str`, the English sentence. It also keeps its template and its
values, so that one finding can be shown in English to one reader and in French to another. Nothing here remembers a
language: whoever shows a text passes the language on to `in_language`.
"""

from __future__ import annotations

import errno
import gettext
import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "fr")
_NARROW = "\N{NARROW NO-BREAK SPACE}"
LOCALE = Path(__file__).parent / "locale"

# What a value may be: what JSON keeps, so that findings can be stored, and what a language writes in its own way.
Value = str | int | float


class Text(str):
    """An English sentence that knows its template and values; `template` is what the catalogue translates.

    To cut or to join it gives a plain `str`, which has no French: see `joined`.
    """

    __slots__ = ("many", "number", "template", "values")

    template: str
    many: str | None
    number: int
    values: Mapping[str, Value]

    def __new__(cls, template: str, values: Mapping[str, Value], many: str | None = None, number: int = 1) -> Text:
        """The English sentence; with `many`, the plural is used for all numbers but 1."""
        chosen = template if many is None or number == 1 else many
        text = super().__new__(cls, chosen.format(**values))
        text.template, text.values, text.many, text.number = template, values, many, number
        return text

    def __str__(self) -> str:
        # So that str(ValueError(text)) is still this text.
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Text, (self.template, dict(self.values), self.many, self.number)


def say(template: str, /, **values: object) -> Text:
    """A sentence for users. Values that are a `Text` are translated with it; what is no number becomes a `str`."""
    return Text(template, _kept(values))


def say_number(one: str, many: str, /, *, number: int, **values: object) -> Text:
    """A sentence whose form follows a number: `say_number("{number} page", "{number} pages", number=3)`."""
    return Text(one, _kept({"number": number, **values}), many, number)


def verbatim(text: object) -> Text:
    """The words of another program, which have no French."""
    return joined([str(text)])


def system_reason(problem: OSError) -> Text:
    """Why the system refused; the most frequent reasons have French."""
    said = problem.strerror or str(problem)
    # What Livret says itself is better than the words for its number.
    return said if isinstance(said, Text) else _REASONS.get(problem.errno or 0) or foreign(said)


def foreign(text: object) -> Text:
    """What another program says in English, where nothing of ours can be said in its place: the French tells so."""
    return say("{foreign}", foreign=text)


def joined(parts: Iterable[str], separator: str = ", ") -> Text:
    """Texts one after the other, each of which is translated, and what stands between them too."""
    values: dict[str, Value] = {f"part{number}": part for number, part in enumerate(parts)}
    template = "{between}".join(f"{{{name}}}" for name in values)
    return Text(template, {**values, "between": separator})


def _kept(values: Mapping[str, object]) -> dict[str, Value]:
    return {name: value if isinstance(value, Value) else str(value) for name, value in values.items()}


# The words of Linux.
_REASONS = {
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.ENOENT: say("No such file or directory"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EISDIR: say("Is a directory"),
    errno.EROFS: say("Read-only file system"),
    errno.ENOSPC: say("No space left on device"),
    errno.EDQUOT: say("Disk quota exceeded"),
    errno.EIO: say("Input/output error"),
    errno.EBUSY: say("Device or resource busy"),
    errno.EEXIST: say("File exists"),
    errno.ENOTEMPTY: say("Directory not empty"),
    errno.EFBIG: say("File too large"),
    errno.ELOOP: say("Too many levels of symbolic links"),
    errno.EMFILE: say("Too many open files"),
    errno.ENFILE: say("Too many open files in system"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.EINVAL: say("Invalid argument"),
    errno.ENOMEM: say("Cannot allocate memory"),
    errno.ENODEV: say("No such device"),
    errno.ENXIO: say("No such device or address"),
    errno.EXDEV: say("Invalid cross-device link"),
    errno.ESTALE: say("Stale file handle"),
    errno.ETXTBSY: say("Text file busy"),
    errno.EAGAIN: say("Resource temporarily unavailable"),
    errno.ETIMEDOUT: say("Connection timed out"),
    errno.ECONNREFUSED: say("Connection refused"),
}


# --- in a language -------------------------------------------------------------------------------------------------


def in_language(text: str, language: str) -> str:
    """The text in one of LANGUAGES; a `str` that was not said with `say` comes back as it is."""
    # Under the empty text a catalogue keeps what it says of itself.
    if not isinstance(text, Text) or language == "en" or not text.template:
        return text
    french = catalogue(language)
    if text.many is None:
        template = french.gettext(text.template)
    else:
        template = french.ngettext(text.template, text.many, text.number)
    values = {
        name: in_language(value, language) if isinstance(value, str) else value for name, value in text.values.items()
    }
    translated: str = _french().vformat(template, (), values)
    return translated


# What French writes in numbers where English writes a point, a comma or the sign of percent.
_MARKS = str.maketrans({".": ",", ",": _NARROW, "%": "\N{NO-BREAK SPACE}%"})


@cache
def _french() -> Any:
    """The formatter of French templates, made when the first is shown: English needs none."""
    import string

    class French(string.Formatter):
        def format_field(self, value: Any, format_spec: str) -> str:
            # Whole numbers without a form may be years and stay as they are.
            written = format(value, format_spec)
            return written if isinstance(value, str) else written.translate(_MARKS)

    return French()


@cache
def catalogue(language: str, domain: str = "livret") -> gettext.NullTranslations:
    """The compiled catalogue, as it is in the wheel; in a clone there is only its source, which Babel compiles."""
    folder = LOCALE / language / "LC_MESSAGES"
    compiled = folder / f"{domain}.mo"
    if compiled.is_file():
        with compiled.open("rb") as file:
            return gettext.GNUTranslations(file)
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with compiled.with_suffix(".po").open("rb") as source:
        entries = read_po(source, locale=language)
    written = io.BytesIO()
    write_mo(written, entries)
    written.seek(0)
    return gettext.GNUTranslations(written)


# --- stored --------------------------------------------------------------------------------------------------------


def packed(text: Text) -> dict[str, Any]:
    """A text for JSON, with template and values; `unpacked` is the inverse."""
    values = {name: packed(value) if isinstance(value, Text) else value for name, value in text.values.items()}
    plural = {} if text.many is None else {"many": text.many, "number": text.number}
    return {"template": text.template, "values": values, **plural}


def unpacked(data: Mapping[str, Any]) -> Text:
    """The text that `packed` wrote."""
    values = {name: unpacked(value) if isinstance(value, Mapping) else value for name, value in data["values"].items()}
    return Text(data["template"], values, data.get("many"), data.get("number", 1))
