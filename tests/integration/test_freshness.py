"""Reports from one day to two years past the data: nothing in them reads like news."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.freshness import EMPTY, NOTED, PAST, PRINTED, SILENT, build_after, shown
from yanbao.releases.release_store import ReleaseStore
from yanbao.reporting.reading.release_reader import ReleaseReader

# The first of the days past 2024-10-31, a Thursday, on which newer data than the sample's are
# due: the next session, two weeks after a weekly period, the deadline of the next results.
DUE_FROM = {
    "index_changes": 1,
    "index_path": 1,
    "index_daily_extremes": 1,
    "relative_performance": 1,
    "company_changes": 1,
    "constituent_ranking": 1,
    "member_extremes": 1,
    "a_share_peers": 1,
    "forward_valuation": 1,
    "rates_fx": 1,
    "rates_path": 7,
    "overseas_peers": 7,
    "index_profile": 1,
    "theme_fund_returns": 7,
    "web_traffic_week": 7,
    "web_traffic_series": 7,
    "gpu_rental_week": 7,
    "gpu_price_series": 31,
    "market_cap_moves": 31,
    "news_period": 31,
    "funding_rounds_period": 31,
    "policies_period": 92,
    "app_download_month": 92,
    "llm_leaderboard": 92,
    "llm_benchmark": 92,
    "industry_quarter": 366,
    "sub_industry_quarter": 366,
    "company_growth_distribution": 366,
    "company_quarter": 366,
    "pool": 366,
}
SAID_WITH_A_MARK = (
    "industry_quarter",
    "sub_industry_quarter",
    "company_growth_distribution",
    "index_profile",
)
MOVES = {
    "index_changes": ("change_this_week", "change_month", "change_this_year"),
    "company_changes": (
        "change_week",
        "change_month",
        "change_ytd",
        "change_price_week",
        "ex_right_factor_week",
        "limit_up_streak",
        "segment_members",
        "segment_rising",
    ),
    "relative_performance": ("return_1m", "return_3m", "return_12m"),
    "rates_fx": ("change",),
    "constituent_ranking": ("change_month",),
    "overseas_peers": ("change_month", "change_ytd"),
    "a_share_peers": ("change_month", "change_ytd"),
    "theme_fund_returns": ("return_1m", "return_3m", "return_6m"),
}


@pytest.fixture(scope="module", params=PAST)
def days(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def reader(
    sample_home_template: Path, tmp_path_factory: pytest.TempPathFactory, days: int
) -> ReleaseReader:
    release = ReleaseStore(sample_home_template / "releases").current()
    return build_after(release, tmp_path_factory.mktemp("builds"), days)


def test_no_exhibit_past_its_data_stands_without_a_mark(
    reader: ReleaseReader, days: int
) -> None:
    unmarked = {one for one in shown(reader) if one.state == PRINTED and one.mart}
    assert not {one for one in unmarked if days >= DUE_FROM[one.mart]}


def test_no_sentence_is_made_over_data_that_are_all_old(
    reader: ReleaseReader, days: int
) -> None:
    """Results name their quarter and the profile its day: these are said with the mark."""
    late = [
        one
        for one in shown(reader)
        if one.kind == "sentence" and one.mart and days >= DUE_FROM[one.mart]
    ]
    dated = [one.state for one in late if one.mart in SAID_WITH_A_MARK]
    assert {*dated} <= {NOTED, SILENT, EMPTY}
    others = [one for one in late if one.mart not in SAID_WITH_A_MARK]
    assert not [one for one in others if one.state not in (SILENT, EMPTY)]


def test_no_window_that_ends_past_the_data_has_a_number(
    reader: ReleaseReader, days: int
) -> None:
    """Ten days after the data a change is blank; before, it is marked."""
    if days < 31:
        return
    for mart, columns in MOVES.items():
        for row in reader.table(mart).to_pylist():
            assert {row[name] for name in columns} == {None}, (mart, row)


def test_no_count_is_zero_because_nothing_was_seen(reader: ReleaseReader) -> None:
    for one in shown(reader):
        assert "0个指数上涨" not in one.text
        assert "0家公司本周上涨" not in one.text
