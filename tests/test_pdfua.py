"""The demonstration catalogue as everyone may read it: every edition, and every layout, is PDF/UA-1.

Slow, because it is many books: all editions in the layout `forum`, and in the other layouts the editions that differ in
more than the cards they choose. `LIVRET_EVERYTHING=1` looks at every edition in every layout.

Two judges: veraPDF, and Livret's own rules for what veraPDF does not see.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from livret.control import preflight
from press import TOP, livret
from verapdf import assert_compliant

LAYOUTS = sorted(path.parent.name for path in (TOP / "layouts").glob("*/layout.yaml"))

EDITION = "title: Un choix\nterritories: [FR-IDF]\n"

# All cards; another language; a layout of its own; other sections and blank fillers; a cover, a foreword and an ISBN of
# its own; few cards. The others differ from these in the cards and partners that they choose.
DIFFERENT = ("full", "english", "lien", "normandie", "paca", "test-choice")


@pytest.fixture(scope="module")
def editions(built_demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    """The editions of the demonstration catalogue, and a small one, in every layout that they can be set in."""
    root = tmp_path_factory.mktemp("pdfua")
    shutil.copytree(TOP / "catalogue", root / "catalogue")
    # What the edition `full` is made of is not typeset again.
    shutil.copytree(built_demonstration / "output" / ".store", root / "forum" / ".store")
    (root / "catalogue" / "editions").mkdir(exist_ok=True)
    (root / "catalogue" / "editions" / "test-choice.yaml").write_text(EDITION, encoding="utf-8")
    found = {}
    for layout in LAYOUTS:
        names = ("--all",) if layout == "forum" or "LIVRET_EVERYTHING" in os.environ else DIFFERENT
        done = livret("-C", root, "-o", root / layout, "build", *names, "--for", "screen", "--layout", layout)
        assert done.code == 0, done.err
        found[layout] = tuple(sorted((root / layout).glob("*/*-screen.pdf")))
    return found


def test_both_layouts_are_looked_at(editions: dict[str, tuple[Path, ...]]) -> None:
    assert {"forum", "pocket"} <= set(LAYOUTS)
    assert len(editions["forum"]) == len(list((TOP / "catalogue" / "editions").glob("*.yaml"))) + 2
    for files in editions.values():
        assert {"full-screen.pdf", "test-choice-screen.pdf"} <= {path.name for path in files}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_verapdf_finds_every_edition_compliant(editions: dict[str, tuple[Path, ...]], layout: str) -> None:
    assert_compliant(editions[layout], "ua1")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_our_own_rules_find_nothing_in_any_edition(editions: dict[str, tuple[Path, ...]], layout: str) -> None:
    found = [finding for path in editions[layout] for finding in preflight.check(path, shown=path.name)]
    told = [one.text() for one in found]
    assert not told, "\n".join(told)
