"""Back-fills against the stand-in: killed, out of budget, banned; never asked twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytest_socket import enable_socket
from yanbao_dagster.resources import StateFolderResource

from tests.limits import HANG_SECONDS
from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.cli.main import main
from yanbao.intake.backfill import History, fill, quarter_ends, request_for
from yanbao.nightly.steps import NightlySteps
from yanbao.raw.zone import RawZone
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library

from .backfill_in_a_process import FIRST, LAST
from .in_process import InProcess
from .night import Night
from .stand_in import Asked, Response, StandIn, standing_in

CODES = tuple(f"{600000 + n}.SH" for n in range(12))
SCRIPT = PROJECT_ROOT / "tests" / "contract" / "backfill_in_a_process.py"


@pytest.fixture
def steps(tmp_path: Path) -> NightlySteps:
    steps = NightlySteps(Settings(tmp_path / "home"), "live")
    steps.recover()
    return steps


@pytest.fixture
def stand_in(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    enable_socket()
    with standing_in(Night()) as server:
        monkeypatch.setattr(library.traffic, "route_to", server.url)
        yield server


@pytest.fixture
def asking(library: Library) -> AkshareClient:
    return AkshareClient(runner=InProcess(library))


def answered(zone: RawZone) -> list[str]:
    return [s.load.arguments["code"] for s in zone.loads("a_share_bars") if s.load.rows]


def test_back_fill_asks_each_code_once_whatever_the_length_of_the_gap(
    steps: NightlySteps, asking: AkshareClient, stand_in: StandIn
) -> None:
    history = History("a_share_bars", date(1990, 12, 19), LAST, CODES)
    filled = fill(steps, asking, history)
    assert (filled.parts, filled.answered, filled.missing) == (12, 12, ())
    assert filled.requests == len(stand_in.asked) == len(CODES)
    again = fill(steps, asking, history)
    assert (again.before, again.requests, len(stand_in.asked)) == (12, 0, 12)


def test_back_fill_stops_at_its_budget_and_goes_on_where_it_stopped(
    steps: NightlySteps, asking: AkshareClient, stand_in: StandIn
) -> None:
    history = History("a_share_bars", FIRST, LAST, CODES)
    rounds = [fill(steps, asking, history, budget=5) for _ in range(3)]
    assert [one.requests for one in rounds] == [5, 5, 2]
    assert [len(one.missing) for one in rounds] == [7, 2, 0]
    assert answered(steps.zone) == list(CODES)
    assert rounds[1].line() == (
        "a_share_bars 2024-01-02 to 2024-10-31: 5 of 12 parts answered, 5 before, 2 left;"
        " 10 rows, 5 requests of 5"
    )


def test_back_fill_under_a_ban_spends_no_more_than_one_request_per_code(
    steps: NightlySteps,
    asking: AkshareClient,
    library: Library,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enable_socket()
    night = Night(banning={"push2his.eastmoney.com": 4})
    with standing_in(night) as server:
        monkeypatch.setattr(library.traffic, "route_to", server.url)
        filled = fill(steps, asking, History("a_share_bars", FIRST, LAST, CODES))
    assert filled.requests == len(server.asked) <= len(CODES) + 1  # Tencent asks two at once
    assert answered(steps.zone)[:4] == list(CODES[:4])
    assert filled.failed >= 1


def test_back_fill_that_was_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    enable_socket()
    reached = threading.Event()
    market = Night()

    def handler(asked: Asked) -> Response:
        if asked.number == 6:
            reached.set()
        return market(asked)

    home = tmp_path / "home"
    with standing_in(handler) as server:
        words = [sys.executable, str(SCRIPT), str(home), server.url, ",".join(CODES)]
        killed = subprocess.Popen(words, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL)
        assert reached.wait(HANG_SECONDS)
        killed.kill()
        killed.wait()
        asked_before = len(server.asked)
        landed_before = answered(RawZone(home / "raw"))
        assert 4 <= len(landed_before) < len(CODES)
        done = subprocess.run(
            words, cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
        )
        asked_after = len(server.asked) - asked_before
    assert f"{len(landed_before)} before, 0 left" in done.stdout
    assert sorted(answered(RawZone(home / "raw"))) == list(CODES)
    assert asked_after == len(CODES) - len(landed_before)


def test_codes_are_those_that_the_warehouse_has_seen_in_the_dataset(
    steps: NightlySteps,
) -> None:
    with steps.store.connect() as connection:
        connection.execute("create schema core")
        connection.execute("create table core.daily_bars (code varchar, load_id varchar)")
        connection.execute(
            "insert into core.daily_bars values ('600001.SH', 'a'), ('510300.SH', 'b')"
        )
        connection.execute("insert into built_loads values ('a', 'a_share_bars')")
        connection.execute("insert into built_loads values ('b', 'etf_bars')")
    for dataset, codes in (("a_share_bars", ("600001.SH",)), ("etf_bars", ("510300.SH",))):
        assert request_for(steps, History(dataset, FIRST, LAST)).symbols == codes


def test_statements_are_filled_by_report_period(steps: NightlySteps) -> None:
    request = request_for(steps, History("income_statements", date(2023, 6, 30), LAST))
    assert [str(period) for period in request.periods] == [
        "2023-06-30",
        "2023-09-30",
        "2023-12-31",
        "2024-03-31",
        "2024-06-30",
        "2024-09-30",
    ]
    assert quarter_ends(date(2024, 1, 1), date(2024, 3, 30)) == ()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("a_share_bar", "2024-01-01", "2024-01-31"), "did you mean a_share_bars?"),
        (("a_share_bars", "2024-02-01", "2024-01-31"), "give --from before --to"),
        (("a_share_bars", "2024-01-01", "2999-01-31"), "is not over"),
        (("a_share_bars", "2024-01-01", "2024-01-31"), "name them with --codes"),
        (("policies", "2024-01-01", "2024-01-31"), "bring it in with yanbao import"),
        (("concept_members", "2024-01-01", "2024-01-31"), "no source keeps the past"),
    ],
)
def test_back_fill_that_cannot_be_says_why_in_one_line(
    words: tuple[str, str, str],
    message: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    dataset, first, last = words
    code = main(
        ["--home", str(tmp_path), "backfill", dataset, "--from", first, "--to", last, "-q"]
    )
    error = capfd.readouterr().err.strip()
    assert (code, error.count("\n")) == (2, 0)
    assert message in error


def test_unknown_codes_in_an_unbuilt_warehouse_are_asked_for(steps: NightlySteps) -> None:
    with pytest.raises(UsageError, match="knows no codes of etf_bars"):
        request_for(steps, History("etf_bars", FIRST, LAST))


def test_job_of_dagster_fills_history_and_marks_its_raw_partitions(
    steps: NightlySteps,
    library: Library,
    stand_in: StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dagster import AssetKey
    from yanbao_dagster.backfill_assets import backfill

    monkeypatch.setattr(
        "yanbao.sources.akshare_client.AkshareClient",
        lambda: AkshareClient(runner=InProcess(library)),
    )
    home = str(steps.settings.home)
    config = {
        "dataset": "a_share_bars",
        "first": "2024-10-28",
        "last": "2024-10-31",
        "codes": [*CODES[:2]],
    }

    def run(budget: int) -> list[str]:
        result = backfill.execute_in_process(
            run_config={"ops": {"fill_history": {"config": {**config, "budget": budget}}}},
            resources={"state": StateFolderResource(home=home, mode="live")},
        )
        filled = result.asset_materializations_for_node("fill_history")
        assert {one.asset_key for one in filled} <= {AssetKey(["raw", "a_share_bars"])}
        return [one.partition or "" for one in filled]

    assert run(budget=1) == [], "one code is missing still"
    assert run(budget=0) == ["2024-10-28", "2024-10-29", "2024-10-30", "2024-10-31"]
    assert len(stand_in.asked) == 2
