"""Why a value is missing, and the note about it under a table or a chart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from yanbao.reporting.composing.context import PackContext
from yanbao.reporting.composing.selection import Row, is_missing
from yanbao.reporting.styling.vocabulary import MISSING, basis_word


def missing_reason(context: PackContext, mart: str, column: str, row: Row) -> str:
    """The reason as the row gives it, else as the metric dictionary does.

    Empty for a value that is there, for rows of totals, and for a row that is
    marked as stale with a reason of its own.
    """
    explained = row.get("is_total") is True or (row.get("is_stale") and row.get("stale_reason"))
    if not is_missing(row[column]) or explained:
        return ""
    metric = context.release.metrics.get(mart, column)
    if not metric.missing:
        return ""
    basis = str(row.get(f"{column}_basis") or "")
    return (basis and basis_word(basis)) or str(row.get("missing_reason_zh") or metric.missing)


def dash_note(remarks: Iterable[tuple[str, str]], rows: int) -> str:
    """What the dashes among ``rows`` rows mean, from pairs of row name and remark."""
    named: dict[str, list[str]] = {}
    for name, remark in remarks:
        named.setdefault(remark, []).append(name)
    whom = [
        f"{remark}（{'全部' if len(names) == rows else listed(names, 3)}）"
        for remark, names in named.items()
    ]
    return f"{MISSING} 表示无可用数据。{'；'.join(whom)}{'。' if whom else ''}"


def listed(names: Sequence[str], limit: int = 8) -> str:
    shown = "、".join(names[:limit])
    return f"{shown} 等 {len(names)} 行" if len(names) > limit else shown
