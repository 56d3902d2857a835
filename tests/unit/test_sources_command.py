"""What ``yanbao sources`` says of a live folder, and when datasets are due next."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from yanbao.base.errors import SourceUnavailableError
from yanbao.catalog import BY_NAME
from yanbao.cli.main import main
from yanbao.intake.due import next_due
from yanbao.intake.landing import land_failure, land_reply
from yanbao.raw.sessions import chinese_sessions
from yanbao.raw.zone import RawZone
from yanbao.sources import fetches_for
from yanbao.sources.call import Reply, Request

DAY = date(2024, 10, 31)  # a Thursday
HOLIDAY = [date(2024, 10, 1) + timedelta(days=n) for n in range(7)]


@pytest.fixture
def zone(tmp_path: Path) -> RawZone:
    return RawZone(tmp_path / "home" / "raw")


def land(zone: RawZone, dataset: str, source: str, rows: int, requests: int, day: date) -> None:
    """One good call of the dataset's first fetch at a source; only the counts matter."""
    fetch = next(fetch for fetch in fetches_for(dataset) if fetch.source == source)
    arguments = fetch.plan(Request(dataset, day, is_weekly=True))[0]
    frame = pd.DataFrame({"value": [f"{day} {n}" for n in range(rows)]})
    reply = Reply(
        source=source,
        dataset=dataset,
        function=fetch.function,
        arguments=arguments.recorded(),
        frame=frame,
        announced_total=None,
        library_version="1",
        host=fetch.host,
        requests=requests,
    )
    land_reply(zone, reply, day.isoformat())


def land_down(zone: RawZone, dataset: str, source: str, requests: int, day: date) -> None:
    fetch = next(fetch for fetch in fetches_for(dataset) if fetch.source == source)
    error = SourceUnavailableError("status 503, 3 tries", where=fetch.label, hint="try later")
    error.requests = requests
    arguments = fetch.plan(Request(dataset, day))[0]
    land_failure(zone, fetch, arguments, day.isoformat(), error)


def printed(zone: RawZone, capfd: pytest.CaptureFixture[str]) -> tuple[dict[str, dict], str]:  # type: ignore[type-arg]
    capfd.readouterr()
    assert main(["--home", str(zone.root.parent), "sources", "--format", "json"]) == 0
    out, err = capfd.readouterr()
    return {row["dataset"]: row for row in json.loads(out)}, err


def test_a_dataset_shows_what_its_last_night_brought_and_cost(
    zone: RawZone, capfd: pytest.CaptureFixture[str]
) -> None:
    land(zone, "etf_bars", "eastmoney", rows=3, requests=1, day=DAY - timedelta(days=1))
    land_down(zone, "etf_bars", "eastmoney", requests=3, day=DAY)
    land(zone, "etf_bars", "sina_quotes", rows=7, requests=2, day=DAY)
    rows, _ = printed(zone, capfd)
    assert rows["etf_bars"] == {
        "dataset": "etf_bars",
        "label": BY_NAME["etf_bars"].label,
        "last_load": "2024-10-31",
        "status": "ungated",
        "rows": 7,
        "source": "sina_quotes",
        "requests": 5,
        "data_through": None,
        "behind": None,
        "stale": None,
        "fallback": None,
        "differences": None,
        "upstream": "eastmoney → sina_quotes → import",
        "next_due": "2024-11-01",
        "missing": None,
    }


def test_a_dataset_whose_night_failed_shows_no_rows_of_the_night_before(
    zone: RawZone, capfd: pytest.CaptureFixture[str]
) -> None:
    land(zone, "etf_bars", "eastmoney", rows=3, requests=1, day=DAY - timedelta(days=1))
    land_down(zone, "etf_bars", "eastmoney", requests=3, day=DAY)
    rows, _ = printed(zone, capfd)
    shown = {name: rows["etf_bars"][name] for name in ("status", "rows", "source", "requests")}
    assert shown == {"status": "unavailable", "rows": 0, "source": None, "requests": 3}


def test_a_dataset_without_loads_shows_its_upstreams_alone(
    zone: RawZone, capfd: pytest.CaptureFixture[str]
) -> None:
    rows, err = printed(zone, capfd)
    assert set(rows) == set(BY_NAME)
    assert rows["policies"]["upstream"] == "import"
    assert rows["policies"]["last_load"] is rows["policies"]["next_due"] is None
    assert err == ""


def test_requests_of_the_last_live_night_come_from_the_raw_zone(
    zone: RawZone, capfd: pytest.CaptureFixture[str]
) -> None:
    land(zone, "news_items", "eastmoney_research", 2, requests=9, day=DAY - timedelta(days=1))
    land(zone, "a_share_bars", "eastmoney", rows=1_000, requests=20, day=DAY)
    land_down(zone, "etf_bars", "eastmoney", requests=3, day=DAY)
    land(zone, "funds", "eastmoney_funds", rows=5, requests=1, day=DAY)
    assert printed(zone, capfd)[1] == (
        "live run of 2024-10-31: 23 requests for 1000 A-shares: 0.0230 each (limit 0.03);"
        " weekly extras 1, back-fill 0\n"
    )


def sessions(first: date, last: date) -> list[date]:
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in HOLIDAY]


CALENDAR = sessions(date(2024, 1, 1), date(2024, 12, 31))


@pytest.mark.parametrize(
    ("dataset", "last", "due"),
    [
        ("etf_bars", date(2024, 10, 31), date(2024, 11, 1)),
        ("etf_bars", date(2024, 11, 1), date(2024, 11, 4)),
        ("etf_bars", date(2024, 9, 30), date(2024, 10, 8)),
        ("etf_bars", date(2025, 1, 3), date(2025, 1, 6)),
        ("funds", date(2024, 10, 31), date(2024, 11, 1)),
        ("funds", date(2024, 11, 1), date(2024, 11, 8)),
        ("funds", date(2024, 9, 27), date(2024, 9, 30)),
        ("disclosure_dates", date(2024, 10, 31), date(2024, 11, 1)),
        ("disclosure_dates", date(2024, 11, 14), date(2025, 1, 1)),
        ("app_downloads", date(2024, 10, 31), date(2024, 12, 1)),
    ],
    ids=[
        "nightly: the next session",
        "nightly: over the week end",
        "nightly: over the holiday",
        "nightly: a weekday beyond the calendar",
        "weekly: Friday",
        "weekly: the next Friday",
        "weekly: a Monday before the holiday",
        "season: the window is open",
        "season: when the next window opens",
        "files: after their cadence",
    ],
)
def test_next_due_follows_cadence_and_calendar(dataset: str, last: date, due: date) -> None:
    assert next_due(BY_NAME[dataset], last, CALENDAR) == due


def test_calendar_that_the_library_bundles_serves_as_one(zone: RawZone) -> None:
    fetch = next(f for f in fetches_for("trading_days") if f.source == "akshare_bundle")
    frame = pd.DataFrame({"value": ["20241030", "20241031"]})
    reply = Reply("akshare_bundle", "trading_days", fetch.function, {}, frame, None, "1", "", 0)
    land_reply(zone, reply, "2024-10-31")
    assert chinese_sessions(zone) == [date(2024, 10, 30), date(2024, 10, 31)]
