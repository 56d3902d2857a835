"""What composing needs of a release: rows by mart, metrics, styles, words and traces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yanbao.base.errors import ReleaseError
from yanbao.reporting.composing.selection import (
    Row,
    Selected,
    require_unique,
    row_key,
    select_rows,
)
from yanbao.reporting.grammar.row_spec import Selection
from yanbao.reporting.grammar.templating import built_in_words, fill
from yanbao.reporting.printed.cell import MartRows
from yanbao.reporting.printed.pack import span_text
from yanbao.reporting.reading.freshness import LateRows
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.formatting import (
    plain_text,
    to_date,
)
from yanbao.reporting.styling.house_style import HeaderStyle, HouseStyle
from yanbao.reporting.styling.vocabulary import (
    MISSING,
    NO_ROWS,
    NONE_OF,
    NOT_LOADED,
    NOT_TO_LEAVE,
    NOTHING_IN_WINDOW,
    SAMPLE,
    value_word,
)

IS_STALE = "is_stale"  # the column of a mart that judges its rows itself


@dataclass
class PackContext:
    """One release on the table while a pack is composed; marts are read once.

    ``settings`` are the values of the pack's parameters, ``setting_labels`` what they print.
    """

    release: ReleaseReader
    keys: Mapping[str, tuple[str, ...]]
    settings: Mapping[str, str] = field(default_factory=dict)
    setting_labels: Mapping[str, str] = field(default_factory=dict)
    house: HouseStyle = field(default_factory=HouseStyle)
    _marts: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    _selected: dict[Selection, Selected] = field(default_factory=dict)
    _columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _late: dict[str, LateRows] = field(default_factory=dict)

    def rows(self, mart: str) -> tuple[Row, ...]:
        """The rows of a mart; none where outsiders get the pack and may not have them."""
        if mart not in self._marts:
            found = () if self.closed(mart) else self.release.table(mart).to_pylist()
            rows = tuple(found)
            self._check_as_of(mart, rows)
            require_unique(rows, self.keys[mart], mart)
            self._marts[mart] = rows
        return self._marts[mart]

    def closed(self, mart: str) -> str:
        """Why a pack for outsiders may not print a mart; empty where it may."""
        if self.house.audience != "external" or not self.release.table(mart).num_rows:
            return ""
        origin = self.release.origins.of(mart)
        return "" if origin.may_leave else f"{NOT_TO_LEAVE}：{'、'.join(origin.closed)}。"

    def printed_rows(self) -> Iterator[MartRows]:
        """Each mart's rows that a selection of the pack holds, in the order of the mart."""
        chosen: dict[str, set[str]] = {}
        for selection, selected in self._selected.items():
            keys = (row_key(row, self.keys[selection.mart]) for row in selected.rows)
            chosen.setdefault(selection.mart, set()).update(keys)
        for mart, wanted in chosen.items():
            rows = {row_key(row, self.keys[mart]): row for row in self.rows(mart)}
            kept = {key: row for key, row in rows.items() if key in wanted}
            if kept:
                names = self.columns(mart)
                labels = tuple(self.label(mart, name) for name in names)
                yield MartRows(mart, names, labels, kept)

    def columns(self, mart: str) -> tuple[str, ...]:
        if mart not in self._columns:
            self._columns[mart] = tuple(self.release.table(mart).schema.names)
        return self._columns[mart]

    def select(self, selection: Selection) -> Selected:
        if selection not in self._selected:
            mart = selection.mart
            self._selected[selection] = select_rows(self.rows(mart), selection, self.keys[mart])
        return self._selected[selection]

    def late(self, mart: str) -> LateRows:
        """Which rows of a mart rest on data that end too early."""
        if mart not in self._late:
            self._late[mart] = self.release.freshness.of(mart, self.columns(mart))
        return self._late[mart]

    def late_reason(self, mart: str, row: Row) -> str:
        """Why a row rests on old data, as the mart says itself or the release; else empty."""
        own = row.get(IS_STALE) is True and str(row.get("stale_reason") or "")
        return own or self.late(mart).reason(row)

    def title(
        self, template: str, words: Mapping[str, str], mart: str, rows: Sequence[Row]
    ) -> str:
        """The filled title; without rows there is no day to put in brackets. Where every row
        rests on old data, the title says up to when they go."""
        text = fill(template, words)
        if not rows:
            return re.sub(rf"（[^（）]*{MISSING}[^（）]*）", "", text)
        reasons = dict.fromkeys(self.late(mart).reason(row) for row in rows)
        return text if "" in reasons else f"{text}【{'；'.join(reasons)}】"

    def no_rows(self, selection: Selection) -> str:
        """That nothing is there, and why: terms of a source, a dataset not loaded, a quiet
        window, a filter."""
        if closed := self.closed(selection.mart):
            return closed
        late = self.late(selection.mart).reasons
        column = self.select(selection).emptied_by
        if column and not (late and column == IS_STALE):
            values = dict((*selection.filters, *selection.among))[column]
            reason = NONE_OF.format(
                label=self.label(selection.mart, column),
                values="、".join(
                    self.value_word(column, plain_text(value)) for value in values
                ),
            )
            reason = "；".join((reason, *late))
        elif datasets := self.release.datasets_not_loaded(selection.mart):
            reason = "；".join((NOT_LOADED.format(datasets="、".join(datasets)), *late))
        else:
            reason = "；".join(late) or NOTHING_IN_WINDOW
        return f"{NO_ROWS}：{reason}。"

    def label(self, mart: str, column: str) -> str:
        """The dictionary's label; a label may carry {year}, {prev_year} or {month}."""
        label = self.release.metrics.get(mart, column).label
        try:
            return fill(label, self.words())
        except KeyError as error:
            raise ReleaseError(
                f"the label of {mart}.{column} uses an unknown word {error}",
                where="meta/metrics",
                hint=f"known: {', '.join(self.words())}",
            ) from error

    def value_word(self, column: str, value: str) -> str:
        """An id as readers know it: by the seeds of the release, else by the vocabulary."""
        return self.release.value_labels.get((column, value)) or value_word(column, value)

    def words(self) -> dict[str, str]:
        """The built-in words of templates, and the labels of the pack's parameters."""
        manifest = self.release.manifest
        return built_in_words(manifest.as_of, manifest.known_at) | dict(self.setting_labels)

    def sample_mark(self, rows: Sequence[Row]) -> str:
        """样例 where every row is made up, 含样例 where some are."""
        made_up = sum(self.is_sample_row(row) for row in rows)
        if not made_up:
            return ""
        return SAMPLE if made_up == len(rows) else f"含{SAMPLE}"

    def is_sample_row(self, row: Row) -> bool:
        """A row without a source note in a sample release counts as made up."""
        note = str(row.get("source_note") or "")
        if note:
            return SAMPLE in note
        return self.release.manifest.source_mode == "sample"

    def _check_as_of(self, mart: str, rows: Iterable[Row]) -> None:
        expected = self.release.manifest.as_of
        for row in rows:
            found = to_date(row.get("as_of_date"))
            if found is not None and found != expected:
                raise ReleaseError(
                    f"{mart} holds rows as of {found}, the manifest says {expected}",
                    where=self.release.manifest.release_id,
                    hint="a release holds one as-of date; publish it again",
                )


def distinct_text(values: Iterable[object], limit: int = 6) -> str:
    """Distinct texts in first-seen order, cut after ``limit`` with their number."""
    seen = list(dict.fromkeys(str(value) for value in values if value not in (None, "")))
    shown = "；".join(seen[:limit])
    return f"{shown} 等{len(seen)}处" if len(seen) > limit else shown


def date_span(values: Iterable[object]) -> tuple[date, date] | None:
    days = [day for value in values if (day := to_date(value)) is not None]
    return (min(days), max(days)) if days else None


def date_span_text(values: Iterable[object]) -> str:
    span = date_span(values)
    return span_text(*span) if span else ""


def header_text(
    label: str, unit: str, on: str = "", *, dated: str = "", style: HeaderStyle = "ours"
) -> str:
    """Label, the one date of the column, and the unit where the label lacks it.

    The terminals write each of them on a line of its own, with its name in brackets;
    ``dated`` is the label of the date.
    """
    # Some labels of the dictionary name their unit: 内存(GB), 每小时价格(元).
    bare = not unit or unit in label or f"({unit.partition('/')[0]})" in label
    if style == "terminal":
        parts = (label, f"[{dated}] {on}" if on else "", "" if bare else f"[单位] {unit}")
        return "\n".join(part for part in parts if part)
    head = f"{label} {on}".strip()
    return head if bare else f"{head} ({unit})"


def dash_note(remarks: Iterable[tuple[str, str]], rows: int) -> str:
    """What the dashes among ``rows`` rows mean, from pairs of row name and remark."""
    named: dict[str, list[str]] = {}
    for name, remark in remarks:
        named.setdefault(remark, []).append(name)
    whom = [
        f"{remark}（{'全部' if len(names) == rows else listed(names, 3)}）"
        for remark, names in named.items()
    ]
    return f"{MISSING} 表示无可用数据。{'；'.join(whom)}{'。' if whom else ''}"


def listed(names: Sequence[str], limit: int = 8) -> str:
    shown = "、".join(names[:limit])
    return f"{shown} 等 {len(names)} 行" if len(names) > limit else shown
