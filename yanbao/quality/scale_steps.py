"""A batch in the order of its entities, and how far each number has gone since the one before.

Steps are ratios of sizes: 1 where nothing moved, 100 where a number came in per cent. They are
null where either side is empty or zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from yanbao.catalog import Column, Dataset
from yanbao.catalog.declaration import WINDOW_START

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

LONG_AGO = 400  # days after which a number of the past proves a unit only roughly


@dataclass(frozen=True)
class Steps:
    """``frame`` and ``previous`` by entity; ``previous`` may hold several rows of one, such as
    the last of each quarter. Positions count the rows by entity and day, in which every array
    here is.
    """

    dataset: Dataset
    frame: pd.DataFrame
    previous: pd.DataFrame

    def rows(self, chosen: npt.NDArray[np.bool_]) -> pd.DataFrame:
        """The ordered rows that are chosen; the index is that of the batch."""
        return self.frame.iloc[self._order[chosen]]

    def has(self, index: pd.Index) -> npt.NDArray[np.bool_]:
        """By ordered row: whether its index is among others."""
        return self.frame.index.isin(index)[self._order]

    def values(self, column: Column) -> Numbers:
        """The numbers of a column by entity and day."""
        return numbers_of(self.frame, column.name)[self._order]

    @cached_property
    def entities(self) -> Positions:
        """The number of each ordered row's entity."""
        return self._numbers[: len(self.frame)][self._order]

    @cached_property
    def days(self) -> Positions:
        """Each ordered row's day, counted from 1970; zero where rows have none."""
        return self._days_of(self.frame)[self._order]

    def sizes(self, column: Column) -> Numbers:
        return np.abs(self.values(column))

    def inside(self, column: Column) -> Numbers:
        """The step of each ordered row since the row of its entity before it."""
        sizes = self._comparable(self.frame, column)[self._order]
        steps = _ratio(sizes[1:], sizes[:-1])
        steps[self.entities[1:] != self.entities[:-1]] = np.nan
        steps = np.concatenate([[np.nan], steps]) if len(sizes) else steps
        if column.scale.per == "month_of_year":
            steps = _nearer(steps, self._since_a_year(sizes))
        return steps

    def since_last_good(self, column: Column) -> tuple[Numbers, Numbers]:
        """By ordered row: the step since the last good value and that value, where the row is
        the one that follows it; and null elsewhere."""
        before = np.full(len(self.frame), np.nan)
        steps = before.copy()
        if self.previous.empty or column.name not in self.previous:
            return steps, before
        values = numbers_of(self.previous, column.name)
        sizes = self._comparable(self.previous, column)
        mine = self._comparable(self.frame, column)[self._order]
        usable = np.flatnonzero((sizes > 0) & (self._beside >= 0))
        turns = pd.Series(self._beside[usable]).groupby(self._beside[usable]).cumcount()
        for turn in range(int(turns.max()) + 1 if len(turns) else 0):
            rows = usable[turns.to_numpy() == turn]
            at = self._beside[rows]
            found = np.full(len(self.frame), np.nan)
            found[at] = _ratio(mine[at], sizes[rows])
            nearer = _nearer(steps, found)
            before[at] = np.where(nearer[at] == steps[at], before[at], values[rows])
            steps = nearer
        return steps, before

    @cached_property
    def is_long_ago(self) -> bool:
        """Whether what is known lies more than a year away from the batch."""
        day = self.dataset.date_column
        if self.previous.empty or day not in self.previous:
            return False
        gaps = np.abs(self._days_of(self.previous) - self.days[self._beside])
        gaps = gaps[self._beside >= 0]
        return bool(len(gaps)) and float(np.median(gaps)) > LONG_AGO

    def known(self, column: Column) -> npt.NDArray[np.bool_]:
        """By ordered row: whether its entity has a last good value."""
        if self.previous.empty or column.name not in self.previous:
            return np.zeros(len(self.frame), dtype=bool)
        have = self.previous[column.name].notna().to_numpy()
        return np.isin(self.entities, self._numbers[len(self.frame) :][have])

    @cached_property
    def _entity(self) -> list[str]:
        return [name for name in self.dataset.entity_columns if name in self.frame.columns]

    @cached_property
    def _numbers(self) -> Positions:
        """The entity of each row of the batch and then of the last good rows, as a number."""
        if not self._entity:
            return np.zeros(len(self.frame) + len(self.previous), dtype=np.int64)
        both = self.frame[self._entity]
        if not self.previous.empty:
            both = pd.concat([both, self.previous[self._entity]], ignore_index=True)
        if len(self._entity) == 1:
            numbers, _ = pd.factorize(both[self._entity[0]], use_na_sentinel=False)
            return np.array(numbers, dtype=np.int64)
        return np.array(both.groupby(self._entity, sort=False, dropna=False).ngroup())

    @cached_property
    def _order(self) -> Positions:
        return np.lexsort((self._days_of(self.frame), self._numbers[: len(self.frame)]))

    @cached_property
    def _beside(self) -> Positions:
        """The ordered row that each last good row is compared with: its entity's last row up
        to that day, else its first one; −1 where the batch does not hold the entity."""
        entities = self._numbers[len(self.frame) :]
        span = int(max(self.days.max(initial=0), 100_000)) + 1
        mine = self.entities * span + self.days
        has_day = self.dataset.date_column in self.previous.columns
        days = self._days_of(self.previous) if has_day else np.zeros(len(entities), np.int64)
        at = (
            np.searchsorted(mine, entities * span + np.minimum(days, span - 1), side="right")
            - 1
        )
        first = np.searchsorted(self.entities, entities, side="left")
        at = np.maximum(at, first)
        inside = at < len(self.frame)
        at[inside] = np.where(self.entities[at[inside]] == entities[inside], at[inside], -1)
        at[~inside] = -1
        return at

    def _days_of(self, rows: pd.DataFrame) -> Positions:
        day = self.dataset.date_column
        if day not in rows.columns:
            return np.zeros(len(rows), dtype=np.int64)
        days = pd.to_datetime(rows[day]).to_numpy().astype("datetime64[D]")
        return np.where(np.isnat(days), 0, days.astype(np.int64))

    def _comparable(self, rows: pd.DataFrame, column: Column) -> Numbers:
        """Sizes for the same length of time; null for zero."""
        sizes = np.abs(numbers_of(rows, column.name))
        sizes[sizes == 0] = np.nan
        day, per = self.dataset.date_column, column.scale.per
        if per == "month_of_year" and day in rows.columns:
            sizes = sizes / pd.to_datetime(rows[day]).dt.month.to_numpy()
        if per == "days" and {day, WINDOW_START} <= set(rows.columns):
            ends, starts = pd.to_datetime(rows[day]), pd.to_datetime(rows[WINDOW_START])
            sizes = sizes / ((ends - starts).dt.days.to_numpy() + 1)
        return sizes

    def _since_a_year(self, sizes: Numbers) -> Numbers:
        """The step since the same months of the year before it in the batch."""
        dates = pd.to_datetime(self.frame[self.dataset.date_column])
        months = dates.dt.month.to_numpy()[self._order]
        order = np.lexsort((self.days, months, self.entities))
        entities, months, ordered = self.entities[order], months[order], sizes[order]
        same = (entities[1:] == entities[:-1]) & (months[1:] == months[:-1])
        steps = np.full(len(sizes), np.nan)
        steps[order[1:]] = np.where(same, _ratio(ordered[1:], ordered[:-1]), np.nan)
        return steps


def medians_by_day(
    steps: Numbers, days: Positions, gaps: Positions, longest: int, least: int
) -> pd.DataFrame:
    """The median step of each day on which at least ``least`` entities have one since a row
    that is at most ``longest`` days old: fewer would take one split for a change of unit."""
    kept = ~np.isnan(steps) & (gaps <= longest)
    by_day = pd.Series(steps[kept]).groupby(days[kept])
    found = pd.DataFrame({"step": by_day.median(), "entities": by_day.count()})
    return found[found["entities"] >= least]


def outside(values: Numbers, span: Sequence[float]) -> npt.NDArray[np.bool_]:
    """Which values lie outside; a null does not."""
    return (values < span[0]) | (values > span[1])


def numbers_of(rows: pd.DataFrame, name: str) -> Numbers:
    return np.array(rows[name].to_numpy(dtype=np.float64, na_value=np.nan))


def _ratio(values: Numbers, bases: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Any = values / bases
    ratio[~np.isfinite(ratio)] = np.nan
    return np.asarray(ratio)


def _nearer(one: Numbers, other: Numbers) -> Numbers:
    """Of two steps the one that is nearer to 1; the other where one is null."""
    with np.errstate(divide="ignore", invalid="ignore"):
        is_nearer = np.abs(np.log(other)) < np.abs(np.log(one))
    return np.where(is_nearer | np.isnan(one), other, one)
