"""A pack with its numbers filled in: the one structure that every renderer draws.

Renderers lay out; they never filter, sort, round or compute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar

from yanbao.reporting.grammar.item_spec import ChartKind
from yanbao.reporting.printed.cell import Cell, Header, MartRows, Trace
from yanbao.reporting.reading.origins import Origins
from yanbao.reporting.reading.release_reader import Manifest, StaleDataset
from yanbao.reporting.styling.formatting import NumberStyle, Tone
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.vocabulary import (
    INTERNAL,
    MISSING,
    SAMPLE,
    SAMPLE_WARNING,
    WORD_TONES,
)

# Receives one line about what is being printed.
Progress = Callable[[str], None]


def silent(_: str) -> None:
    """The progress of nobody."""


@dataclass(frozen=True)
class PrintedRow:
    """``remarks`` say what a mark on this row means, in words; ``key`` is that of its row
    in the mart, empty where it counts several."""

    cells: tuple[Cell, ...]
    is_total: bool = False
    remarks: tuple[str, ...] = ()
    key: str = ""


@dataclass(frozen=True)
class Numbered:
    """A table or a figure; ``sample`` is the word for made-up rows, if there are any."""

    SIGN: ClassVar[str]
    number: int
    mart: str
    title: str
    notes: tuple[str, ...]
    sources: str
    sample: str

    @property
    def name(self) -> str:
        return f"{self.SIGN}{self.number}"

    @property
    def caption(self) -> str:
        return f"{self.name} {self.title}"

    @property
    def marked_caption(self) -> str:
        """The caption, and that rows are made up."""
        return f"{self.caption}【{self.sample}】" if self.sample else self.caption

    @property
    def under(self) -> tuple[str, ...]:
        """The lines below: notes, then the source."""
        return (*self.notes, *((f"来源：{self.sources}",) if self.sources else ()))


@dataclass(frozen=True)
class PrintedTable(Numbered):
    SIGN = "表"
    headers: tuple[Header, ...]
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True)
class Point:
    """One bar, dot or line point.

    ``label`` is a second measure printed beside it, ``low`` and ``high`` are the
    distances of its interval. ``word`` stands where the number is undefined.
    """

    category: str
    series: str
    cell: Cell
    label: Cell | None = None
    low: Cell | None = None
    high: Cell | None = None
    word: str = ""

    @property
    def number(self) -> Decimal | None:
        return self.cell.number

    @property
    def tone(self) -> Tone:
        return WORD_TONES.get(self.word, self.cell.tone)

    @property
    def text(self) -> str:
        """The printed label: the number, and the second measure with its unit.

        Nothing in it lets a line break: some programs would wrap the label of a bar.
        """
        if self.word:
            return self.word
        if self.label is None:
            return self.cell.text
        return f"{self.cell.text}\N{NO-BREAK SPACE}({self.label.text_with_unit})"

    @property
    def extras(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in (self.label, self.low, self.high) if cell is not None)

    @property
    def distances(self) -> tuple[Decimal, Decimal]:
        """How far the interval reaches below and above; zero where none is known."""
        low, high = (cell.number if cell else None for cell in (self.low, self.high))
        return low or Decimal(0), high or Decimal(0)


@dataclass(frozen=True)
class PrintedChart(Numbered):
    """Categories and series are listed in the order in which they are drawn."""

    SIGN = "图"
    kind: ChartKind
    style: NumberStyle
    categories: tuple[str, ...]
    series: tuple[str, ...]
    points: tuple[Point, ...]
    extra_headers: tuple[str, ...]
    line_style: NumberStyle | None = None
    line_series: str = ""
    measure: str = ""
    base: Decimal | None = None
    adjoining: bool = False

    @property
    def caption(self) -> str:
        if self.line_style is not None:
            return f"{super().caption}（{self.heading}；{self.line_heading}）"
        unit = f"（{self.style.unit}）" if self.style.unit else ""
        return f"{super().caption}{unit}"

    @property
    def heading(self) -> str:
        """What the columns of a combo show, with their unit."""
        return _with_unit(self.measure, self.style)

    @property
    def line_heading(self) -> str:
        return _with_unit(self.line_series, self.line_style or self.style)

    @property
    def amount_series(self) -> tuple[str, ...]:
        """The series on the first axis: all but the line of a combo."""
        return tuple(name for name in self.series if not self.is_line(name))

    @property
    def amounts(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if not self.is_line(point.series))

    @property
    def line_points(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if self.is_line(point.series))

    def is_line(self, series: str) -> bool:
        return self.line_style is not None and series == self.line_series

    def style_of(self, series: str) -> NumberStyle:
        return self.line_style if self.line_style and self.is_line(series) else self.style

    @property
    def is_change(self) -> bool:
        """Bars of a change are red above and green below zero."""
        return self.style.signed and len(self.series) == 1


@dataclass(frozen=True)
class PrintedSentence:
    text: str
    traces: tuple[Trace, ...] = ()


def _stale_line(entry: StaleDataset) -> str:
    reason = f"（{entry.reason}）" if entry.reason else ""
    return f"{entry.dataset}：最近一次合格数据 {entry.last_good or MISSING}{reason}"


def _with_unit(label: str, style: NumberStyle) -> str:
    return f"{label} {style.unit}".strip()


PrintedItem = PrintedTable | PrintedChart | PrintedSentence


@dataclass(frozen=True)
class PrintedSection:
    number: int
    title: str
    items: tuple[PrintedItem, ...]

    @property
    def heading(self) -> str:
        return f"{self.number} {self.title}"


@dataclass(frozen=True)
class Footer:
    """The same words about its numbers in every output.

    ``facts`` name the run: as-of, known-at, release, source mode, time. ``days`` name the
    days of prices, filings, NAVs, sizes and fixings. ``line`` is for the foot of a page.
    """

    facts: tuple[tuple[str, str], ...]
    days: tuple[tuple[str, str], ...] = ()

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        return (*self.facts, *self.days)

    @property
    def line(self) -> str:
        return " · ".join(f"{label} {text}" for label, text in self.facts[:-1])


@dataclass(frozen=True)
class PrintedPack:
    """``dates`` says, section by section, of which days the printed prices, NAVs, sizes
    and quotes are; ``definitions`` explains each printed measure; ``footer`` and ``house``
    are the same in every output. ``data`` are the rows behind it and ``origins`` what
    stands behind its marts."""

    name: str
    title: str
    subtitle: str
    manifest: Manifest
    sections: tuple[PrintedSection, ...]
    dates: tuple[tuple[str, str], ...]
    definitions: tuple[tuple[str, str], ...]
    is_sample: bool
    footer: Footer
    house: HouseStyle = field(default_factory=HouseStyle)
    data: tuple[MartRows, ...] = ()
    origins: Origins = field(default_factory=lambda: Origins((), ()))

    @property
    def marks(self) -> tuple[str, ...]:
        """What every page says of the pack: made-up rows, and for whom it is."""
        is_internal = self.house.audience == "internal"
        return (*((SAMPLE,) if self.is_sample else ()), *((INTERNAL,) if is_internal else ()))

    @property
    def warnings(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What a reader must know first: made-up rows, stale data, stand-in sources."""
        if self.is_sample:
            yield SAMPLE, (SAMPLE_WARNING,)
        if self.manifest.stale:
            yield "数据未更新", tuple(_stale_line(entry) for entry in self.manifest.stale)
        if self.manifest.fallback_notes:
            yield "备用来源", self.manifest.fallback_notes

    @property
    def warning_lines(self) -> Iterator[str]:
        """The warnings, one line each."""
        for title, lines in self.warnings:
            yield from (f"{title}：{line}" for line in lines)

    @property
    def items(self) -> Iterator[PrintedItem]:
        for section in self.sections:
            yield from section.items

    @property
    def tables(self) -> tuple[PrintedTable, ...]:
        return tuple(item for item in self.items if isinstance(item, PrintedTable))

    @property
    def charts(self) -> tuple[PrintedChart, ...]:
        return tuple(item for item in self.items if isinstance(item, PrintedChart))


def span_text(first: date, last: date) -> str:
    """One date, or first 至 last."""
    return f"{first}" if first == last else f"{first} 至 {last}"
