"""What a night keeps of its build: nothing that a failed proof could be forgotten by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from yanbao.base.errors import ThemesRefusedError
from yanbao.base.settings import Settings
from yanbao.nightly.steps import KNOWN_CODES, NightlySteps
from yanbao.warehouse.code_version import code_version
from yanbao.warehouse.dbt_runner import DbtProject, NodeResult
from yanbao.warehouse.store import Parameters

PARAMETERS = Parameters(date(2024, 10, 31))


def outcome_of(name: str, status: str, failing_sql: str = "", failures: int = 0) -> NodeResult:
    return NodeResult(name, "test", name, status, "", failures, 0.0, None, failing_sql)


class Built(DbtProject):
    """A dbt that builds nothing and whose tests end as they are told."""

    nodes: Sequence[NodeResult] = ()

    def run(self, command: str, *arguments: str, check: bool = True) -> list[NodeResult]:
        return [*self.nodes] if command == "build" else []


@pytest.fixture
def night(tmp_path: Path) -> NightlySteps:
    night = NightlySteps(Settings(tmp_path), "sample")
    night.recover()
    night.dbt = Built(night.store)
    return night


def rebuild(night: NightlySteps, *nodes: NodeResult) -> bool:
    """Run a build with these tests; whether the night took it for a rebuild."""
    night.dbt.nodes = nodes  # type: ignore[attr-defined]
    is_rebuild = night.prepare_models()
    night.transform(PARAMETERS, is_rebuild=is_rebuild)
    return is_rebuild


@pytest.mark.parametrize("status", ["fail", "error", "skipped"])
def test_rebuild_with_a_proof_that_did_not_pass_is_proven_again_next_time(
    night: NightlySteps, status: str
) -> None:
    assert rebuild(night, outcome_of("unique_on_funds", status))
    assert night.store.built_version() is None
    assert rebuild(night, outcome_of("unique_on_funds", "pass"))
    assert night.store.built_version() == code_version()
    assert not rebuild(night, outcome_of("unique_on_funds", "pass"))


def test_failed_test_of_a_plain_night_does_not_rebuild_the_store(night: NightlySteps) -> None:
    rebuild(night)
    rebuild(night, outcome_of("unique_on_pool", "fail"))
    assert night.store.built_version() == code_version()


def test_unknown_codes_are_named_and_refused_until_they_are_mended(night: NightlySteps) -> None:
    rows = (
        "select * from (values ('pools.csv', 'arms', '600999.SH')) as t(file, belongs_to, code)"
    )
    refused = outcome_of(KNOWN_CODES, "fail", rows, failures=3)
    for _ in range(2):
        with pytest.raises(
            ThemesRefusedError, match=r"600999\.SH \(pools\.csv, arms\).*2 more"
        ):
            rebuild(night, refused)
    assert night.store.built_version() is None
