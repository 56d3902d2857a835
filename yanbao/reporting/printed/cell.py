"""One printed number or text, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yanbao.reporting.styling.formatting import ARROWS, NumberStyle, Tone

SECONDS_PER_DAY = 86_400
Address = tuple[str, str, str]  # mart, key of the row, column


@dataclass(frozen=True)
class Counted:
    """The rows behind a computed number, by their keys: how many there are of which
    ``column`` meets ``criterion`` (as a spreadsheet writes one: ``>0``), or their share
    among the rows that have a value. ``where`` names them by equal columns instead.
    """

    keys: tuple[str, ...] = ()
    column: str = ""
    criterion: str = ""
    is_share: bool = False
    where: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Trace:
    """Where a printed number comes from. ``row_key`` joins the key columns with ``|``;
    for a computed number it says what was counted, and ``counted`` names the rows."""

    mart: str
    row_key: str
    column: str
    label: str
    raw: object
    text: str
    metric_version: str = ""
    counted: Counted | None = None

    @property
    def address(self) -> Address:
        return self.mart, self.row_key, self.column


@dataclass(frozen=True)
class MartRows:
    """The rows of one mart that a pack rests on, in stored values, by key."""

    mart: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: Mapping[str, Mapping[str, object]]


@dataclass(frozen=True)
class Cell:
    """``raw`` is the mart's value, ``number`` the unrounded one in printed units."""

    text: str
    style: NumberStyle
    raw: object = None
    number: Decimal | None = None
    tone: Tone = ""
    mark: str = ""
    trace: Trace | None = None

    @property
    def text_with_unit(self) -> str:
        """For sentences and labels: the digits and their unit, or the dash or text alone."""
        return self.style.text_with_unit(self.raw) if self.style.is_numeric else self.text

    @property
    def arrow(self) -> str:
        """▲ or ▼ before the text, where the column asks for it."""
        return ARROWS[self.tone] if self.style.has_arrow else ""


@dataclass(frozen=True)
class Header:
    column: str
    text: str
    style: NumberStyle
    definition: str = ""


def cell_value(cell: Cell) -> float:
    """The unrounded number as a cell holds it; a duration is a fraction of a day."""
    number = cell.number or Decimal(0)
    return float(number / SECONDS_PER_DAY if cell.style.kind == "duration" else number)
