"""What the two gates let through, what they stop, and what the user is told."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from dagster import AssetCheckSeverity

from tests.conftest import Ran, RunCli
from tests.integration.conftest import NIGHT, bars_to, latest_check, next_day_bars
from tests.limits import HANG_SECONDS
from yanbao.base.settings import PROJECT_ROOT
from yanbao.intake.landing import land_reply
from yanbao.quality.gating import gate_pending
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore
from yanbao.sources.call import Reply
from yanbao.warehouse.store import WorkStore

pytestmark = [pytest.mark.slow]

COPIED = (
    "yanbao",
    "orchestration",
    "expectations",
    "reports",
    "models",
    "dbt_project",
    "sample_data",
)


def current_id(home: Path) -> str:
    return ReleaseStore(home / "releases").current().release_id


@dataclass(frozen=True)
class HeldDesk:
    """A desk after a night to 2024-11-01 whose bars came with every price times 100."""

    home: Path
    night: Ran


@pytest.fixture(scope="module")
def held_desk(
    desk_template: Path,
    copy_home: Callable[[Path, Path], Path],
    run_cli: RunCli,
    tmp_path_factory: pytest.TempPathFactory,
) -> HeldDesk:
    """One state folder for the story of a held file, told by the next three tests in order."""
    folder = tmp_path_factory.mktemp("held")
    home = copy_home(desk_template, folder / "desk")
    path = next_day_bars(folder, "a_share_bars_2024-11-01.csv", 100)
    assert run_cli("import", str(path), home=home).code == 0
    night = run_cli(*NIGHT, "--as-of", "2024-11-01", home=home)
    return HeldDesk(home, night)


def test_prices_times_100_wait_for_a_person_and_the_night_goes_on_stale(
    held_desk: HeldDesk,
) -> None:
    night = held_desk.night
    assert night.code == 3, night.err
    (line,) = [text for text in night.err.splitlines() if "a_share_bars" in text]
    for word in ("a_share_bars", "2024-11-01", "scale", "100", "stale"):
        assert word in line, line
    stored = RawZone(held_desk.home / "raw").loads("a_share_bars")[-1]
    assert stored.status == "held"
    assert stored.frame_path.exists()
    release = ReleaseStore(held_desk.home / "releases").current()
    # The other datasets have no rows of that day either, and wait for nobody.
    reasons = {one["dataset"]: one["reason"] for one in release.manifest["stale"]}
    assert [name for name, reason in reasons.items() if "scale" in reason] == ["a_share_bars"]
    assert bars_to(held_desk.home) == "2024-10-31"


def test_a_stale_dataset_blocks_after_its_allowance(
    held_desk: HeldDesk, run_cli: RunCli
) -> None:
    before = current_id(held_desk.home)
    night = run_cli(*NIGHT, "--as-of", "2024-11-08", home=held_desk.home)
    assert night.code == 4, night.err
    assert "longer than allowed" in night.err
    assert len(night.err.strip().splitlines()) == 1
    assert current_id(held_desk.home) == before


def test_a_repaired_file_ends_the_staleness(
    held_desk: HeldDesk, run_cli: RunCli, tmp_path: Path
) -> None:
    good = next_day_bars(tmp_path, "a_share_bars_good.csv", 1.002)
    assert run_cli("import", str(good), home=held_desk.home).code == 0
    night = run_cli(*NIGHT, "--as-of", "2024-11-01", home=held_desk.home)
    # Bars are whole again; the indices and fixings of that day were never dropped in.
    assert night.code == 3, night.err
    stale = [line.split(": ")[1] for line in night.err.splitlines()]
    assert stale == ["hk_stock_bars", "index_bars", "fx_fixings"]
    assert bars_to(held_desk.home) == "2024-11-01"


def test_a_decision_on_a_held_file_is_recorded_with_its_reason(
    desk_template: Path,
    copy_home: Callable[[Path, Path], Path],
    run_cli: RunCli,
    tmp_path: Path,
) -> None:
    home = copy_home(desk_template, tmp_path / "desk")
    path = next_day_bars(tmp_path, "a_share_bars_2024-11-01.csv", 100)
    assert run_cli("import", str(path), home=home).code == 0
    gate_pending(RawZone(home / "raw"), WorkStore(home / "work"), lambda _: None)
    load_id = RawZone(home / "raw").loads("a_share_bars")[-1].load.load_id
    decided = run_cli("hold", "accept", load_id, "--reason", "checked by hand", home=home)
    assert decided.code == 0, decided.err
    decision = RawZone(home / "raw").decision(load_id)
    assert decision is not None
    assert decision["reason"] == "checked by hand"


def test_a_feed_with_a_duplicated_key_is_rejected_kept_and_named(
    desk: Path, run_cli: RunCli
) -> None:
    day = date(2024, 11, 1)
    frame = pd.DataFrame(
        {
            "日期": [day, day],
            "中国国债收益率10年": [2.10, 2.20],
            "美国国债收益率10年": [4.20, 4.30],
        }
    )
    reply = Reply(
        source="eastmoney_rates",
        dataset="government_yields",
        function="bond_zh_us_rate",
        arguments={"start_date": "20241025"},
        frame=frame,
        announced_total=None,
        library_version="1.19.5",
        host="datacenter.eastmoney.com",
        requests=2,
    )
    land_reply(RawZone(desk / "raw"), reply, "2024-11-01")
    night = run_cli(*NIGHT, "--as-of", "2024-11-01", home=desk)
    assert night.code == 3, night.err
    (line,) = [text for text in night.err.splitlines() if "government_yields" in text]
    for word in ("government_yields", "2024-11-01", "unique", "rows"):
        assert word in line, line
    stored = RawZone(desk / "raw").loads("government_yields")[-1]
    assert stored.status == "rejected"
    assert stored.frame_path.exists()


@pytest.fixture
def broken_checkout(tmp_path: Path) -> Path:
    """A copy of the checkout, to break on purpose."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in COPIED:
        shutil.copytree(
            PROJECT_ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("dbt_project.yml", "profiles.yml", ".dbtignore"):
        shutil.copy(PROJECT_ROOT / name, root)
    return root


def run_in(root: Path, home: Path, *words: str) -> Ran:
    """A command of the packages of another checkout."""
    folders = (root, root / "expectations", root / "orchestration")
    done = subprocess.run(
        [sys.executable, "-m", "yanbao.cli.main", "--home", str(home), *words],
        cwd=root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, folders))},
        capture_output=True,
        text=True,
        check=False,
        timeout=HANG_SECONDS,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def test_a_mart_broken_on_purpose_blocks_and_current_stays(
    desk: Path, broken_checkout: Path
) -> None:
    before = current_id(desk)
    mart = broken_checkout / "models" / "marts" / "report" / "theme_fund_returns.sql"
    text = mart.read_text(encoding="utf-8")
    assert "    judged.nav," in text
    mart.write_text(
        text.replace("    judged.nav,", "    -judged.nav as nav,"), encoding="utf-8"
    )
    night = run_in(broken_checkout, desk, *NIGHT, "--as-of", "2024-10-31")
    assert night.code == 4, night.err
    assert "theme_fund_returns" in night.err
    assert "nav" in night.err
    assert "Traceback" not in night.err
    assert current_id(desk) == before
    check = latest_check(desk, "report", "theme_fund_returns", "release_gate")
    assert not check.passed
    assert check.severity == AssetCheckSeverity.ERROR
    failing: Any = check.metadata["rows: range(nav)"].value
    assert failing.records[0].data["nav"].startswith("-")
    assert latest_check(desk, "report", "index_changes", "release_gate").passed


def test_a_check_that_cannot_run_blocks_in_other_words(
    desk: Path, broken_checkout: Path
) -> None:
    before = current_id(desk)
    rules = broken_checkout / "models" / "marts" / "report" / "theme_fund_returns.yml"
    text = rules.read_text(encoding="utf-8")
    assert "nav is not null" in text
    rules.write_text(text.replace("nav is", "nav_that_is_not_there is"), encoding="utf-8")
    night = run_in(broken_checkout, desk, *NIGHT, "--as-of", "2024-10-31")
    assert night.code == 4, night.err
    assert "could not" in night.err
    assert current_id(desk) == before
