"""A prepared desk for the cases: small files that went wrong once, each with its answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.desk import Desk, prepare
from tests.conftest import MadeOnce


@pytest.fixture
def desk(made_once: MadeOnce, tmp_path: Path) -> Desk:
    """A state folder that holds no data yet."""
    return Desk(tmp_path / "desk", made_once("prepared_desk", prepare))
