"""Hand-made bodies in the shapes that upstreams send; contract tests and the stand-in
upstream build theirs from these."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from .sina_klc import (
    Bar,
    encode_bars,
    encode_bars_with_amount,
    encode_days,
)


def klines(code: str, name: str, rows: Sequence[str]) -> bytes:
    """Eastmoney's history of one symbol; each row is one comma-separated string."""
    data = {"code": code, "market": 1, "name": name, "klines": list(rows)}
    return as_json({"rc": 0, "data": data})


def data_centre(rows: Sequence[dict[str, Any]], *, pages: int = 1, count: int = -1) -> bytes:
    """One page of Eastmoney's data centre. Fields are renamed by position downstream."""
    result = {
        "pages": pages,
        "data": list(rows),
        "count": len(rows) if count < 0 else count,
    }
    return as_json({"version": "x", "result": result, "success": True, "code": 0})


def no_data() -> bytes:
    """What the data centre says when a period has no rows."""
    return as_json({"result": None, "success": False, "message": "返回数据为空", "code": 9201})


def quote_list(rows: Sequence[dict[str, Any]], total: int, *, keyed: bool = False) -> bytes:
    """One page of Eastmoney's quote list; fields come in ascending order of their number.

    ``keyed`` pages hold an object with the places as keys instead of a list.
    """
    ordered = [dict(sorted(row.items(), key=lambda item: int(item[0][1:]))) for row in rows]
    diff: Any = {str(n): row for n, row in enumerate(ordered)} if keyed else ordered
    return as_json({"rc": 0, "data": {"total": total, "diff": diff}})


def rank_table(records: Sequence[str]) -> bytes:
    """The whole-market fund table: a script that assigns one list of strings."""
    body = ",".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f"var rankData = {{datas:[{body}],allRecords:{len(records)},pageIndex:1}};".encode()


def sina_bars(bars: Sequence[Bar]) -> bytes:
    return f'var KLC_KL="{encode_bars(bars)}";/*x*/'.encode()


def sina_us_bars(bars: Sequence[Bar]) -> bytes:
    return f'var US_KL="{encode_bars_with_amount(bars)}";/*x*/'.encode()


def sina_days(first: date, last: date) -> bytes:
    return f'var datelist="{encode_days(first, last)}";'.encode()


def as_json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def quote_row(fields: str, **values: Any) -> dict[str, Any]:
    """One row of a quote list: every asked field, ``-`` where a test gives no value.

    Asking for f128 brings f140 and f141 too.
    """
    asked = fields.split(",") + (["f140", "f141"] if "f128" in fields else [])
    return dict.fromkeys(asked, "-") | values


def by_position(width: int, values: dict[int, Any]) -> dict[str, Any]:
    """A record whose fields are known only by their place; the others are empty."""
    return {f"FIELD_{place:02d}": values.get(place) for place in range(width)}


def workbook(header: Sequence[str], *rows: Sequence[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


GOOD_ROW = "2024-10-31,1010.20,1005.00,1015.00,1000.00,113456,689012345.00,1.50"
GOOD_KLINES = klines("930713", "CS人工智", [GOOD_ROW])
