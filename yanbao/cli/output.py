"""Rows on the terminal: a table, CSV or JSON. Dates are ISO, nulls are null."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import stat
import sys
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yanbao.base.errors import UsageError

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: str) -> None:
    """Print rows of plain values in the chosen form."""
    if form == "json":
        records = [dict(zip(columns, map(_json_value, row))) for row in rows]
        print(json.dumps(records, ensure_ascii=not _is_unicode(), indent=1))
    elif form == "csv":
        _print_csv(columns, rows)
    else:
        from tabulate import tabulate

        cells = [["–" if value is None else shown(value) for value in row] for row in rows]
        print(tabulate(cells, headers=list(columns), disable_numparse=True))
        print(f"{len(rows)} rows")


def _print_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Rows as CSV, whole or not at all; in a file with the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_value(value) for value in row] for row in rows)
    try:
        text.getvalue().encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError as error:
        raise UsageError(
            f"{sys.stdout.encoding} has no {error.object[error.start]!r}",
            where="--format csv",
            hint="set PYTHONIOENCODING=utf-8, or take --format json",
        ) from None
    print(("\ufeff" if _begins_a_file() and _is_unicode() else "") + text.getvalue(), end="")


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "utf-8").casefold().replace("-", "") == "utf8"


def _begins_a_file() -> bool:
    """Whether the output goes to an empty file: people open files, and programs read pipes."""
    try:
        status = os.fstat(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == 0


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


def shown(value: Any) -> str:
    """A value as a table on the terminal holds it."""
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value)
