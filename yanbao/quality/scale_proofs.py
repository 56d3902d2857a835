"""Two columns of a row that prove each other's unit: a margin, a number of shares, a spread."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from yanbao.base.check_result import CheckResult, Subject
from yanbao.base.check_words import between, rows_with_examples, sample_of, shown
from yanbao.catalog import Column, Dataset
from yanbao.catalog.scales import Proof
from yanbao.quality.scale_steps import Steps

ENOUGH = 5  # rows or entities whose median says something of a market
PROVEN_SHARE = 0.99
PRINTED_TOLERANCE = 0.01
UNADJUSTED = ("none", "")
UNPROVEN = (
    "one of the two columns stands in another unit: map it and load again, or accept the"
    " batch with a reason if the numbers are right"
)


def proven(proof: Proof, steps: Steps, subject: Subject) -> Iterator[CheckResult]:
    """One column over the other: in the median, in every row, and as it was before."""
    ratios = _ratios(proof, steps.frame)
    if ratios.empty:
        return
    sizes = ratios.abs()
    wide = sizes[~sizes.between(*proof.possible)]
    median = float(sizes.median())
    faults = []
    if len(sizes) >= ENOUGH and not proof.usual[0] <= median <= proof.usual[1]:
        faults.append(f"a median of {shown(median)}")
    if len(wide) > (1 - PROVEN_SHARE) * len(sizes):
        faults.append(rows_with_examples(len(wide), len(sizes), wide))
    if proof.same_sign and (ratios < 0).mean() > 0.5:
        faults.append(f"{(ratios < 0).mean():.0%} of the rows with two signs")
    wanted = f"{proof.over} over {proof.under} of {between(*proof.usual)} in the median"
    if proof.step:
        wanted += f" and {between(*proof.step)} times the last good one"
        step = _step_since_last_good(proof, steps, ratios)
        if step is not None and not proof.step[0] <= step <= proof.step[1]:
            faults.append(f"{shown(step)} times the last good one")
    bad = steps.frame.loc[(wide if len(wide) else sizes).index] if faults else pd.DataFrame()
    yield subject.result(
        f"proof({proof.check})",
        "fail" if faults else "pass",
        observed=" and ".join(faults) or f"a median of {shown(median)}",
        expected=wanted,
        hint=UNPROVEN,
        failing_rows=len(bad),
        sample=sample_of(bad, (*steps.dataset.key, proof.over, proof.under)),
    )


def printed(
    column: Column, dataset: Dataset, rows: pd.DataFrame, subject: Subject
) -> Iterator[CheckResult]:
    """A number beside the text that prints it with the same word behind: 1.2 and 近1.2亿元."""
    if not column.scale.printed_in or not {*column.scale.printed_in} <= set(rows.columns):
        return
    text, word = column.scale.printed_in
    parts = rows[text].astype("string").str.extract(r"([0-9][0-9,，]*\.?[0-9]*)\s*([万亿])")
    told = pd.to_numeric(parts[0].str.replace("[,，]", "", regex=True), errors="coerce")
    both = rows[column.name].notna() & told.notna() & (parts[1] == rows[word].astype("string"))
    gaps = (rows[column.name] - told).abs() > PRINTED_TOLERANCE * told
    wrong = rows[both.fillna(False).astype(bool) & gaps.fillna(False).astype(bool)]
    yield subject.result(
        f"proof({column.name})",
        "fail" if len(wrong) else "pass",
        observed=rows_with_examples(len(wrong), int(both.sum()), wrong[column.name]),
        expected=f"the number that {text} prints",
        hint=UNPROVEN,
        failing_rows=len(wrong),
        sample=sample_of(wrong, (*dataset.key, column.name, text)),
    )


def _ratios(proof: Proof, rows: pd.DataFrame) -> pd.Series[float]:
    if proof.unadjusted and "adjustment" in rows:
        labels = rows["adjustment"]
        rows = rows[labels.isna() | labels.isin(UNADJUSTED)]
    over, under = rows[proof.over], rows[proof.under]
    return (over.where(over != 0) / under.where(under != 0)).dropna()


def _step_since_last_good(proof: Proof, steps: Steps, ratios: pd.Series[float]) -> float | None:
    """The median of what the ratio has moved by, where both columns have a last good value."""
    over, under = (
        steps.since_last_good(steps.dataset.column(name))[0]
        for name in (proof.over, proof.under)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = over / under
    moved = moved[np.isfinite(moved) & steps.has(ratios.index)]
    return float(np.median(moved)) if len(moved) else None
