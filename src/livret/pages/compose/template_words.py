"""What Jinja says of a template, in Livret's words, so that it is told in French too."""

from __future__ import annotations

import re
from collections.abc import Callable

from livret.translation import Text, foreign, say

# How Jinja calls the ends of its signs.
_SIGNS = {
    "end of statement block": "%}",
    "end of print statement": "}}",
    "end of template": say("the end of the file"),
}


def _undefined(name: str) -> Text:
    return say('nothing is called "{name}" here', name=name)


def _no_attribute(name: str) -> Text:
    return say('there is no "{name}" in what stands before the dot', name=name)


def _no_template(name: str) -> Text:
    return say('there is no template "{name}"', name=name)


def _no_filter(name: str) -> Text:
    return say('there is no filter "{name}"', name=name)


def _no_test(name: str) -> Text:
    return say('there is no test "{name}"', name=name)


def _never_closed(name: str) -> Text:
    return say("{tag} is not closed before the end of the file", tag=f"{{% {name} %}}")


def _unknown_tag(name: str) -> Text:
    return say("{tag} is no tag, or closes nothing here", tag=f"{{% {name} %}}")


def _twice(name: str) -> Text:
    return say('the block "{name}" stands twice', name=name)


def _no_value(name: str) -> Text:
    return say("a value is missing before {sign}", sign=_SIGNS.get(name, name))


def _other_sign(wanted: str, name: str = "end of template") -> Text:
    return say("{wanted} is expected before {sign}", wanted=_SIGNS.get(wanted, wanted), sign=_SIGNS.get(name, name))


def _unexpected(sign: str) -> Text:
    return say("{sign} cannot stand here", sign=sign)


_SAYINGS: tuple[tuple[re.Pattern[str], Callable[..., Text]], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"'([^']+)' is undefined", _undefined),
        (r".* has no attribute '([^']+)'", _no_attribute),
        (r"'([^']+)' not found in search path.*", _no_template),
        (r"No filter named '([^']+)'\.", _no_filter),
        (r"No test named '([^']+)'\.", _no_test),
        (r"Unexpected end of template\..*needs to be closed is '([^']+)'\.", _never_closed),
        (r"Encountered unknown tag '([^']+)'\..*", _unknown_tag),
        (r"block '([^']+)' defined twice", _twice),
        (r"unexpected '([^']+)'", _unexpected),
        (r"Expected an expression, got '([^']+)'", _no_value),
        (r"unexpected end of template, expected '([^']+)'\.", _other_sign),
        (r"expected token '([^']+)', got '([^']+)'", _other_sign),
    )
)


def in_words(said: str) -> Text:
    """A message of Jinja in Livret's words; what is not known is given as Jinja says it, which the French tells."""
    for pattern, words in _SAYINGS:
        if found := pattern.fullmatch(said.strip()):
            return words(*found.groups())
    return foreign(said)
