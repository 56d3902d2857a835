"""Model boards, price lists, headlines and policy titles of the reports."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from report_tables import CAPTION_DAY, DASHES, UNDATED, WINDOW_END, Row, noted, read

BOARDS = {
    "002_leaderboard_overall": "overall",
    "002_leaderboard_chinese": "chinese",
    "002_leaderboard_hard_prompts": "hard prompts",
    "002_leaderboard_longer_query": "longer query",
}
NEWS = {
    "000_news": ("000 二", ""),
    "001_data_element_news": ("001 表6", "数据要素"),
    "001_data_exchange_news": ("001 表7", "数据交易所"),
    "001_domestic_models": ("001 表8", "国内大模型"),
    "001_overseas_models": ("001 表9", "海外大模型"),
    "001_chip_server_news": ("001 表10", "芯片与服务器"),
    "003_data_element_news": ("003 表6", "数据要素"),
    "003_data_exchange_news": ("003 表7", "数据交易所"),
    "003_domestic_models": ("003 表8", "国内大模型"),
    "003_overseas_models": ("003 表9", "海外大模型"),
    "003_chip_server_news": ("003 表10", "芯片与服务器"),
    "003_industry_cooperation_news": ("003 其他产学研合作动态", "产学研合作"),
    "004_news": ("004 一至五", ""),
}
SUBJECT_COLUMNS = ("company_or_model", "model", "company")


def llm_scores(folder: Path) -> Iterator[Row]:
    """Arena boards, then benchmarks as boards with their setting as category.

    A context length is a benchmark in thousands of tokens. Dashes are no numbers: left out.
    """
    yield from _arena_boards(folder)
    for row in read(folder, "000_llama3_benchmark"):
        yield {
            "board": row["benchmark"],
            "category": row["setup"],
            "as_of_date": WINDOW_END["000"],
            "model": row["model"],
            "score": row["score_pct"],
            "score_unit": "pct",
            "score_kind": row["published_or_measured"].lower(),
            "source_note": noted("000 图4", row["cell_note"]),
        }
    for table in ("001_lfm1b_benchmark", "001_lfm3b_benchmark", "001_lfm40b_benchmark"):
        for row in read(folder, table):
            if row["value"] not in DASHES:
                place = f"001 {row['figure']}"
                starred = "带*" if row["starred"] == "1" else ""
                yield {
                    "board": row["benchmark"],
                    "category": row["setup"],
                    "as_of_date": CAPTION_DAY["001"],
                    "model": row["model_as_printed"],
                    "score": row["value"],
                    "score_unit": row["value_unit"],
                    "source_note": noted(place, "日期未印，取月末", starred),
                }


def _arena_boards(folder: Path) -> Iterator[Row]:
    """The boards carry one printed date, above the overall board."""
    same = ("votes", "organization", "license", "knowledge_cutoff")
    for table, category in BOARDS.items():
        undated = "" if category == "overall" else "日期取自图表4"
        for row in read(folder, table):
            yield {
                "board": "lmarena",
                "category": category,
                "as_of_date": "2024-10-16",
                "model": row["model"],
                "rank": row["rank_ub"],
                "rank_style_control": row.get("rank_style_ctrl", ""),
                "score": row["arena_score"],
                "ci_plus": row["ci95_plus"],
                "ci_minus": row["ci95_minus"],
                **{name: row[name] for name in same},
                "source_note": noted(f"002 {row['figure']}", undated),
            }


def model_prices(folder: Path) -> Iterator[Row]:
    same = ("model", "api", "applies_to", "price_usd_per_million_tokens", "license")
    for row in read(folder, "001_ministral_pricing"):
        yield {
            **{name: row[name] for name in same},
            "as_of_date": CAPTION_DAY["001"],
            "source_note": noted("001 图20", "日期未印，取月末"),
        }


def policies(folder: Path) -> Iterator[Row]:
    for report in ("001", "003"):
        for row in read(folder, f"{report}_policies"):
            yield {
                "issued_on": row["date"],
                "issuer": row["department"],
                "level": row.get("level_cn", ""),
                "title": row["title"],
                "source_note": f"{report} 表11",
            }


def news_items(folder: Path) -> Iterator[Row]:
    """Headlines by the sections of the reports.

    A printed date of another year than the report's window is a misprint: it stays, as the
    day of the event, and the item counts as published on the window's last day.
    """
    for table, (place, section) in NEWS.items():
        for row in read(folder, table):
            names = [row[name] for name in SUBJECT_COLUMNS if name in row]
            subject = names[0] if names else ""
            printed_on = row.get("date") or row.get("stated_date", "")
            window_end = WINDOW_END.get(table[:3]) or CAPTION_DAY[table[:3]]
            misprinted = bool(printed_on) and printed_on[:4] != window_end[:4]
            yield {
                "section": section or row["section"],
                "published_on": window_end if misprinted else printed_on or window_end,
                "event_on": printed_on if misprinted else "",
                "subject": subject,
                "headline": row["headline"] or subject,
                "source_note": noted(
                    place,
                    "" if printed_on else UNDATED,
                    "印刷年份有误，发布日取窗口末日" if misprinted else "",
                    "" if row["headline"] else "未印标题，以名称代",
                ),
            }
