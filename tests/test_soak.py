"""A short soak: see `soak.py`, which can go on for hours.

Slow, because each turn is a build or more. Those that are disturbed are programs of their own; the others run here.
"""

from __future__ import annotations

import pytest

from press import livret_here
from soak import HOSTILE, KILLS, Soak


@pytest.fixture(scope="module")
def soak(tmp_path_factory: pytest.TempPathFactory) -> Soak:
    return Soak(tmp_path_factory.mktemp("soak"), 2019, livret_here)


@pytest.mark.parametrize("turn", range(3))
def test_thirty_damages_of_the_store_heal(soak: Soak, turn: int) -> None:
    assert len(soak.damage(10)) == 10


@pytest.mark.parametrize("whom", KILLS)
def test_a_build_that_is_killed_at_any_moment_loses_nothing(soak: Soak, whom: str) -> None:
    soak.kill(whom)


def test_two_builds_at_once_give_the_same_bytes(soak: Soak) -> None:
    soak.crowd(2, from_nothing=True)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_fails_its_build_and_nothing_else(soak: Soak, name: str) -> None:
    soak.feed(name)
