"""The web layout: the files of `layouts/web/`, with palette and drawings of the edition's own layout.

Templates, style sheets and the script come from `layouts/web/` (the project's own first). Palette and drawings come
from the printed layout, so that both editions look alike. `words.yaml` adds to the labels of the printed layout.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from pydantic import TypeAdapter

from livret.content.contrast import on, readable, tint
from livret.content.language_tags import with_main_subtags
from livret.content.schema.design import Colours
from livret.findings import LivretError
from livret.pages.layout import NO_COLOURS, Layout, PictureSettings
from livret.project import Project

NAME = "web"
STYLESHEETS = ("base.css", "frame.css", "finder.css", "card.css", "print.css")
SCRIPT = "finder.js"
ICON = "icon.svg"

# The printed layout whose words stand in for those that another lacks.
DEFAULT = "forum"

_FRAMES = TypeAdapter(PictureSettings)

# The colours that the style sheets need; these values are used where the layout's palette has no such colour.
BASIC = {
    "ink": "#0c2d64",
    "paper": "#ffffff",
    "black": "#000000",
    "grey": "#717171",
    "rule": "#bdbdbd",
    "ground": "#fff7ea",
}


class WebLayout(Layout):
    """The web layout on top of a printed one."""

    def __init__(self, project: Project, name: str, colours: Colours = NO_COLOURS) -> None:
        """Read the layout. Raises LivretError when the printed layout does not exist or a file has an error."""
        super().__init__(project, name, colours)
        self.folders = (*project.layout_folders(NAME), *self.folders)

    @cached_property
    def pictures(self) -> PictureSettings:
        """How pictures are framed on the page; the unit is the size of its text (rem)."""
        settings: PictureSettings = self._read("frames.yaml", _FRAMES)
        return settings

    @property
    def line(self) -> float:
        """Pictures of a page need not be as tall as whole lines."""
        return 0.01

    def text(self, name: str) -> str:
        """The text of a file of the layout. Raises LivretError when it is missing or not UTF-8."""
        path = self.find(name)
        if path is None:
            raise LivretError(f"the layout {NAME} has no {name}")
        return self.project.read_text(path)

    @cached_property
    def _words(self) -> tuple[Mapping[str, Mapping[str, str]], Mapping[str, Mapping[str, str]]]:
        """The printed words, and those of the web edition alone, by language.

        Words that the printed layout lacks are those of the default layout. A project's labels.yaml may hold any word
        of the web edition, too, so that a word is changed in one place.
        """
        shipped = self.project.layout_folders(DEFAULT)[-1:]
        usual = self._read_words("labels.yaml", shipped)
        typed = self._read_words("labels.yaml", self.folders)
        printed = {language: {**usual.get(language, {}), **words} for language, words in typed.items()}
        own = {
            language: {**words} | {name: word for name, word in typed.get(language, {}).items() if name in words}
            for language, words in self._read_words("words.yaml", self.folders).items()
        }
        return printed, own

    def language_of(self, *languages: str) -> str:
        """The first of these languages (or main subtags) that `words.yaml` has, else English."""
        wanted = with_main_subtags(languages)
        return next(
            (candidate for candidate in (*wanted, "en") if all(candidate in words for words in self._words)), "en"
        )

    def labels(self, *languages: str) -> Mapping[str, str]:
        """The labels of the printed layout and the words of the web edition, which come first, all in one language."""
        language = self.language_of(*languages)
        printed, own = self._words
        if language not in own or language not in printed:
            raise LivretError(f"words.yaml of the layout {NAME} has neither {' nor '.join(languages)} nor en")
        return {**printed[language], **own[language]}

    def colour(self, name: str) -> str:
        """A palette colour, or Livret's default if the layout has none of this name."""
        chosen = self.colours
        if chosen.is_chosen and name == "ink":
            return readable(chosen.cover, self.colour("paper"), self.colour("ground"))
        if chosen.is_chosen and name == "ground":
            return tint(chosen.cover)
        return chosen.rgb.get(name, BASIC[name])

    @property
    def cover(self) -> str:
        """The ground of the head and the foot of the page: what the catalogue chooses, else the layout's ink."""
        return self.colours.cover if self.colours.is_chosen else self.colour("ink")

    def custom_properties(self, themes: Mapping[str, tuple[str, str]]) -> str:
        """Palette and themes as CSS: for each theme its colour, its tint, a shade for text, the colour of text on it.

        They are CSS classes, because the page's policy forbids style attributes.
        """
        paper = self.colour("paper")
        colours = {name: self.colour(name) for name in BASIC}
        colours |= {"on-ink": on(colours["ink"]), "cover": self.cover, "on-cover": on(self.cover)}
        # Small grey text also stands on the warm background.
        colours["grey"] = readable(colours["grey"], paper, colours["ground"])
        lines = [":root {", *(f"  --{name}: {colour};" for name, colour in colours.items()), "}"]
        for theme, (colour, pale) in themes.items():
            text = readable(colour, pale, paper)
            named = {"theme": colour, "theme-tint": pale, "theme-text": text, "on-theme": on(colour)}
            values = "; ".join(f"--{name}: {value}" for name, value in named.items())
            lines.append(f".theme-{theme} {{ {values} }}")
        return "\n".join(lines)
