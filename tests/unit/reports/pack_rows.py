"""Rows of ten tiny report marts and their metric dictionary.

A number under a real name is transcribed from a printed report; made-up funds and
companies carry made-up names and a 样例 note.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

AS_OF = date(2024, 10, 18)
Tables = dict[str, list[dict[str, Any]]]
Metrics = list[tuple[str, str, str, str, int | None, str]]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def index_changes() -> list[dict[str, Any]]:
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
            "change_this_month": week,
            "change_this_year": year,
            "change_prev_year": 0.2423 if week is not None else None,
            "pe_ttm": pe,
            "source_note": "000 表1",
        }
        for number, (code, name, market, week, last, year, pe) in enumerate(printed)
    ]


def company_changes() -> list[dict[str, Any]]:
    printed = (
        ("样例芯片", "900001.SH", 0.0667),
        ("样例云", "900002.SZ", -0.0002),
        ("样例软件", "900003.SZ", -0.1403),
    )
    return [
        {
            "segment_cn": "算力", "code": code, "company": name, "market": "CN",
            "currency": "CNY", "session_on": AS_OF, "close": 12.345,
            "week_start_date": _day("2024-10-11"), "week_end_date": AS_OF,
            "change_week": week, "change_prev_week": -week, "change_month": week / 2,
            "change_ytd": 0.5, "change_price_week": week, "price_basis": "total_return",
            "source_note": "样例",
        }
        for name, code, week in printed
    ]  # fmt: skip


def market_cap_moves() -> list[dict[str, Any]]:
    printed = (
        ("苹果", "AAPL.O", 2726264000000.0, 2547910000000.0),
        ("特斯拉", "TSLA.O", 544758000000.0, 468323000000.0),
    )
    rows = [
        {
            "base_on": _day("2024-04-12"), "cap_on": _day("2024-04-19"), "company": name,
            "code": code, "currency": "USD", "cap_basis": "by_share_class",
            "market_cap_base": base, "market_cap": cap, "change": cap - base,
            "change_ratio": cap / base - 1, "change_cny": (cap - base) * 7.1,
            "is_total": False, "is_stale": False, "source_note": "000 表3",
        }
        for name, code, base, cap in printed
    ]  # fmt: skip
    total = sum(row["change"] for row in rows)
    rows.append({**rows[0], "company": "总计", "code": None, "market_cap_base": None,
                 "market_cap": None, "change": total, "change_ratio": None,
                 "change_cny": total * 7.1, "is_total": True})  # fmt: skip
    return rows


def rates_fx() -> list[dict[str, Any]]:
    printed = (
        ("美国10年期国债利率", 4.62, "percent", 12.0, "bp"),
        ("中国10年期国债利率", 2.25, "percent", -2.97, "bp"),
        ("美元兑人民币中间价", 7.1046, "cny_per_usd", 79.0, "pips"),
    )
    return [
        {
            "base_on": _day("2024-10-11"), "level_on": AS_OF, "series": series,
            "level": level, "level_unit": unit, "change": change, "change_unit": moved,
            "source_note": "000 图1、图2",
        }
        for series, level, unit, change, moved in printed
    ]  # fmt: skip


def theme_fund_returns() -> list[dict[str, Any]]:
    printed = (
        ("样例人工智能A", "990001.OF", 0.2161, False),
        ("样例人工智能C", "990002.OF", 0.213749, False),
        ("样例机器人A", "990003.OF", -0.0351, False),
        ("样例停更基金", "990004.OF", None, True),
    )
    return [
        {
            "theme": "AI", "fund_code": code, "fund_name": name, "fund_type": "契约型开放式",
            "fund_size": 514_000_000.0, "fund_size_on": _day("2024-09-30"), "nav": 1.2345,
            "nav_on": _day("2024-06-28" if stale else "2024-10-17"), "return_1m": value,
            "return_3m": value, "return_6m": value, "is_stale": stale,
            "stale_reason": "净值自 2024-06-28 起未更新" if stale else None,
            "source_note": "样例",
        }
        for name, code, value, stale in printed
    ]  # fmt: skip


def pool() -> list[dict[str, Any]]:
    rules = ("申万一级行业成分",) * 4 + ("ST 剔除", "增补名单")
    return [
        {
            "pool": "computer", "code": f"90010{number}.SZ", "name": f"样例公司{number}",
            "included": rule != "ST 剔除", "rule": rule, "source_note": "样例",
        }
        for number, rule in enumerate(rules)
    ]  # fmt: skip


def web_traffic_week() -> list[dict[str, Any]]:
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
            "period_start": _day("2024-10-14"), "period_end": AS_OF, "app": app,
            "app_type_cn": kind, "owner": owner, "weekly_avg_visits": visits,
            "visits_wow": wow, "visits_wow_basis": "reported",
            "avg_visit_duration": seconds, "duration_wow": duration,
            "duration_wow_basis": "computed" if duration is not None else "unavailable",
            "rank_visits": 1, "rank_visits_wow": 1, "rank_duration": 1,
            "rank_duration_wow": 1, "is_stale": False, "source_note": "002 图表3",
        }
        for app, kind, owner, visits, wow, seconds, duration in printed
    ]  # fmt: skip


def gpu_rental_week() -> list[dict[str, Any]]:
    printed = (
        ("A100-40G", 16, 96, "腾讯云", 28.64),
        ("A100-40G", 12, 94, "阿里云", 31.58),
        ("A100-80G", 13, 128, "恒源云", 8.50),
        ("A800-80G", 16, 256, "恒源云", 9.00),
    )
    return [
        {
            "quoted_on": _day("2024-10-17"), "gpu": gpu, "cpu_cores": cores,
            "memory_gb": memory, "system_disk_gb": None, "data_disk_gb": None,
            "disk_note_cn": "可自定, 额外收费", "platform": platform, "price": price,
            "price_wow": 0.0, "price_wow_basis": "reported", "is_stale": False,
            "source_note": "002 图表1",
        }
        for gpu, cores, memory, platform, price in printed
    ]  # fmt: skip


def funding_rounds_period() -> list[dict[str, Any]]:
    printed = (
        ("Abridge", "人工智能软件", "—", "2.5 亿美元", None, 2.5e8, "USD", 1.775e9, 1),
        ("星动纪元", "AI 大模型", "Pre-A 轮", "3 亿元", None, 3e8, "CNY", 3e8, 2),
        ("玻色量子", "量子计算机技术", "A 轮", "数亿元", "数", None, "CNY", None, None),
    )
    return [
        {
            "window_start": _day("2024-10-14"), "window_end": AS_OF, "company": company,
            "sector": sector, "announced_on": _day("2024-10-16"), "round": stage,
            "amount_as_printed": words, "amount_qualifier": qualifier, "amount": amount,
            "amount_currency": currency, "amount_cny": cny, "fx_on": AS_OF,
            "rank_amount": rank, "is_rankable": rank is not None, "investors": "未披露",
            "lead_investors": None, "reported_by": "002", "source_note": "002 图表10",
        }
        for company, sector, stage, words, qualifier, amount, currency, cny, rank in printed
    ]  # fmt: skip


def llm_leaderboard() -> list[dict[str, Any]]:
    models = (
        ("ChatGPT-4o-latest (2024-09-03)", 1, 1339, 4, 4, 28488),
        ("o1-preview", 1, 1335, 4, 5, 17562),
        ("o1-mini", 3, 1313, 4, 4, 17919),
        ("Gemini-1.5-Pro-002", 3, 1305, 5, 4, 11430),
    )
    return [
        {
            "board": "lmarena", "category": category, "leaderboard_date": _day(day),
            "model": model, "rank_ub": rank, "rank_as_printed": rank, "rank_style_ctrl": rank,
            "delta_vs_overall": 0, "arena_score": float(score), "ci95_plus": plus,
            "ci95_minus": minus, "votes": votes, "organization": "OpenAI",
            "license": "Proprietary", "knowledge_cutoff": "2023-10",
            "source_note": "002 图表4",
        }
        for category, day in (("overall", "2024-10-16"), ("overall", "2024-09-30"),
                              ("chinese", "2024-10-16"))
        for model, rank, score, plus, minus, votes in models
    ]  # fmt: skip


MARTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
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
}

_LABELS = {
    "index_code": "指数代码", "index_name": "指数", "market": "市场", "session_on": "行情日",
    "close": "收盘", "change_this_week": "本周涨跌幅", "change_last_week": "上周涨跌幅",
    "change_this_month": "本月涨跌幅", "change_this_year": "今年以来涨跌幅",
    "change_prev_year": "{prev_year}年涨跌幅", "pe_ttm": "市盈率 TTM", "segment_cn": "板块",
    "code": "代码", "company": "公司", "currency": "币种", "week_start_date": "周初基准日",
    "week_end_date": "周末日", "change_week": "本周涨跌幅", "change_prev_week": "上周涨跌幅",
    "change_month": "本月涨跌幅", "change_ytd": "今年以来涨跌幅", "price_basis": "价格口径",
    "change_price_week": "本周价格涨跌幅", "base_on": "基准日", "cap_on": "市值日",
    "cap_basis": "市值口径", "market_cap_base": "期初市值", "market_cap": "市值",
    "change": "变动", "change_ratio": "变动幅度", "change_cny": "变动折人民币",
    "level_on": "利率汇率日", "series": "指标", "level": "水平", "level_unit": "水平单位",
    "change_unit": "变动单位", "theme": "主题", "fund_code": "基金代码",
    "fund_name": "基金名称", "fund_type": "类型", "fund_size": "规模",
    "fund_size_on": "规模日", "nav": "单位净值", "nav_on": "净值日",
    "return_1m": "近1月收益率", "return_3m": "近3月收益率", "return_6m": "近6月收益率",
    "pool": "股票池", "name": "名称", "included": "纳入", "rule": "规则", "app": "应用",
    "period_start": "流量周起", "period_end": "流量周止", "app_type_cn": "应用类型",
    "owner": "公司", "weekly_avg_visits": "周均访问量", "visits_wow": "访问量环比",
    "avg_visit_duration": "平均停留时长", "duration_wow": "停留时长环比",
    "quoted_on": "报价日", "gpu": "GPU", "cpu_cores": "CPU", "memory_gb": "内存",
    "system_disk_gb": "系统盘", "data_disk_gb": "数据盘", "disk_note_cn": "磁盘说明",
    "platform": "平台", "price": "租金", "price_wow": "租金环比", "sector": "赛道",
    "announced_on": "融资日", "round": "轮次", "amount_as_printed": "金额（原文）",
    "amount_cny": "折人民币", "amount_currency": "币种", "rank_amount": "名次",
    "investors": "投资方", "lead_investors": "领投方", "amount": "金额",
    "leaderboard_date": "榜单日", "model": "模型", "rank_ub": "排名",
    "rank_style_ctrl": "风格控制排名", "arena_score": "Arena 分数", "ci95_plus": "CI 上",
    "ci95_minus": "CI 下", "votes": "票数", "organization": "机构", "license": "许可",
    "knowledge_cutoff": "知识截止", "board": "榜单", "category": "类别",
}  # fmt: skip
_STYLES: dict[str, tuple[str, int | None, str]] = {
    "pe_ttm": ("times", 2, "times"), "market_cap": ("currency", 2, "money_yi"),
    "market_cap_base": ("currency", 2, "money_yi"), "change_cny": ("CNY", 2, "money_yi"),
    "fund_size": ("CNY", 2, "money_yi"), "nav": ("CNY", 4, "number"),
    "weekly_avg_visits": ("visits", 2, "number"), "price": ("CNY per hour", 2, "number"),
    "avg_visit_duration": ("seconds", 0, "duration"), "cpu_cores": ("cores", 0, "integer"),
    "memory_gb": ("GB", 0, "integer"), "system_disk_gb": ("GB", 0, "integer"),
    "data_disk_gb": ("GB", 0, "integer"), "amount_cny": ("CNY", 2, "money_yi"),
    "amount": ("amount_currency", 2, "money_yi"), "rank_amount": ("rank", 0, "integer"),
    "rank_ub": ("rank", 0, "integer"), "rank_style_ctrl": ("rank", 0, "integer"),
    "arena_score": ("points", 0, "points"), "ci95_plus": ("points", 0, "points"),
    "ci95_minus": ("points", 0, "points"), "votes": ("votes", 0, "integer"),
    "level": ("level_unit", 2, "number"),
}  # fmt: skip
_BY_MART: dict[tuple[str, str], tuple[str, int | None, str]] = {
    ("index_changes", "close"): ("index points", 2, "number"),
    ("company_changes", "close"): ("currency", 2, "money"),
    ("market_cap_moves", "change"): ("currency", 2, "money_yi"),
    ("rates_fx", "change"): ("change_unit", 2, "number"),
}


def _style(mart: str, column: str, value: object) -> tuple[str, int | None, str]:
    if (mart, column) in _BY_MART:
        return _BY_MART[mart, column]
    if column in _STYLES:
        return _STYLES[column]
    if isinstance(value, date):
        return ("date", None, "date")
    is_fraction = isinstance(value, float) and abs(value) < 10
    return ("fraction", 2, "percent") if is_fraction else ("text", None, "text")


def dictionary(tables: Tables) -> Metrics:
    """One metric for each labelled column of the given tables."""
    found: Metrics = []
    for mart, rows in tables.items():
        for column in rows[0] if rows else ():
            values = [row[column] for row in rows if row[column] is not None]
            if column in _LABELS:
                style = _style(mart, column, values[0] if values else None)
                found.append((mart, column, _LABELS[column], *style))
    return found
