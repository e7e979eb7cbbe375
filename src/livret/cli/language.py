"""The language that the command line speaks: which one, and its help, Click's own words included."""

from __future__ import annotations

import copy
import gettext
import inspect
import os
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from livret.translation import LANGUAGES, Text, catalogue, in_language, say

VARIABLE = "LIVRET_LANG"
# What separates paragraphs of a help text, and what Click has before one that keeps its lines.
_PARAGRAPHS = re.compile(r"\n{2,}")
_AS_TYPED = "\b"
# What Click quotes, and words that it chose when it was imported. Apostrophes of French texts are curved.
_QUOTED = re.compile(r"(?<![\w'])'([^'«»]+)'(?!\w)")
_NAMED_BY_CLICK = {"Directory «": "le dossier «", "File «": "le fichier «", "(integer range)": "(entier)"}


def asked_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str | None:
    """The language that --lang or else LIVRET_LANG asks for; None when neither does. Raises click.UsageError.

    It is looked for before Click reads the arguments, because Click may have to say what is wrong with them.
    """
    typed = None
    for number, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang":
            typed = arguments[number + 1] if arguments[number + 1 :] else None
        elif argument.startswith("--lang="):
            typed = argument.partition("=")[2]
    if typed in LANGUAGES:
        return typed
    # A wrong --lang is refused by Click; it is told in the language of the environment.
    given = environment.get(VARIABLE, "").strip()
    short = re.split(r"[-_.@]", given.lower())[0]
    if not given or short in LANGUAGES:
        return short or None
    raise click.UsageError(
        say("{variable} is {value}; Livret speaks {languages}", variable=VARIABLE, value=given, languages="en, fr")
    )


def spoken_language(asked: str | None, environment: Mapping[str, str]) -> str:
    """The language of what is printed: the one that was asked for, else that of the locale, else English."""
    locale = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return asked or ("fr" if re.match(r"fr(?![a-z])", locale.lower()) else "en")


def of_context(context: click.Context) -> tuple[str, str | None]:
    """The language of a call, and the one that was asked for."""
    return getattr(context.find_root().command, "spoken", ("en", None))


class SpeakingGroup(click.Group):
    """The commands, in the language of whoever calls them."""

    spoken: tuple[str, str | None] = ("en", None)

    def main(self, args: Sequence[str] | None = None, *positional: Any, **extra: Any) -> Any:
        """Run a command, in its language."""
        arguments = list(sys.argv[1:] if args is None else args)
        try:
            asked = asked_language(arguments, os.environ)
        except click.UsageError as wrong:
            wrong.show()
            sys.exit(wrong.exit_code)
        language = spoken_language(asked, os.environ)
        _let_click_speak(language)
        group = _translated(self, language) if language != "en" else copy.copy(self)
        group.spoken = (language, asked)
        try:
            return click.Group.main(group, arguments, *positional, **extra)
        finally:
            # What else this process does with Click, such as writing docs/cli.md, is not in the language of this call.
            _let_click_speak("en")

    def make_context(self, *arguments: Any, **extra: Any) -> click.Context:
        """Read the arguments; what is wrong with them is said in the language of the call."""
        try:
            return super().make_context(*arguments, **extra)
        except click.ClickException as wrong:
            raise self._said(wrong)  # noqa: B904 - the same exception

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is wrong with its arguments is said in the language of the call."""
        try:
            return super().invoke(ctx)
        except click.ClickException as wrong:
            raise self._said(wrong)  # noqa: B904 - the same exception

    def _said(self, wrong: click.ClickException) -> click.ClickException:
        wrong.message = in_language(wrong.message, self.spoken[0])  # type: ignore[misc]
        if self.spoken[0] == "fr":
            told = wrong.format_message
            wrong.format_message = lambda: _as_french(told())  # type: ignore[method-assign]
        return wrong


def _as_french(text: str) -> str:
    """A message of Click as French writes it: one kind of quotes, `ou` in lists, a small letter after a colon."""
    begun, asked, named = text.partition("Vouliez-vous dire ")
    if asked:
        *first, last = named.split(", ")
        named = (", ".join(first) + " ou " + last if first else last).replace("'", "")
    for english, french in _NAMED_BY_CLICK.items():
        begun = begun.replace(english, french)
    begun = _QUOTED.sub(lambda match: match[1] if match[1].startswith("-") else f"«\xa0{match[1]}\xa0»", begun)
    return begun[:1].lower() + begun[1:] + asked + named


def help_texts(command: click.Command) -> list[str]:
    """Every text that the help of a command and of those below it shows; the catalogue translates each."""
    found = [command.short_help or "", command.epilog or ""]
    found += [_flowing(part) for part in _parts(inspect.cleandoc(command.help or ""))]
    found += [getattr(parameter, "help", None) or "" for parameter in command.params]
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            found += help_texts(inner)
    return [text for text in dict.fromkeys(found) if text]


def _parts(text: str) -> list[str]:
    return _PARAGRAPHS.split(text.replace("\b\n", "\b").strip()) if text else []


def _flowing(part: str) -> str:
    """A paragraph as the catalogue has it: on one line. Of one that keeps its lines, the first."""
    if part.startswith(_AS_TYPED):
        return part.removeprefix(_AS_TYPED).splitlines()[0].strip()
    return " ".join(part.split())


def _translated(command: Any, language: str) -> Any:
    """A copy of a command whose help is in a language."""
    say_it = catalogue(language).gettext
    click_says = catalogue(language, "click").gettext
    made = copy.copy(command)
    if command.help:
        made.help = "\n\n".join(
            f"\b\n{say_it(_flowing(part))}\n" + "\n".join(part.splitlines()[1:])
            if part.startswith(_AS_TYPED)
            else say_it(_flowing(part))
            for part in _parts(inspect.cleandoc(command.help))
        )
    for name in ("short_help", "epilog"):
        if getattr(command, name):
            setattr(made, name, say_it(getattr(command, name)))
    made.params = [copy.copy(parameter) for parameter in command.params]
    for parameter in made.params:
        if getattr(parameter, "help", None):
            own = say_it(parameter.help)
            parameter.help = own if own != parameter.help else click_says(parameter.help)
    made._help_option = None
    if isinstance(command, click.Group):
        made.commands = {name: _translated(inner, language) for name, inner in command.commands.items()}
    return made


def _let_click_speak(language: str) -> None:
    """Give the modules of Click the functions that translate their own words.

    Click asks gettext for the language of the environment, once, when it is imported; it has no other door.
    """
    own = catalogue(language, "click") if language != "en" else None
    for name, module in list(sys.modules.items()):
        if name.startswith("click."):
            if hasattr(module, "_"):
                vars(module)["_"] = own.gettext if own else gettext.gettext
            if hasattr(module, "ngettext"):
                vars(module)["ngettext"] = own.ngettext if own else gettext.ngettext


def said(text: Text, context: click.Context | None = None) -> str:
    """A text in the language of the call that is running."""
    current = context or click.get_current_context(silent=True)
    return in_language(text, of_context(current)[0] if current else "en")
