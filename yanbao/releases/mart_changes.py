"""Two states of the report marts compared: which cells of which keys hold another value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yanbao.catalog.marts import FIRST_COLUMNS, report_marts

if TYPE_CHECKING:
    import pyarrow as pa

RETURNS = ("change", "return", "relative")  # how columns of returns are named
Rows = dict[tuple[Any, ...], Mapping[str, Any]]


@dataclass(frozen=True)
class CellChange:
    """One cell of a mart, before and after; None is a blank, or no row."""

    mart: str
    key: str
    column: str
    before: Any
    after: Any

    @property
    def is_return(self) -> bool:
        return self.column.startswith(RETURNS)


def mart_changes(
    before: Mapping[str, pa.Table], after: Mapping[str, pa.Table]
) -> Iterator[CellChange]:
    """Every cell that differs, by mart, key and column."""
    for name, mart in report_marts().items():
        if name not in before or name not in after or before[name].equals(after[name]):
            continue
        key = [column for column in mart.key if column not in FIRST_COLUMNS]
        old, new = _by_key(before[name], key), _by_key(after[name], key)
        columns = [column for column in mart.columns if column not in (*key, *FIRST_COLUMNS)]
        for row in dict.fromkeys([*old, *new]):
            was, now = old.get(row, {}), new.get(row, {})
            for column in columns:
                if was.get(column) != now.get(column):
                    words = " ".join("–" if part is None else str(part) for part in row)
                    yield CellChange(name, words, column, was.get(column), now.get(column))


def _by_key(table: pa.Table, key: Sequence[str]) -> Rows:
    return {tuple(row[name] for name in key): row for row in table.to_pylist()}
