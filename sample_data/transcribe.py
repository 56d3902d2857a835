"""Rewrite the tables of five published reports in Yanbao's import formats.

``python sample_data/transcribe.py FOLDER [OUT]`` reads the tables as printed through the
mappings of ``printed_tables`` and writes one CSV per dataset, in the columns that the
committed file has. Every row says which report and table it came from. What a mapping cannot
say is added here: what depends on the words of a cell, or on another cell of the row.
"""

from __future__ import annotations

import csv
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from yanbao.base import clock
from yanbao.inbox.mapping_file import load_mapping
from yanbao.inbox.reading import read_file

logger = logging.getLogger("transcribe")

HERE = Path(__file__).resolve().parent
MAPPINGS, TRANSCRIBED = HERE / "printed_tables", HERE / "transcribed"
# The mappings behind each file, in the order of its rows. What follows -- in a mapping's name
# tells two mappings of one table apart.
DATASETS = {
    "web_traffic": ["002_ai_web_traffic"],
    "gpu_rentals": ["002_gpu_rental"],
    "funding_rounds": ["001_funding_events", "002_funding_events", "003_funding_events"],
    "market_caps": ["000_big7_market_cap"],
    "llm_scores": [
        "002_leaderboard_overall",
        "002_leaderboard_chinese",
        "002_leaderboard_hard_prompts",
        "002_leaderboard_longer_query",
        "000_llama3_benchmark",
        "001_lfm1b_benchmark",
        "001_lfm3b_benchmark",
        "001_lfm40b_benchmark",
    ],
    "model_prices": ["001_ministral_pricing"],
    "policies": ["001_policies", "003_policies"],
    "news_items": [
        "000_news",
        "001_data_element_news",
        "001_data_exchange_news",
        "001_domestic_models",
        "001_overseas_models",
        "001_chip_server_news",
        "003_data_element_news",
        "003_data_exchange_news",
        "003_domestic_models",
        "003_overseas_models",
        "003_chip_server_news",
        "003_industry_cooperation_news",
        "004_news",
    ],
    "funds": ["001_theme_funds--funds"],
    "fund_sizes": ["001_theme_funds--fund_sizes"],
    "index_valuations": [
        "000_index_weekly_change",
        "001_index_valuation",
        "003_index_valuation",
    ],
}
LISTINGS = {"159": "SZ", "512": "SH", "515": "SH", "517": "SH"}
Row = dict[str, str]


def noted(place: str, *remarks: str) -> str:
    """The source_note: report and table, then whatever the print does not say."""
    return "；".join([place, *filter(None, remarks)])


def named_leads(investors: str) -> str:
    """The names before 领投, clause by clause; empty where nobody is called lead."""
    leads = []
    for clause in re.split(r"[，,；;]\s*", investors):
        named = re.fullmatch(r"(?:[A-Z]\+* 轮：)?由?(.+?)(?:联合)?领投", clause.strip())
        if named:
            leads.append(named.group(1))
    return "；".join(leads)


def funding_round(row: Row, _: Row) -> Row:
    return {"lead_investors": named_leads(row.get("investors", "")), **row}


def fund(row: Row, _: Row) -> Row:
    """With its share class, and of an exchange's fund the code of its listing."""
    digits, name = row["fund_code"][:6], row["fund_name"]
    listing = f"{digits}.{LISTINGS[digits[:3]]}" if name.endswith("ETF") else ""
    return {
        **row,
        "share_class": name[-1] if name[-1] in "ACE" else "",
        "listing_code": listing,
    }


def llm_score(row: Row, printed: Row) -> Row:
    """With the remarks of the printed cell."""
    starred = "带*" if printed.get("starred") == "1" else ""
    note = noted(row["source_note"], printed.get("cell_note", ""), starred)
    return {**row, "source_note": note}


def news_item(row: Row, printed: Row) -> Row:
    """A headline by the section of its report.

    A printed date of another year than the report's window is a misprint: it stays, as the
    day of the event, and the item counts as published on the window's last day.
    """
    row = {**row, "subject": row.get("subject") or printed.get("model", "")}
    if "event_on" not in row:
        return row
    place, event_on = row["source_note"].partition("；")[0], row["event_on"]
    if not event_on:
        return {**row, "source_note": noted(place, "日期未印，取窗口末日")}
    if event_on[:4] != row["published_on"][:4]:
        return {**row, "source_note": noted(place, "印刷年份有误，发布日取窗口末日")}
    return {**row, "published_on": event_on, "event_on": "", "source_note": place}


ADDED = {
    "funding_rounds": funding_round,
    "funds": fund,
    "llm_scores": llm_score,
    "news_items": news_item,
}


def rows_of(folder: Path, mapping: str) -> Iterator[tuple[Row, Row]]:
    """Each row that a mapping makes of a printed table, and the row as printed."""
    path = folder / f"{mapping.partition('--')[0]}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    read = read_file(
        path, mapping=load_mapping(MAPPINGS / f"{mapping}.yml"), today=clock.today_in_beijing()
    )
    for row in read.table.to_pylist():
        number = row.pop("_row")
        yield {name: cell or "" for name, cell in row.items()}, printed[number - 2]


def write_all(folder: Path, out: Path) -> None:
    """One CSV per dataset into ``out``, the same bytes for the same tables."""
    out.mkdir(parents=True, exist_ok=True)
    for dataset, mappings in DATASETS.items():
        add = ADDED.get(dataset, lambda row, _: row)
        rows = [add(*pair) for mapping in mappings for pair in rows_of(folder, mapping)]
        with (TRANSCRIBED / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
            columns = next(csv.reader(file))
        with (out / f"{dataset}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        logger.info("%s: %d rows", dataset, len(rows))


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: transcribe.py FOLDER_OF_REPORT_TABLES [OUT]")
    write_all(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else TRANSCRIBED)
