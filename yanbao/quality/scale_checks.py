"""The raw gate's checks of units and signs: every number against its last good value, its
usual size and the other numbers of its row.

What fails here is no bad row but a number that stands in another unit, or seems to: a file
waits for a person, a feed's batch is rejected. Single rows of a feed are set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from yanbao.base.check_result import CheckResult, Subject
from yanbao.base.check_words import between, rows_with_examples, sample_of, shown
from yanbao.catalog import Column, Dataset
from yanbao.catalog.cell_rules import BAD_CELL_SHARE
from yanbao.catalog.scales import FORTYFOLD, Span
from yanbao.quality.scale_proofs import ENOUGH, printed, proven
from yanbao.quality.scale_steps import Numbers, Steps, medians_by_day, outside
from yanbao.quality.within_the_year import cumulative_checks

ENOUGH_SIGNS = 10  # entities of which most make a profit
DAYS_OF_A_SESSION, DAYS_OF_A_PERIOD = 31, 400
# What fails when a unit has moved, and nothing else is wrong: a case for a person.
SCALE_CHECKS = frozenset(
    {"scale", "row_scale", "row_step", "daily_scale", "usual_size", "sign", "proof", "unit"}
)
NEW_UNIT = (
    "the unit of the column has changed at the source: map it and load again, or"
    " accept the batch with a reason if the step is real"
)
WRONG_UNIT = (
    "the column stands in another unit than the declared one: map it and load again, or"
    " accept the batch with a reason if the numbers are right"
)
WRONG_SIGN = "find out what the sign means at the source; a note in source_note explains a row"


def is_about_scale(check: str) -> bool:
    return check.partition("(")[0] in SCALE_CHECKS


@dataclass
class ScaleChecks:
    """A batch whose index counts its rows, beside the last good rows of its entities.

    ``bad_rows`` are filled by ``results``: single rows of a feed whose number has moved by
    orders of magnitude, while the rest stays.
    """

    dataset: Dataset
    frame: pd.DataFrame
    previous: pd.DataFrame | None
    is_feed: bool
    subject: Subject
    bad_rows: set[int] = field(default_factory=set)

    def results(self) -> Iterator[CheckResult]:
        measures = [
            column
            for column in self.dataset.measures
            if column.name in self.frame.columns and self.frame[column.name].notna().any()
        ]
        for column in measures:
            if not column.scale.unguarded:
                yield from self._against_last_good(column)
                yield from self._inside(column)
                yield from self._usual(column)
                yield from self._sign(column)
                yield from printed(column, self.dataset, self.frame, self.subject)
                yield from cumulative_checks(
                    column, self.dataset, self.frame, self.previous, self.subject
                )
        present = {column.name for column in measures}
        for proof in self.dataset.proofs:
            if {proof.over, proof.under} <= present:
                yield from proven(proof, self._steps, self.subject)

    @cached_property
    def _steps(self) -> Steps:
        previous = self.previous
        return Steps(self.dataset, self.frame, pd.DataFrame() if previous is None else previous)

    @cached_property
    def _gaps(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        days = self._steps.days
        return np.diff(days, prepend=days[:1])

    def _against_last_good(self, column: Column) -> Iterator[CheckResult]:
        """The median step since the last good values; of few entities the farthest step."""
        steps, before = self._steps.since_last_good(column)
        found = steps[~np.isnan(steps)]
        if not len(found):
            return
        scale, name = column.scale, column.name
        span = scale.step if len(found) >= ENOUGH else scale.step_of_few
        if self._steps.is_long_ago:
            span = (min(span[0], FORTYFOLD[0]), max(span[1], FORTYFOLD[1]))
        step = float(np.median(found))
        if len(found) < ENOUGH and scale.row_step is None:
            step = float(found[np.argmax(np.abs(np.log(found)))])
        holds = span[0] <= step <= span[1]
        moved = outside(steps, span) & (not holds)
        yield self._result(
            f"scale({name})",
            holds,
            observed=shown(step),
            expected=f"{between(*span)} times the last good {name}",
            hint=NEW_UNIT,
            failing=self._steps.rows(moved).assign(**{f"{name}_previous": before[moved]}),
            columns=(name, f"{name}_previous"),
        )
        if scale.row_step is not None:
            wanted = f"{between(*scale.row_step)} times the last good {name}"
            yield self._few_rows(
                f"row_scale({name})", column, steps, span=scale.row_step, wanted=wanted
            )

    def _inside(self, column: Column) -> Iterator[CheckResult]:
        """The same from row to row and from day to day inside the batch."""
        steps = self._steps.inside(column)
        if np.isnan(steps).all():
            return
        scale, name = column.scale, column.name
        if scale.row_step is not None:
            wanted = f"{between(*scale.row_step)} times the row before"
            yield self._few_rows(
                f"row_step({name})", column, steps, span=scale.row_step, wanted=wanted
            )
        is_daily = self.dataset.partitioning == "trade_date"
        longest = DAYS_OF_A_SESSION if is_daily else DAYS_OF_A_PERIOD
        days = medians_by_day(steps, self._steps.days, self._gaps, longest, ENOUGH)
        moved = days[outside(days["step"].to_numpy(), scale.step)]["step"]
        day = self.dataset.date_column
        yield self.subject.result(
            f"daily_scale({name})",
            "fail" if len(moved) else "pass",
            observed=rows_with_examples(len(moved), len(days), moved),
            expected=f"median steps of {between(*scale.step)} from day to day",
            hint=NEW_UNIT,
            failing_rows=len(moved),
            sample=[
                {day: str(when), "step": shown(step)}
                for when, step in zip(moved.index.to_numpy("datetime64[D]"), moved, strict=True)
            ],
        )

    def _usual(self, column: Column) -> Iterator[CheckResult]:
        """The sizes of what is new, against what is usual in the column's unit."""
        scale = column.scale
        sizes = self._steps.sizes(column)
        new = ~self._steps.known(column) & (sizes > 0)
        if scale.usual is None or not new.any():
            return
        entities = len(np.unique(self._steps.entities[new]))
        span = scale.usual if entities >= ENOUGH else scale.of_few or scale.usual
        wanted, unit = f"a median of {between(*span)}", column.unit
        median, largest = float(np.median(sizes[new])), float(sizes[new].max())
        observed, holds = f"a median of {shown(median)}", span[0] <= median <= span[1]
        if scale.largest and np.count_nonzero(new) >= ENOUGH:
            wanted += f" and a largest of {between(*scale.largest)}"
            observed += f" and a largest of {shown(largest)}"
            holds = holds and scale.largest[0] <= largest <= scale.largest[1]
        yield self._result(
            f"usual_size({column.name})",
            holds,
            observed=observed,
            expected=f"{wanted} {unit}".rstrip(),
            hint=WRONG_UNIT,
            failing=self._steps.rows(new & (not holds)),
            columns=(column.name,),
        )

    def _sign(self, column: Column) -> Iterator[CheckResult]:
        """No negative numbers, or not more of them than a market has."""
        values = self._steps.values(column)
        check = f"sign({column.name})"
        if column.scale.sign == "positive" and column.minimum is None:
            unexplained = values.copy()
            if "source_note" in self.frame and self.frame["source_note"].notna().any():
                noted = self.frame.index[self.frame["source_note"].fillna("").astype(bool)]
                unexplained[self._steps.has(noted)] = 0.0
            yield self._few_rows(
                check,
                column,
                unexplained,
                span=(0.0, np.inf),
                wanted="no negative number",
                hint=WRONG_SIGN,
            )
        if column.scale.sign != "mostly_positive":
            return
        steps, before = self._steps.since_last_good(column)
        both = ~np.isnan(steps)
        new = ~self._steps.known(column) & ~np.isnan(values) & (values != 0)
        if np.count_nonzero(both) >= ENOUGH:
            turned = both & (np.sign(values) != np.sign(before))
            share = np.count_nonzero(turned) / np.count_nonzero(both)
            yield self._result(
                check,
                bool(share <= 0.5),
                observed=f"{share:.0%} of the signs turned",
                expected="at most half of the signs turned since the last good rows",
                hint=WRONG_SIGN,
                failing=self._steps.rows(turned & (share > 0.5)),
                columns=(column.name,),
            )
        elif len(np.unique(self._steps.entities[new])) >= ENOUGH_SIGNS:
            median = float(np.median(values[new]))
            yield self._result(
                check,
                bool(median > 0),
                observed=f"a median of {shown(median)}",
                expected="a median above zero",
                hint=WRONG_SIGN,
                failing=self._steps.rows(new & (values < 0) & (median <= 0)),
                columns=(column.name,),
            )

    def _few_rows(
        self,
        check: str,
        column: Column,
        values: Numbers,
        *,
        span: Span,
        wanted: str,
        hint: str = NEW_UNIT,
    ) -> CheckResult:
        """Single rows outside: in a feed they are set aside, in a file they are told of, as
        long as they are one in a thousand."""
        count = int(np.count_nonzero(~np.isnan(values)))
        rows = self._steps.rows(outside(values, span))
        is_few = len(rows) <= BAD_CELL_SHARE * count
        if self.is_feed and is_few:
            self.bad_rows |= {int(row) for row in rows.index}
        return self.subject.result(
            check,
            "pass" if rows.empty or (self.is_feed and is_few) else "fail",
            severity="warn" if is_few and len(rows) else "error",
            observed=rows_with_examples(len(rows), count, rows[column.name]),
            expected=wanted,
            hint=hint,
            failing_rows=len(rows),
            sample=sample_of(rows, (*self.dataset.key, column.name)),
        )

    def _result(
        self,
        check: str,
        holds: bool,
        *,
        observed: str,
        expected: str,
        hint: str,
        failing: pd.DataFrame,
        columns: Sequence[str],
    ) -> CheckResult:
        return self.subject.result(
            check,
            "pass" if holds else "fail",
            observed=observed,
            expected=expected,
            hint=hint,
            failing_rows=0 if holds else len(failing),
            sample=() if holds else sample_of(failing, (*self.dataset.key, *columns)),
        )
