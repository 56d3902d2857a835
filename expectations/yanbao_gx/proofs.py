"""Columns derived from a batch, so that one column can prove another.

All are vectorised and hold null where a proof does not apply: a suspended share, an
adjusted series, an entity that was not there before. A null never breaks a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

SEEN = "has_row_for_day"
UNADJUSTED = ("none", "")


def ratio_column(column: str) -> str:
    return f"{column}_over_previous"


def previous_column(column: str) -> str:
    return f"{column}_previous"


def moved(entities: pd.DataFrame, column: str) -> pd.Series[Any]:
    """Whether each entity's value differs from its last good one; null without either."""
    ratio = entities[ratio_column(column)]
    differs = ratio.ne(1).astype(object)
    differs[ratio.isna()] = None
    return differs


def unit_ratio(bars: pd.DataFrame) -> pd.Series[float]:
    """The mean price paid over the nearest price of the session's range: 1 when inside.

    Amount in thousands of yuan gives 0.001, volume in lots of 100 gives 100. Null for an
    adjusted series, whose prices were never paid, and without trading.
    """
    volume = bars["volume_shares"].where(bars["volume_shares"] > 0)
    paid = bars["amount_cny"].where(bars["amount_cny"] > 0) / volume
    inside = paid.clip(bars["low"], bars["high"])
    ratio = paid / inside.where(inside > 0)
    if "adjustment" not in bars:
        return ratio
    labels = bars["adjustment"]
    return ratio.where(labels.isna() | labels.isin(UNADJUSTED))


def bar_gap(bars: pd.DataFrame) -> pd.Series[float]:
    """How far open or close lie outside low and high, over the close; 0 when inside.

    Null where nothing was traded: sources print zeros for a suspended share.
    """
    low, high = bars["low"], bars["high"]
    inner = bars[["open", "close"]]
    below = inner.rsub(low, axis=0).max(axis=1)
    above = inner.sub(high, axis=0).max(axis=1)
    gap = pd.concat([below, above, low - high], axis=1).max(axis=1).clip(lower=0)
    gap = gap / bars["close"].abs().where(bars["close"] != 0)
    if "volume_shares" in bars:
        gap = gap.where(bars["volume_shares"].isna() | (bars["volume_shares"] > 0))
    return gap.where(low.notna() & high.notna())


def beside_previous(
    batch: pd.DataFrame,
    previous: pd.DataFrame,
    *,
    entity: Sequence[str],
    date_column: str,
    measures: Sequence[str],
) -> pd.DataFrame:
    """One row per entity of either side: latest values, previous values, their ratios."""
    keys = list(entity)
    ordered = batch.sort_values(date_column, kind="stable") if date_column else batch
    latest = ordered.drop_duplicates(keys, keep="last")[[*keys, *measures]]
    before = previous.drop_duplicates(keys, keep="last")[[*keys, *measures]]
    before = before.rename(columns={name: previous_column(name) for name in measures})
    both = latest.merge(before, on=keys, how="outer")
    for name in measures:
        base = both[previous_column(name)]
        both[ratio_column(name)] = both[name] / base.where(base != 0)
    return both


def with_seen(entities: pd.DataFrame, of_the_day: pd.DataFrame) -> pd.DataFrame:
    """The entities, each marked with whether it has a row for the day."""
    keys = [name for name in entities.columns if name in of_the_day.columns]
    seen = of_the_day.drop_duplicates().assign(**{SEEN: True})
    marked = entities.merge(seen, on=keys, how="left")
    marked[SEEN] = marked[SEEN].eq(True)
    return marked
