"""Where the findings of separated fragments point: at the line of a card that names the picture, or of a layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from livret.findings import Finding, Location
from livret.pages.galley import Fragment
from livret.project import Project


@dataclass(frozen=True)
class PressPlaces:
    """What the findings of an edition's fragments may point at.

    `sources` gives the file that a fragment is made from, `pictures` where it names each picture, by its path in the
    catalogue, and `colours` where the layout writes each colour in CMYK.
    """

    project: Project
    sources: Mapping[Path, Location]
    pictures: Mapping[Path, Mapping[str, Location]]
    colours: Mapping[str, Location]

    def names(self, fragment: Fragment) -> tuple[tuple[str, str], ...]:
        """The pictures of a fragment as messages name them, by their resource."""
        return tuple(
            (picture.name, self.project.shown(Path(picture.path)))
            for picture in fragment.facts.pictures
            if picture.name and picture.path
        )

    def place(self, fragment: Path, names: tuple[tuple[str, str], ...], finding: Finding) -> Location:
        """Where a finding of a fragment points; `names` are its pictures."""
        colour = finding.message.split(" has ")[0]
        if colour in self.colours:
            return self.colours[colour]
        pictures = self.pictures.get(fragment, {})
        for path, where in pictures.items():
            shown = self.project.shown(self.project.catalogue / path)
            if any(shown == picture and picture in finding.message for _, picture in names):
                return where
        return self.sources[fragment]
