"""The templates of a layout: Jinja2 in a sandbox, and the filters that templates may use. Knows Jinja2, alone.

Nothing in this file depends on one part. A filter reads from the variables of the calling template which language the
part is in, and how its references are printed.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from livret.content.language import markdown
from livret.content.language.bidi import END, LEFT, RIGHT
from livret.content.language.typography import typeset_html, typeset_text
from livret.content.language_tags import TextIn, language_in
from livret.content.schema.dates import EventDate
from livret.findings import LivretError
from livret.pages.compose.copy_lines import columns_hold, line_count, rows_hold
from livret.pages.compose.formatting import address, direction, event_date, href, linked, long_date, megabytes
from livret.pages.compose.template_words import in_words
from livret.pages.layout import Layout
from livret.translation import say

# The package itself. An error inside it is a fault of Livret, not of the layout.
PACKAGE = Path(__file__).parents[2]

# The variable with the function that prints references. Filters use it, templates do not.
REFERENCES = "_references"

# What no line of a title ends with.
_LITTLE = re.compile(r"(?<=[ \u00a0])(à|au|aux|de|des|du|et|la|le|les|ou|un|une|a|an|and|for|in|of|or|the|to) ")
# A number at the end of a title, such as 2, IV or (3): it belongs to the word before.
_NUMBER = re.compile(r" (?=\(?[\dIVX]{1,4}\)?$)")


def _language(context: Context) -> str:
    return str(context["part"]["language"])


@pass_context
def _md(context: Context, text: str, level: int = 3) -> Markup:
    if own := language_in(text, _language(context)):
        return Markup(context[REFERENCES](markdown.foreign_html(text, level, own)))
    return Markup(context[REFERENCES](markdown.to_html(text, level, _language(context))))


@pass_context
def _inline(context: Context, text: str) -> Markup:
    own = language_in(text, _language(context))
    html = context[REFERENCES](markdown.inline_html(text, own or _language(context)))
    if own and html.startswith("<p>"):
        return _md(context, text)
    return _marked(html, own, context)


@pass_context
def _fr(context: Context, text: object, language: str | None = None) -> Markup:
    around = language or _language(context)
    own = language_in(text, around)
    return _marked(typeset_html(str(text), own or around), own, context, around)


@pass_context
def _said(context: Context, text: object, language: str | None = None) -> str:
    """Text as `fr` sets it, for an attribute: without the tags that keep words in one piece."""
    around = language or _language(context)
    return typeset_text(str(text), language_in(text, around) or around)


@pass_context
def _own(context: Context, text: object) -> Markup:
    """Text with the typography of the edition's language, in which names of themes and places are written."""
    language = context["edition"]["language"]
    own = language_in(text, language)
    return _marked(typeset_html(str(text), own or language), own, context, language)


@pass_context
def _ending(context: Context, text: object) -> Markup:
    own = language_in(text, _language(context))
    return _marked(markdown.plain_paragraph_html(str(text), own or _language(context)), own, context)


def _marked(html: str, language: str | None, context: Context, around: str | None = None) -> Markup:
    """A text in another language than the part, as an element that tells it. It keeps its own direction.

    `around` is the language of the text if it has none of its own; the template says it around the text.
    """
    written = direction(language or around or _language(context))
    if written != context["part"]["direction"]:
        if "<" in html:
            # Signs that isolate reach over no element: the engine places elements in the direction of what holds them.
            html = f'<span dir="{written}">{html}</span>'
        else:
            html = f"{RIGHT if written == 'rtl' else LEFT}{html}{END}"
    if language is None:
        return Markup(html)
    return Markup('<span lang="{}">{}</span>').format(language, Markup(html))


@pass_context
def _language_of(context: Context, text: object, around: str | None = None) -> str:
    """The language of a text: its own, else the one around it, which is that of the part unless said."""
    around = around or _language(context)
    return language_in(text, around) or around


def _like(text: str, whole: object) -> str:
    """A piece of a text, in the language of the whole."""
    return TextIn(text, whole.language) if isinstance(whole, TextIn) else text


def _tied(text: str) -> str:
    """A title in which no line ends with a little word, which belongs to the one that follows, or is only a number."""
    return _like(_NUMBER.sub("\u00a0", _LITTLE.sub("\\1\u00a0", text)), text)


@pass_context
def _longdate(context: Context, when: EventDate | date | str) -> str:
    language = context["edition"]["language"]
    return event_date(when, language) if isinstance(when, EventDate) else long_date(when, language)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "md": _md,
    "inline": _inline,
    "plain": markdown.plain_text,
    "lines": line_count,
    "held": columns_hold,
    "held_in_rows": rows_hold,
    "fr": _fr,
    "said": _said,
    "own": _own,
    "ending": _ending,
    "language": _language_of,
    "like": _like,
    "tied": _tied,
    "address": address,
    "href": href,
    "linked": linked,
    "longdate": _longdate,
    "megabytes": megabytes,
}


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox. It remembers which attributes it allows, by type of object and name of attribute."""

    def __init__(self, loader: FileSystemLoader | None = None) -> None:
        super().__init__(
            loader=loader,
            # `_compiled` keeps the code of templates by their text, so a changed file is always read again.
            cache_size=0,
            autoescape=True,
            # For templates that run only a few dozen times, optimising takes longer than it saves.
            optimized=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.filters.update(FILTERS)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        key = (type(obj), attr)
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return self._safe[key]

    def compile(  # type: ignore[override]
        self, source: str, name: str | None = None, filename: str | None = None, *_: Any
    ) -> CodeType:
        return _compiled(source, name, filename)


@lru_cache(256)
def _compiled(source: str, name: str | None, filename: str | None) -> CodeType:
    """The code of a template. A process compiles each template once for all editions; nothing is written to disk."""
    code: CodeType = ImmutableSandboxedEnvironment.compile(_Sandbox(), source, name, filename)
    return code


@dataclass(frozen=True)
class TemplateFault:
    """What is wrong in a template: the words of Jinja, or the pictogram that is not there."""

    path: Path
    line: int
    message: str = ""
    pictogram: str = ""


class Templates:
    """The templates of one layout."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._sandbox = _Sandbox(FileSystemLoader([str(folder) for folder in layout.folders]))

    def render(self, kind: str, variables: Mapping[str, Any]) -> str:
        """The HTML of a part of this kind. Raises LivretError, with file and line, when its template fails."""
        name = self._layout.template(kind)
        try:
            # As globals, they can also be used in macros that are imported without context.
            return self._sandbox.get_template(name, globals=dict(variables)).render()
        except LivretError:
            raise
        except Exception as problem:
            place = self._failing_line(problem)
            if place is None and not isinstance(problem, TemplateError):
                raise
            raise LivretError(
                say(
                    "the layout {layout} fails here: {problem}",
                    layout=self._layout.name,
                    problem=in_words((isinstance(problem, TemplateError) and problem.message) or str(problem)),
                ),
                place=place or name,
            ) from problem

    def faults(self, name: str) -> Iterator[TemplateFault]:
        """What can be told of a template without running it: what cannot be read, and pictograms that are missing."""
        path = self._layout.find(name)
        if path is None:
            return
        source = self._layout.project.read_text(path)
        try:
            tree = self._sandbox.parse(source, name, str(path))
        except TemplateSyntaxError as problem:
            yield TemplateFault(path, problem.lineno, problem.message or "it cannot be read")
            return
        yield from self._unknown_names(tree, path)
        for call in tree.find_all(nodes.Call):
            match call:
                case nodes.Call(node=nodes.Name(name="pictogram"), args=[nodes.Const(value=str(drawing)), *_]):
                    if self._layout.project.pictogram(drawing) is None:
                        yield TemplateFault(path, call.lineno, pictogram=drawing)

    def _unknown_names(self, tree: nodes.Template, path: Path) -> Iterator[TemplateFault]:
        """Filters and tests that are not there, and blocks that stand twice.

        To turn the template into Python would find them too, and take four times as long.
        """
        for used in tree.find_all((nodes.Filter, nodes.Test)):
            known = self._sandbox.filters if isinstance(used, nodes.Filter) else self._sandbox.tests
            if used.name not in known:
                what = "filter" if isinstance(used, nodes.Filter) else "test"
                yield TemplateFault(path, used.lineno, f"No {what} named '{used.name}'.")
        blocks: set[str] = set()
        for block in tree.find_all(nodes.Block):
            if block.name in blocks:
                yield TemplateFault(path, block.lineno, f"block '{block.name}' defined twice")
            blocks.add(block.name)

    def _failing_line(self, problem: Exception) -> str | None:
        """The file and line of the template that failed; None when Livret's own code failed."""
        project = self._layout.project
        if isinstance(problem, TemplateSyntaxError):
            return f"{project.shown(Path(problem.filename or problem.name or '?'))}:{problem.lineno}"
        place = None
        for frame, line in traceback.walk_tb(problem.__traceback__):
            path = Path(frame.f_code.co_filename)
            if any(path.is_relative_to(folder) for folder in self._layout.folders):
                place = f"{project.shown(path)}:{line}"
            elif place and path.is_relative_to(PACKAGE):
                place = None
        return place
