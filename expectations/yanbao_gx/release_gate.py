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

from yanbao_gx.agreement import AGREEMENTS
from yanbao_gx.batch_rules import RowCount
from yanbao_gx.engine import Target, could_not_run, evaluate_part
from yanbao_gx.mart_rules import FACT_DATES, MART_KEYS, PLAUSIBLE
from yanbao_gx.outcome import CheckResult, GateResult, verdict
from yanbao_gx.plausibility import TRACE, Plausibility
from yanbao_gx.rules import Holds, NoneLater, Rule

GATE = "release"
AGREEMENT = "agreement"
KEPT_ROW_SHARE = 0.5
LATEST_FACT = "latest_fact_on"
PARAMETERS = ("as_of_date", "known_at")
BUILT_FOR = "built_for_the_release"
DATES = (*FACT_DATES, *PARAMETERS, "period_start", "window_start", "window_end")
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
        _mart_result(name, typed, (previous or {}).get(name), as_of, known_at) for name in names
    ]
    return [*results, _agreement_result(typed, names, as_of)]


def _mart_result(
    name: str,
    marts: Mapping[str, pd.DataFrame],
    before: pd.DataFrame | None,
    as_of: date,
    known_at: date | None,
) -> GateResult:
    target = Target(GATE, name, f"{name} {as_of}", MART_KEYS.get(name, ()))
    if name not in marts:
        missing = could_not_run(target, "present", "the mart is missing", hint=BUILD_HINT)
        return GateResult(GATE, name, (missing,))
    mart = marts[name]

    def build() -> tuple[list[Rule], pd.DataFrame]:
        plausible = PLAUSIBLE.get(name, Plausibility(()))
        derived = _with_common_columns(plausible.derive(mart), as_of, known_at)
        return [
            *_common_rules(derived, before, as_of, known_at),
            *plausible.rules,
        ], derived

    return GateResult(GATE, name, evaluate_part("prepared", build, target))


def _common_rules(
    mart: pd.DataFrame, before: pd.DataFrame | None, as_of: date, known_at: date | None
) -> Iterator[Rule]:
    """Size against the previous release, parameters, and no look-ahead."""
    rows = 0 if before is None else int(_built_for(_typed(before), as_of, known_at).sum())
    yield RowCount(
        name="rows",
        low=math.ceil(KEPT_ROW_SHARE * rows),
        because=f", half of the previous release's {rows:,}" if rows else "",
        hint="rows got lost: compare yanbao show loads with that of the previous release",
    )
    yield Holds(
        name="parameters",
        column=BUILT_FOR,
        statement=f"as of {as_of}, known at {known_at or 'any time'}",
        shows=PARAMETERS,
        hint="the mart is left over from another build: build it again",
    )
    if LATEST_FACT in mart.columns:
        yield NoneLater(
            name="no_look_ahead",
            column=LATEST_FACT,
            day=as_of,
            shows=tuple(name for name in FACT_DATES if name in mart.columns),
            hint=f"a fact is later than the report: {TRACE}",
        )


def _with_common_columns(
    mart: pd.DataFrame, as_of: date, known_at: date | None
) -> pd.DataFrame:
    mart = mart.assign(**{BUILT_FOR: _built_for(mart, as_of, known_at)})
    dates = [name for name in FACT_DATES if name in mart.columns]
    return mart.assign(**{LATEST_FACT: mart[dates].max(axis=1)}) if dates else mart


def _built_for(mart: pd.DataFrame, as_of: date, known_at: date | None) -> pd.Series[bool]:
    known = mart["known_at"]
    same_known = known.isna() if known_at is None else known == pd.Timestamp(known_at)
    return (same_known & (mart["as_of_date"] == pd.Timestamp(as_of))).astype(bool)


def _agreement_result(
    marts: Mapping[str, pd.DataFrame], names: Sequence[str], as_of: date
) -> GateResult:
    target = Target(GATE, AGREEMENT, f"{AGREEMENT} {as_of}")
    results = [_inventory(marts, names, target)]
    for agreement in AGREEMENTS:
        if agreement.concerns(frozenset(marts)):
            judge = partial(agreement.judge, marts)
            results += evaluate_part(agreement.name, judge, target)
        elif agreement.concerns(frozenset(names)):
            why = "a mart that it compares is missing"
            results.append(could_not_run(target, agreement.name, why, hint=BUILD_HINT))
    return GateResult(GATE, AGREEMENT, tuple(results))


def _inventory(
    marts: Mapping[str, pd.DataFrame], names: Sequence[str], target: Target
) -> CheckResult:
    missing = [name for name in names if name not in marts]
    return verdict(
        GATE,
        AGREEMENT,
        target.where,
        "present",
        outcome="could_not_run" if missing or not names else "pass",
        observed=f"without {', '.join(missing)}" if missing else f"{len(marts)} marts",
        expected=f"{len(names)} marts",
        hint=BUILD_HINT,
    )


def _typed(mart: pd.DataFrame) -> pd.DataFrame:
    """Dates as datetime64 and decimals as floats, whatever the reader returned.

    Microseconds hold every date that a database can; nanoseconds end in 2262.
    """
    converted: dict[str, pd.Series[Any]] = {}
    for name in mart.columns:
        column = mart[name]
        kind = infer_dtype(column, skipna=True)
        if name in DATES and kind in ("date", "datetime", "datetime64", "empty"):
            converted[name] = column.astype("datetime64[us]")
        elif kind == "decimal":
            converted[name] = column.astype(float)
    return mart.assign(**converted)
