"""What a printed table looks like in Word and on slides: texts, colours and fills by row."""

from __future__ import annotations

from dataclasses import dataclass

from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import PrintedRow, PrintedTable
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.theme import INK

RULE = "#D9DDE4"
_SHADE = "#F1F3F6"


@dataclass(frozen=True)
class Run:
    """Letters of one look; ``raised`` are those of a mark."""

    text: str
    colour: str = INK
    is_bold: bool = False
    is_raised: bool = False


@dataclass(frozen=True)
class RowRuns:
    """The runs of each cell; an empty ``fill`` is none."""

    cells: tuple[tuple[Run, ...], ...]
    fill: str


def header_runs(table: PrintedTable, colours: Colours) -> RowRuns:
    cells = tuple((Run(head.text, "#FFFFFF", is_bold=True),) for head in table.headers)
    return RowRuns(cells, colours.header)


def row_runs(row: PrintedRow, colours: Colours) -> RowRuns:
    cells = tuple(_cell_runs(cell, colours, is_bold=row.is_total) for cell in row.cells)
    return RowRuns(cells, _SHADE if row.is_total else "")


def _cell_runs(cell: Cell, colours: Colours, *, is_bold: bool) -> tuple[Run, ...]:
    colour = colours.tones[cell.tone] if cell.tone else INK
    arrow = (Run(f"{cell.arrow} ", colour),) if cell.arrow else ()
    mark = (Run(cell.mark, is_raised=True),) if cell.mark else ()
    return (*arrow, Run(cell.text, colour, is_bold), *mark)
