"""The content of a catalogue as its authors typed it, read without Livret: what the tests look for in the pages.

Of YAML only text is read (no dates, no numbers), and of Markdown only what the demonstration uses. So a field that
Livret's own reader loses is still looked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

# Fields whose text is Markdown.
MARKDOWN = frozenset("about partners summary description results body imprint".split())

# Names of the territories of the demonstration, as INSEE writes them.
PLACES = {
    "FR-02": "Aisne",
    "FR-05": "Hautes-Alpes",
    "FR-10": "Aube",
    "FR-13": "Bouches-du-Rhône",
    "FR-19": "Corrèze",
    "FR-25": "Doubs",
    "FR-30": "Gard",
    "FR-33": "Gironde",
    "FR-34": "Hérault",
    "FR-36": "Indre",
    "FR-37": "Indre-et-Loire",
    "FR-41": "Loir-et-Cher",
    "FR-44": "Loire-Atlantique",
    "FR-45": "Loiret",
    "FR-49": "Maine-et-Loire",
    "FR-54": "Meurthe-et-Moselle",
    "FR-59": "Nord",
    "FR-60": "Oise",
    "FR-62": "Pas-de-Calais",
    "FR-69": "Rhône",
    "FR-69M": "Métropole de Lyon",
    "FR-75C": "Paris",
    "FR-76": "Seine-Maritime",
    "FR-77": "Seine-et-Marne",
    "FR-80": "Somme",
    "FR-ARA": "Auvergne-Rhône-Alpes",
    "FR-BFC": "Bourgogne-Franche-Comté",
    "FR-CVL": "Centre-Val de Loire",
    "FR-GES": "Grand Est",
    "FR-HDF": "Hauts-de-France",
    "FR-IDF": "Île-de-France",
    "FR-NAQ": "Nouvelle-Aquitaine",
    "FR-NOR": "Normandie",
    "FR-OCC": "Occitanie",
    "FR-PAC": "Provence-Alpes-Côte d'Azur",
    "FR-PDL": "Pays de la Loire",
}

# The region of each of these departments (INSEE, Code officiel géographique).
REGIONS = {
    "FR-ARA": "FR-69 FR-69M",
    "FR-BFC": "FR-25",
    "FR-CVL": "FR-36 FR-37 FR-41 FR-45",
    "FR-GES": "FR-10 FR-54",
    "FR-HDF": "FR-02 FR-59 FR-60 FR-62 FR-80",
    "FR-IDF": "FR-75C FR-77",
    "FR-NAQ": "FR-19 FR-33",
    "FR-NOR": "FR-76",
    "FR-OCC": "FR-30 FR-34",
    "FR-PAC": "FR-05 FR-13",
    "FR-PDL": "FR-44 FR-49",
}
REGION_OF = {code: region for region, codes in REGIONS.items() for code in [region, *codes.split()]}

File = dict[str, Any]


@dataclass(frozen=True)
class RawContent:
    """The files of a catalogue, by the names they are known by."""

    publication: File
    foreword: File | None
    pages: Mapping[str, File]
    partners: Mapping[str, File]
    cards: Mapping[str, File]

    @property
    def themes(self) -> dict[str, str]:
        """The name of each theme by its id."""
        return {theme["id"]: theme["name"] for theme in self.publication["themes"]}


def raw_content(catalogue: Path) -> RawContent:
    """Read the folder of a catalogue."""

    def read(path: Path) -> File:
        file = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        assert isinstance(file, dict), path
        return file

    def folder(name: str) -> dict[str, File]:
        return {path.stem: read(path) for path in sorted((catalogue / name).glob("*.yaml"))}

    foreword = catalogue / "foreword.yaml"
    return RawContent(
        publication=read(catalogue / "catalogue.yaml"),
        foreword=read(foreword) if foreword.exists() else None,
        pages=folder("pages"),
        partners=folder("partners"),
        cards=folder("initiatives"),
    )


def blocks(markdown: str) -> list[str]:
    """The paragraphs, headings and entries of lists of a Markdown text, without its marks."""
    # An entry begins with a mark, at any depth; what is below it without a mark goes on.
    entries = re.sub(r"\n+ *(?:-|\d+\.) +", "\n\n", f"\n{markdown.strip()}")
    plain = (re.sub(r"\*\*|\[|\]\([^)]*\)", "", block) for block in re.split(r"\n\s*\n", entries))
    return [" ".join(block.split()) for block in plain if block.strip()]
