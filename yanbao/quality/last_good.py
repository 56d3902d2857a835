"""The last good values of a batch's entities: what core holds, and what passed the gate today.

Only the ends of each entity's history are read: one row, or one a quarter where the numbers of
quarters differ by their nature.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pandas as pd

from yanbao.catalog import Dataset
from yanbao.quality.batch_history import asked_entity
from yanbao.quality.stored_rows import stored_columns
from yanbao.raw.load import FILE_SOURCES, Load
from yanbao.warehouse.store import has_table

MONTH = "month_of_period"  # what tells the quarters of an entity apart, in no column of theirs
# How far back the last good value is looked for first: a month of sessions, two years of
# periods. What was not seen for longer is looked for in all of history.
SESSIONS, PERIODS = timedelta(days=40), timedelta(days=800)


class LastGood:
    """Reads core through one connection, and remembers what passed before core is built."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._passed: dict[str, list[pd.DataFrame]] = {}

    def remember(self, dataset: Dataset, frame: pd.DataFrame) -> None:
        """Keep the last rows of a batch that passed, for those that wait behind it."""
        if not dataset.measures or not dataset.date_column or frame.empty:
            return
        kept = [name for name in dataset.previous_columns if name in frame.columns]
        rows = frame[kept].dropna(subset=[dataset.date_column])
        self._passed.setdefault(dataset.name, []).append(last_of_each(dataset, rows))

    def rows(self, load: Load, dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame | None:
        """The last rows before a feed's batch or up to the end of a file, else the nearest."""
        if not dataset.measures or not dataset.date_column or frame.empty:
            return None
        days = frame[dataset.date_column].dropna()
        if days.empty:
            return None
        first, last = days.min().date(), days.max().date()
        found = [
            rows[rows[dataset.date_column] <= pd.Timestamp(last)]
            for rows in self._passed.get(dataset.name, ())
        ]
        found = [rows for rows in found if len(rows)]
        if has_table(self._connection, "core", dataset.core_table):
            found = [self._of_core(load, dataset, first, last), *found]
        elif not found:
            found = self._passed.get(dataset.name, [])
        rows = [one for one in found if len(one)]
        if not rows:
            return None
        if len(rows) == 1:
            return rows[0]
        return last_of_each(dataset, pd.concat(rows, ignore_index=True))

    def _of_core(self, load: Load, dataset: Dataset, first: date, last: date) -> pd.DataFrame:
        day = dataset.date_column
        look_back = SESSIONS if dataset.partitioning == "trade_date" else PERIODS
        since = first - look_back
        # A feed's day may be stored already; a file may hold all of history again.
        until = last if load.source in FILE_SOURCES else first - timedelta(days=1)
        windows: tuple[tuple[str, str, list[date]], ...] = (
            (f"{day} between ? and ?", "max", [since, until]),
            (f"{day} <= ?", "max", [last]),
            (f"{day} > ?", "min", [last]),
        )
        for condition, end, values in windows:
            found = self._ends(load, dataset, condition, end, values)
            if len(found):
                return found
        return found

    def _ends(
        self, load: Load, dataset: Dataset, condition: str, end: str, values: list[date]
    ) -> pd.DataFrame:
        day, entity = dataset.date_column, dataset.entity_columns
        stored = stored_columns(dataset)
        fields = ", ".join(
            f"{end}_by({dataset.core_column(name)}, {day}) as {name}"
            for name in dataset.previous_columns
            if name in stored and name not in entity and name != day
        )
        asked = asked_entity(load, entity)
        named = "".join(f" and {name} = ?" for name in asked)
        parts = [*entity, *([f"month({day})"] if _by_quarter(dataset) else [])]
        return self._connection.execute(
            f"select {', '.join(entity)}, {end}({day})::timestamp as {day}, {fields}"
            f" from core.{dataset.core_table} where {condition}{named}"
            f" group by {', '.join(parts)}",
            [*values, *asked.values()],
        ).df()


def _by_quarter(dataset: Dataset) -> bool:
    return any(column.scale.per == "month_of_year" for column in dataset.measures)


def last_of_each(dataset: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """The last value of each entity in every column, or of each of its quarters."""
    day = dataset.date_column
    ordered = rows.sort_values(day, kind="stable")
    parts = [ordered[name] for name in dataset.entity_columns if name in rows.columns]
    if _by_quarter(dataset):
        parts.append(ordered[day].dt.month.rename(MONTH))
    if not parts:
        return ordered.tail(1)
    # The last value that is filled, as max_by of core has it.
    last = ordered.groupby(parts, sort=False, dropna=False).last().reset_index()
    return last.drop(columns=MONTH, errors="ignore")
