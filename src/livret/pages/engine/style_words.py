"""What the engine says of style sheets and of links, in Livret's words: the engine speaks English alone.

A message is known by its template, and its values are those that the engine put into it. One that is not known here is
told as it is.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

from weasyprint.css.properties import INITIAL_VALUES

from livret.content.messages import did_you_mean, quoted
from livret.translation import Text, say

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
)  # fmt: skip
