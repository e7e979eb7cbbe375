"""The line of a field, for findings that are made when its file was read long ago."""

from __future__ import annotations

from pathlib import Path

import pytest

from livret.control.field_lines import field_line
from livret.findings import Location

CARD = """\
pilot: {name: Kodiko}
description: |
  Un premier alinéa, sur une
  seule ligne.

  - un **point** et [un lien](https://example.org/x)
  - un autre point
results: >-
  Des résultats,
  sur deux lignes.
contacts:
  - name: Ada
  - name: Bea
    phones: ["01 99 00 12 34",
             "01 99 00 56 78"]
signature:
  name: Ada
  role: Directrice
"""


@pytest.mark.parametrize(
    ("field", "words", "line"),
    [
        ("pilot.name", "Kodiko", 1),
        ("description", "seule ligne.", 4),
        ("description", "une seule ligne.", 3),
        ("description", "point et un lien", 6),
        ("description", "lien", 6),
        ("description", "autre point", 7),
        # Words that are not there as they are read: the first line of the field.
        ("description", "tout autre chose", 3),
        ("results", "deux lignes", 8),
        ("contacts.name", "Bea", 13),
        ("contacts.phones", "01 99 00 56 78", 15),
        ("signature", "Directrice", 18),
    ],
)
def test_the_line_of_the_words_of_a_field_is_found(tmp_path: Path, field: str, words: str, line: int) -> None:
    path = tmp_path / "kodiko.yaml"
    path.write_text(CARD, encoding="utf-8")
    assert field_line({"kodiko.yaml": path}, field, words) == Location("kodiko.yaml", line)


def test_a_field_that_a_translation_does_not_have_is_found_in_its_file(tmp_path: Path) -> None:
    whole, other = tmp_path / "kodiko.yaml", tmp_path / "kodiko.en.yaml"
    whole.write_text(CARD, encoding="utf-8")
    other.write_text("description: A first paragraph.\n", encoding="utf-8")
    files = {"kodiko.en.yaml": other, "kodiko.yaml": whole}
    assert field_line(files, "description", "first paragraph") == Location("kodiko.en.yaml", 1)
    assert field_line(files, "contacts.name", "Ada") == Location("kodiko.yaml", 12)


def test_a_field_or_a_file_that_is_not_there_has_no_line(tmp_path: Path) -> None:
    path = tmp_path / "kodiko.yaml"
    path.write_text(CARD, encoding="utf-8")
    assert field_line({"kodiko.yaml": path}, "summary", "Ada") is None
    assert field_line({"gone.yaml": tmp_path / "gone.yaml"}, "summary", "Ada") is None
