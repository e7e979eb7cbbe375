"""A layout: a folder of files that a designer writes: measures in `layout.yaml`, templates and style sheets.

Each file is looked up first in the project's own `layouts/NAME/`, then in the one installed with Livret. So a project
may have one template or one style sheet of its own and use the others as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import TypeAdapter, ValidationError

from livret.content.language_tags import with_main_subtags
from livret.content.messages import listed
from livret.content.schema.design import Art, ArtPieces, Colours
from livret.content.schema.field_types import Binding, Filler
from livret.content.schema.refused_values import in_words
from livret.content.yaml.reader import parse
from livret.content.yaml.tree import place_of, plain_values
from livret.findings import LivretError, Severity
from livret.measure import POINTS_PER_MM
from livret.pages.flatplan import Edition, PageFlow, Part, Side, flatplan
from livret.pages.galley import Stylesheet
from livret.pages.layout_file import LayoutFile, LayoutTile, PictureSettings, lengths, sharing
from livret.pages.pagination import Extents, Pagination, paginate
from livret.pages.palette import (
    ChosenPalette,
    Colour,
    ThemeColours,
    choose,
    colours_of_themes,
)
from livret.project import Project
from livret.translation import Text, joined, say

# Kinds of parts that use the files of another kind when they have none of their own.
LIKE = {"foreword": "page"}


NO_COLOURS = Colours()

# A run reads the same layout several times: for sign-offs, for proofs, for each edition.
_parsed = lru_cache(64)(parse)

_SETTINGS = TypeAdapter(LayoutFile)
_PALETTE = TypeAdapter(dict[str, Colour])
_LABELS = TypeAdapter(dict[str, dict[str, str]])
_TILES = TypeAdapter(dict[Literal["tiles"], tuple[LayoutTile, ...]])


class Layout:
    """A layout of a project, read once."""

    # Layouts without a layout.yaml whose files come before those of the layout itself.
    OVER: ClassVar[tuple[str, ...]] = ()

    def __init__(self, project: Project, name: str, colours: Colours = NO_COLOURS) -> None:
        """Read the layout of this name, for a catalogue that chooses these colours.

        Raises LivretError when there is none of this name or its files have an error.
        """
        self.project = project
        self._colours = colours
        self.folders = tuple(folder for one in (*self.OVER, name) for folder in project.layout_folders(one))
        if not self.find("layout.yaml"):
            raise LivretError(
                say('there is no layout "{name}"', name=name),
                say("known layouts: {names}", names=", ".join(project.layouts())),
            )
        self.name = name
        self.file: LayoutFile = self._read("layout.yaml", _SETTINGS)
        self.folders += self._shared_folders()

    @classmethod
    def of(cls, project: Project, edition: Edition, name: str | None = None) -> Layout:
        """The layout of an edition, or that of this name, in the colours that the edition chooses. Raises as above."""
        return cls(project, name or edition.layout, edition.colours)

    def _shared_folders(self) -> tuple[Path, ...]:
        """Whose files stand behind those of this layout; a project's own `layout.yaml` may leave it to Livret's."""
        files = (self._read_file(path, _SETTINGS) for path in self._setting_files())
        shared = next((file.shares for file in files if "shares" in file.model_fields_set), "")
        return self.project.layout_folders(shared) if shared else ()

    def _setting_files(self) -> Iterator[Path]:
        return (path for folder in self.folders if (path := folder / "layout.yaml").is_file())

    @cached_property
    def pictures(self) -> PictureSettings:
        """How pictures are framed; a project's own `layout.yaml` that says nothing of it leaves this to Livret's."""
        files = (self._read_file(path, _SETTINGS) for path in self._setting_files())
        return next((file.pictures for file in files if "pictures" in file.model_fields_set), PictureSettings())

    def drawings(self, art: Art) -> ArtPieces:
        """The drawings that a catalogue names for this layout, else for the one that it was copied from."""
        return art.in_layout(self.name, self.file.like)

    @cached_property
    def measures(self) -> Mapping[str, float]:
        """The further measures by name; a project's own `layout.yaml` need not repeat those of Livret that stay."""
        files = [self._read_file(path, _SETTINGS) for path in reversed(tuple(self._setting_files()))]
        return {name: length for file in files for name, length in file.measures.items()}

    @property
    def line(self) -> float:
        """The depth of a line of text, in the unit of the frames of pictures."""
        return self.file.baseline / POINTS_PER_MM

    def flatplan(self, edition: Edition) -> tuple[Part, ...]:
        """The parts of an edition as this layout orders them."""
        return flatplan(edition, 3 - self.file.card.pages, self.file.openers)

    def paginate(
        self,
        parts: Sequence[Part],
        extents: Extents,
        multiple: int = 1,
        filler: Filler = "notes",
    ) -> Pagination:
        """The pages of these parts in order; cards share pages as this layout says, but not those that are alone."""
        doubles = [part for part in parts if part.is_double]
        flows = {part.anchor: extents.flows.get(part.anchor) or self._likely_flows(part) for part in doubles}
        return paginate(parts, extents.sides, multiple, filler, sharing(self.file, extents.alone), flows)

    @property
    def card_sides(self) -> tuple[Side, ...]:
        """The sides of the pages of a card that fits: a spread, or one page on any side."""
        return ("verso", "recto") if self.file.card.pages == 2 else ("any",)

    def likely_sides(self, part: Part) -> tuple[Side, ...]:
        """A guess for a part that was never typeset: a card and an opener take a spread, others a page."""
        sides: tuple[Side, ...] = self.card_sides if part.kind in {"card", "opener"} else ("any",)
        return sides * 2 if part.is_double else sides

    def _likely_flows(self, part: Part) -> tuple[PageFlow, ...]:
        """A guess for a part in two languages that was never typeset."""
        count = len(self.likely_sides(part)) // 2
        if part.kind == "card" and self.file.second_language == "facing":
            return tuple((number, is_second) for number in range(count) for is_second in (False, True))
        return tuple((number, is_second) for is_second in (False, True) for number in range(count))

    def find(self, name: str) -> Path | None:
        """The path of this file, in the project's own folder or else in the installed one; None if in neither."""
        return next((path for folder in self.folders if (path := folder / name).is_file()), None)

    def template(self, kind: str) -> str:
        """The name of the template for a kind of part. A foreword without one uses that of editorial pages."""
        own = f"{kind}.html"
        return own if kind not in LIKE or self.find(own) else f"{LIKE[kind]}.html"

    def _read(self, name: str, shape: TypeAdapter[Any]) -> Any:
        """Read one of the layout's YAML files. Raises LivretError, with file and line, when it has an error."""
        path = self.find(name)
        if path is None:
            raise LivretError(say('the layout "{name}" has no {file}', name=self.name, file=name))
        return self._read_file(path, shape)

    def _read_words(self, name: str, folders: Sequence[Path]) -> Mapping[str, Mapping[str, str]]:
        """Words by language, from each of these folders that has a file of this name; those of the first count."""
        merged: dict[str, dict[str, str]] = {}
        for folder in reversed(folders):
            if (folder / name).is_file():
                for language, words in self._read_file(folder / name, _LABELS).items():
                    merged.setdefault(language, {}).update(words)
        return merged

    def _read_file(self, path: Path, shape: TypeAdapter[Any]) -> Any:
        tree, findings = _parsed(self.project.read(path), self.project.shown(path))
        wrong = [finding for finding in findings if finding.severity is Severity.ERROR]
        if tree is None or wrong:
            raise LivretError.of(*wrong)
        try:
            return shape.validate_python(plain_values(tree))
        except ValidationError as problem:
            faults = [
                (str(place_of(tree, one["loc"])), _of_field(one["loc"], in_words(one)))
                for one in problem.errors(include_url=False)
            ]
            (place, first), *others = faults
            raise LivretError(first, *(joined(other, ": ") for other in others), place=place) from None

    @cached_property
    def palette(self) -> Mapping[str, Colour]:
        """Every colour of the layout by name. Raises LivretError when the palette file has an error."""
        if not isinstance(self.file.palette, str):
            return self.file.palette
        palette: Mapping[str, Colour] = self._read(self.file.palette, _PALETTE)
        return palette

    @cached_property
    def colours(self) -> ChosenPalette:
        """The palette with the colours that the catalogue chooses."""
        return choose(self.palette, self.file.cover_ground, self._colours)

    def tiles(self) -> tuple[Mapping[str, Any], ...]:
        """The tile map of art/tiles.yaml: code, region, column and row of each département. Empty without the file."""
        if not self.find("art/tiles.yaml"):
            return ()
        return tuple(tile.model_dump() for tile in self._read("art/tiles.yaml", _TILES)["tiles"])

    def labels(self, *languages: str) -> Mapping[str, str]:
        """The labels in the first of these languages (or main subtags) that the layout has, else in English.

        A project's own labels.yaml need not repeat the words that stay; nor that of a copied layout.
        """
        language = self.language_of(*languages)
        if language not in self.words:
            raise LivretError(
                say(
                    "labels.yaml of the layout {name} has neither {languages} nor en",
                    name=self.name,
                    languages=listed(languages, "nor"),
                )
            )
        return self.words[language]

    def language_of(self, *languages: str) -> str:
        """The first of these languages (or main subtags) that the layout has labels in, else English."""
        return next((language for language in with_main_subtags(languages) if language in self.words), "en")

    @cached_property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The labels by language: those of Livret, and in their place those of the project.

        A copy of a layout that leaves words out has those of the layout that it was copied from.
        """
        if not self.find("labels.yaml"):
            raise LivretError(say('the layout "{name}" has no labels.yaml', name=self.name))
        copied = self.project.layout_folders(self.file.like) if self.file.like else ()
        return self._read_words("labels.yaml", (*self.folders, *copied))

    def theme_colours(self, themes: Iterable[tuple[str, str | None]]) -> Mapping[str, ThemeColours]:
        """For each (theme id, own colour or None) its colours in this layout."""
        return colours_of_themes(themes, self.colours.rgb, self.file.theme_colours, self.name)

    def tokens(self, binding: Binding = "left") -> Stylesheet:
        """Measures and palette as CSS for a book bound on a side: page size, bleed, margins, custom properties."""
        spec = self.file
        margins = spec.margins
        sizes = spec.type.items()
        head_foot = f"margin-top: {margins.head:g}mm; margin-bottom: {margins.foot:g}mm"
        known = lengths(spec, self.pictures, self.measures, binding)
        measures = " ".join(f"--{name}: {length};" for name, length in known.items())
        lines = [
            # The boxes of a page do not see the properties of the root.
            f"@page {{ {measures} }}",
            f"@page {{ size: {spec.trim.width:g}mm {spec.trim.height:g}mm; bleed: {spec.bleed:g}mm; {head_foot} }}",
            f"@page :left {{ margin-left: {margins.outer:g}mm; margin-right: {margins.inner:g}mm }}",
            f"@page :right {{ margin-left: {margins.inner:g}mm; margin-right: {margins.outer:g}mm }}",
            ":root {",
            *(f"  --colour-{name}: {rgb};" for name, rgb in self.colours.rgb.items()),
            f"  --cover-ground: {self.colours.cover}; --on-cover: {self.colours.on_cover};",
            f"  {measures}",
            *(f"  --type-{name}: {size:g}pt; --leading-{name}: {leading:g}pt;" for name, (size, leading) in sizes),
            "}",
            # What Livret marks in texts: numbers and names of places that stay whole, addresses that break after their
            # marks alone, words too long for a title.
            ".nobr, .place-name { hyphens: none; white-space: nowrap }",
            # An address is in pieces, which the engine would set from the right in a line that is read from there.
            ".address { direction: ltr; hyphens: none; overflow-wrap: normal }",
            # Elsewhere the engine breaks a piece at the end of a line, though it could break before it.
            ".long-piece { overflow-wrap: anywhere }",
            ".long-word { hyphens: auto; overflow-wrap: anywhere }",
            # The outline of the book is made from the flatplan.
            "h1, h2, h3, h4, h5, h6 { bookmark-level: none }",
        ]
        return Stylesheet("layout.yaml", "\n".join(lines), None)

    def stylesheets(self, kind: str, binding: Binding = "left") -> tuple[Stylesheet, ...]:
        """The style sheets of a kind of part in the order of the cascade: tokens, base.css, _KIND.css, KIND.css.

        Names that begin with _ are of files that layouts share.
        """
        sheets = [self.tokens(binding)]
        kinds = (*([LIKE[kind]] if kind in LIKE else ()), kind)
        for name in ("base", *(name for one in kinds for name in (f"_{one}", one))):
            path = self.find(f"{name}.css")
            if path is not None:
                sheets.append(Stylesheet(self.project.shown(path), self.project.read_text(path), path.parent))
        return tuple(sheets)


def _of_field(path: tuple[str | int, ...], words: Text) -> Text:
    """What is said of a field, after its name, such as `trim.width`."""
    return joined([".".join(map(str, path)), words], ": ") if path else words
