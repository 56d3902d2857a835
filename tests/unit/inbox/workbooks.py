"""Workbooks as people and machines make them, written in memory for a test."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter


def workbook(
    rows: Sequence[Sequence[Any]] = (),
    *,
    sheet: str = "Sheet1",
    more: Callable[[Any, Any], None] | None = None,
) -> bytes:
    """A workbook with ``rows`` from A1 on; ``more`` gets the workbook and its sheet."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value is not None:
                    page.write(number, column, value)
        if more is not None:
            more(book, page)
    return buffer.getvalue()


def edited(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one part changed or, where it is not there, added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
        if part not in old.namelist():
            new.writestr(part, change(b""))
    return buffer.getvalue()


def without_results(data: bytes) -> bytes:
    """Formulas lose their stored results, as in files that no spreadsheet has opened."""
    return edited(
        data,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", xml),
    )
