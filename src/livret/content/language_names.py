"""What languages are called in messages."""

from __future__ import annotations

from livret.content.language_tags import main_subtag
from livret.translation import say

_LANGUAGES = {
    "ar": say("Arabic"),
    "de": say("German"),
    "en": say("English"),
    "es": say("Spanish"),
    "fa": say("Persian"),
    "fr": say("French"),
    "he": say("Hebrew"),
    "it": say("Italian"),
    "nl": say("Dutch"),
    "prs": say("Dari"),
    "ps": say("Pashto"),
    "pt": say("Portuguese"),
    "ru": say("Russian"),
    "so": say("Somali"),
    "ti": say("Tigrinya"),
    "tr": say("Turkish"),
    "uk": say("Ukrainian"),
}


def language_name(tag: str) -> str:
    """What the language of a tag is called; the tag itself for those that are rare here."""
    return _LANGUAGES.get(main_subtag(tag), tag)
