"""Rewrite the tables of five published reports in Yanbao's import formats.

``python sample_data/transcribe.py FOLDER [OUT]`` reads the tables as printed and writes one
CSV per dataset. Every row says which report and table it came from; whatever the print does
not say (a missing date) is filled by a stated rule and named in the row's source_note. Rows
that cannot be facts of the dataset (dashes, totals, units that differ) are left out.
"""

from __future__ import annotations

import csv
import logging
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from report_tables import (
    CAPTION_DAY,
    UNDATED,
    WINDOW_END,
    Row,
    noted,
    read,
    scaled,
    seconds,
)
from transcribe_texts import llm_scores, model_prices, news_items, policies

logger = logging.getLogger("transcribe")

REPORTED_BY = {
    "001": "银河月报 2024-10",
    "002": "华鑫周报 2024-10-21",
    "003": "银河月报 2024-07",
}
TICKERS = {
    "苹果": "AAPL.O",
    "英伟达": "NVDA.O",
    "特斯拉": "TSLA.O",
    "谷歌": "GOOGL.O",
    "亚马逊": "AMZN.O",
    "META": "META.O",
    "微软": "MSFT.O",
}
LISTINGS = {"159": "SZ", "512": "SH", "515": "SH", "517": "SH"}


def web_traffic(folder: Path) -> Iterator[Row]:
    for row in read(folder, "002_ai_web_traffic"):
        yield {
            "app": row["app"],
            "app_type": row["app_type_cn"],
            "owner": row["owner"],
            "period_start": row["period_start"],
            "period_end": row["period_end"],
            "visits": scaled(row["weekly_avg_visits_million"], "1e6"),
            "avg_visit_duration_seconds": seconds(row["avg_visit_duration_mmss"]),
            "visits_wow_reported": scaled(row["visits_wow_pct"], "0.01"),
            "duration_wow_reported": scaled(row["duration_wow_pct"], "0.01"),
            "source_note": "002 图表3",
        }


def gpu_rentals(folder: Path) -> Iterator[Row]:
    for row in read(folder, "002_gpu_rental"):
        yield {
            **{name: row[name] for name in ("gpu", "platform", "cpu_cores", "memory_gb")},
            "system_disk_gb": row["system_disk_gb"],
            "data_disk_gb": row["data_disk_gb"],
            "disk_note": row["disk_note_cn"],
            "quoted_on": WINDOW_END["002"],
            "price_cny_per_hour": row["price_cny_per_hour"],
            "price_wow_reported": scaled(row["price_wow_pct"], "0.01"),
            "source_note": noted("002 图表1", UNDATED),
        }


def named_leads(investors: str) -> str:
    """The names before 领投, clause by clause; empty where nobody is called lead."""
    leads = []
    for clause in re.split(r"[，,；;]\s*", investors):
        named = re.fullmatch(r"(?:[A-Z]\+* 轮：)?由?(.+?)(?:联合)?领投", clause.strip())
        if named:
            leads.append(named.group(1))
    return "；".join(leads)


def funding_rounds(folder: Path) -> Iterator[Row]:
    for report, table in (("001", "表12"), ("002", "图表10"), ("003", "表12")):
        for row in read(folder, f"{report}_funding_events"):
            dated = "date" in row
            leads = named_leads(row["investors"]) if dated else row["lead_investors"]
            yield {
                "company": row["company"],
                "sector": row["track_cn"] if dated else row["app_type_cn"],
                "announced_on": row["date"] if dated else WINDOW_END[report],
                "round": row["round"],
                "amount_text": row["amount_as_printed"],
                "amount_qualifier": row["amount_qualifier"],
                "amount_number": row["amount_number"],
                "amount_scale": row["amount_scale_cn"],
                "currency": row["amount_currency"],
                "investors": row.get("investors", ""),
                "lead_investors": leads,
                "reported_by": REPORTED_BY[report],
                "printed_from": f"{CAPTION_DAY[report][:7]}-01" if dated else "",
                "printed_to": CAPTION_DAY[report] if dated else "",
                "source_note": noted(f"{report} {table}", "" if dated else UNDATED),
            }


def market_caps(folder: Path) -> Iterator[Row]:
    for row in read(folder, "000_big7_market_cap"):
        if row["company"] == "总计":
            continue
        for day in ("2024-04-12", "2024-04-19"):
            printed = row[f"market_cap_{day.replace('-', '_')}_yi_usd"]
            yield {
                "code": TICKERS[row["company"]],
                "company": row["company"],
                "trade_date": day,
                "market_cap": scaled(printed, "1e8"),
                "currency": "USD",
                "cap_basis": "all_classes",
                "source_note": "000 表3",
            }


def share_class(fund_name: str) -> str:
    return fund_name[-1] if fund_name[-1] in "ACE" else ""


def funds(folder: Path) -> Iterator[Row]:
    for row in read(folder, "001_theme_funds"):
        digits = row["fund_code"][:6]
        listed = row["fund_name"].endswith("ETF")
        yield {
            "fund_code": row["fund_code"],
            "fund_name": row["fund_name"],
            "fund_type": row["fund_type_cn"],
            "share_class": share_class(row["fund_name"]),
            "listing_code": f"{digits}.{LISTINGS[digits[:3]]}" if listed else "",
            "source_note": "001 表3",
        }


def fund_sizes(folder: Path) -> Iterator[Row]:
    for row in read(folder, "001_theme_funds"):
        yield {
            "fund_code": row["fund_code"],
            "as_of_date": CAPTION_DAY["001"],
            "fund_size_cny": scaled(row["fund_size_yi_cny"], "1e8"),
            "size_basis": "class",
            "source_note": "001 表3",
        }


def index_valuations(folder: Path) -> Iterator[Row]:
    for row in read(folder, "000_index_weekly_change"):
        yield {
            "index_code": row["index_code"],
            "as_of_date": WINDOW_END["000"],
            "method": "as_printed",
            "pe_ttm": row["pe_ttm_x"],
            "source_note": "000 表1",
        }
    for report, place in (("001", "二(二)"), ("003", "一(二)")):
        for row in read(folder, f"{report}_index_valuation"):
            yield {
                "index_code": row["index_code"],
                "as_of_date": row["as_of_date"],
                "method": "as_printed",
                "pe_ttm": row["pe_ttm_x"],
                "ps_ttm": row["ps_ttm_x"],
                "source_note": f"{report} {place}",
            }


DATASETS: dict[str, Callable[[Path], Iterator[Row]]] = {
    make.__name__: make
    for make in (
        web_traffic,
        gpu_rentals,
        funding_rounds,
        market_caps,
        llm_scores,
        model_prices,
        policies,
        news_items,
        funds,
        fund_sizes,
        index_valuations,
    )
}


def write(rows: list[Row], path: Path) -> None:
    columns = list(dict.fromkeys(name for row in rows for name in row if name != "source_note"))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(
            file, [*columns, "source_note"], restval="", lineterminator="\n"
        )
        writer.writeheader()
        writer.writerows(rows)


def write_all(folder: Path, out: Path) -> None:
    """One CSV per dataset into ``out``, the same bytes for the same tables."""
    out.mkdir(parents=True, exist_ok=True)
    for name, make in DATASETS.items():
        rows = list(make(folder))
        write(rows, out / f"{name}.csv")
        logger.info("%s: %d rows", name, len(rows))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: transcribe.py FOLDER_OF_REPORT_TABLES [OUT]")
    default_out = Path(__file__).resolve().parent / "transcribed"
    write_all(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else default_out)
