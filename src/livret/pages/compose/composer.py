"""Composing: parts into galleys, by the Jinja2 templates of a layout.

A galley holds no page number of its own. What it prints of others ("p. 42", the contents, the index)
comes from the pagination it is composed for; `Composer.galley` says whether any was asked for, so that
parts without references are composed once.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from livret.content.language import markdown
from livret.content.language.typography import typeset_html
from livret.content.schema.contacts import website_url
from livret.content.schema.model import Initiative
from livret.content.territories import territory
from livret.findings import LivretError
from livret.pages.compose.drawings import inline_svg, locator, monogram, qr_code
from livret.pages.compose.formatting import address, direction, href, long_date, mentions
from livret.pages.compose.navigation import FurnitureSheet, Lists, ThemeView
from livret.pages.flatplan import FURNITURE_PAGES, Edition, Pagination, Part
from livret.pages.galley import Galley, Stylesheet
from livret.pages.layout import Layout
from livret.project import Project

# A reference as prose renders it: its anchor and its words.
REFERENCE = re.compile(rf'<a class="reference" href="{markdown.REFERENCE_SCHEME}:([^"]+)">(.*?)</a>', re.DOTALL)


class _Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox, which finds out once what it allows: by the type of an object and the name of an attribute."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        key = (type(obj), attr)
        if key not in self._safe:
            self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return self._safe[key]


class Composer:
    """Composes the parts of one edition in one layout."""

    def __init__(self, project: Project, edition: Edition, layout: Layout) -> None:
        self.project = project
        self.edition = edition
        self.layout = layout
        self.labels = layout.labels(edition.language)
        # Templates run one at a time; filters follow the language of the part that is being composed.
        self._language = edition.language
        colours = layout.theme_colours((theme.id, theme.color) for theme in edition.themes)
        self.themes = {
            theme.id: ThemeView(theme.id, theme.name, theme.pictogram, *colours[theme.id], index)
            for index, theme in enumerate(edition.themes)
        }
        self.lists = Lists(edition, self.themes, self.labels)
        self._roots = tuple(
            folder for folder in (project.catalogue, *layout.folders, *project.folders("pictograms")) if folder.is_dir()
        )

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        compiled = self.project.output / ".store" / "templates"
        compiled.mkdir(parents=True, exist_ok=True)
        environment = _Sandbox(
            bytecode_cache=FileSystemBytecodeCache(str(compiled)),
            loader=FileSystemLoader([str(folder) for folder in self.layout.folders]),
            autoescape=True,
            # Folding constants takes longer than it saves in templates that run a few dozen times.
            optimized=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            inline=lambda text: Markup(markdown.inline_html(text, self._language)),
            plain=markdown.plain_text,
            fr=lambda text: Markup(typeset_html(str(text), self._language)),
            ending=lambda text: Markup(markdown.plain_paragraph_html(str(text), self._language)),
            address=address,
            href=href,
            longdate=lambda day: long_date(day, self.edition.language),
        )
        environment.globals.update(
            edition=self._edition_view,
            layout=self.layout.file.model_dump() | {"palette": {k: v.rgb for k, v in self.layout.palette.items()}},
            labels=self.labels,
            mentions=self._mentions,
            themes=tuple(self.themes.values()),
            picture=lambda path: quote(path),
            pictogram=cache(self._pictogram),
            art=cache(self._art),
            monogram=monogram,
            locator=self._locator,
            qr=lambda address, color="#000000": Markup(qr_code(website_url(address), color)),
        )
        return environment

    @cached_property
    def _edition_view(self) -> Mapping[str, Any]:
        names = (field for field in self.edition.__dataclass_fields__ if field not in {"themes", "initiatives"})
        view = {name: getattr(self.edition, name) for name in names}
        return {**view, "themes": tuple(self.themes.values())}

    def galley(self, part: Part, pagination: Pagination) -> tuple[Galley, bool]:
        """The galley of a part in this pagination, and whether folios of other parts are printed in it.

        Raises LivretError when a template is missing or fails.
        """
        asked: set[str] = set()

        def folio(anchor: str) -> str:
            asked.add(anchor)
            number = pagination.folio(anchor)
            return "" if number is None else str(number)

        def md(text: str, level: int = 3) -> Markup:
            return Markup(self._references(markdown.to_html(text, level, self._language), folio))

        subject = self._subject(part, pagination, folio)
        side = pagination.side(part.anchor)
        language = getattr(part.subject, "language", None) or self.edition.language
        described = {"kind": part.kind, "id": part.id, "anchor": part.anchor, "side": side}
        context: dict[str, Any] = {"part": described | {"language": language, "direction": direction(language)}}
        # Labels are in the edition's language, but on a card in a third language in the card's.
        labelled = self.edition.language if language == self.edition.written else language
        context["part"]["labels"] = labelled
        if labelled != self.edition.language:
            context["labels"] = self.layout.labels(labelled, self.edition.language)
        self._language = language
        html = self._render(part.kind, context | subject | {"folio": folio, "md": md})
        is_card = part.kind == "card"
        sheets = self.layout.stylesheets(part.kind)
        # Not `verso`: in a card written from right to left that would be the right-hand page.
        physical = "left" if side == "verso" else "right"
        galley = Galley(
            anchor=part.anchor,
            place=part.subject.source.path if part.subject else self._template(part.kind),
            html=html,
            stylesheets=(*sheets, Stylesheet(side, f"html {{ break-before: {physical} }}", None)),
            base=self.project.catalogue,
            roots=self._roots,
            sides=tuple(sorted(self.layout.file.sides.items())),
            room=1 if is_card else 0,
            fit=self.layout.file.fit if is_card else (),
        )
        return galley, bool(asked) or part.kind in {"contents", "index"}

    def furniture(self, pagination: Pagination) -> tuple[Galley, ...]:
        """Folios, running heads and thumb tabs for every page of the book, in order, FURNITURE_PAGES a galley."""
        sheets = [self.lists.furniture(sheet) for sheet in pagination.sheets]
        pieces = (sheets[start : start + FURNITURE_PAGES] for start in range(0, len(sheets), FURNITURE_PAGES))
        return tuple(self._furniture(number, piece) for number, piece in enumerate(pieces, start=1))

    def _furniture(self, number: int, sheets: Sequence[FurnitureSheet]) -> Galley:
        self._language = language = self.edition.language
        described = {"kind": "furniture", "id": "", "anchor": "furniture", "side": "recto"}
        context = {"part": described | {"language": language, "direction": direction(language)}}
        html = self._render("furniture", context | {"sheets": sheets})
        return Galley(
            f"furniture-{number}",
            self._template("furniture"),
            html,
            self.layout.stylesheets("furniture"),
            self.project.catalogue,
            self._roots,
            tagged=False,
        )

    def _template(self, kind: str) -> str:
        path = self.layout.find(f"{kind}.html")
        return self.project.shown(path) if path else f"{kind}.html"

    def _render(self, kind: str, context: Mapping[str, Any]) -> str:
        environment = self._environment
        # `md` is asked for as a filter, but depends on the pagination; templates run one at a time.
        environment.filters["md"] = context.get("md", markdown.to_html)
        try:
            return environment.get_template(f"{kind}.html").render(context)
        except LivretError:
            raise
        except Exception as problem:
            place = self._failing_line(problem)
            if place is None and not isinstance(problem, TemplateError):
                raise
            message = f"the layout {self.layout.name} fails at {place or f'{kind}.html'}: {problem}"
            raise LivretError(message) from problem

    def _failing_line(self, problem: Exception) -> str | None:
        """The file and line of the template that failed; None when it is our own code that did."""
        if isinstance(problem, TemplateSyntaxError):
            return f"{self.project.shown(Path(problem.filename or problem.name or '?'))}:{problem.lineno}"
        place = None
        for frame, line in traceback.walk_tb(problem.__traceback__):
            path = Path(frame.f_code.co_filename)
            if any(path.is_relative_to(folder) for folder in self.layout.folders):
                place = f"{self.project.shown(path)}:{line}"
            elif place and path.is_relative_to(Path(__file__).parents[2]):
                place = None
        return place

    def _subject(self, part: Part, pagination: Pagination, folio: Any) -> dict[str, Any]:
        if part.kind == "card":
            assert isinstance(part.subject, Initiative)
            return {"card": self._card(part.subject, part.anchor)}
        if part.kind == "partner":
            return {"partner": part.subject}
        if part.kind == "opener":
            count = len(self.edition.initiatives if part.id == "initiatives" else self.edition.partners)
            return {"opener": {"section": part.id, "title": self.labels[part.id], "count": count}}
        if part.kind in {"page", "foreword"}:
            return {"page": part.subject}
        if part.kind == "contents":
            return {"contents": {"sections": tuple(self.lists.contents(pagination, folio))}}
        if part.kind == "index":
            return {"index": self.lists.index(pagination, folio)}
        return {}

    def _card(self, card: Initiative, anchor: str) -> dict[str, Any]:
        themes = tuple(self.themes[theme] for theme in card.themes)
        view = {name: getattr(card, name) for name in type(card).model_fields}
        return {
            **view,
            "anchor": anchor,
            "heading": card.title or card.pilot.name,
            "themes": themes,
            "theme": themes[0],
            "places": tuple(territory(code) for code in card.territories),
        }

    def _references(self, html: str, folio: Any) -> str:
        """Print the folio after each reference; a part that this edition does not have loses its link."""

        def printed(match: re.Match[str]) -> str:
            anchor, text = match[1], match[2]
            number = folio(anchor)
            if not number:
                return text
            page = escape(self.labels["page_short"])
            return (
                f'<a class="reference" href="{markdown.REFERENCE_SCHEME}:{anchor}">{text} '
                f'<span class="folio">({page} {number})</span></a>'
            )

        return REFERENCE.sub(printed, html)

    def _mentions(self) -> tuple[str, ...]:
        """The legal mentions, a line each, in the language of the edition."""
        try:
            return mentions(self.edition.legal, self.labels, self.edition.language)
        except KeyError as missing:
            raise LivretError(f"labels.yaml of the layout {self.layout.name} has no {missing}") from None

    def _svg(self, path: Path, color: str | None, title: str | None) -> Markup:
        return Markup(inline_svg(self.project.read_text(path), color, title))

    def _pictogram(self, name: str | None, color: str | None = None, title: str | None = None) -> Markup:
        path = self.project.pictogram(name) if name else None
        return Markup("") if path is None else self._svg(path, color, title)

    def _art(self, name: str, color: str | None = None) -> Markup:
        path = self.layout.find(f"art/{name}.svg")
        return Markup("") if path is None else self._svg(path, color, None)

    @cached_property
    def _tiles(self) -> Any:
        return self.layout.tiles()

    def _locator(self, card: Mapping[str, Any]) -> Markup:
        """The map with the card's territories; nothing for a national card without any, or a layout without tiles."""
        if not card["places"] or not self._tiles:
            return Markup("")
        named = {place.code for place in card["places"]}
        regions = {place.code if place.kind == "region" else place.parent for place in card["places"]}
        palette = self.layout.palette
        off = palette["rule"].rgb if "rule" in palette else "#bdbdbd"
        colours = {"off": off, "on": card["theme"].color}
        # A card that names a region alone is everywhere in it.
        alone = {code for code in regions & named if not any(territory(other).parent == code for other in named)}
        places = named | {tile["code"] for tile in self._tiles if tile["region"] in alone}
        return Markup(locator(self._tiles, regions, places, colours))
