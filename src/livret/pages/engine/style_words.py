"""What the engine says of style sheets and of links, in Livret's words: the engine speaks English alone.

A message is known by its template, and its values are those that the engine put into it. One that is not known here is
told as it is, and in French as words of the engine.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from weasyprint.css.properties import INITIAL_VALUES

from livret.content.messages import did_you_mean, quoted
from livret.translation import Text, say, say_number

# The properties that the engine knows.
_PROPERTIES = frozenset(name.replace("_", "-") for name in INITIAL_VALUES)
_SELECTOR = re.compile(r"(['\"])(.*)\1(?:, .*)?", re.DOTALL)
_NO_CSS = say("this is no CSS; it is left out, or the rule around it")


def in_our_words(record: logging.LogRecord) -> Text | None:
    """A record of the engine in Livret's words; None where there are none for it."""
    template = " ".join(str(record.msg).split())
    values = record.args if isinstance(record.args, tuple) else (record.args,) if record.args else ()
    for beginning, words in _WORDS:
        if re.match(beginning, template):
            try:
                return words(*values)
            except (TypeError, AttributeError):
                # Another version of the engine puts other values into it.
                return None
    return None


def hints(record: logging.LogRecord) -> tuple[Text, ...]:
    """What was perhaps meant by a property that the engine does not know."""
    values = record.args if isinstance(record.args, tuple) else ()
    if not str(record.msg).startswith("Ignored") or values[-1:] != ("unknown property",):
        return ()
    return did_you_mean(str(values[0]), _PROPERTIES)


def _declaration(name: str, value: str, line: int, column: int, reason: str) -> Text:
    text = quoted(f"{name}: {value.strip()}")
    match reason:
        case "unknown property":
            return say("{text} is left out: the engine does not know this property", text=text)
        case "property not supported yet" | "descriptor not supported":
            return say("{text} is left out: the engine cannot do this yet", text=text)
    return _wrong_value(text)


def _wrong_value(text: Text) -> Text:
    return say("{text} is left out: the engine does not take this value", text=text)


def _prefix(name: str, value: str, line: int, column: int, other: str) -> Text:
    return say('{text} is left out: write "{name}" in place of it', text=quoted(f"{name}: {value.strip()}"), name=other)


def _old_prefix(name: str, value: str, line: int, column: int, other: str) -> Text:
    return say('{text} is out of date: write "{name}" in place of it', text=quoted(name), name=other)


def _cannot(text: str) -> Callable[..., Text]:
    def words(*_: object) -> Text:
        return say("{text} is left out: the engine cannot do this yet", text=quoted(text))

    return words


def _cells(number: int) -> Text:
    return say_number(
        "{number} cell of a table is left out: its row has more columns than the table",
        "{number} cells of a table are left out: their row has more columns than the table",
        number=number,
    )


def _address(text: str) -> Text:
    return say("{text} cannot be read as an address", text=quoted(text))


def _page_unit(unit: str) -> Text:
    return say('a length in "{unit}" is taken from a page of the usual size: the page is not known here', unit=unit)


def _math(line: int, column: int, text: str) -> Text:
    return _wrong_value(quoted(text))


def _selector(problem: object) -> Text:
    found = _SELECTOR.match(str(problem))
    text = quoted(found[2] if found else str(problem))
    return say("the selector {text} is left out with its block: the engine does not understand it", text=text)


def _unknown_rule(rule: Any, *_: object) -> Text:
    return say("{text} is left out: the engine does not know this rule", text=quoted(f"@{rule.at_keyword}"))


def _medium(name: str) -> Callable[..., Text]:
    def words(text: str, line: int, column: int) -> Text:
        shown = quoted(f"@{name} {text.strip()}")
        return say("{text} is left out with all that it holds: the engine does not know this medium", text=shown)

    return words


def _late_import(text: str, line: int, column: int) -> Text:
    return say("{text} is left out: it must stand before all other rules", text=quoted(f"@import {text.strip()}"))


def _rule(name: str) -> Callable[..., Text]:
    def words(*values: object) -> Text:
        # All but the line and the column.
        texts = [str(value).strip() for value in values[:-2] if isinstance(value, str)]
        shown = quoted(" ".join([f"@{name}", *texts]))
        return say("{text} is left out with all that it holds: the engine does not understand it", text=shown)

    return words


def _without_descriptor(name: str, line: int, column: int) -> Text:
    return say('an @font-face is left out: it has no "{name}"', name=name)


def _font(name: str) -> Text:
    return say('the font "{name}" of an @font-face cannot be loaded', name=name)


def _font_whole(name: str) -> Text:
    return say('the font "{name}" is kept whole: it cannot be cut down to the signs that are used', name=name)


def _font_style(name: str) -> Text:
    return say('the variable font "{name}" cannot be brought to the weight and the style that are asked for', name=name)


def _font_signs(name: str, *_: object) -> Text:
    return say('signs of the font "{name}" cannot be drawn as they are in it', name=name)


def _counter_style(name: str, *_: object) -> Text:
    return say('the counter style "{name}" is left out: it has too few symbols', name=name)


def _no_place(name: str) -> Text:
    return say('no place is called "{name}", to which a link or a page number leads', name=name.removeprefix("#"))


def _two_places(name: str) -> Text:
    return say('two places are called "{name}"; links lead to the first', name=name.removeprefix("#"))


def _margins(name: str) -> Callable[..., Text]:
    def words(text: str) -> Text:
        return say('"{text}" can only stand in the margins of pages', text=f"{name}({text})")

    return words


# By the beginning of the engine's template, as a pattern; the first that matches decides.
_WORDS: tuple[tuple[str, Callable[..., Text]], ...] = (
    (r"Ignored `%s: ?%s` at %d:%d, prefix", _prefix),
    (r"Ignored `%s: ?%s` at %d:%d, %s", _declaration),
    (r"Deprecated `%s:%s`", _old_prefix),
    (r"Invalid math function", _math),
    (r"Invalid or unsupported selector, %s", _selector),
    (r"(Parse error|Error: %s) at %d:%d", lambda *_: _NO_CSS),
    (r"Unknown (empty )?rule %s", _unknown_rule),
    (r"Invalid media type %r the whole @import", _medium("import")),
    (r"Invalid media type %r the whole @media", _medium("media")),
    (r"@import rule %r not at the beginning", _late_import),
    (r"(Unknown|Empty) @page rule|Invalid prelude %r for @page", lambda *_: _rule("page")(0, 0)),
    *((rf".*the whole @{name} rule was ignored at", _rule(name))
      for name in ("import", "page", "layer", "color-profile", "counter-style")),
    (r"Missing %s descriptor in '@font-face'", _without_descriptor),
    (r"Font-face %r cannot be loaded", _font),
    (r"In counter style %r", _counter_style),
    (r"No anchor #%s|Content discarded: target points to undefined anchor", _no_place),
    (r"Anchor defined twice", _two_places),
    (r'"string\(%s\)" is only allowed', _margins("string")),
    (r'"element\(%s\)" is only allowed', _margins("element")),
    (r"Subgrids are unsupported", _cannot("subgrid")),
    (r'"auto-fit" and "auto-fill" are unsupported', _cannot("repeat(auto-fit)")),
    (r"Baseline alignment is not supported for grid", _cannot("align-items: baseline")),
    (r"Inline grids are not supported", _cannot("display: inline-grid")),
    (r"Only strings are allowed for content attr", _cannot("attr()")),
    (r"Unable to compute content", lambda *_: _wrong_value(quoted("content"))),
    (r"This row has more columns than the table", _cells),
    (r"Relative URI reference without a base URI|Malformed (base )?URL", _address),
    (r"%s unit resolved before first page layout", _page_unit),
    (r'Unable to subset "%s"|Using fontTools instead of HarfBuzz|Too many glyphs missing', _font_whole),
    (r'Unable to instantiate "%s"', _font_style),
    (r'Please install HarfBuzz|Unable to save emoji font|(Unknown|Unsupported) (bitmap|subglyph)', _font_signs),
    (r"Failed to load inline SVG", lambda *_: say("a drawing that stands in a template cannot be printed")),
    (r"Failed to render SVG image", lambda *_: say("a drawing cannot be printed")),
    (r"Failed to apply CSS rule in SVG", lambda *_: say("a style in a drawing is left out: the engine cannot read it")),
    (r"Unsupported color space %s", lambda name: say("colours in {name} are taken as sRGB", name=name)),
    (r"Unknown descriptor %r for profile|No source for profile|Invalid profile file", _rule("color-profile")),
    (r'Missing required "lang" attribute', lambda *_: say("the template gives no language: write lang on <html>")),
)  # fmt: skip
