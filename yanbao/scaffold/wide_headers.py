"""Columns that are really rows: one per month or week, or one per week and measure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from yanbao.catalog import Dataset
from yanbao.inbox.days import week_days
from yanbao.inbox.header_units import split_header

WEEK = "week"
_DAY = r"(?:\d{1,2}[-./月])?\d{1,2}日?"
_WEEKS = (
    rf"20\d{{2}}[-./年]\d{{1,2}}[-./月]\d{{1,2}}日?\s*(?:-|~|–|—+|至|到)\s*(?:20\d{{2}}[-./年])?{_DAY}",
    r"20\d{2}\s*-?W\d{1,2}",
    r"20\d{2}年第\d{1,2}周",
)
_GAP = r"[\s_:：|-]*"
_MONTH = r"20\d{2}[-/.年]?\d{1,2}月?"


@dataclass(frozen=True)
class WideHeaders:
    """``measures`` are what the headers say beside their period, by header; empty where a
    header is nothing but its period."""

    label: str
    is_week: bool
    is_leading: bool
    measures: dict[str, str]

    def periods(self) -> list[str]:
        """The period of each header."""
        found = (re.search(self.label, header) for header in self.measures)
        return [match[0] for match in found if match]

    def pattern(self, group: str, columns: dict[str, str]) -> str:
        """A regular expression for the headers whose measure has one of the columns."""
        label = f"(?P<{group}>{self.label})"
        if not columns:
            return label
        # The unit behind a measure may be another in the next file.
        measure = f"(?P<measure>(?:{'|'.join(map(re.escape, columns))})(?:\\W.*)?)"
        return f"{label}{_GAP}{measure}" if self.is_leading else f"{measure}{_GAP}{label}"


def wide_headers(headers: tuple[str, ...], dataset: Dataset) -> WideHeaders | None:
    """The headers that begin or end with a period of the dataset; none where these are no
    two columns."""
    names = set(dataset.column_names)
    labels: tuple[str, ...] = _WEEKS if {"period_start", "period_end"} <= names else ()
    if dataset.date_column == "month":
        labels = (_MONTH,)
    for label in labels:
        for leading, place in (
            (True, rf"({label})(?!\d){_GAP}(.*)"),
            (False, rf"(.*?){_GAP}({label})"),
        ):
            matches = {header: re.fullmatch(place, header, re.S) for header in headers}
            measures = {
                header: match[2 if leading else 1].strip()
                for header, match in matches.items()
                if match and (labels != _WEEKS or week_days(match[1 if leading else 2]))
            }
            if len(measures) > 1:
                return WideHeaders(label, labels == _WEEKS, leading, measures)
    return None


def measure_names(wide: WideHeaders) -> dict[str, list[str]]:
    """The headers of each measure, by its name without the unit."""
    found: dict[str, list[str]] = {}
    for header, measure in wide.measures.items():
        found.setdefault(split_header(measure)[0], []).append(header)
    return found
