"""A good night and a good release, made up; each test spoils one thing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd
import pytest
from gate_cases import DAY, SHARES, TODAY

from yanbao.base.check_result import GateResult
from yanbao.catalog import BY_NAME
from yanbao.quality.raw_gate import BatchContext, check_batch, previous_columns

CheckBars = Callable[..., GateResult]
Marts = dict[str, pd.DataFrame]


@pytest.fixture
def bars() -> pd.DataFrame:
    """One session of forty made-up shares, unadjusted, in yuan and shares."""
    close = pd.Series([10.0 + number for number in range(SHARES)])
    volume = pd.Series([1_000_000.0 + 1_000 * number for number in range(SHARES)])
    return pd.DataFrame(
        {
            "code": [f"{number:06d}.SZ" for number in range(1, SHARES + 1)],
            "trade_date": pd.Timestamp(DAY),
            "open": close * 0.99,
            "high": close * 1.02,
            "low": close * 0.98,
            "close": close,
            "volume_shares": volume,
            "amount_cny": volume * close,
            "adjustment": None,
            "market_cap_cny": close * 1e9,
        }
    )


@pytest.fixture
def previous(bars: pd.DataFrame) -> pd.DataFrame:
    """The session before: the same shares one per cent cheaper."""
    before = bars[list(previous_columns(BY_NAME["a_share_bars"]))].copy()
    before[["close", "market_cap_cny"]] /= 1.01
    return before


@pytest.fixture
def check_bars(previous: pd.DataFrame) -> CheckBars:
    """Judge A-share bars as a feed of the day; keywords change what the gate knows."""

    def check(frame: pd.DataFrame, **known: Any) -> GateResult:
        context: dict[str, Any] = {
            "today": TODAY,
            "previous": previous,
            "previous_rows": SHARES,
            "expected_day": DAY,
        }
        return check_batch(
            BY_NAME["a_share_bars"], frame, context=BatchContext(**(context | known))
        )

    return check


def quarter_marts() -> dict[str, list[dict[str, Any]]]:
    """One company with both years and one that has not reported, of one pool."""
    quarter = {"pool": "computer", "report_period": date(2024, 9, 30)}
    figures = {
        "revenue": 12e9,
        "revenue_base": 10e9,
        "net_profit_attributable": 1e9,
        "net_profit_attributable_base": 2e9,
    }
    group = {
        **quarter,
        **figures,
        "members": 2,
        "companies": 1,
        "companies_unreported": 1,
        "companies_left_out": 0,
        "revenue_growth_yoy": 0.2,
        "filings_to": date(2024, 10, 30),
    }
    classes = {"measure": "revenue", "partition_kind": "growth"}
    unreported = dict.fromkeys(figures) | {"missing_reason": "statement_missing"}
    return {
        "industry_quarter": [group],
        "sub_industry_quarter": [group | {"sub_industry": "样例细分"}],
        "company_growth_distribution": [
            {**quarter, **classes, "class": name, "companies": 1, "share": 0.5}
            for name in ("to_20", "not_comparable")
        ],
        "company_quarter": [
            {**quarter, **figures, "code": "000001.SZ", "is_compared": True}
            | {"missing_reason": None},
            {**quarter, **unreported, "code": "000002.SZ", "is_compared": False},
        ],
    }


@pytest.fixture
def marts() -> Marts:
    """A small release, plausible and in agreement."""
    peer: dict[str, Any] = {
        "peer_list": "ours",
        "session_on": DAY,
        "close": 10.5,
        "market_cap": 1e11,
        "cap_on": DAY,
        "ttm_period": date(2024, 9, 30),
        "pe_ttm": -20.0,
        "ps_ttm": 4.0,
        "lyr_period": date(2023, 12, 31),
        "pe_lyr": None,
        "ps_lyr": 4.2,
        "change_month": 0.06,
        "change_ytd": 0.2,
    }
    rows: dict[str, list[dict[str, Any]]] = {
        "index_changes": [
            {
                "index_code": "999001.SH",
                "index_name": "样例指数",
                "session_on": DAY,
                "close": 3000.0,
                "change_this_week": 0.01,
                "change_last_week": -0.02,
                "change_this_month": 0.03,
                "change_this_year": 0.1,
                "change_prev_year": -0.1,
                "pe_ttm": 12.5,
            },
        ],
        "company_changes": [
            {
                "code": "000001.SZ",
                "company": "样例甲",
                "session_on": DAY,
                "close": 10.5,
                "week_start_date": date(2024, 10, 25),
                "week_end_date": DAY,
                "change_week": 0.05,
                "change_prev_week": 0.0,
                "change_month": 0.06,
                "change_ytd": 0.2,
                "change_price_week": 0.05,
                "limit_up_streak": 0,
            },
        ],
        "constituent_ranking": [
            {
                "universe": "computer",
                "side": side,
                "rank_order": place,
                "code": code,
                "name": name,
                "session_on": DAY,
                "close": 10.5,
                "change_month": change,
                "relative": change - 0.03,
                "benchmark_index": "999001.SH",
                "benchmark_change_month": 0.03,
            }
            for side, place, code, name, change in [
                ("top", 1, "000001.SZ", "样例甲", 0.06),
                ("top", 2, "000002.SZ", "样例乙", -0.04),
                ("bottom", 1, "000002.SZ", "样例乙", -0.04),
                ("bottom", 2, "000001.SZ", "样例甲", 0.06),
            ]
        ],
        "member_extremes": [
            {
                "universe": "computer",
                "side": side,
                "code": "000001.SZ",
                "stock_name": "样例甲",
                "week_start_date": date(2024, 10, 25),
                "week_end_date": DAY,
                "change_week": 0.05,
            }
            for side in ("max_gain", "max_loss")
        ],
        "forward_valuation": [
            {
                "code": "000001.SZ",
                "name": "样例甲",
                "price": 10.5,
                "session_on": DAY,
                "eps_y0": 0.5,
                "pe_y0": 21.0,
                "eps_y1": 0.7,
                "pe_y1": 15.0,
                "eps_y2": None,
                "pe_y2": None,
                "eps_rate": 1.0,
                "forecast_on": date(2024, 10, 25),
                "rated_on": None,
            },
        ],
        "a_share_peers": [
            {
                **peer,
                "code": "000001.SZ",
                "name": "样例甲",
                "latest_period": date(2024, 9, 30),
            }
        ],
        "overseas_peers": [
            {**peer, "code": "ZZA.O", "name": "样例美股", "h1_period": date(2024, 6, 30)}
        ],
        # The board counts of the monthly for July 2024.
        "index_profile": [
            {
                "pool": "ai_index",
                "method": "aggregate",
                "loss_rule": "included",
                "constituents_count": 71,
                "main_board_count": 14,
                "sme_board_count": 19,
                "chinext_count": 30,
                "star_count": 8,
                "beijing_count": 0,
                "other_count": 0,
                "total_market_cap": 1.3e12,
                "cap_on": DAY,
                "pe_ttm": 62.33,
                "ps_ttm": 3.09,
                "cagr_to": date(2023, 12, 31),
                "revenue_cagr_3y": 0.1333,
            }
        ],
        "relative_performance": [
            {
                "comparison": "computer",
                "line": line,
                "session_on": DAY,
                "change_1m": month,
                "change_3m": None,
                "change_12m": 0.1,
            }
            for line, month in [("industry", 0.04), ("benchmark", 0.01)]
        ]
        + [
            {
                "comparison": "computer",
                "line": "difference",
                "session_on": DAY,
                "change_1m": 0.03,
                "change_3m": None,
                "change_12m": 0.0,
            }
        ],
        "index_daily_extremes": [
            {
                "index_code": "999001.SH",
                "index_name": "样例指数",
                "session_on": DAY,
                "sessions": 4,
                "max_daily_gain": 0.02,
                "max_daily_gain_on": date(2024, 10, 29),
                "max_daily_loss": -0.01,
                "max_daily_loss_on": DAY,
            },
        ],
        "market_cap_moves": [
            {
                "base_on": date(2024, 10, 25),
                "cap_on": DAY,
                "company": company,
                "code": code,
                "currency": "CNY",
                "cap_basis": "all_classes",
                "market_cap_base": base,
                "market_cap": cap,
                "change": cap - base,
                "change_cny": cap - base,
                "is_total": code is None,
                "is_stale": False,
            }
            for company, code, base, cap in [
                ("样例甲", "000001.SZ", 100e9, 105e9),
                ("样例乙", "000002.SZ", 200e9, 190e9),
                ("总计", None, 300e9, 295e9),
            ]
        ],
        "index_path": [
            {
                "period": "1m",
                "index_code": "999001.SH",
                "trade_date": day,
                "close": close,
                "base_on": date(2024, 9, 30),
                "close_base": 2900.0,
                "change": close / 2900.0 - 1,
            }
            for day, close in [(date(2024, 9, 30), 2900.0), (DAY, 3000.0)]
        ],
        "rates_path": [
            {
                "series_id": series,
                "observed_on": DAY,
                "base_on": date(2023, 11, 1),
                "level": level,
                "level_unit": unit,
                "change": change,
            }
            for series, level, unit, change in [
                ("sample_10y", 2.15, "pct", -55.0),
                ("sample_fixing", 7.12, "cny_per_usd", -400.0),
            ]
        ],
        "rates_fx": [
            {
                "series": "样例国债",
                "base_on": date(2024, 10, 25),
                "level_on": DAY,
                "level": 2.15,
                "level_unit": "pct",
                "change": -3.0,
                "change_unit": "bp",
            },
            {
                "series": "样例中间价",
                "base_on": date(2024, 10, 25),
                "level_on": DAY,
                "level": 7.12,
                "level_unit": "cny_per_usd",
                "change": 40.0,
                "change_unit": "pip",
            },
        ],
        "theme_fund_returns": [
            {
                "theme": "ai",
                "fund_code": code,
                "fund_name": name,
                "fund_size": 1e8,
                "fund_size_on": date(2024, 9, 30),
                "nav": nav,
                "nav_on": date(2024, 10, 30),
                "return_1m": month,
                "return_3m": 0.1,
                "return_6m": 0.2,
                "is_stale": False,
                "stale_reason": None,
            }
            for code, name, nav, month in [
                ("900001.OF", "样例智能混合A", 1.2, 0.021),
                ("900002.OF", "样例智能混合C", 1.1, 0.020),
            ]
        ],
        "pool": [
            {
                "pool": "computer",
                "code": "000001.SZ",
                "name": "样例甲",
                "included": True,
                "rule": "sw_level1",
            },
            {
                "pool": "computer",
                "code": "000003.SZ",
                "name": "ST样例",
                "included": False,
                "rule": "st",
            },
        ],
        **quarter_marts(),
        "web_traffic_series": [
            {
                "period_start": date(2024, 10, 21),
                "period_end": date(2024, 10, 27),
                "app": "样例站",
                "weekly_avg_visits": 1e6,
                "visits_wow": 0.1,
            }
        ],
        "web_traffic_week": [
            {
                "period_start": date(2024, 10, 21),
                "period_end": date(2024, 10, 27),
                "app": "样例站",
                "weekly_avg_visits": 1e6,
                "visits_wow": 0.1,
                "avg_visit_duration": 400.0,
                "duration_wow": -0.1,
                "rank_visits": 1,
                "rank_visits_wow": 1,
                "rank_duration": 1,
                "rank_duration_wow": 1,
                "is_stale": False,
            },
        ],
        "gpu_rental_week": [
            {
                "quoted_on": date(2024, 10, 30),
                "gpu": "样例卡",
                "platform": "样例云",
                "price": 12.5,
                "price_wow": -0.02,
                "is_stale": False,
            },
        ],
        "funding_rounds_period": [
            {
                "window_start": date(2024, 10, 1),
                "window_end": DAY,
                "company": "样例丙",
                "announced_on": date(2024, 10, 9),
                "round": "A轮",
                "amount": 1e8,
                "amount_cny": 1e8,
                "rank_amount": 1,
                "is_rankable": True,
                "fx_on": None,
            },
        ],
        "app_download_month": [
            {
                "month": date(2024, 9, 1),
                "app_id": "product:样例",
                "app": "样例应用",
                "downloads": 1e6,
                "is_partial": False,
                "downloads_mom": 0.1,
                "rank_downloads": 1,
            },
        ],
        "llm_benchmark": [
            {
                "benchmark": "样例测评",
                "setup": "5-shot",
                "tested_on": date(2024, 10, 20),
                "model": "样例模型",
                "score": 0.684,
                "rank_benchmark": 1,
                "claimed_over": "样例对手",
                "claim_holds": True,
                "claim_refused_by": None,
            },
        ],
        "gpu_price_series": [
            {
                "gpu": "样例卡",
                "marketplace": "样例市场",
                "condition": "new",
                "quoted_on": date(2024, 10, 1),
                "base_on": date(2024, 10, 1),
                "price": 30_000.0,
                "price_base": 30_000.0,
                "change": 0.0,
                "change_previous": None,
            },
        ],
        "news_period": [
            {
                "window_start": date(2024, 10, 1),
                "window_end": DAY,
                "section": "样例栏目",
                "published_on": date(2024, 10, 9),
                "headline": "样例标题",
            },
        ],
        "policies_period": [
            {
                "window_start": date(2024, 10, 1),
                "window_end": DAY,
                "issued_on": date(2024, 9, 20),
                "published_on": date(2024, 10, 9),
                "title": "样例文件",
            },
        ],
        "llm_leaderboard": [
            {
                "board": "lmarena",
                "category": "overall",
                "model": "样例模型",
                "leaderboard_date": date(2024, 10, 20),
                "place": 1,
                "rank_organization": 1,
                "rank_ub": 1,
                "rank_as_printed": 1,
                "rank_style_ctrl": 1,
                "arena_score": 1300.0,
                "ci95_plus": 5.0,
                "ci95_minus": 5.0,
                "votes": 1000,
            },
        ],
    }
    parameters = {"as_of_date": DAY, "known_at": None}
    return {
        name: pd.DataFrame([parameters | record for record in records])
        for name, records in rows.items()
    }
