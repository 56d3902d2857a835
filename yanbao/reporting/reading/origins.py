"""Where a mart's rows came from, as the release recorded it: datasets, sources, loads, terms.

Loads are known by mart, not by row: a mart's loads are those of the datasets behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

ALLOWED = "allowed"
# The freest to the strictest, in the words of a release; an unknown word counts as strict.
_STRICTNESS = {ALLOWED: 0, "ask": 1, "internal": 2}
UNRECORDED = "发布未记录其来源的分发许可"


@dataclass(frozen=True)
class Load:
    """One load behind a mart, in the columns of the release's ``meta.loads``.

    ``original_name`` is an analyst's file name, empty for a live call.
    """

    load_id: str
    dataset: str
    source: str
    function: str
    original_name: str
    finished_at: str
    rows: str
    sha256: str
    redistribution: str
    redistribution_reason: str
    licence: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Load:
        return cls(**{field.name: str(row.get(field.name) or "") for field in fields(cls)})


@dataclass(frozen=True)
class Origin:
    """What stands behind one mart. ``redistribution`` is that of its strictest dataset.

    ``closed`` are the datasets that keep it from outsiders, ``reasons`` give the reason, for
    the firm alone: outsiders need not know of its contracts. Both are empty where it may leave.
    """

    mart: str
    datasets: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    loads: tuple[Load, ...] = ()
    redistribution: str = "internal"
    closed: tuple[str, ...] = (UNRECORDED,)
    reasons: tuple[str, ...] = (UNRECORDED,)

    @property
    def may_leave(self) -> bool:
        return self.redistribution == ALLOWED


class Origins:
    """The origins of every mart, from a release's ``meta`` tables."""

    def __init__(
        self, mart_sources: Iterable[Mapping[str, Any]], loads: Iterable[Mapping[str, Any]]
    ) -> None:
        self._behind: dict[str, list[Mapping[str, Any]]] = {}
        for row in mart_sources:
            self._behind.setdefault(str(row["mart"]), []).append(row)
        self._loads: dict[str, list[Load]] = {}
        for row in loads:
            self._loads.setdefault(str(row["dataset"]), []).append(Load.of(row))

    def of(self, mart: str) -> Origin:
        """A mart without a record in the release may not be passed on."""
        behind = self._behind.get(mart, [])
        if not behind:
            return Origin(mart)
        datasets = tuple(str(row["dataset"]) for row in behind)
        loads = tuple(load for name in datasets for load in self._loads.get(name, []))
        sources = {one.strip() for row in behind for one in str(row["sources"]).split(",")}
        words = {str(row.get("redistribution") or ""): None for row in behind}
        strict = max(words, key=lambda word: _STRICTNESS.get(word, 3))
        closed = [row for row in behind if row.get("redistribution") != ALLOWED]
        return Origin(
            mart,
            datasets,
            tuple(sorted(sources)),
            loads,
            strict or "internal",
            closed=_distinct(closed, "dataset_label"),
            reasons=_distinct(closed, "redistribution_note"),
        )


def _distinct(rows: Iterable[Mapping[str, Any]], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row.get(column) or UNRECORDED) for row in rows))
