"""Simulated nights of a seed keep to every invariant, and a bug that is planted is found.

Many more: ``make simulate``. The seed and the bugs are those of ``simulation``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from yanbao.sources.akshare_library import Library

from .simulated_world import World, world
from .simulation import simulate, told

pytestmark = [pytest.mark.slow]

SEED, NIGHTS = 1, 3


@pytest.fixture(scope="module")
def shared(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(library, tmp_path_factory.mktemp("simulation")) as made:
        yield made


def test_nights_of_a_seed_keep_to_every_invariant(shared: World, tmp_path: Path) -> None:
    found, tries = simulate(shared, SEED, NIGHTS, tmp_path)
    assert found is None, told(found, NIGHTS, "")
    assert tries >= NIGHTS


def test_a_wrong_base_day_is_found_and_told_with_its_replay(
    shared: World, tmp_path: Path
) -> None:
    found, _ = simulate(shared, SEED, NIGHTS, tmp_path, "wrong_base_day")
    assert found is not None
    assert found.violations[0][0] == "I0"
    assert told(found, NIGHTS, "wrong_base_day").endswith(
        f"replay: python -m tests.fault.simulation --seed {SEED} --nights {NIGHTS}"
        " --plant wrong_base_day"
    )
