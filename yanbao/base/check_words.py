"""How bounds, cells and failing rows are written in a check's result."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, time
from itertools import islice
from typing import TYPE_CHECKING, Any

from yanbao.base.check_result import SAMPLE_ROWS

if TYPE_CHECKING:
    import pandas as pd

EXAMPLES = 3


def between(low: float | None, high: float | None, *, exclusive: bool = False) -> str:
    """``0.5–2``, ``≥ 1``, ``any finite number``; negative bounds are spelt with ``to``."""
    if low is None and high is None:
        return "any finite number"
    if high is None:
        return f"{'>' if exclusive else '≥'} {shown(low)}"
    if low is None:
        return f"{'<' if exclusive else '≤'} {shown(high)}"
    if low == high:
        return shown(low)
    joint = " to " if low < 0 else "–"
    return f"{shown(low)}{joint}{shown(high)}{' exclusive' if exclusive else ''}"


def shown(value: Any) -> str:
    """A bound or a statistic as a reader would write it."""
    if isinstance(value, float):
        if math.isfinite(value) and value == int(value) and abs(value) < 1e15:
            return f"{int(value):,}"
        return f"{value:.4g}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, list | tuple):
        return "/".join(shown(cell) for cell in value)
    return str(value)


def _cell(value: Any) -> str:
    """A cell with all its digits: a reader looks for it in the file."""
    is_broken = isinstance(value, float) and math.isfinite(value) and value != int(value)
    return f"{value:.12g}" if is_broken else shown(value)


def rows_with_examples(broken: int, rows: int, examples: Iterable[Any]) -> str:
    """How many rows broke a rule, with examples of what they hold."""
    if not broken:
        return f"{rows:,} rows in order"
    named = ", ".join(shown(value) for value in islice(examples, EXAMPLES))
    return f"{broken:,} of {rows:,} rows such as {named}"


def sample_of(rows: pd.DataFrame, columns: Iterable[str]) -> list[dict[str, str]]:
    """The first failing rows with those of the columns that they have, each cell as text."""
    if rows.empty:
        return []
    kept = [name for name in dict.fromkeys(columns) if name in rows.columns]
    first = rows.loc[:, kept].head(SAMPLE_ROWS)
    records = zip(first.astype(object).to_dict("records"), first.isna().to_dict("records"))
    return [
        {str(name): "" if empty[name] else _cell(cell) for name, cell in record.items()}
        for record, empty in records
    ]
