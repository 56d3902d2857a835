"""The workbook back to the person: bad cells coloured, each with rule and hint.

Values only, as they were read: a returned copy holds no formula, no macro and no link.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from yanbao.inbox.findings import BadCell

_BAD = PatternFill("solid", start_color="FFFFC7CE")
_LONGEST_COMMENT = 500
_COMMENT_WIDTH, _COMMENT_HEIGHT = 320, 90


def write_marked(original: Path, sheet: str, found: tuple[BadCell, ...], target: Path) -> None:
    """Write a copy of ``original`` with every finding on its cell.

    A finding about a whole row is on the row's first cell.
    """
    with warnings.catch_warnings():
        # Of days that no calendar has; they come back as they are.
        warnings.simplefilter("ignore")
        book = load_workbook(original, data_only=True, keep_links=False)
    page = book[sheet]
    comments: dict[str, list[str]] = {}
    for cell in found:
        column = f"{cell.column}: " if cell.column else ""
        comments.setdefault(cell.cell or f"A{cell.row}", []).append(
            f"{cell.rule}: {column}{cell.hint}"
        )
    for address, lines in comments.items():
        cell = page[address]
        cell.fill = _BAD
        text = "\n".join(lines)[:_LONGEST_COMMENT]
        cell.comment = Comment(text, "Yanbao", _COMMENT_HEIGHT, _COMMENT_WIDTH)
    book.save(target)
    book.close()
