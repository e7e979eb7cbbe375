"""What pydantic refuses in a value, in Livret's own words, so that it can be told in French too.

The files of a catalogue have richer words, by field: see `errors`. This is for files of designers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from livret.content.messages import listed, quoted
from livret.translation import Text, say

_COLOUR = say('this must be a colour such as "#1a2b3c"')
_MEASURE_NAME = say("a measure is named with small letters, digits and single hyphens, and a letter first")

_TEXT = say("this must be a text")
_WHOLE = say("this must be a whole number")
_NUMBER = say("this must be a number")
_YES_OR_NO = say("this must be true or false")
_LIST = say("this must be a list")
_GROUP = say("this must be a group of fields")
# What was meant is not known.
_REFUSED = say("this value cannot be used here")

# By pydantic's names for kinds of errors: those whose words do not depend on the field.
# https://docs.pydantic.dev/latest/errors/validation_errors/
_WORDS: Mapping[str, Text] = {
    "string_type": _TEXT,
    "int_type": _WHOLE, "int_parsing": _WHOLE, "int_parsing_size": _WHOLE, "int_from_float": _WHOLE,
    "float_type": _NUMBER, "float_parsing": _NUMBER, "finite_number": _NUMBER,
    "bool_type": _YES_OR_NO, "bool_parsing": _YES_OR_NO,
    "list_type": _LIST, "tuple_type": _LIST,
    "dict_type": _GROUP, "model_type": _GROUP, "model_attributes_type": _GROUP, "mapping_type": _GROUP,
}  # fmt: skip

# Those whose words do: from the context that pydantic gives.
_WORDS_WITH: Mapping[str, Callable[[Mapping[str, Any]], Text]] = {
    "greater_than": lambda given: say("this must be more than {number:g}", number=given["gt"]),
    "greater_than_equal": lambda given: say("this must be at least {number:g}", number=given["ge"]),
    "less_than": lambda given: say("this must be less than {number:g}", number=given["lt"]),
    "less_than_equal": lambda given: say("this must be at most {number:g}", number=given["le"]),
    "too_long": lambda given: say("values in this list: {number} at most", number=given["max_length"]),
    "too_short": lambda given: say("values in this list: {number} at least", number=given["min_length"]),
    "literal_error": lambda given: say("this must be {words}", words=_choices(given["expected"])),
    "string_pattern_mismatch": lambda given: _COLOUR if "#" in given["pattern"] else _MEASURE_NAME,
}


def in_words(given: Mapping[str, Any]) -> Text:
    """One entry of pydantic's list of errors, in words. Never raises."""
    kind, context = given["type"], given.get("ctx") or {}
    if kind == "missing":
        is_in_list = isinstance(given["loc"][-1], int)
        return say("this value of the list is missing") if is_in_list else say("this field is missing")
    if kind == "extra_forbidden":
        return say("there is no such field here")
    if kind == "value_error":
        said = str(context.get("error", ""))
        return said if isinstance(said, Text) else _REFUSED
    words = _WORDS_WITH[kind](context) if kind in _WORDS_WITH else _WORDS.get(kind, _REFUSED)
    value = given.get("input")
    is_shown = isinstance(value, str | int | float) and kind not in ("too_long", "too_short")
    return say("{words}; here is {text}", words=words, text=quoted(str(value), 40)) if is_shown else words


def _choices(expected: str) -> Text:
    """The choices of `'a', 'b' or 'c'`, as other messages list them."""
    return listed(re.findall("'([^']*)'", expected), "or")
