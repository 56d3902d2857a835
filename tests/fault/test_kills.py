"""``kill -9`` anywhere in a night: ``current`` still opens, the next night ends the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from yanbao.base.settings import Settings
from yanbao.intake.landing import land_file
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore

from .killed_nights import KILLED, RunNight, current, hashes

pytestmark = pytest.mark.slow

TRANSFORM_POINTS = ("transform.before_dbt", "transform.after_dbt", "transform.before_mark")
PUBLISH_POINTS = (
    "publish.copied",
    "publish.hashed",
    "publish.filled",
    "publish.before_rename",
    "publish.before_pointer",
    "publish.after_pointer",
)
RESTATED = "998001.SH"
BARS = "index_code,trade_date,close,source_note\n998001.SH,2024-10-31,{close},样例\n"


@pytest.fixture(scope="module")
def built_home(
    sample_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """One state folder for the kills of this module, one after the other."""
    return copy_home(sample_home_template, tmp_path_factory.mktemp("kills") / "home")


@pytest.fixture(scope="module")
def undisturbed(sample_home_template: Path) -> dict[str, str]:
    return hashes(current(sample_home_template))


def test_rebuild_killed_at_every_step_of_the_transform_ends_with_the_same_hashes(
    built_home: Path, undisturbed: dict[str, str], night: RunNight
) -> None:
    before = current(built_home).release_id
    (built_home / "work" / "warehouse.duckdb").unlink()
    for point in TRANSFORM_POINTS:
        assert night(built_home, "build", point) == KILLED, point
        assert current(built_home).release_id == before
    assert night(built_home, "build") == 0
    assert night(built_home, "publish") == 0
    assert current(built_home).release_id > before
    assert hashes(current(built_home)) == undisturbed


@pytest.mark.parametrize("point", PUBLISH_POINTS)
def test_publish_killed_anywhere_leaves_current_whole_and_is_done_again(
    built_home: Path, undisturbed: dict[str, str], night: RunNight, point: str
) -> None:
    before = current(built_home)
    if not has_evidence(built_home):
        assert night(built_home, "build") == 0
    assert night(built_home, "publish", point) == KILLED
    after = current(built_home)
    is_swapped = point == "publish.after_pointer"
    assert (after.release_id > before.release_id) is is_swapped
    assert hashes(after) == undisturbed
    newest = ReleaseStore(built_home / "releases").ids()[-1]
    assert night(built_home, "publish") == 0
    assert current(built_home).release_id > newest
    assert hashes(current(built_home)) == undisturbed
    assert [p.name for p in (built_home / "releases").iterdir() if "tmp" in p.name] == []


def has_evidence(home: Path) -> bool:
    """Whether an earlier test of this module left a finished build to publish."""
    record = home / "work" / "built.json"
    return record.exists() and '"run_id": "fault-test"' in record.read_text(encoding="utf-8")


def test_two_versions_in_a_killed_build_are_not_counted_twice(
    built_home: Path, night: RunNight, tmp_path: Path
) -> None:
    settings = Settings(built_home)
    # So near that the gate takes the second for the first with more digits.
    for close in ("100.0", "100.05"):
        path = tmp_path / "index_bars.csv"
        path.write_text(BARS.format(close=close), encoding="utf-8")
        land_file(settings, path, source="sample")
    assert night(built_home, "build", "transform.before_mark") == KILLED
    assert night(built_home, "build") == 0
    assert night(built_home, "publish") == 0
    with duckdb.connect(str(current(built_home).warehouse), read_only=True) as connection:
        versions = connection.execute(
            "select version, close from core.index_bars where index_code = ? order by 1",
            [RESTATED],
        ).fetchall()
    assert versions == [(1, 100.0), (2, 100.05)]


def truncated_log(work: Path) -> None:
    """A store whose write-ahead log was cut, as by a power failure."""
    store = work / "warehouse.duckdb"
    with duckdb.connect(str(store)) as connection:
        connection.execute("set checkpoint_threshold = '1TB'")
        connection.execute("pragma disable_checkpoint_on_shutdown")
        connection.execute("create table left_over as select range as n from range(100000)")
    log = store.with_name(f"{store.name}.wal")
    content = log.read_bytes()
    log.write_bytes(content[: len(content) // 2])


def garbage(work: Path) -> None:
    (work / "warehouse.duckdb").write_bytes(b"not a database" * 4096)


@pytest.mark.parametrize("damage", [truncated_log, garbage], ids=lambda damage: damage.__name__)
def test_damaged_work_store_ends_with_the_same_hashes(
    sample_home: Path,
    undisturbed: dict[str, str],
    night: RunNight,
    damage: Callable[[Path], Any],
) -> None:
    damage(sample_home / "work")
    before = {s.load.load_id for s in RawZone(sample_home / "raw").loads()}
    assert night(sample_home, "build") == 0
    assert night(sample_home, "publish") == 0
    assert hashes(current(sample_home)) == undisturbed
    assert before <= {s.load.load_id for s in RawZone(sample_home / "raw").loads()}


def test_unreadable_work_store_is_kept_aside(sample_home: Path) -> None:
    from yanbao.nightly.steps import NightlySteps

    garbage(sample_home / "work")
    said: list[str] = []
    NightlySteps(Settings(sample_home), "sample", said.append).recover()
    kept = sample_home / "work" / "damaged-000"
    assert (kept / "warehouse.duckdb").read_bytes().startswith(b"not a database")
    assert (kept / "reason.txt").read_text(encoding="utf-8")
    assert "damaged-000" in said[0]
    assert (sample_home / "work" / "warehouse.duckdb").exists()


def test_first_night_killed_while_landing_ends_with_the_same_hashes_on_two_threads(
    run_cli: Callable[..., Any], tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    home = tmp_path / "home"
    killed = run_cli(
        "run",
        "--source",
        "sample",
        "-q",
        home=home,
        env={"YANBAO_FAULT": "raw.before_rename:9"},
    )
    assert killed.code == KILLED
    assert len(RawZone(home / "raw").loads()) == 8
    assert ReleaseStore(home / "releases").current_or_none() is None
    finished = run_cli("run", "-q", "--threads", "2", home=home)
    assert (finished.code, finished.err) == (0, "")
    assert hashes(current(home)) == undisturbed
