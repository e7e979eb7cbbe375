"""Where the findings of separated fragments point: at the line of a card that names the picture, or of a layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from livret.content.yaml import tree
from livret.content.yaml.reader import parse
from livret.findings import Finding, Location
from livret.pages.galley import Fragment
from livret.project import Project


@dataclass(frozen=True)
class PressPlaces:
    """What the findings of an edition's fragments may point at.

    `sources` gives the file that a fragment is made from, `colours` where the layout writes each colour in CMYK.
    """

    project: Project
    sources: Mapping[Path, Location]
    colours: Mapping[str, Location]
    _lines: dict[tuple[str, str], Location] = field(default_factory=dict)

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
        source = self.sources[fragment]
        if colour in self.colours:
            return self.colours[colour]
        for _, picture in names:
            if picture in finding.message:
                return self._line(source, picture)
        return source

    def _line(self, source: Location, picture: str) -> Location:
        """The line of a file on which a picture is named; the file alone, where it is not found."""
        key = (source.path, picture)
        if key not in self._lines:
            self._lines[key] = next(self._found(source, picture), source)
        return self._lines[key]

    def _found(self, source: Location, picture: str) -> Iterator[Location]:
        path = self.project.root / source.path
        if path.suffix not in (".yaml", ".yml") or not path.is_file():
            return
        root, _ = parse(self.project.read(path), source.path)
        for scalar in _scalars(root) if root is not None else ():
            if scalar.text.strip() and self.project.shown(self.project.catalogue / scalar.text.strip()) == picture:
                yield scalar.where


def _scalars(node: tree.Node) -> Iterator[tree.Scalar]:
    if isinstance(node, tree.Scalar):
        yield node
        return
    inner = [entry.value for entry in node.entries.values()] if isinstance(node, tree.Mapping) else node.items
    for one in inner:
        yield from _scalars(one)
