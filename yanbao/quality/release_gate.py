"""The release gate: the built marts, before they are published.

dbt has proven structure by then. This gate asks whether the numbers are plausible, agree
with each other and with the previous release, and whether each check really happened.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import pandas as pd
from pandas.api.types import infer_dtype
from yanbao_gx.agreement import AGREEMENTS, Agreement
from yanbao_gx.expectations import TRACE
from yanbao_gx.mart_suite import mart_suite
from yanbao_gx.run import run

from yanbao.base.check_result import CheckResult, GateResult, Subject
from yanbao.base.check_words import rows_with_examples, sample_of
from yanbao.catalog.marts import report_marts

GATE = "release"
NAMES = ("code", "name", "company", "index_name", "fund_name", "stock_name")
AGREEMENT = "agreement"
KEPT_ROW_SHARE = 0.5
PARAMETERS = ("as_of_date", "known_at")
# Dates that may lie after the report's day: its window, an event to come, a day of effect. All
# others are dates of facts.
MAY_BE_LATER = frozenset(
    {
        *PARAMETERS,
        "event_on",
        "filings_to",
        "first_on",
        "fiscal_year_end",
        "last_on",
        "valid_from",
        "window_end",
        "window_start",
    }
)
Day = tuple[date, date | None]  # as_of and known_at
BUILD_HINT = "the mart was not built: read the build's log, repair the model, run again"


def check_release(
    marts: Mapping[str, pd.DataFrame],
    *,
    previous: Mapping[str, pd.DataFrame] | None,
    expected_marts: Sequence[str],
    as_of: date,
    known_at: date | None,
) -> list[GateResult]:
    """One result per mart, expected ones first, and last the agreement between them.

    ``previous`` holds the marts of the last release, if there was one; only rows of the
    same day and knowledge are compared with, so that a replayed day is not held against a
    richer one.
    An expected mart that is missing could not be checked, which blocks.
    """
    names = list(dict.fromkeys((*expected_marts, *marts)))
    typed = {name: _typed(marts[name]) for name in names if name in marts}
    results = [
        _mart_result(name, typed, (previous or {}).get(name), (as_of, known_at))
        for name in names
    ]
    return [*results, _agreement_result(typed, names, as_of)]


def _mart_result(
    name: str,
    marts: Mapping[str, pd.DataFrame],
    before: pd.DataFrame | None,
    day: Day,
) -> GateResult:
    subject = Subject(GATE, name, f"{name} {day[0]}")
    if name not in marts:
        missing = subject.could_not_run("present", "the mart is missing", hint=BUILD_HINT)
        return GateResult(GATE, name, (missing,))
    key = _row_names(name)

    def judge() -> Iterator[CheckResult]:
        yield from _common_checks(subject, key, marts[name], before, day)
        yield from run(*mart_suite(name, marts[name]), subject, key)

    return GateResult(GATE, name, subject.attempt("prepared", judge))


def _row_names(mart: str) -> tuple[str, ...]:
    """What names a row in a message: its key, and the names that stand beside a code."""
    known = report_marts().get(mart)
    if known is None:
        return ()
    return (*known.key, *(n for n in NAMES if n in known.columns and n not in known.key))


def _common_checks(
    subject: Subject,
    key: Sequence[str],
    mart: pd.DataFrame,
    before: pd.DataFrame | None,
    day: Day,
) -> Iterator[CheckResult]:
    """Size against the previous release, parameters, and no look-ahead."""
    as_of, known_at = day
    rows = 0 if before is None else int(_built_for(_typed(before), day).sum())
    least = math.ceil(KEPT_ROW_SHARE * rows)
    yield subject.result(
        "rows",
        "pass" if len(mart) >= least else "fail",
        observed=f"{len(mart):,} rows",
        expected=f"≥ {least:,} rows"
        + (f", half of the previous release's {rows:,}" if rows else ""),
        hint="rows got lost: compare yanbao show loads with that of the previous release",
    )
    others = mart[~_built_for(mart, day)]
    yield subject.result(
        "parameters",
        "fail" if len(others) else "pass",
        observed=f"{len(others):,} of {len(mart):,} rows without",
        expected=f"as of {as_of}, known at {known_at or 'any time'}",
        hint="the mart is left over from another build: build it again",
        failing_rows=len(others),
        sample=sample_of(others, (*key, *PARAMETERS)),
    )
    dates = [n for n in mart.select_dtypes("datetime").columns if n not in MAY_BE_LATER]
    if dates:
        latest = mart[dates].max(axis=1)
        late = mart[latest > pd.Timestamp(as_of)]
        yield subject.result(
            "no_look_ahead",
            "fail" if len(late) else "pass",
            observed=rows_with_examples(len(late), len(mart), latest[late.index]),
            expected=f"on or before {as_of}",
            hint=f"a fact is later than the report: {TRACE}",
            failing_rows=len(late),
            sample=sample_of(late, (*key, *dates)),
        )


def _built_for(mart: pd.DataFrame, day: Day) -> pd.Series[bool]:
    as_of, known_at = day
    known = mart["known_at"]
    same_known = known.isna() if known_at is None else known == pd.Timestamp(known_at)
    return (same_known & (mart["as_of_date"] == pd.Timestamp(as_of))).astype(bool)


def _agreement_result(
    marts: Mapping[str, pd.DataFrame], names: Sequence[str], as_of: date
) -> GateResult:
    subject = Subject(GATE, AGREEMENT, f"{AGREEMENT} {as_of}")
    missing = [name for name in names if name not in marts]
    inventory = subject.result(
        "present",
        "could_not_run" if missing or not names else "pass",
        observed=f"without {', '.join(missing)}" if missing else f"{len(marts)} marts",
        expected=f"{len(names)} marts",
        hint=BUILD_HINT,
    )
    results = [inventory]
    for one in AGREEMENTS:
        if one.concerns(frozenset(marts)):
            results += subject.attempt(one.name, partial(_judge, one, marts, subject))
        elif one.concerns(frozenset(names)):
            why = "a mart that it compares is missing"
            results.append(subject.could_not_run(one.name, why, hint=BUILD_HINT))
    return GateResult(GATE, AGREEMENT, tuple(results))


def marts_compared(check: str) -> set[str]:
    """The marts that a check of the agreement compares; none for any other check."""
    found = [{*one.relations} for one in AGREEMENTS if one.name == check]
    return set().union(*found) & report_marts().keys()


def _judge(
    agreement: Agreement, marts: Mapping[str, pd.DataFrame], subject: Subject
) -> list[CheckResult]:
    return run(*agreement.suite(marts), subject)


def _typed(mart: pd.DataFrame) -> pd.DataFrame:
    """Dates as datetime64 and decimals as floats, whatever the reader returned.

    Microseconds hold every date that a database can; nanoseconds end in 2262.
    """
    converted: dict[str, pd.Series[Any]] = {}
    for name in mart.columns:
        column = mart[name]
        kind = infer_dtype(column, skipna=True)
        is_date = kind in ("date", "datetime", "datetime64")
        if is_date or (name in PARAMETERS and kind == "empty"):
            converted[name] = column.astype("datetime64[us]")
        elif kind == "decimal":
            converted[name] = column.astype(float)
    return mart.assign(**converted)
