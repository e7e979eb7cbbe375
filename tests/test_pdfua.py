"""The demonstration catalogue as everyone may read it: every edition in every layout is PDF/UA-1.

Two judges: veraPDF, and Livret's own rules for what veraPDF does not see.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from livret.control import preflight
from press import TOP, livret
from verapdf import assert_compliant

LAYOUTS = sorted(path.parent.name for path in (TOP / "layouts").glob("*/layout.yaml"))

EDITION = "title: Un choix\nterritories: [FR-IDF]\n"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    """Every edition of the demonstration catalogue, and a small one, in every layout that it can be set in."""
    root = tmp_path_factory.mktemp("pdfua")
    shutil.copytree(TOP / "catalogue", root / "catalogue")
    (root / "catalogue" / "editions").mkdir(exist_ok=True)
    (root / "catalogue" / "editions" / "test-choice.yaml").write_text(EDITION, encoding="utf-8")
    found = {}
    for layout in LAYOUTS:
        done = livret("-C", root, "-o", root / layout, "build", "--all", "--for", "screen", "--layout", layout)
        assert done.code == 0, done.err
        found[layout] = tuple(sorted((root / layout).glob("*/*-screen.pdf")))
    return found


def test_both_layouts_are_looked_at(editions: dict[str, tuple[Path, ...]]) -> None:
    assert {"forum", "pocket"} <= set(LAYOUTS)
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
