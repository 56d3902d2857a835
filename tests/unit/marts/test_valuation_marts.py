"""Forward and trailing valuations, peers and index profiles, worked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.marts.mart_harness import Harness, Row

DAY = "2024-10-31"
CODE = "600001.SH"


def bar(code: str, day: str, close: float, market: str = "CN", **fields: Any) -> Row:
    adjustment = "split" if market == "US" else "none"
    adjusted = {"close_adjusted": close} if market == "US" else {}
    return {
        "code": code,
        "trade_date": day,
        "market": market,
        "close": close,
        "adjustment": adjustment,
        "available_on": day,
        **adjusted,
        **fields,
    }


def eps(year: int, value: float, code: str = CODE, **fields: Any) -> Row:
    return {
        "code": code,
        "fiscal_year": year,
        "as_of_date": "2024-10-20",
        "provider": "样例",
        "eps": value,
        "kind": "A" if year < 2024 else "E",
        "currency": "CNY",
        "available_on": "2024-10-20",
        **fields,
    }


def fixing(pair: str, day: str, rate: float) -> Row:
    return {"pair": pair, "fixing_date": day, "rate": rate, "available_on": day}


def forward(mart: Harness, bars: list[Row], forecasts: list[Row], **rows: list[Row]) -> Row:
    (row,) = mart("forward_valuation", DAY, daily_bars=bars, eps_forecasts=forecasts, **rows)
    return row


def test_one_price_explains_every_pe(mart: Harness) -> None:
    forecasts = [eps(2023, 0.5), eps(2024, -0.25), eps(2025, 0.0), eps(2026, 2.0)]
    row = forward(mart, [bar(CODE, DAY, 23.29)], forecasts)
    assert (row["price"], row["fiscal_year"]) == (23.29, 2023)
    assert [row[f"eps_y{n}"] for n in range(3)] == [0.5, -0.25, 0.0]
    assert [row[f"pe_y{n}"] for n in range(3)] == [46.58, -93.16, None]
    assert [row[f"kind_y{n}"] for n in range(3)] == ["A", "E", "E"]


def test_years_are_those_of_one_provider_on_its_last_day(mart: Harness) -> None:
    newer = {"provider": "样例二", "as_of_date": "2024-10-30", "available_on": "2024-10-30"}
    forecasts = [eps(2023, 0.5), eps(2024, 1.0), eps(2024, 2.0, **newer)]
    row = forward(mart, [bar(CODE, DAY, 20.0)], forecasts)
    assert (row["eps_y0"], row["eps_y1"], row["provider"]) == (None, 2.0, "样例二")
    late = {**newer, "available_on": "2024-11-01"}
    forecasts[-1] = eps(2024, 2.0, **late)
    (row,) = mart(
        "forward_valuation",
        DAY,
        DAY,
        daily_bars=[bar(CODE, DAY, 20.0)],
        eps_forecasts=forecasts,
    )
    assert (row["eps_y1"], row["provider"]) == (1.0, "样例")


def test_eps_of_another_currency_is_converted_at_the_fixing(mart: Harness) -> None:
    code = "0268.HK"
    row = forward(
        mart,
        [bar(code, DAY, 8.0, "HK")],
        [eps(2024, 0.9, code)],
        fx_fixings=[fixing("HKDCNY", DAY, 0.9)],
    )
    assert (row["currency"], row["eps_currency"]) == ("HKD", "CNY")
    assert row["eps_rate"] == pytest.approx(1 / 0.9)
    assert row["pe_y1"] == pytest.approx(8.0)
    unpriced = forward(mart, [bar(code, DAY, 8.0, "HK")], [eps(2024, 0.9, code)])
    assert unpriced["pe_y1"] is None, "no fixing, no PE"


def test_adjusted_close_is_no_price(mart: Harness) -> None:
    adjusted = bar(CODE, DAY, 20.0, adjustment="forward_ratio", close_adjusted=20.0)
    row = forward(mart, [adjusted], [eps(2024, 1.0)])
    assert (row["price"], row["pe_y1"]) == (None, None)


def test_last_rating_speaks(mart: Harness) -> None:
    rated = [
        {"code": CODE, "broker": broker, "rated_on": day, "rating": word, "available_on": day}
        for broker, day, word in (("甲", "2024-10-01", "增持"), ("乙", "2024-10-15", "买入"))
    ]
    row = forward(mart, [bar(CODE, DAY, 20.0)], [eps(2024, 1.0)], ratings=rated)
    assert (row["rating"], row["rating_broker"]) == ("买入", "乙")


def peers(*codes: str) -> dict[str, list[Row]]:
    return {
        "peer_lists": [
            {"peer_list": "ours", "label_zh": "样例", "list_order": number, "code": code}
            for number, code in enumerate(codes, 1)
        ]
    }


def statement(period: str, revenue: float, profit: float, code: str = CODE) -> Row:
    return {
        "code": code,
        "report_period": period,
        "announced_on": "2024-04-20" if period < "2024" else "2024-08-20",
        "available_on": "2024-04-20" if period < "2024" else "2024-08-20",
        "currency": "CNY",
        "revenue_ytd": revenue,
        "net_profit_attributable_ytd": profit,
    }


STATEMENTS = [
    statement("2022-12-31", 800.0, -40.0),
    statement("2023-06-30", 400.0, 30.0),
    statement("2023-12-31", 1000.0, 50.0),
    statement("2024-06-30", 600.0, -6.0),
]
CLOSES = [
    bar(CODE, "2023-12-29", 8.0),
    bar(CODE, "2024-09-30", 16.0),
    bar(CODE, DAY, 12.0, market_cap=2400.0),
]


def test_a_share_peer_is_valued_by_trailing_and_last_year_figures(mart: Harness) -> None:
    (row,) = mart(
        "a_share_peers", DAY, daily_bars=CLOSES, income_statements=STATEMENTS, **peers(CODE)
    )
    assert (row["market_cap"], row["currency"]) == (2400.0, "CNY")
    assert (str(row["ttm_period"]), str(row["lyr_period"])) == ("2024-06-30", "2023-12-31")
    assert row["ps_ttm"] == pytest.approx(2400 / 1200)
    assert row["pe_ttm"] == pytest.approx(2400 / 14)
    assert (row["ps_lyr"], row["pe_lyr"]) == (pytest.approx(2.4), pytest.approx(48.0))
    assert row["change_month"] == pytest.approx(-0.25)
    assert row["change_ytd"] == pytest.approx(0.5)


def test_growth_is_that_of_the_named_periods_and_null_on_a_loss(mart: Harness) -> None:
    (row,) = mart(
        "a_share_peers", DAY, daily_bars=CLOSES, income_statements=STATEMENTS, **peers(CODE)
    )
    assert row["revenue_growth_fiscal_year"] == pytest.approx(0.25)
    assert row["net_profit_growth_fiscal_year"] is None
    assert row["net_profit_growth_fiscal_year_abs_base"] == pytest.approx(2.25)
    assert row["revenue_growth_latest_period"] == pytest.approx(0.5)
    assert row["net_profit_growth_latest_period"] == pytest.approx(-1.2)


def test_half_year_is_not_known_before_its_announcement(mart: Harness) -> None:
    (row,) = mart(
        "a_share_peers",
        "2024-08-19",
        "2024-08-19",
        daily_bars=[bar(CODE, "2024-08-19", 12.0, market_cap=2400.0)],
        income_statements=STATEMENTS,
        **peers(CODE),
    )
    assert (str(row["latest_period"]), str(row["ttm_period"])) == ("2023-12-31", "2023-12-31")


def test_list_without_any_bar_is_left_out_and_one_company_without_is_kept(
    mart: Harness,
) -> None:
    rows = mart("a_share_peers", DAY, daily_bars=CLOSES, **peers(CODE, "600002.SH"))
    assert [(row["code"], row["close"]) for row in rows] == [(CODE, 12.0), ("600002.SH", None)]
    assert mart("a_share_peers", DAY, daily_bars=CLOSES, **peers("600002.SH")) == []


def quarter(period: str, revenue: float, profit: float, months: int = 3) -> Row:
    return {
        "code": "BIDU9.O",
        "report_period": period,
        "months": months,
        "announced_on": "2024-09-01" if period > "2024" else "2024-02-20",
        "available_on": "2024-09-01" if period > "2024" else "2024-02-20",
        "currency": "CNY",
        "revenue": revenue,
        "net_profit_attributable": profit,
    }


ABROAD = [
    quarter("2022-12-31", 300.0, 20.0, 12),
    quarter("2023-03-31", 90.0, 5.0),
    quarter("2023-06-30", 110.0, 5.0),
    quarter("2023-09-30", 100.0, 10.0),
    quarter("2023-12-31", 100.0, 10.0),
    quarter("2023-12-31", 400.0, 30.0, 12),
    quarter("2024-03-31", 120.0, 10.0),
    quarter("2024-06-30", 130.0, 6.0),
]


def abroad(mart: Harness, **rows: Any) -> Row:
    caps = [
        {
            "code": "BIDU9.O",
            "company": "样例",
            "trade_date": "2024-10-30",
            "market_cap": 300.0,
            "currency": "USD",
            "cap_basis": "all_classes",
            "available_on": "2024-10-31",
        }
    ]
    given: dict[str, Any] = {
        "overseas_income_statements": ABROAD,
        "market_caps": caps,
        "daily_bars": [bar("BIDU9.O", "2024-10-30", 90.0, "US")],
        "fx_fixings": [
            fixing("USDCNY", "2023-12-29", 7.5),
            fixing("USDCNY", "2024-06-28", 7.2),
            fixing("USDCNY", "2024-10-31", 7.1),
        ],
    }
    (row,) = mart("overseas_peers", DAY, **{**given, **rows}, **peers("BIDU9.O"))
    return row


def test_overseas_figures_are_converted_at_the_fixing_of_their_own_period(
    mart: Harness,
) -> None:
    row = abroad(mart)
    assert (row["currency"], row["reporting_currency"]) == ("USD", "CNY")
    assert row["ps_ttm"] == pytest.approx(300 / (450 / 7.2))
    assert row["pe_ttm"] == pytest.approx(300 / (36 / 7.2))
    assert row["ps_lyr"] == pytest.approx(300 / (400 / 7.5))
    assert row["pe_lyr"] == pytest.approx(300 / (30 / 7.5))
    assert row["net_profit_growth_1y"] == pytest.approx(0.5)
    unpriced = abroad(mart, fx_fixings=[])
    assert (unpriced["pe_ttm"], unpriced["pe_lyr"]) == (None, None)


def test_half_year_abroad_is_two_quarters_or_one_statement_of_six_months(
    mart: Harness,
) -> None:
    row = abroad(mart)
    assert (str(row["h1_period"]), row["h1_revenue"], row["h1_net_profit"]) == (
        "2024-06-30",
        250.0,
        16.0,
    )
    assert row["h1_revenue_yoy"] == pytest.approx(0.25)
    assert row["h1_net_profit_yoy"] == pytest.approx(0.6)
    one = quarter("2024-06-30", 260.0, 16.0, 6)
    assert abroad(mart, overseas_income_statements=[*ABROAD[:-2], one])["h1_revenue"] == 260.0


def test_half_year_that_is_not_visible_gives_way_to_the_one_before(mart: Harness) -> None:
    row = abroad(mart, overseas_income_statements=ABROAD[:-1])
    assert (str(row["h1_period"]), row["h1_revenue"]) == ("2023-06-30", 200.0)
    assert row["h1_revenue_yoy"] is None, "the half before it is not held"


PROFILE: dict[str, list[Row]] = {
    "pools": [
        {
            "pool": "ours",
            "label_zh": "样例",
            "kind": "own_list",
            "excludes_beijing": False,
            "excludes_st": False,
            "includes_unlisted": False,
        }
    ]
}
BOARDS = {
    "600001.SH": (1000.0, 100.0),
    "002001.SZ": (600.0, 20.0),
    "300001.SZ": (300.0, -10.0),
    "688001.SH": (500.0, 5.0),
    "830001.BJ": (100.0, None),
}


def profile(mart: Harness) -> dict[tuple[str, str], Row]:
    valued = {code: figures for code, figures in BOARDS.items() if figures[1] is not None}
    rows = mart(
        "index_profile",
        DAY,
        daily_bars=[bar(code, DAY, 10.0, market_cap=cap) for code, (cap, _) in BOARDS.items()],
        pool_additions=[{"pool": "ours", "code": code, "reason": "样例"} for code in BOARDS],
        income_statements=[
            row
            for code, (_, profit) in valued.items()
            for row in (
                statement("2023-12-31", 200.0, float(profit or 0), code),
                {**statement("2020-12-31", 100.0, 10.0, code)},
            )
        ],
        **PROFILE,
    )
    return {(row["method"], row["loss_rule"]): row for row in rows}


def test_members_are_counted_by_board_and_add_up(mart: Harness) -> None:
    row = profile(mart)["aggregate", "included"]
    boards = ("main_board", "sme_board", "chinext", "star", "beijing", "other")
    assert [row[f"{board}_count"] for board in boards] == [1, 1, 1, 1, 1, 0]
    assert (row["constituents_count"], row["total_market_cap"]) == (5, 2500.0)


def test_methods_and_loss_rules_give_six_named_valuations(mart: Harness) -> None:
    got = {key: row["pe_ttm"] for key, row in profile(mart).items()}
    assert got["aggregate", "included"] == pytest.approx(2400 / 115)
    assert got["aggregate", "excluded"] == pytest.approx(2100 / 125)
    assert got["mean", "included"] == pytest.approx((10 + 30 - 30 + 100) / 4)
    assert got["mean", "excluded"] == pytest.approx((10 + 30 + 100) / 3, abs=1e-6)
    assert got["median", "included"] == pytest.approx(20.0)
    assert got["median", "excluded"] == pytest.approx(30.0)
    assert {row["constituents_valued"] for row in profile(mart).values()} == {3, 4}


def test_compound_growth_is_that_of_the_sums_over_three_years(mart: Harness) -> None:
    row = profile(mart)["mean", "included"]
    assert (str(row["cagr_to"]), row["cagr_members"]) == ("2023-12-31", 4)
    assert row["revenue_cagr_3y"] == pytest.approx(2 ** (1 / 3) - 1, abs=1e-8)
    assert row["net_profit_cagr_3y"] == pytest.approx((115 / 40) ** (1 / 3) - 1, abs=1e-8)
