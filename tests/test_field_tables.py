"""docs/content.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import CatalogueFolder
from livret.content.schema import field_tables, introspection
from livret.content.schema.base import Entity
from livret.content.schema.model import CatalogueFile, EditionFile, EditorialPage, Initiative, Partner

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "content.md"
FRENCH = ROOT / "docs" / "content.fr.md"


@pytest.mark.parametrize("page", [PAGE, FRENCH], ids=["english", "french"])
def test_the_tables_are_those_of_the_model(page: Path) -> None:
    assert field_tables.main(["--check", str(page)]) == 0


def test_the_french_page_has_all_tables_of_the_english_one_in_french() -> None:
    tables = [re.findall("<!-- table: (.*) -->", page.read_text(encoding="utf-8")) for page in (PAGE, FRENCH)]
    assert sorted(tables[0]) == sorted(tables[1])
    french = FRENCH.read_text(encoding="utf-8")
    assert "| Champ | Ce qu’on écrit | À défaut | Sens |" in french
    assert "| `subtitle` | texte |  | Le sous-titre de la couverture. |" in french
    assert "The " not in french
    assert "required" not in french.replace("`required`", "")


def test_a_stale_table_is_found_and_written_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    page.write_text("Avant\n<!-- table: Cover -->\nvieux\n<!-- end -->\nAprès\n", encoding="utf-8")
    assert field_tables.main(["--check", str(page)]) == 1
    assert "--write" in capsys.readouterr().err
    assert field_tables.main(["--write", str(page)]) == 0
    assert field_tables.main(["--check", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    assert "vieux" not in text
    assert "| `credit` | text |" in text
    assert text.startswith("Avant\n")
    assert text.endswith("Après\n")


@pytest.mark.parametrize("model", [CatalogueFile, EditorialPage, Partner, Initiative, EditionFile])
def test_every_field_and_group_is_described(model: type[Entity]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    groups = [
        expected.item.model if expected.item else expected.model for expected in introspection.fields(model).values()
    ]
    for described in (model, *(group for group in groups if group)):
        assert f"<!-- table: {described.__name__} -->" in page
        for name in introspection.fields(described):
            description = described.model_fields[name].description
            assert description, f"{described.__name__}.{name} has no description"
            assert description.endswith(".")


def test_the_example_of_the_page_is_a_right_card(catalogue_folder: CatalogueFolder) -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    catalogue_folder.write("initiatives/aajt.yaml", example[1])
    assert catalogue_folder.findings() == ()
