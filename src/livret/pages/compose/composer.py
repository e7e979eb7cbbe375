"""Composing: makes galleys of parts with the Jinja2 templates of a layout.

A galley holds no page number of its own. The page numbers of other parts ("p. 42", the contents, the index) come from
the pagination for which it is composed. `Composer.galley` says whether it printed any, because a part without them is
composed only once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from livret.content.language_tags import main_subtag, with_main_subtags
from livret.content.pictures.drawing import BadDrawing
from livret.content.press.profile import screen_inks
from livret.content.schema.contacts import website_url
from livret.content.schema.design import Framing
from livret.content.schema.model import Initiative
from livret.content.territories import Territory, Tile, under_regions
from livret.findings import LivretError
from livret.measure import mm
from livret.pages.compose.composition import Wall, drawn, in_colours, in_two_inks, skyline
from livret.pages.compose.copy_budget import likely_fit
from livret.pages.compose.drawings import QrCodes, drawing_of_layout, monogram, recoloured
from livret.pages.compose.formatting import mentions, part_view
from livret.pages.compose.index import index
from livret.pages.compose.kept import Composition, Compositions, files_digest, framings
from livret.pages.compose.maps import States, drawn_map, reach, tile_map, tiles_for
from livret.pages.compose.navigation import Folio, FurnitureSheet, Navigation, ThemeView
from livret.pages.compose.picture_frames import PictureFrames, seen, style
from livret.pages.compose.references import with_folios
from livret.pages.compose.second_language import (
    HALVES,
    furniture_sheets,
    in_two_languages,
    second_view,
    to_second_pages,
)
from livret.pages.compose.templates import REFERENCES, Templates
from livret.pages.flatplan import FURNITURE_PAGES, Edition, Part, Side
from livret.pages.galley import Galley, starting_on
from livret.pages.layout import Layout
from livret.pages.pagination import Pagination
from livret.project import PICTURE_LIMIT, SHARED, Project, digest
from livret.translation import say


class Composer:
    """Composes the parts of one edition in one layout."""

    def __init__(
        self,
        project: Project,
        edition: Edition,
        layout: Layout,
        qr_codes: QrCodes | None = None,
        compositions: Compositions | None = None,
    ) -> None:
        """With `compositions`, what did not change is taken from there."""
        self.project = project
        self.edition = edition
        self.layout = layout
        self.labels = layout.labels(edition.language)
        colours = layout.theme_colours((theme.id, theme.color) for theme in edition.themes)
        signs = {one.id: one.pictogram for one in edition.themes if one.pictogram and project.pictogram(one.pictogram)}
        self.themes = {
            one.id: ThemeView(one.id, one.name, signs.get(one.id), **asdict(colours[one.id]), index=index)
            for index, one in enumerate(edition.themes)
        }
        self.navigation = Navigation(edition, self.themes, self.labels, self.layout.file.card.pages)
        self._qr_codes = qr_codes or QrCodes()
        self.second = self._in_second_language(edition.second, compositions) if edition.second else None
        self._compositions = compositions
        self._frames = PictureFrames(project, layout)
        self._stylesheets = cache(partial(layout.stylesheets, binding=edition.binding))
        folders = (project.catalogue, *layout.folders, *project.folders("pictograms"))
        self._roots = tuple(folder for folder in folders if folder.is_dir())

    def _in_second_language(self, edition: Edition, compositions: Compositions | None) -> Composer:
        return Composer(self.project, edition, self.layout, self._qr_codes, compositions)

    @cached_property
    def inks(self) -> Path | None:
        """The ICC file for pictures in CMYK without a profile: that of the edition's press."""
        return screen_inks(self.project, self.edition.press)

    @cached_property
    def _templates(self) -> Templates:
        return Templates(self.layout)

    @cached_property
    def _always(self) -> dict[str, Any]:
        """The variables and functions that every template can use."""
        return {
            "edition": self._edition_view(),
            "second": second_view(self.second.edition, self.second.labels) if self.second else None,
            "layout": self.layout.file.model_dump() | {"palette": self.layout.colours.rgb},
            "labels": self.labels,
            "mentions": self._mentions,
            "themes": self._shown,
            "picture": lambda picture: quote(str(picture)),
            "framed": self._framed,
            "picture_rows": self._frames.rows,
            "frame_style": style,
            "placed": self._frames.placed,
            "seen": self._seen,
            "pictogram": cache(self._pictogram),
            "art": cache(self._art),
            "drawings": self.layout.drawings(self.edition.art),
            "artwork": self._artwork,
            "wall": self._wall,
            "cover_ground": self.layout.colours.cover,
            "on_cover": self.layout.colours.on_cover,
            "monogram": monogram,
            "locator": self._locator,
            "reach": self._reach,
            REFERENCES: lambda html: html,
            "qr": lambda address, color="#000000": Markup(self._qr_codes.svg(website_url(address), color)),
        }

    def _edition_view(self) -> Mapping[str, Any]:
        names = (field for field in self.edition.__dataclass_fields__ if field not in {"initiatives", "second"})
        return {name: getattr(self.edition, name) for name in names} | {"themes": self._shown}

    @cached_property
    def _shown(self) -> tuple[ThemeView, ...]:
        """The themes of legend, tabs and filters."""
        return tuple(self.themes[theme.id] for theme in self.edition.themes_shown)

    def galley(self, part: Part, pagination: Pagination) -> tuple[Galley, bool]:
        """The galley of a part for this pagination, and whether it prints folios of other parts.

        Raises LivretError when a template is missing or fails.
        """
        side = pagination.side(part.anchor)
        shares = part.anchor in pagination.downs
        other = part.second if part.is_double else None
        composed = self._page(part, side, pagination, other)
        stylesheets, spec = self._stylesheets(part.kind), self.layout.file
        if other and self.second:
            facing = self.second._page(other, "recto", pagination.in_second_language, part)
            facing = to_second_pages(facing, pagination.second_starts, self.second.edition.language)
            spoken = self.language(part), self.second.language(other)
            composed = in_two_languages((composed, facing), spoken, spec)
            stylesheets = (*stylesheets, HALVES)
        is_card = part.kind == "card"
        starting = starting_on(self.edition.hand(side), pagination.sharing.room[0] if shares else None)
        galley = Galley(
            anchor=part.anchor,
            place=part.subject.source.path if part.subject else self._place(part.kind),
            html=composed.html,
            stylesheets=(*stylesheets, starting),
            base=self.project.catalogue,
            roots=self._roots,
            sides=tuple(sorted(spec.sides.items())),
            room=1 if is_card else 0,
            fit=spec.fit if is_card else (),
            likely_fit=composed.likely_fit,
            full=spec.full if is_card else (),
            continued=spec.continued if is_card and not shares else "",
            safe_margin=mm(spec.safe_margin),
            inks=self.inks,
        )
        return galley, bool(composed.folios) or part.kind in {"contents", "index"}

    def _page(self, part: Part, side: Side, pages: Pagination, other: Part | None) -> Composition:
        """A part in one language; `other` is the same in another one, which faces it."""
        asked: dict[str, str] = {}

        def folio(anchor: str) -> str:
            number = pages.folio(anchor)
            asked[anchor] = "" if number is None else str(number)
            return asked[anchor]

        variables = self._described(part, side) | self._subject(part, pages, folio)
        variables["part"] |= {"shares": part.anchor in pages.downs}
        if part.kind == "card":
            variables["card"]["twin"] = other.subject if other else None
        return self._composition(part.kind, variables, folio, asked)

    def _composition(self, kind: str, variables: dict[str, Any], folio: Folio, asked: Mapping[str, str]) -> Composition:
        """A part as HTML: as it was composed before, or composed now. `asked` are the folios that `folio` gave."""
        key = ""
        if self._compositions is not None:
            shapes = [(one.file, self._frames.shape(one.file)) for one in framings(variables)]
            key = digest(self._constant, kind, repr(variables), repr(shapes))
            if kept := self._compositions.find(key, folio):
                return kept
        functions = {"folio": folio, REFERENCES: partial(with_folios, folio, self.labels)}
        html = self._templates.render(kind, self._always | variables | functions)
        card = variables["card"] if kind == "card" else None
        fit = likely_fit(html, card["figures"], self.layout.file.copy_room, self.layout.file.fit) if card else ""
        composed = Composition(html, fit, dict(asked))
        if self._compositions is not None:
            self._compositions.keep(key, composed)
        return composed

    @cached_property
    def _constant(self) -> str:
        """A digest of all that every part of this edition is composed of, besides its own variables."""
        assert self._compositions is not None
        view = self._edition_view()
        named = [one.file for one in framings(view)] + [self.edition.geography.drawing or ""]
        shapes = [(name, self._frames.shape(name)) for name in named if name]
        # Fonts and press profiles change no word; of layouts there is this one.
        shared = (name for name in SHARED if name not in {"fonts", "layouts", "press"})
        folders = (folder for name in shared for folder in self.project.folders(name))
        files = files_digest(*self.layout.folders, *folders)
        places = [str(folder) for folder in (self.project.root, *self.layout.folders)]
        other = second_view(self.second.edition, self.second.labels) if self.second else None
        own = [repr(value) for value in (places, view, other, self.themes, self.labels, self.layout.colours, shapes)]
        return digest(self._compositions.surroundings, files, *own)

    def _described(self, part: Part, side: Side) -> dict[str, Any]:
        """The variables of a part's template: the part, and the labels in its language."""
        language = self.language(part)
        # Labels are in the edition's language. On a card in another language they are in the card's.
        labelled = self.edition.language if language == self.edition.written else language
        spoken = self.layout.language_of(labelled, self.edition.language)
        view = part_view(part.kind, part.id, part.anchor, language, side, self.edition.hand(side))
        # Labels in another form of the same language (fr for fr-CA) need no `lang`.
        view["labels"] = language if main_subtag(spoken) == main_subtag(language) else spoken
        if labelled == self.edition.language:
            return {"part": view}
        return {"part": view, "labels": self.layout.labels(labelled, self.edition.language)}

    def language(self, part: Part) -> str:
        """The language tag of the text of a part."""
        return getattr(part.subject, "language", None) or self.edition.language

    def furniture(self, pagination: Pagination) -> tuple[Galley, ...]:
        """The galleys with folios, running heads and thumb tabs, in order, FURNITURE_PAGES pages in each."""
        return self._furniture("furniture", self._furniture_sheets(pagination))

    @property
    def second_navigation(self) -> Navigation | None:
        """What contents and furniture say in the second language of a booklet that has two."""
        return self.second.navigation if self.second else None

    def _furniture_sheets(self, pagination: Pagination, part: Part | None = None) -> list[FurnitureSheet]:
        return furniture_sheets((self.navigation, self.second_navigation), pagination, self.layout.file, part)

    def furniture_of(self, part: Part, pagination: Pagination, *, has_folios: bool) -> tuple[Galley, ...]:
        """The same for the pages of one part. Where their folios are not known, a space is printed in place of each."""
        sheets = self._furniture_sheets(pagination, part)
        if not has_folios:
            sheets = [replace(shown, folio="\u00a0" if shown.folio else "") for shown in sheets]
        return self._furniture(f"furniture-of-{part.anchor}", sheets)

    def _furniture(self, name: str, sheets: Sequence[FurnitureSheet]) -> tuple[Galley, ...]:
        view = part_view("furniture", "", "furniture", self.edition.language)
        # A page stands on its own side also where it comes first.
        hand = sheets[0].hand
        first = () if hand == "right" else (starting_on(hand),)
        place, styles = self._place("furniture"), (*self._stylesheets("furniture"), *first)
        starts = range(0, len(sheets), FURNITURE_PAGES)
        views = ({"part": view, "sheets": sheets[start : start + FURNITURE_PAGES]} for start in starts)
        html = (self._composition("furniture", own, lambda anchor: "", {}).html for own in views)
        return tuple(
            Galley(f"{name}-{number}", place, text, styles, self.project.catalogue, self._roots, tagged=False)
            for number, text in enumerate(html, start=1)
        )

    def render(self, name: str, variables: Mapping[str, Any]) -> str:
        """The HTML of a template that is no part of the edition. Raises LivretError when it fails."""
        return self._templates.render(name, {**self._always, **variables})

    def code(self, text: str) -> Markup:
        """A text as QR code."""
        return Markup(self._qr_codes.svg(text, "#000000"))

    def _place(self, kind: str) -> str:
        """The path, as findings show it, of the template for a kind of part."""
        name = self.layout.template(kind)
        path = self.layout.find(name)
        return self.project.shown(path) if path else name

    def _subject(self, part: Part, pagination: Pagination, folio: Folio) -> dict[str, Any]:
        if part.kind == "card":
            assert isinstance(part.subject, Initiative)
            return {"card": self._card(part.subject, part.anchor)}
        if part.kind == "partner":
            return {"partner": part.subject}
        if part.kind == "opener":
            count = len(self.edition.initiatives if part.id == "initiatives" else self.edition.partners)
            return {"opener": {"section": part.id, "title": self.navigation.title(part), "count": count}}
        if part.kind in {"page", "foreword"}:
            return {"page": part.subject, "heading": self.navigation.title(part)}
        if part.kind == "contents":
            return {"contents": {"sections": tuple(self.navigation.contents(pagination, folio))}}
        if part.kind == "index":
            cards, themes = self.edition.initiatives, self.themes.values()
            return {"index": index(cards, themes, self.edition.language, pagination, folio)}
        return {}

    def _card(self, card: Initiative, anchor: str) -> dict[str, Any]:
        themes = tuple(self.themes[theme] for theme in card.themes)
        view = {name: getattr(card, name) for name in type(card).model_fields}
        # A card of the whole country says so in words of its own.
        named = (place for place in card.territories if place.kind != "country" or card.scope != "national")
        areas = under_regions(place.in_language(self.edition.language) for place in named)
        return {
            **view,
            "anchor": anchor,
            "heading": card.title or card.pilot.name,
            "themes": themes,
            "theme": themes[0],
            "areas": areas,
            "places": tuple(place for area in areas for place in (area.region, *area.places)),
        }

    def _mentions(self) -> tuple[str, ...]:
        """The legal mentions, one for each line; their dates in the language of their words."""
        language = self.edition.language
        spoken = self.layout.language_of(language)
        try:
            # The words of `ar` stand for those of `ar-SY`, whose months have other names.
            is_same = spoken in with_main_subtags((language,))
            return mentions(self.edition.legal, self.labels, language if is_same else spoken)
        except KeyError as missing:
            raise LivretError(
                say("labels.yaml of the layout {layout} has no {missing}", layout=self.layout.name, missing=missing)
            ) from None

    def _framed(self, framing: Framing, frame: str) -> Markup:
        """The attributes `src` and `style` of a picture in a frame of the layout."""
        return Markup('src="{}" style="{}"').format(quote(framing.file), style(self._frames.placed(framing, frame)))

    def _seen(self, framing: Framing, frame: str) -> str:
        """The style of a picture whose frame the style sheet makes: how it fills it, and which part is in sight."""
        return seen(framing, self._frames.placed(framing, frame))

    def _svg(self, path: Path | None, color: str | None, title: str | None = None) -> Markup:
        return Markup(drawing_of_layout(self.project, path, color, title) if path else "")

    def _pictogram(self, name: str | None, color: str | None = None, title: str | None = None) -> Markup:
        return self._svg(self.project.pictogram(name) if name else None, color, title)

    def _art(self, name: str, color: str | None = None) -> Markup:
        return self._svg(self.layout.find(f"art/{name}.svg"), color)

    def _artwork(self, framing: Framing, frame: str, color: str | None = None) -> Markup:
        """A drawing or picture of the catalogue that fills a frame; `color` takes the place of its `currentColor`."""
        if color:
            svg = recoloured(self.project, framing.file, color)
            if svg:
                return Markup(svg)
        return Markup('<img src="{}" style="{}" alt="">').format(
            self._always["picture"](framing), self._seen(framing, frame)
        )

    def _wall(
        self,
        columns: int | Sequence[int],
        highest: int = 4,
        bleed: float = 0,
        *,
        two_inks: bool = False,
        start: int = 0,
    ) -> Markup:
        """A wall of squares with the signs of the themes: so many columns, or columns of these heights."""
        themes = tuple(self.themes.values())
        inks = (self.layout.colours.cover, self.layout.colours.on_cover)
        tones = in_two_inks(themes, *inks) if two_inks else in_colours(themes)
        heights = skyline(columns, highest, start) if isinstance(columns, int) else tuple(columns)
        return Markup(drawn(Wall(heights, bleed), tones, self._placed_sign))

    def _placed_sign(self, name: str, color: str, left: float, top: float, side: float) -> str:
        size = f'<svg x="{left:g}" y="{top:g}" width="{side:g}" height="{side:g}"'
        return str(self._pictogram(name, color)).replace("<svg", size, 1)

    @cached_property
    def _tiles(self) -> tuple[Tile, ...]:
        tiles = self.layout.tiles()
        return tuple(Tile(tile["code"], int(tile["col"]), int(tile["row"]), tile["region"]) for tile in tiles)

    def _locator(self, card: Mapping[str, Any]) -> Markup:
        """The map with the card's territories. Empty when the card has none, or no map has them."""
        places: tuple[Territory, ...] = card["territories"]
        known = self.edition.geography
        colours = {"off": self.layout.colours.rgb.get("rule", "#bdbdbd"), "on": card["theme"].text}
        states = States(known, places)
        if places and known.drawing:
            content = self.project.read(self.project.inside_catalogue(known.drawing), PICTURE_LIMIT)
            try:
                return Markup(drawn_map(content, states, colours))
            except BadDrawing:
                return Markup("")
        tiles = tiles_for(known, places, self._tiles) if places else ()
        return Markup(tile_map(tiles, states, colours) if tiles else "")

    def _reach(self, scope: str, language: str, places: Iterable[Territory] = ()) -> tuple[str, ...]:
        label = self.layout.labels(language, self.edition.language).get(scope)
        return reach(self.edition.geography, scope, language, places, label)
