"""Native tables on slides: as DrawingML by hand (cell by cell is slow), cut at slide ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from yanbao.reporting.office.pptx_layout import Box
from yanbao.reporting.office.table_runs import RULE, RowRuns, Run, header_runs, row_runs
from yanbao.reporting.printed.pack import PrintedRow, PrintedTable
from yanbao.reporting.printed.text_fit import ColumnFit, fit_columns, shown, squeezed, wrapped
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.xml_text import xml_text

EMU = 12_700  # of a point
_SIZES = (12.0, 11.0, 10.0, 9.0)
_SMALLER = (8.5, 8.0, 7.5, 7.0)
_PADDING, _ROW_PADDING = 5.0, 2.5  # points on each side
_LEADING = 1.45  # of Noto Sans CJK, the highest of the common fonts
_ALIGN = {"left": "l", "center": "ctr", "right": "r"}
_BARE_SIDES = ("lnL", "lnR", "lnT")
# Rows with their heights in points.
Page = tuple[tuple[PrintedRow, float], ...]


@dataclass(frozen=True)
class Plan:
    """A table's columns, the height of its header, and its rows slide by slide."""

    table: PrintedTable
    fit: ColumnFit
    header_height: float
    pages: tuple[Page, ...]


def plan(table: PrintedTable, width: float, height: float) -> Plan:
    """As few slides as readable letters give, with the largest letters that need no more.

    Smaller ones only where the columns would not fit. ``width`` and ``height`` in points.
    """
    padding = 2 * _PADDING
    fits = [fit_columns(table, width, (size,), padding) for size in _SIZES]
    plans = [_cut(table, fit, height) for fit in fits if fit is not None]
    if not plans:
        fit = fit_columns(table, width, _SMALLER, padding)
        return _cut(table, fit or squeezed(table, width, _SMALLER[-1], padding), height)
    fewest = min(len(each.pages) for each in plans)
    return next(each for each in plans if len(each.pages) == fewest)


def _cut(table: PrintedTable, fit: ColumnFit, height: float) -> Plan:
    header = _row_height([header.text for header in table.headers], fit, bold=True)
    pages: list[list[tuple[PrintedRow, float]]] = [[]]
    left = height - header
    for row in table.rows:
        texts = [shown(cell) for cell in row.cells]
        needed = _row_height(texts, fit, bold=row.is_total)
        if needed > left and pages[-1]:
            pages.append([])
            left = height - header
        pages[-1].append((row, needed))
        left -= needed
    return Plan(table, fit, header, tuple(tuple(page) for page in pages))


def _row_height(texts: Sequence[str], fit: ColumnFit, *, bold: bool) -> float:
    lines = 1
    for text, width in zip(texts, fit.widths):
        room = width - 2 * _PADDING
        count = sum(len(wrapped(line, room, fit.size, bold=bold)) for line in text.split("\n"))
        lines = max(lines, count)
    return lines * fit.size * _LEADING + 2 * _ROW_PADDING


def add_table(slide: Any, part: Part, box: Box) -> float:
    """One page of a table at the top of ``box``; returns its height in points."""
    place = Box(box.left, box.top, part.plan.fit.total, part.height)
    frame = slide.shapes.add_table(1, 1, *place.emu)
    frame.element.nvGraphicFramePr.cNvPr.set("descr", xml_text(part.plan.table.caption))
    frame.name = part.plan.table.name
    empty = frame.element.graphic.graphicData.find(qn("a:tbl"))
    empty.getparent().replace(empty, part.element())
    return part.height


@dataclass(frozen=True)
class Part:
    """The rows of a table that stand on one slide, below the header."""

    plan: Plan
    page: int
    house: HouseStyle

    @property
    def height(self) -> float:
        rows = self.plan.pages[self.page]
        return self.plan.header_height + sum(needed for _, needed in rows)

    def element(self) -> Any:
        widths = (round(width * EMU) for width in self.plan.fit.widths)
        grid = "".join(f'<a:gridCol w="{width}"/>' for width in widths)
        return parse_xml(
            f'<a:tbl {nsdecls("a")}><a:tblPr firstRow="1"/><a:tblGrid>{grid}</a:tblGrid>'
            f"{''.join(self._rows())}</a:tbl>"
        )

    def _rows(self) -> Iterator[str]:
        colours = self.house.colours
        yield self._row(header_runs(self.plan.table, colours), self.plan.header_height)
        for row, height in self.plan.pages[self.page]:
            yield self._row(row_runs(row, colours), height)

    def _row(self, row: RowRuns, height: float) -> str:
        side, end = round(_PADDING * EMU), round(_ROW_PADDING * EMU)
        fill = f"<a:solidFill>{_colour(row.fill)}</a:solidFill>" if row.fill else "<a:noFill/>"
        bare = "".join(f'<a:{line} w="0"><a:noFill/></a:{line}>' for line in _BARE_SIDES)
        looks = (
            f'<a:tcPr marL="{side}" marR="{side}" marT="{end}" marB="{end}" anchor="ctr">'
            f'{bare}<a:lnB w="6350"><a:solidFill>{_colour(RULE)}</a:solidFill></a:lnB>'
            f"{fill}</a:tcPr>"
        )
        cells = (
            "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/>"
            f'<a:p><a:pPr algn="{_ALIGN[header.style.align]}"/>{"".join(map(self._run, runs))}'
            f"</a:p></a:txBody>{looks}</a:tc>"
            for header, runs in zip(self.plan.table.headers, row.cells)
        )
        return f'<a:tr h="{round(height * EMU)}">{"".join(cells)}</a:tr>'

    def _run(self, run: Run) -> str:
        size = round(self.plan.fit.size * 100)
        lifted = ' baseline="30000"' if run.is_raised else ""
        font = quoteattr(self.house.fonts.office)
        looks = (
            f'<a:rPr lang="zh-CN" sz="{size}" b="{int(run.is_bold)}"{lifted}>'
            f"<a:solidFill>{_colour(run.colour)}</a:solidFill><a:latin typeface={font}/>"
            f"<a:ea typeface={font}/><a:cs typeface={font}/></a:rPr>"
        )
        lines = (escape(xml_text(line)) for line in run.text.split("\n"))
        return "<a:br/>".join(f"<a:r>{looks}<a:t>{line}</a:t></a:r>" for line in lines)


def _colour(text: str) -> str:
    return f'<a:srgbClr val="{text.lstrip("#").upper()}"/>'
