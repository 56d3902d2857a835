"""What a run keeps of its build: nothing that a failed proof could be forgotten by."""

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
from yanbao.warehouse.store import Parameters, begin_build

PARAMETERS = Parameters(date(2024, 10, 31))
NEXT_DAY = Parameters(date(2024, 11, 1))


def outcome_of(name: str, status: str, failing_sql: str = "", failures: int = 0) -> NodeResult:
    return NodeResult(name, "test", name, status, "", failures, 0.0, None, failing_sql)


class Built(DbtProject):
    """A dbt that builds nothing and whose tests end as a test says."""

    nodes: Sequence[NodeResult] = ()
    builds = 0

    def run(self, command: str, *arguments: str, check: bool = True) -> list[NodeResult]:
        self.builds += command == "build"
        return [*self.nodes] if command == "build" else []


@pytest.fixture
def steps(tmp_path: Path) -> NightlySteps:
    steps = NightlySteps(Settings(tmp_path), "sample")
    steps.recover()
    steps.dbt = Built(steps.store)
    return steps


def rebuild(
    steps: NightlySteps, *nodes: NodeResult, parameters: Parameters = PARAMETERS
) -> bool:
    """Run a build with these tests; whether the run took it for a rebuild."""
    steps.dbt.nodes = nodes  # type: ignore[attr-defined]
    is_rebuild = steps.prepare_models()
    steps.transform(parameters, is_rebuild=is_rebuild)
    return is_rebuild


def builds(steps: NightlySteps) -> int:
    count: int = steps.dbt.builds  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize("status", ["fail", "error", "skipped"])
def test_rebuild_with_a_proof_that_did_not_pass_is_proven_again_next_time(
    steps: NightlySteps, status: str
) -> None:
    assert rebuild(steps, outcome_of("unique_on_funds", status))
    assert steps.store.built_version() is None
    assert rebuild(steps, outcome_of("unique_on_funds", "pass"))
    assert steps.store.built_version() == code_version()
    assert not rebuild(steps, outcome_of("unique_on_funds", "pass"))


def test_failed_test_of_an_ordinary_run_does_not_rebuild_the_store(steps: NightlySteps) -> None:
    rebuild(steps)
    rebuild(steps, outcome_of("unique_on_pool", "fail"), parameters=NEXT_DAY)
    assert steps.store.built_version() == code_version()


def test_marts_of_the_same_day_and_models_are_not_built_again(steps: NightlySteps) -> None:
    passed = outcome_of("unique_on_pool", "pass")
    rebuild(steps, passed)
    again = steps.transform(PARAMETERS, is_rebuild=False)
    assert (builds(steps), again.nodes, again.loads) == (1, (passed,), ())
    rebuild(steps, parameters=NEXT_DAY)
    assert builds(steps) == 2
    rebuild(steps)
    assert builds(steps) == 3


def test_marts_whose_test_did_not_pass_are_built_again(steps: NightlySteps) -> None:
    rebuild(steps)
    rebuild(steps, outcome_of("unique_on_pool", "error"), parameters=NEXT_DAY)
    rebuild(steps, parameters=NEXT_DAY)
    assert builds(steps) == 3


def test_marts_of_a_build_that_was_cut_short_are_built_again(steps: NightlySteps) -> None:
    rebuild(steps)
    with steps.store.connect() as connection:
        begin_build(connection, [])
    rebuild(steps)
    assert builds(steps) == 2


def test_unknown_codes_are_named_and_refused_until_corrected(
    steps: NightlySteps,
) -> None:
    rows = (
        "select * from (values ('pools.csv', 'arms', '600999.SH')) as t(file, belongs_to, code)"
    )
    refused = outcome_of(KNOWN_CODES, "fail", rows, failures=3)
    for _ in range(2):
        with pytest.raises(
            ThemesRefusedError, match=r"600999\.SH \(pools\.csv, arms\).*2 more"
        ):
            rebuild(steps, refused)
    assert steps.store.built_version() is None
