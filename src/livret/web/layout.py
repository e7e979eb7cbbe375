"""The web layout: the files of `layouts/web/`, with palette and drawings of the edition's own layout.

Templates, style sheets and the script come from `layouts/web/` (the project's own first). Palette and drawings come
from the printed layout, so that both editions look alike. `words.yaml` adds to the labels of the printed layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from pydantic import TypeAdapter

from livret.content.contrast import mixed, on, readable, readable_on_dark, tint
from livret.content.language_tags import with_main_subtags
from livret.content.messages import listed
from livret.findings import LivretError
from livret.pages.layout import Layout
from livret.pages.layout_file import PictureSettings
from livret.translation import say

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


# The colours of the page for readers who ask for a dark one. `logo` stays white: logos are drawn for paper.
DARK = {"paper": "#15181d", "black": "#ececec", "grey": "#a6abb3", "rule": "#4d535c", "ground": "#20252c"}
# How much of a theme's colour a panel has on dark paper.
DARK_TINT = 0.2
# WCAG 2.1, 1.4.11 Non-text Contrast.
ENOUGH_FOR_SIGNS = 3.0


class WebLayout(Layout):
    """The web layout on top of a printed one."""

    OVER = (NAME,)

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
            raise LivretError(say("the layout {name} has no {file}", name=NAME, file=name))
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
            raise LivretError(
                say(
                    "words.yaml of the layout {name} has neither {languages} nor en",
                    name=NAME,
                    languages=listed(languages, "nor"),
                )
            )
        return {**printed[language], **own[language]}

    @property
    def map_dots(self) -> str:
        """The colour of what a card's map shows around the card's places."""
        return self.colours.rgb.get("rule", BASIC["rule"])

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
        light = {
            theme: {
                "theme": colour,
                "theme-tint": pale,
                "theme-text": readable(colour, pale, paper),
                "on-theme": on(colour),
            }
            for theme, (colour, pale) in themes.items()
        }
        dark = "\n".join(self._dark(themes))
        # On paper the colours are the light ones, whatever the reader's scheme.
        return f"{_rules(colours, light)}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"

    def _dark(self, themes: Mapping[str, tuple[str, str]]) -> Iterator[str]:
        """The same for readers who ask for a dark page. Head and foot, which are dark or chosen, stay as they are."""
        paper, ground = DARK["paper"], DARK["ground"]
        ink = readable_on_dark(self.colour("ink"), paper, ground)
        chosen = {}
        for theme, (colour, _) in themes.items():
            fill = readable_on_dark(colour, paper, ratio=ENOUGH_FOR_SIGNS)
            tint = mixed(colour, paper, DARK_TINT)
            text = readable_on_dark(colour, tint, paper)
            chosen[theme] = {"theme": fill, "theme-tint": tint, "theme-text": text, "on-theme": on(fill)}
        yield _rules({**DARK, "ink": ink, "on-ink": on(ink)}, chosen)
        # The dots of the map have the colour of the printed layout.
        yield f'.locator [fill="{self.map_dots}"] {{ fill: var(--rule) }}'


def _rules(colours: Mapping[str, str], themes: Mapping[str, Mapping[str, str]]) -> str:
    """Custom properties: those of the page, and a class for each theme."""
    classes = {":root": colours} | {f".theme-{theme}": values for theme, values in themes.items()}
    return "\n".join(
        f"{name} {{ {'; '.join(f'--{key}: {value}' for key, value in values.items())} }}"
        for name, values in classes.items()
    )
