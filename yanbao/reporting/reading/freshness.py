"""Which rows of a mart rest on data that end too early, as the release computed it.

A late part (an index, an exchange) concerns the rows that belong to it, where the mart has the
column that tells. Datasets without parts concern every row where all behind the figures are
late, those of quarters left aside beside those of days; else packs name them beside the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yanbao.catalog import BY_NAME
from yanbao.catalog.declaration import US_VENUES

Row = Mapping[str, Any]
LISTS = "reference"  # the group of datasets that say who belongs where
RESULTS = {name for name, one in BY_NAME.items() if one.partitioning == "report_period"}
# What is due once a quarter says nothing of the age of the prices and NAVs beside it.
QUARTERLY = RESULTS | {n for n, one in BY_NAME.items() if (one.due_after_days or 0) > 90}
CODE = "code"  # rows belong to the exchange of their code


@dataclass(frozen=True)
class LateRows:
    """What is late behind one mart: by the value of a column, for every row, or beside them.

    Each reason names its dataset. ``beside`` concerns the mart, but none of its rows can tell.
    """

    by_value: Mapping[str, Mapping[str, str]]
    every_row: str = ""
    beside: tuple[str, ...] = ()
    # Results are of the quarter that stands beside them, and true of it: they are only marked.
    are_results: bool = False

    def reason(self, row: Row) -> str:
        """Why a row is late; empty for one that is not. A row of no part (a total, a
        difference) is late where any part is."""
        values = {column: str(row[column] or "") for column in self.by_value}
        for column, reasons in self.by_value.items():
            value = values[column]
            found = reasons.get(_place(value) if column == CODE else value)
            if found or not any(values.values()):
                return found or next(iter(reasons.values()))
        return self.every_row

    @property
    def reasons(self) -> tuple[str, ...]:
        """Every reason once."""
        by_value = (one for reasons in self.by_value.values() for one in reasons.values())
        return tuple(dict.fromkeys((*by_value, *filter(None, [self.every_row]), *self.beside)))


class Freshness:
    """The late parts of a release's ``data_through``, by the marts behind which they stand."""

    def __init__(self, parts: Iterable[Row], lineage: Iterable[Row]) -> None:
        self._parts: dict[str, list[Row]] = {}
        for part in parts:
            self._parts.setdefault(part["dataset"], []).append(part)
        self._behind: dict[str, list[str]] = {}
        for pair in lineage:
            self._behind.setdefault(pair["mart"], []).append(pair["dataset"])

    def of(self, mart: str, columns: Collection[str]) -> LateRows:
        by_value: dict[str, dict[str, str]] = {}
        of_all: dict[str, str] = {}
        beside = []
        telling = [one for one in self._behind.get(mart, ()) if self._tells(one, columns)]
        for dataset in self._behind.get(mart, ()):
            for part in self._parts.get(dataset, ()):
                column, reason = part["part_column"], _reason(part)
                if not part["is_stale"]:
                    continue
                if column and dataset in telling:
                    by_value.setdefault(column, {})[part["part"]] = reason
                elif dataset in telling:
                    of_all[dataset] = reason
                else:
                    beside.append(reason)
        of_days = [one for one in telling if one not in QUARTERLY]
        if all(one in of_all for one in of_days or telling):
            every_row = "；".join(of_all.values())
        else:
            every_row, beside = "", [*of_all.values(), *beside]
        are_results = bool(every_row) and {*of_all} <= RESULTS
        return LateRows(by_value, every_row, tuple(dict.fromkeys(beside)), are_results)

    def _tells(self, dataset: str, columns: Collection[str]) -> bool:
        """Whether rows of a mart can rest on a dataset: lists say only who belongs where, and
        of parts that no column tells apart another figure is made, such as a price in yuan."""
        by = {part["part_column"] for part in self._parts.get(dataset, ())}
        is_list = dataset in BY_NAME and BY_NAME[dataset].group == LISTS
        return bool(by) and not is_list and by <= {"", *columns}


def _reason(part: Row) -> str:
    return f"{part['dataset_label']}{part['stale_reason']}"


def _place(code: str) -> str:
    """Where a share is listed, as data_through names it."""
    venue = code.rpartition(".")[2]
    return "US" if venue in US_VENUES else venue
