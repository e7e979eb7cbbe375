"""The demonstration catalogue as everyone may read it: its editions are PDF/UA-1 in every layout.

Slow, because it is many books: the editions that differ in more than the cards they choose. `LIVRET_EVERYTHING=1` looks
at every edition in every layout.

Two judges: veraPDF, and Livret's own rules for what veraPDF does not see.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from livret.control import preflight
from press import TOP, livret_here
from verapdf import assert_compliant

LAYOUTS = sorted(path.parent.name for path in (TOP / "layouts").glob("*/layout.yaml"))

# Four cards, with all that editions of the demonstration have of their own: a cover, a foreword, an ISBN and blank
# fillers; other sections and another language, where `english` would set all cards again.
SMALL = {
    "test-cover": """\
title: Un choix
subtitle: pour l'accueil et l'intégration des personnes réfugiées, dans la région et dans toute la France
territories: [FR-IDF]
national: false
partners: [diair, hcr]
foreword: editions/forewords/paca.yaml
filler: blank
cover:
  image: {file: images/cover-paca.svg, focus: [0.5, 1]}
  credit: Dessin fait pour ce catalogue de démonstration
legal:
  isbn: 978-67-00000-01-4
""",
    "test-english": """\
title: Some of them
territories: [FR-IDF]
national: false
language: en
foreword: editions/forewords/english.yaml
sections: [cover, imprint, foreword, legend, contents, initiatives, index, back-cover]
""",
}

# In one layout all cards and English. The other editions differ from these in the cards and partners that they choose;
# tests/test_language_editions.py looks at another language in pocket.
DIFFERENT = {"forum": ("full", *SMALL), "pocket": ("test-cover",)}


@pytest.fixture(scope="module")
def editions(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    """Editions of the demonstration catalogue, and small ones, in every layout that they can be set in."""
    root = tmp_path_factory.mktemp("pdfua")
    shutil.copytree(TOP / "catalogue", root / "catalogue")
    # What the edition `full` is made of is not typeset again.
    shutil.copytree(built_demonstration / "output" / ".store", root / "forum" / ".store")
    for name, content in SMALL.items():
        (root / "catalogue" / "editions" / f"{name}.yaml").write_text(content, encoding="utf-8")
    found = {}
    for layout in LAYOUTS:
        names = ("--all",) if "LIVRET_EVERYTHING" in os.environ else DIFFERENT[layout]
        done = livret_here("-C", root, "-o", root / layout, "build", *names, "--for", "screen", "--layout", layout)
        assert done.code == 0, done.err
        found[layout] = tuple(sorted((root / layout).glob("*/*-screen.pdf")))
    return found


def test_both_layouts_are_looked_at(editions: dict[str, tuple[Path, ...]]) -> None:
    assert set(editions) == {"forum", "pocket"}
    for layout, different in DIFFERENT.items():
        assert {f"{name}-screen.pdf" for name in different} <= {path.name for path in editions[layout]}


def test_verapdf_finds_every_edition_compliant(editions: dict[str, tuple[Path, ...]]) -> None:
    assert_compliant([path for files in editions.values() for path in files], "ua1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_our_own_rules_find_nothing_in_any_edition(editions: dict[str, tuple[Path, ...]], layout: str) -> None:
    found = [finding for path in editions[layout] for finding in preflight.check(path, shown=path.name)]
    told = [one.text() for one in found]
    assert not told, "\n".join(told)
