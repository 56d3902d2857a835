"""Whole nights on faulty upstreams: published stale, mended, blocked, or from the fallback.

One story on one state folder, night after night: a good night, a night with nine faults, a
night on mended upstreams, a night too long after the last good data. And one week's end on
which every first choice fails.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.contract.stand_in import Asked, Response
from yanbao.base.errors import GateBlockedError
from yanbao.catalog import DATASETS
from yanbao.quality.staleness import Stale
from yanbao.releases.release_store import Release
from yanbao.sources import sources_of_parts
from yanbao.sources.akshare_library import Library

from .changes import cell, edited, page, records, status, times
from .conftest import GOOD_DAY
from .live_nights import current, live_nights
from .test_upstream_faults import (
    A_SHARES,
    ETFS,
    NO_SINA,
    announced_twice,
    assert_one_plain_line,
    half_of,
    navs_times,
    percent_as_fraction,
    served_yesterday,
)

pytestmark = [pytest.mark.slow]

FAULTY, MENDED, TOO_LATE = date(2024, 10, 30), date(2024, 10, 31), date(2024, 11, 7)
WEEK_END = date(2024, 11, 1)
FAULTS = {
    "a_share_bars": {A_SHARES: half_of(None), **NO_SINA},
    "etf_bars": {ETFS: cell("f297", 20241029, rows=100)},
    "fund_navs": {"rankhandler": navs_times(100)},
    "government_yields": {
        "datacenter.eastmoney.com/api": edited(percent_as_fraction),
        "bond.finance.sina.com.cn": status(503),
    },
    "index_bars": {
        "secid=1.000300": page(),
        "csindex": page(),
        "sh000300": status(503),
    },
    "fx_fixings": {"USDCNYC": served_yesterday, "safe.gov.cn": status(503)},
    "income_statements": {"RPT_DMSK_FN_INCOME": records(announced_twice)},
    "market_caps": {"69.push2": times(1e4, "f20")},
    "news_items": {"np-weblist": status(429), "news.10jqka": status(502)},
}


HOOK_KEY, STORE_KEY = "e5f1a9c2-hook-of-the-desk", "b7d03f64-key-of-the-store"


@dataclass(frozen=True)
class Story:
    """What each night left behind."""

    home: Path
    good: Release
    faulty: Release
    served: dict[str, date]
    exit_code: int
    told: list[str]
    sources: dict[str, dict[str, Any]]
    mended: Release
    left: list[Stale]
    blocked: GateBlockedError
    last: Release


@pytest.fixture(scope="module")
def story(
    library: Library,
    live_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Story:
    home = copy_home(live_home_template, tmp_path_factory.mktemp("story") / "home")
    (home / ".env").write_text(
        f"YANBAO_ALERTS='wecom+http://127.0.0.1:1/hook?key={HOOK_KEY}'\n", encoding="utf-8"
    )
    good = current(home)
    with pytest.MonkeyPatch.context() as environment, live_nights(library) as nights:
        environment.setenv("AWS_SECRET_ACCESS_KEY", STORE_KEY)
        nights.market.faults = {p: f for places in FAULTS.values() for p, f in places.items()}
        nights.evening_of(FAULTY)
        code, _, told = nights.command(home, "run", "--source", "live", "-q")
        _, listed, _ = nights.command(home, "sources", "--format", "json")
        faulty = current(home)
        nights.market.faults = {}
        nights.evening_of(MENDED)
        mended, left = nights.whole(home, MENDED)
        nights.market.faults = {A_SHARES: status(503), **NO_SINA}
        nights.evening_of(TOO_LATE)
        with pytest.raises(GateBlockedError) as blocked:
            nights.whole(home, TOO_LATE)
    return Story(
        home=home,
        good=good,
        faulty=faulty,
        served=last_days(faulty),
        exit_code=code,
        told=told.splitlines(),
        sources={row["dataset"]: row for row in json.loads(listed)},
        mended=mended,
        left=left,
        blocked=blocked.value,
        last=current(home),
    )


DATED = {
    "a_share_bars": ("daily_bars where market = 'CN' and code like '6%'", "trade_date"),
    "etf_bars": ("daily_bars where market = 'CN' and code like '51%'", "trade_date"),
    "fund_navs": ("fund_navs", "nav_date"),
    "government_yields": ("government_yields", "date"),
    "index_bars": ("index_bars where index_code = '000300.SH'", "trade_date"),
    "fx_fixings": ("fx_fixings", "fixing_date"),
}


def last_days(release: Release) -> dict[str, date]:
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        return {
            dataset: connection.execute(f"select max({day}) from core.{rows}").fetchone()[0]  # type: ignore[index]
            for dataset, (rows, day) in DATED.items()
        }


def rows_of(release: Release, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(release.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_night_with_nine_faults_is_published_stale_with_a_line_for_each(
    story: Story,
) -> None:
    assert story.exit_code == 3, story.told
    lines = {line.split(": ")[1]: line for line in story.told if ": stale, " in line}
    assert set(lines) == set(FAULTS)
    alert = "企业微信 at 127.0.0.1: no answer"
    assert [alert in line for line in story.told if line not in lines.values()] == [True]
    for line in lines.values():
        assert_one_plain_line(line)
    assert {one["dataset"] for one in story.faulty.manifest["stale"]} == set(FAULTS)
    assert {one["last_good"] for one in story.faulty.manifest["stale"]} == {f"{GOOD_DAY}"}


def test_the_last_good_data_serve_and_nothing_of_the_faulty_day(story: Story) -> None:
    assert story.served == dict.fromkeys(DATED, GOOD_DAY)
    assert story.faulty.manifest["as_of_date"] == f"{FAULTY}"
    assert rows_of(
        story.faulty,
        "select count(*) from core.index_bars"
        f" where index_code = '930713.CSI' and trade_date = '{FAULTY}'",
    ) == [(1,)]  # an index that answered is there


def test_the_release_before_the_fault_is_untouched(story: Story) -> None:
    from yanbao.releases.release_store import ReleaseStore

    store = ReleaseStore(story.home / "releases")
    before = store.release(story.good.release_id)
    assert store.damaged_files(before) == []
    assert before.manifest == story.good.manifest
    assert story.good.release_id < story.faulty.release_id < story.mended.release_id


def test_yanbao_sources_shows_what_is_stale_and_what_serves(story: Story) -> None:
    for dataset in FAULTS:
        assert story.sources[dataset]["stale"].startswith(f"data to {GOOD_DAY} serve: ")
    assert story.sources["hk_stock_bars"]["stale"] is None


def test_mended_upstreams_bring_every_dataset_back_on_the_next_night(story: Story) -> None:
    # The faulty day itself is missing where a source keeps no past: until it is filled.
    lacking = {one.dataset: one.reason for one in story.left}
    assert {*lacking} == {"a_share_bars", "etf_bars", "fund_navs"}
    assert all(f"sessions are missing: {FAULTY} → " in reason for reason in lacking.values())
    assert last_days(story.mended) == dict.fromkeys(DATED, MENDED)
    missed = rows_of(
        story.mended,
        f"select count(*) from core.index_bars where index_code = '000300.SH'"
        f" and trade_date = '{FAULTY}'",
    )
    assert missed == [(1,)]  # the window of a series heals the missed day


def test_a_dataset_stale_beyond_its_allowance_blocks_and_current_stays(story: Story) -> None:
    assert story.blocked.exit_code == 4
    line = story.blocked.line()
    assert line.startswith(f"a_share_bars: stale, data to {MENDED} serve: ")
    assert "longer than allowed" in line
    assert_one_plain_line(line)
    assert story.last == story.mended


REFUSED = edited(lambda content: {"rc": 102, "data": None})
CLOSED = status(503)
FIRST_CHOICES_DOWN = {
    "82.push2": CLOSED,
    ETFS: CLOSED,
    "secid=116.": REFUSED,
    "secid=105.": REFUSED,
    "secid=1.000300": REFUSED,
    "secid=2.930713": REFUSED,
    "USDCNYC": REFUSED,
    "datacenter.eastmoney.com/api/data/get": CLOSED,
    "np-weblist": CLOSED,
    "RPT_PUBLIC_BS_APPOIN": CLOSED,
    "closeweight": CLOSED,
    "klc_td_sh": CLOSED,
    "stock/hkstock/HSI": CLOSED,
    "staticdata/us/.INX": CLOSED,
}


def test_every_dataset_with_a_fallback_is_in_the_list() -> None:
    """Securities are the one dataset that the week's end below leaves to its own test."""
    with_fallback = {
        dataset.name
        for dataset in DATASETS
        if any(len(one) > 1 for one in sources_of_parts(dataset.name, WEEK_END).values())
    }
    assert with_fallback == {*SERVED_BY, "securities"}


SERVED_BY = {
    "a_share_bars": "sina_quotes",
    "etf_bars": "sina_quotes",
    "hk_stock_bars": "sina_quotes",
    "us_stock_bars": "sina_quotes",
    "index_bars": "csindex",
    "government_yields": "sina",
    "fx_fixings": "safe",
    "news_items": "tonghuashun",
    "disclosure_dates": "cninfo",
    "index_constituents": "sina_quotes",
    "trading_days": "akshare_bundle",
}


EXCHANGES = ("sse.com.cn", "szse.cn", "bse.cn")
PRICES = ("FIELD_06", "FIELD_07", "FIELD_08", "FIELD_09")


def _a_percent_more(asked: Asked, told: Response) -> Response:
    """The publisher's own closes lie one per cent above what the first source gave."""

    def apply(content: Any) -> None:
        for row in content["data"]:
            row.update({name: row[name] * 1.01 for name in PRICES})

    changed: Response = edited(apply)(asked, told)
    return changed


@pytest.fixture(scope="module")
def week_end(
    library: Library,
    live_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Release, list[Stale], dict[str, dict[str, Any]]]:
    """A Friday on which the first choice of every dataset with a fallback fails."""
    home = copy_home(live_home_template, tmp_path_factory.mktemp("week_end") / "home")
    with live_nights(library) as nights:
        nights.market.faults = {**FIRST_CHOICES_DOWN, "www.csindex.com.cn": _a_percent_more}
        nights.evening_of(WEEK_END)
        release, stale = nights.whole(home, WEEK_END)
        _, listed, _ = nights.command(home, "sources", "--format", "json")
    return release, stale, {row["dataset"]: row for row in json.loads(listed)}


def test_the_night_completes_from_the_fallbacks(
    week_end: tuple[Release, list[Stale], dict[str, dict[str, Any]]],
) -> None:
    """An index that the second source does not publish stays stale, and is named."""
    release, stale, _ = week_end
    lines = [one.line() for one in stale if one.dataset in SERVED_BY]
    assert [line.split(": ")[:3] for line in lines] == [
        ["index_constituents", "stale, no good data yet", "930713.CSI"]
    ]
    assert release.manifest["as_of_date"] == f"{WEEK_END}"


@pytest.mark.parametrize("dataset", SERVED_BY)
def test_the_mart_says_which_source_stood_in(
    week_end: tuple[Release, list[Stale], dict[str, dict[str, Any]]], dataset: str
) -> None:
    release, _, listed = week_end
    source = SERVED_BY[dataset]
    served = rows_of(
        release,
        "select distinct source, is_fallback, first_choice from meta.sources_served"
        f" where dataset = '{dataset}' and source = '{source}'",
    )
    first = sources_of_parts(dataset, WEEK_END)
    assert [(name, stood_in) for name, stood_in, _ in served] == [(source, True)]
    assert served[0][2] in {choices[0] for choices in first.values()}
    marts = rows_of(
        release,
        "select mart, sources, is_fallback, note from meta.mart_sources"
        f" where dataset = '{dataset}'",
    )
    behind = rows_of(release, f"select mart from meta.lineage where dataset = '{dataset}'")
    assert {mart for mart, *_ in marts} == {mart for (mart,) in behind}
    for _, sources, stood_in, note in marts:
        assert stood_in
        assert source in sources
        assert "备用来源" in note
    assert dataset in {one["dataset"] for one in release.manifest["fallbacks"]}
    assert source in listed[dataset]["fallback"]


def test_a_night_without_the_exchanges_takes_its_securities_from_the_market_list(
    library: Library,
    live_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path: Path,
) -> None:
    """A night of its own: the list is the first choice of the bars, so it must be up."""
    home = copy_home(live_home_template, tmp_path / "home")
    with live_nights(library) as nights:
        nights.market.faults = dict.fromkeys(EXCHANGES, status(503))
        nights.evening_of(WEEK_END)
        release, _ = nights.whole(home, WEEK_END)
    assert release.manifest["as_of_date"] == f"{WEEK_END}"
    served = rows_of(
        release,
        "select distinct source, is_fallback from meta.sources_served"
        " where dataset = 'securities' and is_fallback",
    )
    assert served == [("eastmoney", True)]
    noted = rows_of(
        release,
        "select note from meta.mart_sources where mart = 'pool' and dataset = 'securities'",
    )
    assert len(noted) == 1
    assert "备用来源" in noted[0][0]


def test_two_sources_that_disagree_about_a_day_are_reported(
    week_end: tuple[Release, list[Stale], dict[str, dict[str, Any]]],
) -> None:
    release, _, listed = week_end
    found = rows_of(
        release,
        "select key, column_name, source, earlier_source, value / earlier_value"
        " from meta.source_differences where dataset = 'index_bars' order by key",
    )
    assert found != []
    for key, column, source, earlier, ratio in found:
        assert key.split()[0] in ("000300.SH", "930713.CSI")
        assert (column, source, earlier) == ("close", "csindex", "eastmoney")
        assert ratio == pytest.approx(1.01, abs=1e-3)
    assert listed["index_bars"]["differences"] == len(found)
    checks = rows_of(
        release,
        "select severity, outcome, failing_rows, message from meta.check_results"
        " where check_name = 'cross_source' and subject = 'index_bars'",
    )
    assert checks[0][:3] == ("warn", "fail", len(found))
    assert_one_plain_line(checks[0][3])
    page_text = (release.path / "quality.html").read_text(encoding="utf-8")
    assert "cross_source" in page_text


def test_no_secret_of_the_environment_or_of_the_env_file_is_in_any_file(story: Story) -> None:
    files = [path for path in story.home.rglob("*") if path.is_file() and path.name != ".env"]
    assert len(files) > 500
    found = [
        path.relative_to(story.home)
        for path in files
        if any(key.encode() in path.read_bytes() for key in (HOOK_KEY, STORE_KEY))
    ]
    assert found == []
    assert not any(key in line for key in (HOOK_KEY, STORE_KEY) for line in story.told)
