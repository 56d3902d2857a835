"""Reading the tables of the reports as printed, and their units as ours."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]
DASHES = {"", "-", "—", "——"}
# The last day of the period a weekly prints; it stands in where a row has no date.
WINDOW_END = {"000": "2024-04-19", "002": "2024-10-18", "004": "2024-10-09"}
# The month end that a monthly's tables claim.
CAPTION_DAY = {"001": "2024-10-31", "003": "2024-07-31"}
UNDATED = "日期未印，取窗口末日"


def scaled(printed: str, factor: str) -> str:
    """A printed number times a unit's factor, exactly and without an exponent."""
    if printed in DASHES:
        return ""
    value = Decimal(printed) * Decimal(factor)
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def noted(place: str, *remarks: str) -> str:
    """The source_note: report and table, then whatever the print does not say."""
    return "；".join([place, *filter(None, remarks)])


def seconds(printed: str) -> str:
    """m:ss as whole seconds."""
    minutes, rest = printed.split(":")
    return str(int(minutes) * 60 + int(rest))


def read(folder: Path, table: str) -> list[Row]:
    """The rows of one printed table, every cell as text."""
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
