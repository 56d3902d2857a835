"""Rows of thirteen tiny report marts, labelled by the repository's own metric dictionary.

A number under a real name is transcribed from a printed report; made-up funds and
companies carry made-up names and a 样例 note.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from yanbao.catalog.marts import metric_rows, report_marts

AS_OF = date(2024, 10, 18)
SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"
Rows = list[dict[str, Any]]
Tables = dict[str, Rows]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def index_changes() -> Rows:
    printed = (
        ("SPX.GI", "标普500指数", "US", -0.0305, -0.0156, 0.0414, 24.82),
        ("IXIC.GI", "纳斯达克指数", "US", -0.0552, -0.0045, 0.0180, 39.60),
        ("SOX.GI", "费城半导体指数", "US", -0.0923, -0.0154, 0.0315, 43.98),
        ("HXC.GI", "纳斯达克中国金龙指数", "US", 0.0209, -0.0322, -0.1017, 19.06),
        ("HSTECH.HI", "恒生科技指数", "HK", 0.010050, 0.0068, -0.1292, 20.40),
        ("CI005027.WI", "计算机", "CN", None, None, None, None),
    )
    return [
        {
            "index_code": code,
            "index_name": name,
            "market": market,
            "session_on": _day("2024-10-18" if market != "US" else "2024-10-17"),
            "close": None if week is None else 5000.125 + number,
            "change_this_week": week,
            "change_last_week": last,
            "change_month": week,
            "change_this_year": year,
            "change_prev_year": 0.2423 if week is not None else None,
            "pe_ttm": pe,
            "source_note": "000 表1",
        }
        for number, (code, name, market, week, last, year, pe) in enumerate(printed)
    ]


def company_changes() -> Rows:
    printed = (
        ("样例芯片", "900001.SH", 0.0667),
        ("样例云", "900002.SZ", -0.0002),
        ("样例软件", "900003.SZ", -0.1403),
    )
    return [
        {
            "segment_cn": "算力",
            "code": code,
            "company": name,
            "market": "CN",
            "currency": "CNY",
            "session_on": AS_OF,
            "close": 12.345,
            "week_start_date": _day("2024-10-11"),
            "week_end_date": AS_OF,
            "change_week": week,
            "change_prev_week": -week,
            "change_month": week / 2,
            "change_ytd": 0.5,
            "change_price_week": week,
            "price_basis": "ex_right_chain",
            "source_note": "样例",
        }
        for name, code, week in printed
    ]


def market_cap_moves() -> Rows:
    """Two of the big seven, given this week's dates, and their total."""
    printed = (
        ("苹果", "AAPL.O", 2726264000000.0, 2547910000000.0),
        ("特斯拉", "TSLA.O", 544758000000.0, 468323000000.0),
    )
    rows: Rows = [
        {
            "base_on": _day("2024-10-11"),
            "cap_on": _day("2024-10-17"),
            "company": name,
            "code": code,
            "currency": "USD",
            "cap_basis": "all_classes",
            "market_cap_base": base,
            "market_cap": cap,
            "change": cap - base,
            "change_ratio": cap / base - 1,
            "change_cny": (cap - base) * 7.1,
            "is_total": False,
            "is_stale": False,
            "source_note": "000 表3",
        }
        for name, code, base, cap in printed
    ]
    change = sum(float(row["change"]) for row in rows)
    total = {"company": "总计", "code": None, "is_total": True, "market_cap_base": None,
             "market_cap": None, "change": change, "change_ratio": None,
             "change_cny": change * 7.1}  # fmt: skip
    return [*rows, {**rows[0], **total}]


def rates_fx() -> Rows:
    printed = (
        ("us_10y", "美国10年期国债利率", 4.62, "pct", 12.0, "bp"),
        ("cn_10y", "中国10年期国债利率", 2.25, "pct", -2.97, "bp"),
        ("usd_cny", "美元兑人民币中间价", 7.1046, "cny_per_usd", 79.0, "pip"),
    )
    return [
        {
            "base_on": _day("2024-10-11"),
            "level_on": AS_OF,
            "series_id": series_id,
            "series": series,
            "level": level,
            "level_unit": unit,
            "change": change,
            "change_unit": moved,
            "source_note": "000 图1、图2",
        }
        for series_id, series, level, unit, change, moved in printed
    ]


def theme_fund_returns() -> Rows:
    printed = (
        ("样例人工智能A", "990001.OF", 0.2161, False),
        ("样例人工智能C", "990002.OF", 0.213749, False),
        ("样例机器人A", "990003.OF", -0.0351, False),
        ("样例停更基金", "990004.OF", None, True),
    )
    return [
        {
            "theme": "ai",
            "fund_code": code,
            "fund_name": name,
            "fund_type": "契约型开放式",
            "fund_size": 514_000_000.0,
            "fund_size_on": _day("2024-09-30"),
            "nav": 1.2345,
            "nav_on": _day("2024-06-28" if stale else "2024-10-17"),
            "return_1m": value,
            "return_3m": value,
            "return_6m": value,
            "is_stale": stale,
            "stale_reason": "最后净值早于报告日十天以上" if stale else None,
            "source_note": "样例",
        }
        for name, code, value, stale in printed
    ]


def pool() -> Rows:
    rules = ("sw_level1",) * 4 + ("st", "named_addition")
    return [
        {
            "pool": "computer",
            "code": f"90010{number}.SZ",
            "name": f"样例公司{number}",
            "included": rule != "st",
            "rule": rule,
            "source_note": "样例",
        }
        for number, rule in enumerate(rules)
    ]


def web_traffic_week() -> Rows:
    printed = (
        ("ChatGPT", "聊天机器人", "OpenAI", 816.0e6, 0.0260, 371, 0.0),
        ("Bing", "搜索", "微软", 408.4e6, 0.0044, 414, -0.0024),
        ("Discord", "游戏社区", "微软", 126.2e6, -0.0102, 746, 0.0027),
        ("Canva", "在线设计", "Canva", 174.8e6, 0.0075, 481, -0.0082),
        ("Kimi", "聊天机器人", "Moonshot AI", 7.334e6, 0.3236, 186, 0.0220),
        ("文心一言", "聊天机器人", "百度", 5.713e6, 0.2414, 182, None),
    )
    return [
        {
            "period_start": _day("2024-10-14"),
            "period_end": AS_OF,
            "app": app,
            "app_type_cn": kind,
            "owner": owner,
            "weekly_avg_visits": visits,
            "visits_wow": wow,
            "visits_wow_basis": "reported",
            "avg_visit_duration": float(seconds),
            "duration_wow": duration,
            "duration_wow_basis": "computed" if duration is not None else "unavailable",
            "is_stale": False,
            "source_note": "002 图表3",
        }
        for app, kind, owner, visits, wow, seconds, duration in printed
    ]


def gpu_rental_week() -> Rows:
    printed = (
        ("A100-40G", 16, 96, "腾讯云", 28.64),
        ("A100-40G", 12, 94, "阿里云", 31.58),
        ("A100-80G", 13, 128, "恒源云", 8.50),
        ("A800-80G", 16, 256, "恒源云", 9.00),
    )
    return [
        {
            "quoted_on": _day("2024-10-17"),
            "gpu": gpu,
            "cpu_cores": cores,
            "memory_gb": memory,
            "system_disk_gb": None,
            "data_disk_gb": None,
            "disk_note_cn": "可自定, 额外收费",
            "platform": platform,
            "price": price,
            "price_wow": 0.0,
            "price_wow_basis": "reported",
            "is_stale": False,
            "source_note": "002 图表1",
        }
        for gpu, cores, memory, platform, price in printed
    ]


def funding_rounds_period() -> Rows:
    printed = (
        ("Abridge", "人工智能软件", "—", "2.5 亿美元", 2.5e8, "USD", 1.775e9, 1),
        ("星动纪元", "AI 大模型", "Pre-A轮", "3 亿元", 3e8, "CNY", 3e8, 2),
        ("玻色量子", "量子计算机技术", "A轮", "数亿元", None, "CNY", None, None),
    )
    return [
        {
            "period": period,
            "window_start": _day("2024-10-14" if period == "week" else "2024-10-01"),
            "window_end": AS_OF,
            "company": company,
            "sector": sector,
            "announced_on": _day("2024-10-16"),
            "round": stage,
            "amount_as_printed": words,
            "amount_qualifier": "数" if words.startswith("数") else None,
            "amount": amount,
            "amount_currency": currency,
            "amount_cny": cny,
            "fx_on": AS_OF,
            "rank_amount": rank,
            "is_rankable": rank is not None,
            "investors": "未披露",
            "lead_investors": None,
            "reported_by": "002",
            "source_note": "002 图表10",
        }
        for period in ("month", "week")
        for company, sector, stage, words, amount, currency, cny, rank in printed
    ]


def llm_leaderboard() -> Rows:
    models = (
        ("ChatGPT-4o-latest (2024-09-03)", 1, 1339, 4, 4, 28488),
        ("o1-preview", 1, 1335, 4, 5, 17562),
        ("o1-mini", 3, 1313, 4, 4, 17919),
        ("Gemini-1.5-Pro-002", 3, 1305, 5, 4, 11430),
    )
    boards = (("overall", "2024-10-16"), ("overall", "2024-09-30"), ("chinese", "2024-10-16"))
    return [
        {
            "board": "lmarena",
            "category": category,
            "leaderboard_date": _day(day),
            "model": model,
            "place": rank,
            "rank_ub": 1,
            "rank_as_printed": rank,
            "rank_style_ctrl": rank,
            "delta_vs_overall": 0,
            "arena_score": float(score),
            "ci95_plus": float(plus),
            "ci95_minus": float(minus),
            "votes": float(votes),
            "organization": "OpenAI",
            "license": "Proprietary",
            "knowledge_cutoff": "2023-10",
            "source_note": "002 图表4",
        }
        for category, day in boards
        for model, rank, score, plus, minus, votes in models
    ]


def rates_path() -> Rows:
    """Three days of each series, the last as ``rates_fx`` prints it."""
    days = ("2024-10-16", "2024-10-17", "2024-10-18")
    return [
        {
            "series_id": row["series_id"],
            "series": row["series"],
            "observed_on": _day(day),
            "level": row["level"] - 0.01 * back,
            "level_unit": row["level_unit"],
            "base_on": _day(days[0]),
            "change": 0.0,
            "change_unit": row["change_unit"],
            "source_note": row["source_note"],
        }
        for row in rates_fx()
        for back, day in enumerate(reversed(days))
    ]


def news_period() -> Rows:
    printed = (
        ("国内大模型", "Kimi", "样例标题：长文本模型开放下载"),
        ("芯片与服务器", None, "样例标题：新服务器发布"),
    )
    return [
        {
            "period": period,
            "window_start": _day("2024-10-14" if period == "week" else "2024-10-01"),
            "window_end": AS_OF,
            "section": section,
            "published_on": _day("2024-10-15"),
            "event_on": None,
            "is_event_in_window": None,
            "subject": subject,
            "headline": headline,
            "publisher": None,
            "url": None,
            "source_note": "样例",
        }
        for period in ("month", "week")
        for section, subject, headline in printed
    ]


def llm_benchmark() -> Rows:
    """Two of the six models of 000 图4, and what the text claims of the first."""
    printed = (
        ("MMLU", "5-shot", "Meta Llama 3 70B", 82.0, 1, True),
        ("MMLU", "5-shot", "Gemini Pro 1.5", 81.9, 2, None),
        ("GPQA", "0-shot", "Gemini Pro 1.5", 41.5, 1, None),
        ("GPQA", "0-shot", "Meta Llama 3 70B", 39.5, 2, False),
    )
    return [
        {
            "benchmark": benchmark,
            "setup": setup,
            "tested_on": _day("2024-04-19"),
            "published_in": "000 图4",
            "model_id": model,
            "model": model,
            "published_or_measured": None,
            "score": score / 100,
            "score_as_printed": score,
            "score_unit": "pct",
            "rank_benchmark": rank,
            "claimed_over": None if holds is None else "Gemini Pro 1.5",
            "claim_holds": holds,
            "claim_refused_by": "Gemini Pro 1.5" if holds is False else None,
            "source_note": "000 图4",
        }
        for benchmark, setup, model, score, rank, holds in printed
    ]


MARTS: dict[str, Callable[[], Rows]] = {
    "index_changes": index_changes,
    "company_changes": company_changes,
    "market_cap_moves": market_cap_moves,
    "rates_fx": rates_fx,
    "theme_fund_returns": theme_fund_returns,
    "pool": pool,
    "web_traffic_week": web_traffic_week,
    "gpu_rental_week": gpu_rental_week,
    "funding_rounds_period": funding_rounds_period,
    "llm_leaderboard": llm_leaderboard,
    "rates_path": rates_path,
    "news_period": news_period,
    "llm_benchmark": llm_benchmark,
}


def dictionary() -> Rows:
    """The metric dictionary that the warehouse publishes."""
    return metric_rows(report_marts())


def seed_labels() -> Rows:
    """The labels of pools and themes as a release carries them, from the project's seeds."""
    seeds = (("pool", "pools"), ("theme", "fund_themes"), ("rule", "pool_rules"))
    return [
        {"column_name": column, "value": row[column], "label_zh": row["label_zh"]}
        for column, seed in seeds
        for row in csv.DictReader((SEEDS / f"{seed}.csv").open(encoding="utf-8", newline=""))
    ]
