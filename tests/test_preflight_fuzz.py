"""Preflight gives a verdict on any file, soon. `make fuzz` runs longer."""

from __future__ import annotations

from pathlib import Path

import pytest

import fuzz


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_a_damaged_file_has_a_verdict(kind: str, tmp_path: Path) -> None:
    turns = 1 if kind in fuzz.ONCE else 12
    assert [told for seed in range(turns) for told in fuzz.turn(kind, seed, tmp_path)] == []
