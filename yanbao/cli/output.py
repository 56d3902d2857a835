"""Rows on the terminal: a table, CSV or JSON. Dates are ISO, nulls are null."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Print rows of plain values in the chosen form."""
    if form == "json":
        records = [dict(zip(columns, map(_json_value, row))) for row in rows]
        print(json.dumps(records, ensure_ascii=False, indent=1))
    elif form == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_csv_value(value) for value in row] for row in rows)
    else:
        from tabulate import tabulate

        shown = [["–" if value is None else _shown(value) for value in row] for row in rows]
        print(tabulate(shown, headers=list(columns), disable_numparse=True))
        print(f"{len(rows)} rows")


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | str | bool | None) else str(value)


def _csv_value(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is quoted; numbers stay as they are."""
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value.isoformat() if isinstance(value, datetime | date) else value


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
