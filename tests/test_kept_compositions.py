"""Compositions that are kept: what did not change is not composed again, and whatever can change a byte is noticed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from conftest import CatalogueFolder
from damages import DAMAGES
from livret.pages.compose.composer import Composer
from livret.pages.compose.kept import Compositions, files_digest
from livret.pages.compose.templates import Templates
from livret.pages.flatplan import Side, select
from livret.pages.galley import Galley
from livret.pages.layout import Layout
from livret.pages.pagination import paginate
from livret.pages.pool.store import Store
from livret.project import installed


@dataclass
class Composing:
    """Composes the cards of a project, each time as a new command does, and tells which were composed anew."""

    folder: CatalogueFolder
    rendered: list[str]
    surroundings: str = "one"
    edition: str = "full"
    sides: dict[str, tuple[Side, ...]] = field(default_factory=dict)

    def galleys(self, *, kept: bool = True) -> dict[str, Galley]:
        project = self.folder.project
        edition = select(self.folder.catalogue(), self.edition)
        layout = Layout.of(project, edition)
        compositions = Compositions(Store(project), self.surroundings) if kept else None
        composer = Composer(project, edition, layout, compositions=compositions)
        parts = layout.flatplan(edition)
        cards: tuple[Side, ...] = ("verso", "recto")
        pagination = paginate(parts, {part.anchor: self.sides.get(part.anchor, cards) for part in parts})
        return {part.anchor: composer.galley(part, pagination)[0] for part in parts if part.kind == "card"}

    def anew(self) -> list[str]:
        """The cards that are composed anew, of which none may be otherwise than without anything kept."""
        self.rendered.clear()
        found = self.galleys()
        anew = list(self.rendered)
        assert found == self.galleys(kept=False)
        return anew


@pytest.fixture
def composing(catalogue_folder: CatalogueFolder, monkeypatch: pytest.MonkeyPatch) -> Composing:
    rendered: list[str] = []
    real = Templates.render

    def render(self: Templates, kind: str, variables: dict[str, Any]) -> str:
        rendered.append(variables["part"]["anchor"])
        return real(self, kind, variables)

    monkeypatch.setattr(Templates, "render", render)
    return Composing(catalogue_folder, rendered)


BOTH = ["card-aajt", "card-kodiko"]


def test_a_card_is_composed_once(composing: Composing) -> None:
    assert composing.anew() == BOTH
    assert composing.anew() == []


def test_an_edited_card_alone_is_composed_anew(composing: Composing) -> None:
    composing.anew()
    composing.folder.change("initiatives/kodiko.yaml", "salariés", "employés")
    assert composing.anew() == ["card-kodiko"]


def test_a_line_added_above_changes_no_other_card(composing: Composing) -> None:
    composing.anew()
    composing.folder.write("images/unused.svg", "<svg/>")
    assert composing.anew() == []


def test_a_card_whose_reference_has_another_folio_is_composed_anew(composing: Composing) -> None:
    composing.anew()
    composing.sides = {"card-aajt": ("verso", "recto", "verso", "recto")}
    assert composing.anew() == ["card-aajt"]
    assert composing.anew() == []


def test_a_place_that_lies_in_another_one_now_is_noticed(composing: Composing) -> None:
    # The card names p; on its map q, which lies in it, is full too.
    places = "territories:\n  - {id: p, name: P}\n  - {id: other, name: Other}\n"
    places += "  - {id: q, name: Q, parent: p, tile: [1, 0]}\n  - {id: r, name: R, parent: other, tile: [0, 0]}\n"
    composing.folder.write("territories.yaml", places)
    composing.folder.change("initiatives/aajt.yaml", "[FR-PAC, FR-13]", "[p]")
    composing.anew()
    composing.folder.change("territories.yaml", "name: Q, parent: p", "name: Q, parent: other")
    composing.folder.change("territories.yaml", "name: R, parent: other", "name: R, parent: p")
    assert "card-aajt" in composing.anew()


def test_a_title_of_the_booklet_is_noticed(composing: Composing) -> None:
    composing.anew()
    file = composing.folder.path("catalogue.yaml")
    file.write_text(file.read_text(encoding="utf-8") + "subtitle: Un autre sous-titre\n", encoding="utf-8")
    assert composing.anew() == BOTH


def test_a_drawing_whose_bytes_changed_is_noticed(composing: Composing) -> None:
    composing.anew()
    wide = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 10"><path d="M0 0h90v10z"/></svg>'
    composing.folder.write("images/atelier.svg", wide)
    assert composing.anew() == ["card-aajt"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("layouts/forum/palette.yaml", "#", "# other\n#"),
        ("layouts/forum/labels.yaml", "fr:", "fr:  # other"),
        ("layouts/forum/card.html", "<", "<!-- other --><"),
        ("layouts/forum/_macros.html", "{%", "{# other #}{%"),
        ("layouts/forum/layout.yaml", "\n", "\n# other\n"),
        ("pictograms/emploi.svg", "<path", '<path data-x=""'),
    ],
)
def test_a_file_of_layout_or_pictograms_is_noticed(composing: Composing, name: str, old: str, new: str) -> None:
    top = name.split("/", maxsplit=1)[0]
    shutil.copytree(installed(top), composing.folder.root / top, dirs_exist_ok=True)
    composing.anew()
    path = composing.folder.root / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert composing.anew() == BOTH


def test_another_version_of_livret_or_of_a_package_is_noticed(composing: Composing) -> None:
    composing.anew()
    composing.surroundings = "two"
    assert composing.anew() == BOTH


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_what_is_damaged_is_composed_anew(composing: Composing, damage: Callable[[Path], object]) -> None:
    composing.anew()
    for path in sorted((composing.folder.project.output / ".store" / "composed").rglob("*")):
        if path.is_file():
            damage(path)
    assert composing.anew() == BOTH
    assert composing.anew() == []


def test_what_is_kept_under_a_right_seal_but_is_no_composition_is_composed_anew(composing: Composing) -> None:
    composing.anew()
    store = Store(composing.folder.project)
    for path in sorted((composing.folder.project.output / ".store" / "composed").rglob("*")):
        if path.is_file():
            store.put("composed", path.name, b"no composition")
    assert composing.anew() == BOTH


def test_the_digest_of_folders_follows_links_and_ends(tmp_path: Path) -> None:
    folder, other = tmp_path / "a", tmp_path / "b"
    folder.mkdir()
    other.mkdir()
    (other / "x.svg").write_text("one")
    (folder / "art").symlink_to(other)
    (other / "back").symlink_to(folder)
    before = files_digest(folder)
    (other / "x.svg").write_text("two")
    assert files_digest(folder) != before
