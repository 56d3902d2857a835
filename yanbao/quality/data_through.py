"""Which parts of datasets end before they should on the day of the report.

``report.data_through`` has it, computed from core by the declarations: here it is judged
against the allowance of each dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

MART = "data_through"
ONE_OF_MANY = "index_code"  # a part that is one security among many never blocks alone


@dataclass(frozen=True)
class LatePart:
    """A part of a dataset whose data end before ``due_on``; ``part`` is empty for the whole."""

    dataset: str
    part: str
    part_column: str
    data_through: date
    due_on: date
    missing_since: date
    allowance_days: int | None
    stale_reason: str

    def is_over(self, day: date) -> bool:
        """Whether the allowance is used up on a day."""
        allowance = self.allowance_days
        return allowance is not None and (day - self.missing_since).days >= allowance


@dataclass(frozen=True)
class LateDataset:
    """The late parts of a dataset; ``is_whole`` where it has no other."""

    dataset: str
    parts: tuple[LatePart, ...]
    is_whole: bool

    @property
    def data_through(self) -> date:
        """The day to which every part has data."""
        return min(part.data_through for part in self.parts)

    def is_over(self, day: date) -> bool:
        alone = [part for part in self.parts if part.part_column != ONE_OF_MANY]
        over = any(part.is_over(day) for part in alone)
        return over or (self.is_whole and all(part.is_over(day) for part in self.parts))


def late_datasets(connection: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, LateDataset]:
    """By name the datasets that end too early; none where the marts are of another day."""
    return judged(row for row in rows_of(connection, MART) if row["as_of_date"] == as_of)


def rows_of(connection: duckdb.DuckDBPyConnection, mart: str) -> list[dict[str, Any]]:
    """The rows of a report mart; none in a store that has not built it."""
    if not has_table(connection, "report", mart):
        return []
    rows: list[dict[str, Any]] = (
        connection.execute(f"from report.{mart}").to_arrow_table().to_pylist()
    )
    return rows


def judged(rows: Iterable[Mapping[str, Any]]) -> dict[str, LateDataset]:
    """By name the datasets that end too early, of the rows of the mart."""
    parts: dict[str, list[LatePart | None]] = {}
    for row in rows:
        part = LatePart(**{field.name: row[field.name] for field in fields(LatePart)})
        parts.setdefault(part.dataset, []).append(part if row["is_stale"] else None)
    late = {name: tuple(filter(None, ones)) for name, ones in parts.items()}
    return {
        name: LateDataset(name, ones, is_whole=len(ones) == len(parts[name]))
        for name, ones in sorted(late.items())
        if ones
    }
