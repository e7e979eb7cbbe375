"""Composing: parts into galleys, by the Jinja2 templates of a layout.

A galley holds no page number of its own. What it prints of others ("p. 42", the contents, the index)
comes from the pagination it is composed for; `Composer.galley` says whether any was asked for, so that
parts without references are composed once.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from livret.content import prose
from livret.content.collation import sort_key
from livret.content.model import Initiative, Partner, website_url
from livret.content.territories import Territory, territory
from livret.content.typography import typeset_html
from livret.findings import LivretError
from livret.pages.drawings import inline_svg, locator, monogram, qr_code
from livret.pages.flatplan import (
    Edition,
    FolioRange,
    Pagination,
    Part,
    Sheet,
    Side,
    merge_ranges,
)
from livret.pages.galley import Galley, Stylesheet
from livret.pages.layout import Layout
from livret.project import Project

MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}

# Where an address may break: after these marks (Imprimerie nationale, Lexique, « Adresses »), never within a word.
ADDRESS_BREAKS = re.compile(r"([/@?&=])|(?=[.])")


# Languages written from right to left, by their main subtag (Unicode CLDR, characterOrder).
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """`rtl` or `ltr`, as HTML says it."""
    return "rtl" if language.split("-")[0].lower() in RIGHT_TO_LEFT else "ltr"


@dataclass(frozen=True)
class ThemeView:
    """A theme with the colours it has in this layout."""

    id: str
    name: str
    pictogram: str | None
    color: str
    tint: str
    index: int


@dataclass(frozen=True)
class Entry:
    """A line of the contents or the index. The folio is printed text, empty when the part is not in the book."""

    title: str
    name: str | None
    subtitle: str | None
    theme: ThemeView | None
    anchor: str
    folio: str

    @property
    def label(self) -> str:
        """The name the index files it under."""
        return self.title


@dataclass(frozen=True)
class ContentsSection:
    """A group of lines of the contents."""

    kind: str
    title: str | None
    anchor: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class PlaceEntry:
    """A territory in the index with the folios of its cards and the territories inside it."""

    place: Territory
    ranges: tuple[FolioRange, ...]
    children: tuple[PlaceEntry, ...]


@dataclass(frozen=True)
class ThemeEntry:
    """A theme in the index with its cards."""

    theme: ThemeView
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class FurnitureSheet:
    """What is stamped on one page: folio, running head, thumb tab."""

    side: Side
    kind: str
    folio: str
    head: str
    theme: ThemeView | None
    tab: int | None


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
        self._cards = {card.id: card for card in edition.initiatives}
        self._roots = tuple(
            folder for folder in (project.catalogue, *layout.folders, *project.folders("pictograms")) if folder.is_dir()
        )

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader([str(folder) for folder in self.layout.folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.filters.update(
            inline=lambda text: Markup(prose.inline_html(text, self._language)),
            plain=prose.plain_text,
            fr=lambda text: Markup(typeset_html(str(text), self._language)),
            address=_address,
            href=_href,
            longdate=self._long_date,
        )
        environment.globals.update(
            edition=self._edition_view,
            layout=self.layout.file.model_dump() | {"palette": {k: v.rgb for k, v in self.layout.palette.items()}},
            labels=self.labels,
            themes=tuple(self.themes.values()),
            picture=lambda path: quote(path),
            pictogram=self._pictogram,
            art=self._art,
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

        def markdown(text: str, level: int = 3) -> Markup:
            return Markup(self._references(prose.to_html(text, level, self._language), folio))

        subject = self._subject(part, pagination, folio)
        side = pagination.side(part.anchor)
        language = getattr(part.subject, "language", None) or self.edition.language
        described = {"kind": part.kind, "id": part.id, "anchor": part.anchor, "side": side}
        context = {"part": described | {"language": language, "direction": direction(language)}}
        self._language = language
        html = self._render(part.kind, context | subject | {"folio": folio, "md": markdown})
        is_card = part.kind == "card"
        sheets = self.layout.stylesheets(part.kind)
        galley = Galley(
            anchor=part.anchor,
            place=part.subject.source.path if part.subject else self._template(part.kind),
            html=html,
            stylesheets=(*sheets, Stylesheet(side, f"html {{ break-before: {side} }}", None)),
            base=self.project.catalogue,
            roots=self._roots,
            sides=tuple(sorted(self.layout.file.sides.items())),
            room=1 if is_card else 0,
            fit=self.layout.file.fit if is_card else (),
        )
        return galley, bool(asked) or part.kind in {"contents", "index"}

    def furniture(self, pagination: Pagination) -> Galley:
        """Folios, running heads and thumb tabs for every page of the book, one page each, in order."""
        tabs = {theme: index for index, theme in enumerate(self.themes)}
        sheets = [self._furniture_sheet(sheet, tabs) for sheet in pagination.sheets]
        self._language = language = self.edition.language
        described = {"kind": "furniture", "id": "", "anchor": "furniture", "side": "recto"}
        context = {"part": described | {"language": language, "direction": direction(language)}}
        html = self._render("furniture", context | {"sheets": sheets})
        return Galley(
            "furniture",
            self._template("furniture"),
            html,
            self.layout.stylesheets("furniture"),
            self.project.catalogue,
            self._roots,
        )

    def title(self, part: Part) -> str:
        """How a part is called in the outline and in running heads."""
        subject = part.subject
        if isinstance(subject, Initiative):
            return subject.filing_name
        if isinstance(subject, Partner):
            return subject.acronym or subject.name
        own = getattr(subject, "title", None)
        return str(own or self.labels.get(part.kind, part.kind))

    def section_title(self, kind: str) -> str | None:
        """The outline heading over all parts of a kind, None for kinds that stand alone."""
        return (
            self.labels[{"partner": "partners", "card": "initiatives"}[kind]] if kind in {"partner", "card"} else None
        )

    def _template(self, kind: str) -> str:
        path = self.layout.find(f"{kind}.html")
        return self.project.shown(path) if path else f"{kind}.html"

    def _render(self, kind: str, context: Mapping[str, Any]) -> str:
        environment = self._environment
        # `md` is asked for as a filter, but depends on the pagination; templates run one at a time.
        environment.filters["md"] = context.get("md", prose.to_html)
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
            elif place and path.is_relative_to(Path(__file__).parents[1]):
                place = None
        return place

    def _subject(self, part: Part, pagination: Pagination, folio: Any) -> dict[str, Any]:
        if part.kind == "card":
            assert isinstance(part.subject, Initiative)
            return {"card": self._card(part.subject, part.anchor)}
        if part.kind == "partner":
            return {"partner": part.subject}
        if part.kind in {"page", "foreword"}:
            return {"page": part.subject}
        if part.kind == "contents":
            return {"contents": {"sections": tuple(self._contents(pagination, folio))}}
        if part.kind == "index":
            return {"index": self._index(pagination, folio)}
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

    def _entry(self, card: Initiative, folio: Any) -> Entry:
        title, anchor = card.filing_name, f"card-{card.id}"
        name = card.pilot.name if card.pilot.name != title else None
        return Entry(title, name, card.title, self.themes[card.themes[0]], anchor, folio(anchor))

    def _contents(self, pagination: Pagination, folio: Any) -> Iterable[ContentsSection]:
        """Front matter, partners, cards and back matter as they stand in the book; cover and imprint are not listed."""
        groups: list[tuple[str, list[Part]]] = []
        for sheet in pagination.sheets:
            part = sheet.part
            if part is None or sheet.page or part.kind in {"cover", "imprint", "contents", "back-cover"}:
                continue
            kind = {"partner": "partners", "card": "initiatives"}.get(part.kind, "other")
            if not groups or groups[-1][0] != kind:
                groups.append((kind, []))
            groups[-1][1].append(part)
        for kind, parts in groups:
            entries = tuple(
                self._entry(part.subject, folio)
                if isinstance(part.subject, Initiative)
                else self._plain_entry(part, folio)
                for part in parts
            )
            yield ContentsSection(kind, self.section_title(parts[0].kind), parts[0].anchor, entries)

    def _plain_entry(self, part: Part, folio: Any) -> Entry:
        name = part.subject.name if isinstance(part.subject, Partner) and part.subject.acronym else None
        return Entry(self.title(part), name, None, None, part.anchor, folio(part.anchor))

    def _index(self, pagination: Pagination, folio: Any) -> dict[str, Any]:
        cards = [card for card in self.edition.initiatives if f"card-{card.id}" in pagination.starts]
        entries = {card.id: self._entry(card, folio) for card in cards}
        themes = (
            ThemeEntry(theme, tuple(entries[card.id] for card in cards if theme.id in card.themes))
            for theme in self.themes.values()
        )
        national = [f"card-{card.id}" for card in cards if card.scope == "national"]
        return {
            "pilots": tuple(entries.values()),
            "themes": tuple(theme for theme in themes if theme.entries),
            "territories": tuple(self._places(cards, pagination)),
            "national": merge_ranges(pagination, national),
        }

    def _places(self, cards: Iterable[Initiative], pagination: Pagination) -> Iterable[PlaceEntry]:
        """Regions by name with all cards inside them, and below each the départements that cards name."""
        found: dict[str, dict[str, set[str]]] = {}
        for card in cards:
            for code in card.territories:
                place = territory(code)
                region = found.setdefault(place.parent or place.code, {})
                region.setdefault(place.code, set()).add(f"card-{card.id}")

        def by_name(code: str) -> tuple[int, ...]:
            return sort_key(territory(code).name, self.edition.language)

        for code in sorted(found, key=by_name):
            inside = found[code]
            anchors = sorted(set().union(*inside.values()))
            children = tuple(
                PlaceEntry(territory(child), merge_ranges(pagination, sorted(inside[child])), ())
                for child in sorted(inside, key=by_name)
                if child != code
            )
            yield PlaceEntry(territory(code), merge_ranges(pagination, anchors), children)

    def _furniture_sheet(self, sheet: Sheet, tabs: Mapping[str, int]) -> FurnitureSheet:
        part = sheet.part
        if part is None or part.kind in {"cover", "back-cover"}:
            return FurnitureSheet(sheet.side, part.kind if part else "blank", "", "", None, None)
        head, theme = self.title(part), None
        if isinstance(part.subject, Initiative):
            card = part.subject
            theme = self.themes[card.themes[0]]
            head = card.pilot.acronym or card.pilot.name if sheet.side == "verso" else card.title or theme.name
        elif isinstance(part.subject, Partner):
            head = self.labels["partners"]
        tab = tabs[theme.id] if theme else None
        return FurnitureSheet(sheet.side, part.kind, str(sheet.folio), head, theme, tab)

    def _references(self, html: str, folio: Any) -> str:
        """Print the folio after each reference; a part that this edition does not have loses its link."""

        def printed(match: re.Match[str]) -> str:
            anchor, text = match[1], match[2]
            number = folio(anchor)
            if not number:
                return text
            page = escape(self.labels["page_short"])
            return (
                f'<a class="reference" href="livret:{anchor}">{text} <span class="folio">({page} {number})</span></a>'
            )

        return re.sub(r'<a class="reference" href="livret:([^"]+)">(.*?)</a>', printed, html, flags=re.DOTALL)

    def _long_date(self, day: date) -> str:
        """30 avril 2019, 1er mai 2019; 30 April 2019; ISO in other languages."""
        language = self.edition.language.split("-")[0]
        if language not in MONTHS:
            return day.isoformat()
        number = "1er" if language == "fr" and day.day == 1 else str(day.day)
        return f"{number} {MONTHS[language][day.month - 1]} {day.year}"

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


def _address(value: str) -> Markup:
    """An e-mail or web address as printed: no scheme, no trailing slash, a break opportunity at each mark."""
    shown = re.sub(r"^https?://", "", value, flags=re.IGNORECASE).rstrip("/")
    pieces = ADDRESS_BREAKS.sub(lambda match: f"{match[1] or ''}\0", shown).split("\0")
    return Markup("<wbr>").join(escape(piece) for piece in pieces if piece)


def _href(value: str) -> str:
    """The target of a link for an e-mail address, a telephone number or a website."""
    if "@" in value and "/" not in value:
        return f"mailto:{value}"
    if re.fullmatch(r"[+\d\s().-]+", value):
        digits = re.sub(r"[^\d+]", "", value)
        return "tel:" + (f"+33{digits[1:]}" if re.fullmatch(r"0\d{9}", digits) else digits)
    return website_url(value)
