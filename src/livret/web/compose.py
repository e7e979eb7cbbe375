"""Composing the web edition: each part becomes a piece of HTML, and one page holds them all.

The parts come from the flatplan of the booklet; their templates are in `layouts/web/`. Filters replace contents and
index. Openers and folios are left out, because only paper needs them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from markupsafe import Markup

from livret.content.schema.design import ArtPieces
from livret.content.schema.model import Initiative
from livret.pages.compose.composer import Composer
from livret.pages.compose.drawings import inline_svg
from livret.pages.compose.formatting import direction, part_view
from livret.pages.compose.framing import FramedSize
from livret.pages.compose.kept import Compositions
from livret.pages.compose.references import REFERENCE
from livret.pages.compose.templates import REFERENCES
from livret.pages.flatplan import Edition, Part
from livret.pages.pagination import second_anchor
from livret.project import Project
from livret.web import filters
from livret.web.assets import Assets
from livret.web.drawings import check_drawing, runs_or_loads
from livret.web.layout import ICON, SCRIPT, STYLESHEETS, WebLayout

# The kinds of parts that the page shows, and the section of each; the other kinds are for paper only.
SECTIONS = {"foreword": "foreword", "page": "", "partner": "partners", "legend": "legend", "card": "initiatives"}

# The print engine needs some spaces inside an element, and Markdown puts them there. A browser would underline them.
INNER_SPACE = re.compile(r"((?:<(?:a|em|strong)\b[^<>]*>)+) ")
ARTICLE = re.compile(r"(<article\b[^>]*>)(.*)(</article>)", re.DOTALL)
STYLE = re.compile(r'(<\w[^<>]*?) style="([^"]*)"')
DECLARATION = re.compile(r"\s*([\w-]+)\s*:\s*([^;]+?)\s*(?:;|$)")


@dataclass(frozen=True)
class Section:
    """A section of the page: its anchor, its title in the navigation, and its parts as HTML."""

    kind: str
    anchor: str
    title: str
    parts: tuple[Markup, ...]


class WebComposer(Composer):
    """Composes the page of one edition, and collects the files that it needs."""

    def __init__(self, project: Project, edition: Edition, layout: WebLayout) -> None:
        super().__init__(project, edition, layout)
        self.web = layout
        self.assets = Assets(project, self.inks)
        self.parts = tuple(part for part in layout.flatplan(edition) if part.kind in SECTIONS)
        self._anchors = frozenset(part.anchor for part in self.parts)
        self._symbols: dict[str, str] = {}
        # The names of classes, by what they say.
        self._shapes: dict[str, str] = {}
        self._choices = filters.choices(edition.initiatives, edition.language)
        if isinstance(self.second, WebComposer):
            # One page holds both languages.
            self.second.assets, self.second._symbols, self.second._shapes = self.assets, self._symbols, self._shapes

    def _in_second_language(self, edition: Edition, compositions: Compositions | None) -> Composer:
        assert isinstance(self.layout, WebLayout)
        return WebComposer(self.project, edition, self.layout)

    @cached_property
    def _always(self) -> dict[str, Any]:
        return {
            **super()._always,
            "picture": lambda picture: self.assets.picture(str(picture)),
            "shape": self._shape,
            "measures": self._measures,
            "symbols": self._sprite,
            "edition_labels": self.labels,
            "colour": self.web.colour,
            "cover_colour": self.web.cover,
            REFERENCES: self._linked,
        }

    def page(self, download: Mapping[str, Any] | None) -> str:
        """The HTML page. `download` has the name and the size in bytes of the PDF beside it; None for no PDF.

        Raises LivretError when a template, a font or a picture has an error.
        """
        # Imported here, because fontTools is slow to load and other builds do not need it.
        from livret.web import fonts

        self.assets.clear()
        sections = tuple(self._sections())
        script = self.web.text(SCRIPT)
        variables = {
            **self._always,
            **self._spoken("edition", "", "edition", self.edition.language),
            "sections": sections,
            "cards": tuple(self._card(card, f"card-{card.id}") for card in self.edition.initiatives),
            "choices": self._choices,
            "twins": dict(self._twins()),
            "imprint": "imprint" in self.edition.sections,
            "download": download,
            "script": Markup(script),
        }
        # Composed twice: the words of the page decide which fonts its style sheet must name.
        draft = self._templates.render("edition", variables | {"style": "", "policy": ""})
        own = (self._custom_properties(), *(f".{name} {{ {told} }}" for told, name in self._shapes.items()))
        style = "\n".join((*own, *(self.web.text(name) for name in STYLESHEETS)))
        faces = fonts.needed(fonts.faces_of(self.project), style, frozenset(map(ord, draft)))
        self.assets.files.update(fonts.files(self.project, faces))
        self.assets.files[ICON] = self.web.text(ICON).encode()
        style = "\n".join((*(face.rule() for face in faces), style))
        final = {"style": Markup(style), "policy": policy(style, script)}
        return self._templates.render("edition", variables | final)

    def _twins(self) -> Iterator[tuple[str, Mapping[str, str | None]]]:
        """What the list of cards and the themes of its filters are called in the second language, by anchor or id."""
        if not isinstance(self.second, WebComposer):
            return
        for part in self.parts:
            if part.is_double and part.second and isinstance(card := part.second.subject, Initiative):
                language = self.second.language(part.second)
                named = {"name": card.filing_name, "title": card.title}
                yield part.anchor, {**named, "language": language, "direction": direction(language)}
        language = self.second.edition.language
        for theme in self.second.themes.values():
            if theme.name != self.themes[theme.id].name:
                yield theme.id, {"name": theme.name, "language": language, "direction": direction(language)}

    def _custom_properties(self) -> str:
        themes = {theme.id: (theme.color, theme.tint) for theme in self.themes.values()}
        return self.web.custom_properties(themes)

    def _spoken(self, kind: str, identifier: str, anchor: str, language: str) -> dict[str, Any]:
        """The variables of a part's template, with labels in its language, or else in the edition's."""
        view = part_view(kind, identifier, anchor, language)
        labels = self.web.labels(language, self.edition.language)
        return {"part": view | {"labels": self.web.language_of(language, self.edition.language)}, "labels": labels}

    def _sections(self) -> Iterator[Section]:
        """The sections in order. Parts of one kind that follow each other are one section."""
        group: list[Part] = []
        for part in self.parts:
            if group and (part.kind != group[0].kind or not SECTIONS[part.kind]):
                yield self._section(group)
                group = []
            group.append(part)
        if group:
            yield self._section(group)

    def _section(self, group: list[Part]) -> Section:
        first = group[0]
        name = SECTIONS[first.kind]
        title = self.navigation.section_title(first.kind) or self.navigation.title(first)
        return Section(first.kind, name or first.anchor, title, tuple(self._part(part) for part in group))

    def _part(self, part: Part) -> Markup:
        html = self._in_one_language(part, part.anchor)
        if not (part.is_double and part.second and isinstance(self.second, WebComposer)):
            return html
        language = self.second.language(part.second)
        other = self.second._in_one_language(part.second, second_anchor(part.anchor, language))
        # A card stays one article, so that the filters show both languages of it or none.
        card = ARTICLE.fullmatch(html) if part.kind == "card" else None
        inner = ARTICLE.fullmatch(other) if card else None
        half = Markup('<div class="second" lang="{}" dir="{}">{}</div>').format(
            language, direction(language), Markup(inner[2]) if inner else other
        )
        return Markup(card[1] + card[2] + str(half) + card[3]) if card else html + half

    def _in_one_language(self, part: Part, anchor: str) -> Markup:
        subject: dict[str, Any] = {}
        if isinstance(part.subject, Initiative):
            subject = {"card": self._card(part.subject, anchor)}
        elif part.subject is not None:
            subject = {"partner" if part.kind == "partner" else "page": part.subject}
        spoken = self._spoken(part.kind, part.id, anchor, self.language(part))
        return Markup(self._templates.render(part.kind, self._always | spoken | subject).strip())

    def _card(self, card: Initiative, anchor: str) -> dict[str, Any]:
        language = card.language or self.edition.language
        return super()._card(card, anchor) | {
            "answers": filters.answers(card, self._choices),
            "filed": card.filing_name,
            "lang": language,
        }

    def _linked(self, html: str) -> str:
        """The HTML with references as links inside the page. For a part outside this edition, only the words stay."""
        return REFERENCE.sub(
            lambda match: f'<a href="#{match[1]}">{match[2]}</a>' if match[1] in self._anchors else match[2],
            INNER_SPACE.sub(r" \1", html),
        )

    def _pictogram(self, name: str | None, color: str | None = None, title: str | None = None) -> Markup:
        """A reference to a drawing, so that the page holds each once. It has the colour of the text around it."""
        path = self.project.pictogram(name) if name else None
        if path is None or name is None:
            return Markup("")
        anchor = f"sign-{name}"
        if anchor not in self._symbols:
            text = self.project.read_text(path)
            check_drawing(text.encode(), self.project.shown(path))
            svg = attributes(inline_svg(text))
            kept = re.sub(r'\s(?:xmlns|width|height|id|class|aria-hidden)="[^"]*"', "", svg[: svg.index(">")])
            body = svg[svg.index(">") : svg.rindex("</svg>")]
            self._symbols[anchor] = f'<symbol id="{anchor}"{kept.removeprefix("<svg")}{body}</symbol>'
        return Markup(f'<svg class="glyph" aria-hidden="true" focusable="false"><use href="#{anchor}"/></svg>')

    def _sprite(self) -> Markup:
        """Every pictogram that the page uses, once."""
        symbols = "".join(self._symbols[anchor] for anchor in sorted(self._symbols))
        return Markup(f'<svg class="symbols" aria-hidden="true" focusable="false">{symbols}</svg>')

    def _shape(self, found: FramedSize | None) -> str:
        """The class of an element with the measures of its picture as custom properties; empty without measures.

        The page's policy forbids style attributes, so that each shape is a class of the style sheet.
        """
        if not found:
            return ""
        x, y = found.position
        told = (
            f"--wide: {found.width:.4g}; --tall: {found.height:.4g}; --ratio: {found.width / found.height:.4g}; "
            f"--seen: {100 * x:.4g}% {100 * y:.4g}%"
        )
        return self._shapes.setdefault(told, f"shape-{len(self._shapes) + 1}")

    def _measures(self, name: str) -> Markup:
        """A picture's width and height as attributes, so that text below it does not move when it is loaded."""
        size = self.assets.size(name)
        return Markup(' width="%d" height="%d"') % size if size else Markup("")

    def _locator(self, card: Mapping[str, Any]) -> Markup:
        # In the colour that the style sheet gives it, pale or dark.
        return super()._locator({**card, "theme": replace(card["theme"], text="currentColor")})

    @property
    def _drawings(self) -> ArtPieces:
        """The drawings that the catalogue names; those for the format of one layout are for paper."""
        return self.edition.art

    def _placed_sign(self, name: str, color: str, left: float, top: float, side: float) -> str:
        self._pictogram(name)
        return f'<use href="#sign-{name}" x="{left:g}" y="{top:g}" width="{side:g}" height="{side:g}" color="{color}"/>'

    def _art(self, name: str, color: str | None = None) -> Markup:
        path = self.layout.find(f"art/{name}.svg")
        if path is not None:
            check_drawing(self.project.read_text(path).encode(), self.project.shown(path))
        return Markup(attributes(super()._art(name, color)))


def attributes(svg: str) -> str:
    """The drawing with presentation attributes in place of style attributes, which the page's policy forbids."""

    def turned(match: re.Match[str]) -> str:
        declared = DECLARATION.findall(match[2])
        return match[1] + "".join(f' {name}="{value}"' for name, value in declared if not runs_or_loads(name))

    return STYLE.sub(turned, svg)


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy. It allows this style sheet, this script and files beside the page, nothing else."""

    def allowed(text: str) -> str:
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (
        f"default-src 'none'; style-src {allowed(style)}; script-src {allowed(script)}; "
        "img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"
    )
