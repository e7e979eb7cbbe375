"""The quotation marks of further languages: straight ones become those that the language uses.

The marks are those of the CLDR (`delimiters` of each locale). In Switzerland German has guillemets. Of these languages
nothing else is changed.
"""

from __future__ import annotations

from livret.content.language.rules import quotes

_GUILLEMETS = ("«", "»")

RULES = {
    "de": (quotes(("„", "“"), ("‚", "‘")),),
    "de-CH": (quotes(_GUILLEMETS, ("‹", "›")),),
    "es": (quotes(_GUILLEMETS, ("“", "”")),),
    "it": (quotes(_GUILLEMETS, ("“", "”")),),
    "uk": (quotes(_GUILLEMETS, ("„", "“")),),
}
