"""The made-up market of the sample obeys its rules, and its closed forms hold."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.unit import sample_oracle
from tests.unit.sample_files import market, prices, rows, statements

RETURNS = ("return_1m", "return_3m", "return_6m")


def test_bars_obey_amount_range_and_share_count() -> None:
    shares: dict[str, set[Decimal]] = {}
    for row in rows("made_up", "a_share_bars"):
        low, high, close = (Decimal(row[name]) for name in ("low", "high", "close"))
        average = Decimal(row["amount_cny"]) / Decimal(row["volume_shares"])
        assert low <= min(Decimal(row["open"]), close, average)
        assert high >= max(Decimal(row["open"]), close, average)
        shares.setdefault(row["code"], set()).add(Decimal(row["market_cap_cny"]) / close)
    assert {len(found) for found in shares.values()} == {1}


def _bars_of(code: str) -> list[dict[str, str]]:
    return [row for row in rows("made_up", "a_share_bars") if row["code"] == code]


def test_reference_differs_from_the_previous_close_only_on_the_ex_date() -> None:
    odd = []
    for code in prices.A_SHARES:
        bars = _bars_of(code)
        for before, row in pairwise(bars):
            if row["reference_close"] != before["close"]:
                gap = Decimal(before["close"]) - Decimal(row["reference_close"])
                odd.append((code, row["trade_date"], gap))
    assert odd == [(prices.DIVIDEND_CODE, "2024-10-22", Decimal("0.80"))]


def test_suspended_stock_has_no_bars_in_its_window() -> None:
    days = {row["trade_date"] for row in _bars_of(prices.SUSPENDED_CODE)}
    missing = [day for day in market.sessions("CN") if day.isoformat() not in days]
    assert missing[0] == date(2024, 9, 23)
    assert missing[-1] == date(2024, 10, 11)
    assert len(missing) == 10


def test_only_the_streaks_close_at_their_limit() -> None:
    at_limit = Counter[str]()
    for row in rows("made_up", "a_share_bars"):
        change = Decimal(row["close"]) / Decimal(row["reference_close"]) - 1
        at_limit[row["code"]] += change > Decimal("0.045") or change < Decimal("-0.045")
    assert +at_limit == {"999102.SZ": 3, "999103.SZ": 2}
    assert _bars_of("999102.SZ")[-1]["trade_date"] == "2024-10-31"


def _change(bars: list[dict[str, str]], base_before: str, end_before: str) -> float | None:
    """From the file alone: last close before one day to the last before another."""
    bases = [float(row["close"]) for row in bars if row["trade_date"] < base_before]
    ends = [float(row["close"]) for row in bars if row["trade_date"] < end_before]
    return ends[-1] / bases[-1] - 1 if bases else None


WINDOWS = {
    "change_this_week": ("2024-10-28", "2024-11-01"),
    "change_last_week": ("2024-10-21", "2024-10-28"),
    "change_this_month": ("2024-10-01", "2024-11-01"),
    "change_this_year": ("2024-01-01", "2024-11-01"),
    "change_prev_year": ("2023-01-01", "2024-01-01"),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_expected_index_changes_agree_with_the_file(window: str) -> None:
    expected = sample_oracle.expected_index_changes()
    assert len(expected) == 6
    for code, changes in expected.items():
        bars = [row for row in rows("made_up", "index_bars") if row["index_code"] == code]
        assert changes[window] == pytest.approx(_change(bars, *WINDOWS[window]), abs=1e-12)


@pytest.mark.parametrize("window", WINDOWS)
def test_expected_stock_changes_agree_with_the_file(window: str) -> None:
    expected = sample_oracle.expected_stock_changes()
    assert prices.DELISTED_CODE not in expected
    for code in set(expected) & set(prices.A_SHARES):
        found = _change(_bars_of(code), *WINDOWS[window])
        plain = expected[code][f"price_{window}"]
        assert (plain is None) == (found is None)
        if found is not None:
            assert plain == pytest.approx(found, abs=1e-12)


def test_total_return_of_the_dividend_stock_chains_over_its_reference() -> None:
    chain = 1.0
    for row in _bars_of(prices.DIVIDEND_CODE):
        if row["trade_date"] > "2024-09-30":
            chain *= float(row["close"]) / float(row["reference_close"])
    changes = sample_oracle.expected_stock_changes()[prices.DIVIDEND_CODE]
    assert changes["change_this_month"] == pytest.approx(chain - 1, abs=1e-12)
    assert changes["change_this_month"] > changes["price_change_this_month"]


def test_stock_listed_in_october_has_no_month_base() -> None:
    changes = sample_oracle.expected_stock_changes()[prices.NEW_CODE]
    assert changes["change_this_month"] is None
    assert changes["change_last_week"] is not None


def test_adjusted_navs_chain_the_distribution() -> None:
    for code in ("999003.OF", "999004.OF"):
        navs = [row for row in rows("made_up", "fund_navs") if row["fund_code"] == code]
        for before, row in pairwise(navs):
            paid = float(row["distribution"] or 0)
            unit = (float(row["nav"]) + paid) / float(before["nav"])
            adjusted = float(row["nav_adjusted"]) / float(before["nav_adjusted"])
            assert adjusted == pytest.approx(unit, abs=1e-9)
        assert sum(bool(row["distribution"]) for row in navs) == 1


def test_expected_fund_returns_agree_with_the_file() -> None:
    expected = sample_oracle.expected_fund_returns()
    bases = dict(zip(RETURNS, ("2024-09-30", "2024-07-31", "2024-04-30")))
    for code, returns in expected.items():
        navs = [row for row in rows("made_up", "fund_navs") if row["fund_code"] == code]
        for name, base_on in bases.items():
            base = [row for row in navs if row["nav_date"] <= base_on]
            if not base:
                assert returns[name] is None
                continue
            found = float(navs[-1]["nav_adjusted"]) / float(base[-1]["nav_adjusted"]) - 1
            assert returns[name] == pytest.approx(found, abs=1e-12)
    assert [code for code in expected if expected[code]["return_6m"] is None] == [
        "999005.OF",
        "999006.OF",
    ]


def test_a_class_never_returns_less_than_its_c_class() -> None:
    expected = sample_oracle.expected_fund_returns()
    for number in (1, 3, 5, 7):
        a_class = expected[f"{999000 + number}.OF"]
        c_class = expected[f"{999001 + number}.OF"]
        assert a_class["nav"] > c_class["nav"]
        for name in RETURNS:
            assert a_class[name] is None or a_class[name] >= c_class[name]


def test_half_year_ends_have_navs_though_they_are_no_sessions() -> None:
    days = {row["nav_date"] for row in rows("made_up", "fund_navs")}
    assert {"2022-12-31", "2023-12-31", "2024-06-30"} <= days
    assert date(2024, 6, 30) not in market.sessions("CN")


def test_one_fund_stopped_publishing_forty_days_before_the_as_of_day() -> None:
    last = {row["fund_code"]: row["nav_date"] for row in rows("made_up", "fund_navs")}
    assert last["999007.OF"] == last["999008.OF"] == "2024-09-20"
    assert Counter(last.values())["2024-10-31"] == 6


def _cumulative(code: str, period: str, column: str) -> int:
    """The latest version of a cumulative statement in the file."""
    found = [
        row
        for row in rows("made_up", "income_statements")
        if (row["code"], row["report_period"]) == (code, period)
    ]
    return int(max(found, key=lambda row: row["announced_on"])[column])


@pytest.mark.parametrize("year", [2022, 2023, 2024])
def test_expected_quarters_are_differences_of_the_filed_cumulatives(year: int) -> None:
    columns = {
        "revenue": "revenue_ytd",
        "net_profit_attributable": "net_profit_attributable_ytd",
    }
    for code in statements.COMPANIES:
        expected = sample_oracle.expected_quarter(code, year, 3)
        for name, column in columns.items():
            nine = _cumulative(code, f"{year}-09-30", column)
            half = _cumulative(code, f"{year}-06-30", column)
            assert expected[name] == nine - half


def _status(base: int, current: int) -> str:
    """The partition of FORMULAS F13, written out once more."""
    if current == base:
        return "持平"
    if base > 0:
        return "正增长" if current > base else "利润下滑" if current >= 0 else "转亏"
    if current > 0:
        return "扭亏"
    if base == 0:
        return "转亏"
    return "亏损收窄" if current > base else "亏损扩大"


def test_every_profit_status_occurs_and_is_the_expected_one() -> None:
    for code in statements.COMPANIES:
        base = sample_oracle.expected_quarter(code, 2023, 3)["net_profit_attributable"]
        current = sample_oracle.expected_quarter(code, 2024, 3)["net_profit_attributable"]
        assert statements.profit_status(code) == _status(base, current)
    counts = Counter(map(statements.profit_status, statements.COMPANIES))
    assert set(counts) == set(statements.PROFIT_LINES)
    assert min(counts.values()) >= 2


def test_restated_periods_have_a_second_later_version() -> None:
    versions = Counter(
        (row["code"], row["report_period"]) for row in rows("made_up", "income_statements")
    )
    restated = {key for key, times in versions.items() if times > 1}
    assert restated == {("999003.SH", "2024-06-30"), ("999006.SH", "2023-12-31")}
    assert statements.announced_on("999006.SH", date(2024, 9, 30)) < date(2024, 10, 31)


def test_statements_are_announced_after_their_period_and_by_the_as_of_day() -> None:
    for row in rows("made_up", "income_statements"):
        assert row["report_period"] < row["announced_on"] <= sample_oracle.AS_OF.isoformat()


def test_eighteen_companies_are_in_computers_and_one_moved_there() -> None:
    latest: dict[str, str] = {}
    for row in rows("made_up", "sw_industry_membership"):
        latest[row["code"]] = row["industry_code"]
    assert sum(code.startswith("71") for code in latest.values()) == 18
    moved = Counter(row["code"] for row in rows("made_up", "sw_industry_membership"))
    assert [code for code, times in moved.items() if times > 1] == ["999011.SH"]


def test_st_stock_had_a_dated_name_without_st_before() -> None:
    names = [row for row in rows("made_up", "securities") if row["code"] == prices.ST_CODE]
    assert [row["name"] for row in names] == ["样例软件", "ST样例软件"]
    assert names[0]["name_from"] < names[1]["name_from"] == "2024-05-06"
