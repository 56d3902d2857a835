"""What a company counts up from the first of January does not fall before the last of December.

A figure of one quarter under the name of a cumulative one shows by this alone: it has the unit
and the size of a figure of the year.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from yanbao.base.check_result import CheckResult, Subject
from yanbao.base.check_words import rows_with_examples, sample_of
from yanbao.catalog import Column, Dataset

ENOUGH = 5  # companies of which single ones may have returned goods or restated a quarter
FALLEN_SHARE = 0.2
ROUNDING = 0.001
SINGLE_QUARTERS = (
    "the column may hold single quarters: add them up, or map the cumulative column; accept"
    " with a reason if the sums really fell"
)


def cumulative_checks(
    column: Column,
    dataset: Dataset,
    frame: pd.DataFrame,
    previous: pd.DataFrame | None,
    subject: Subject,
) -> Iterator[CheckResult]:
    """Each sum beside the one of an earlier period of its year, in the batch or stored."""
    day, name = dataset.date_column, column.name
    entity = [one for one in dataset.entity_columns if one in frame.columns]
    if column.scale.per != "month_of_year" or column.scale.sign != "positive":
        return
    own = frame[[*entity, day, name]].assign(row=range(len(frame)))
    both = own
    if previous is not None and {*entity, day, name} <= set(previous.columns):
        both = pd.concat([previous[[*entity, day, name]], own], ignore_index=True)
    both[day] = pd.to_datetime(both[day])
    both = both.dropna(subset=[day, name]).drop_duplicates([*entity, day], keep="last")
    both = both.sort_values(day, kind="stable")
    before = both.groupby([*entity, both[day].dt.year], dropna=False)[name].shift()
    compared = both["row"].notna() & before.notna()
    fallen = both[compared & (both[name] < before * (1 - ROUNDING))]
    rows = frame.iloc[fallen["row"].astype(int)]
    count = int(compared.sum())
    holds = len(rows) <= FALLEN_SHARE * count if count >= ENOUGH else rows.empty
    yield subject.result(
        f"proof({name})",
        "pass" if holds else "fail",
        observed=rows_with_examples(len(rows), count, rows[name]),
        expected="sums that do not fall from one period of a year to the next",
        hint=SINGLE_QUARTERS,
        failing_rows=len(rows),
        sample=sample_of(rows, (*dataset.key, name)),
    )
