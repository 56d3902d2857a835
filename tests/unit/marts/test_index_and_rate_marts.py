"""Index lines, yields and fixings, market caps: bases, signs and totals worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row, mainland_sessions

INDEX = "998001.SH"
CLOSES = {
    "2022-12-30": 80.0,
    "2023-12-29": 100.0,
    "2024-08-30": 110.0,
    "2024-09-20": 112.0,
    "2024-09-27": 120.0,
    "2024-09-30": 132.0,
    "2024-10-08": 135.3,
    "2024-10-11": 125.4,
}


def bars(closes: dict[str, float] = CLOSES, index: str = INDEX, **fields: Any) -> list[Row]:
    return [
        {"index_code": index, "trade_date": day, "close": close, "available_on": day, **fields}
        for day, close in closes.items()
    ]


def test_week_after_a_holiday_counts_from_the_last_close_before_it(mart: Harness) -> None:
    (row,) = mart("index_changes", "2024-10-11", index_bars=bars())
    assert row["close"] == 125.4
    assert row["change_this_week"] == pytest.approx(125.4 / 132 - 1, abs=1e-8)
    assert row["change_last_week"] == pytest.approx(132 / 120 - 1, abs=1e-8)
    assert row["change_month"] == pytest.approx(125.4 / 132 - 1, abs=1e-8)
    assert row["change_this_year"] == pytest.approx(0.254, abs=1e-8)
    assert row["change_prev_year"] == pytest.approx(0.25, abs=1e-8)


def test_month_keeps_the_name_that_it_had(mart: Harness) -> None:
    (row,) = mart("index_changes", "2024-10-11", index_bars=bars())
    assert row["change_this_month"] == row["change_month"] == -0.05


def test_week_and_month_without_a_session_have_no_change(mart: Harness) -> None:
    (row,) = mart("index_changes", "2024-10-07", index_bars=bars())
    assert str(row["session_on"]) == "2024-09-30"
    assert row["change_this_week"] is None
    assert row["change_month"] is None
    assert row["change_last_week"] == pytest.approx(0.1, abs=1e-8)
    assert row["change_this_year"] == pytest.approx(0.32, abs=1e-8)


def test_missing_base_gives_no_change(mart: Harness) -> None:
    young = {day: close for day, close in CLOSES.items() if day >= "2024-10-08"}
    (row,) = mart("index_changes", "2024-10-11", index_bars=bars(young))
    assert row["close"] == 125.4
    changes = {name: row[name] for name in row if name.startswith("change_")}
    reasons = {changes.pop(name) for name in [*changes] if name.endswith("_reason")}
    assert {*changes.values()} == {None}
    assert reasons == {"无基期收盘点位（此前31日无数据）", "区间内无收盘点位"}


def test_week_without_sessions_before_has_no_change_of_last_week(mart: Harness) -> None:
    gap = {day: close for day, close in CLOSES.items() if day != "2024-09-30"}
    traded = mainland_sessions(gap)
    (row,) = mart("index_changes", "2024-10-11", index_bars=bars(gap), trading_days=traded)
    assert row["change_last_week"] is None
    assert row["change_this_week"] == pytest.approx(125.4 / 120 - 1, abs=1e-8)


@pytest.mark.parametrize(("day", "change"), [("2024-08-31", -0.01), ("2024-08-30", None)])
def test_base_counts_up_to_31_days_before_its_window(
    mart: Harness, day: str, change: float | None
) -> None:
    closes = {day: 100, "2024-10-30": 99}
    traded = mainland_sessions(closes)
    (row,) = mart("index_changes", "2024-10-31", index_bars=bars(closes), trading_days=traded)
    assert row["change_month"] == (change and pytest.approx(change, abs=1e-8))


def test_close_of_an_earlier_year_is_no_base_of_this_one(mart: Harness) -> None:
    closes = {"2022-12-30": 80.0, "2023-06-30": 90.0, "2024-10-11": 99.0}
    (row,) = mart("index_changes", "2024-10-11", index_bars=bars(closes))
    assert row["change_this_year"] is None
    assert row["change_prev_year"] is None


def test_each_index_stands_on_its_own_calendar(mart: Harness) -> None:
    american = bars({"2024-10-04": 50.0, "2024-10-11": 51.0}, "SPX9.GI")
    rows = mart("index_changes", "2024-10-11", index_bars=[*bars(), *american])
    by_code = {row["index_code"]: row for row in rows}
    assert by_code["SPX9.GI"]["market"] == "US"
    assert by_code["SPX9.GI"]["change_this_week"] == pytest.approx(0.02, abs=1e-8)
    assert by_code[INDEX]["change_this_week"] == pytest.approx(-0.05, abs=1e-8)


def test_close_that_was_not_known_yet_does_not_enter(mart: Harness) -> None:
    late = [*bars({"2024-10-04": 50.0}), *bars({"2024-10-11": 51.0}, available_on="2024-10-12")]
    (row,) = mart("index_changes", "2024-10-11", "2024-10-11", index_bars=late)
    assert row["close"] == 50.0
    (row,) = mart("index_changes", "2024-10-11", "2024-10-12", index_bars=late)
    assert row["close"] == 51.0


def test_restated_close_replaces_the_first_once_it_is_known(mart: Harness) -> None:
    restated = bars({"2024-10-11": 130.0}, version=2, available_on="2024-10-14")
    rows = [*bars(), *restated]
    assert mart("index_changes", "2024-10-11", index_bars=rows)[0]["close"] == 130.0
    (row,) = mart("index_changes", "2024-10-11", "2024-10-11", index_bars=rows)
    assert row["close"] == 125.4


def yields(country: str, levels: dict[str, float]) -> list[Row]:
    return [
        {
            "country": country,
            "tenor": "10Y",
            "date": day,
            "yield_pct": level,
            "available_on": day,
        }
        for day, level in levels.items()
    ]


def fixings(levels: dict[str, float], pair: str = "USDCNY") -> list[Row]:
    return [
        {"pair": pair, "fixing_date": day, "rate": rate, "available_on": day}
        for day, rate in levels.items()
    ]


def test_changes_have_the_sign_of_the_move_in_points_and_pips(mart: Harness) -> None:
    rows = mart(
        "rates_fx",
        "2024-10-11",
        government_yields=[
            *yields("US", {"2024-10-04": 3.98, "2024-10-10": 4.09}),
            *yields("CN", {"2024-09-30": 2.15, "2024-10-11": 2.12}),
        ],
        fx_fixings=fixings({"2024-09-30": 7.0074, "2024-10-11": 7.0731}),
    )
    got = {row["series_id"]: (row["change"], row["change_unit"]) for row in rows}
    assert got == {"us_10y": (11.0, "bp"), "cn_10y": (-3.0, "bp"), "usd_cny": (657.0, "pip")}
    bases = {row["series_id"]: str(row["base_on"]) for row in rows}
    assert bases == {
        "us_10y": "2024-10-04",
        "cn_10y": "2024-09-30",
        "usd_cny": "2024-09-30",
    }


def test_rate_without_an_observation_this_week_has_a_level_and_no_change(
    mart: Harness,
) -> None:
    levels = yields("CN", {"2024-09-27": 2.2, "2024-09-30": 2.15})
    (row,) = mart("rates_fx", "2024-10-11", government_yields=levels)
    assert (row["level"], row["change"]) == (2.15, None)


def caps(code: str, base: float, now: float, currency: str = "USD", **fields: Any) -> list[Row]:
    days = (("2024-10-04", base), ("2024-10-11", now))
    return [
        {
            "code": code,
            "company": f"样例{code}",
            "trade_date": day,
            "market_cap": cap,
            "currency": currency,
            "cap_basis": "all_classes",
            "available_on": day,
            **fields,
        }
        for day, cap in days
    ]


def test_total_adds_up_the_companies_of_one_currency(mart: Harness) -> None:
    rows = mart(
        "market_cap_moves",
        "2024-10-11",
        market_caps=[
            *caps("AA.O", 100.0, 110.0),
            *caps("BB.O", 200.0, 190.0),
            *caps("0001.HK", 50.0, 60.0, "HKD"),
        ],
        fx_fixings=fixings({"2024-10-11": 7.0}),
    )
    (total,) = [row for row in rows if row["is_total"]]
    assert (total["currency"], total["company"], total["code"]) == ("USD", "总计", None)
    assert (total["market_cap_base"], total["market_cap"], total["change"]) == (300, 300, 0)
    by_code = {row["code"]: row for row in rows if not row["is_total"]}
    assert by_code["AA.O"]["change_cny"] == 70.0
    assert by_code["BB.O"]["change_cny"] == -70.0
    assert by_code["BB.O"]["change_ratio"] == pytest.approx(-0.05)
    assert by_code["0001.HK"]["change"] == 10.0
    assert by_code["0001.HK"]["change_cny"] is None, "no fixing of its currency is known"


def test_company_without_a_base_is_listed_and_not_totalled(mart: Harness) -> None:
    rows = mart(
        "market_cap_moves",
        "2024-10-11",
        market_caps=[
            *caps("AA.O", 100.0, 110.0),
            *caps("BB.O", 200.0, 220.0),
            caps("CC.O", 0.0, 40.0)[1],
        ],
        fx_fixings=fixings({"2024-10-11": 7.0}),
    )
    (total,) = [row for row in rows if row["is_total"]]
    assert (total["market_cap_base"], total["market_cap"]) == (300, 330)
    (alone,) = [row for row in rows if row["code"] == "CC.O"]
    assert (alone["market_cap"], alone["change"], alone["base_on"]) == (40.0, None, None)


def test_old_fixing_prices_nothing(mart: Harness) -> None:
    rows = mart(
        "market_cap_moves",
        "2024-10-11",
        market_caps=caps("AA.O", 100.0, 110.0),
        fx_fixings=fixings({"2024-09-20": 7.0}),
    )
    assert [(row["change"], row["change_cny"]) for row in rows] == [(10.0, None)]


def path(rows: list[Row], period: str, index: str = INDEX) -> list[tuple[str, float]]:
    return [
        (str(row["trade_date"]), round(row["change"], 6))
        for row in rows
        if (row["period"], row["index_code"]) == (period, index)
    ]


def test_path_begins_at_the_base_session_with_zero(mart: Harness) -> None:
    traded = mainland_sessions(CLOSES)
    rows = mart("index_path", "2024-10-11", index_bars=bars(), trading_days=traded)
    month = [("2024-09-30", 0.0), ("2024-10-08", 0.025), ("2024-10-11", -0.05)]
    assert path(rows, "month") == month
    # The day one month before 11 October is 11 September: the last close by then is August's.
    assert path(rows, "1m")[0] == ("2024-08-30", 0.0)
    assert {row["period"] for row in rows} == {"month", "1m"}  # three months have no base


@pytest.mark.parametrize("as_of", ["2024-10-11", "2024-10-08", "2024-09-30"])
def test_path_ends_on_the_return_that_the_tables_print(mart: Harness, as_of: str) -> None:
    other = bars({day: close * 2 for day, close in CLOSES.items()}, "998002.SH")
    pair = [{"comparison": "x", "label_zh": "甲", "index_code": INDEX,
             "benchmark_index": "998002.SH"}]  # fmt: skip
    both = [*bars(), *other]
    given = {"index_bars": both, "trading_days": mainland_sessions(CLOSES)}
    printed = mart("relative_performance", as_of, index_comparisons=pair, **given)
    rows = mart("index_path", as_of, **given)
    ends = {(r["period"], r["index_code"]): r["change"] for r in rows if r["is_latest"]}
    for row in printed[:2]:
        for period in ("1m", "3m", "12m"):
            assert ends.get((period, row["index_code"])) == row[f"return_{period}"]
    assert ends["1m", INDEX] is not None


def test_session_without_a_bar_is_no_row_of_the_path(mart: Harness) -> None:
    gap = {day: close for day, close in CLOSES.items() if day != "2024-10-08"}
    rows = mart("index_path", "2024-10-11", index_bars=bars(gap))
    assert path(rows, "month") == [("2024-09-30", 0.0), ("2024-10-11", -0.05)]


def test_path_knows_neither_later_days_nor_later_versions(mart: Harness) -> None:
    restated = bars({"2024-10-08": 140.0}, version=2, available_on="2024-10-14")
    rows = mart("index_path", "2024-10-08", "2024-10-10", index_bars=[*bars(), *restated])
    assert path(rows, "month") == [("2024-09-30", 0.0), ("2024-10-08", 0.025)]


def test_rates_path_holds_twelve_months_and_changes_in_points(mart: Harness) -> None:
    rows = mart(
        "rates_path",
        "2024-10-11",
        government_yields=yields("CN", {"2023-10-11": 2.7, "2023-10-12": 2.68,
                                        "2024-10-11": 2.12, "2024-10-14": 2.1}),
        fx_fixings=fixings({"2024-09-30": 7.0074, "2024-10-11": 7.0731}),
    )  # fmt: skip
    got = [
        (row["series_id"], str(row["observed_on"]), row["level"], row["change"]) for row in rows
    ]
    assert got == [
        ("cn_10y", "2023-10-12", 2.68, 0.0),
        ("cn_10y", "2024-10-11", 2.12, -56.0),
        ("usd_cny", "2024-09-30", 7.0074, 0.0),
        ("usd_cny", "2024-10-11", 7.0731, 657.0),
    ]
