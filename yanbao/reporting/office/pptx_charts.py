"""Native, editable charts on slides: what XlsxWriter draws, and the sheet behind it.

Every name in that sheet is text: python-pptx's own would let ``=1+1`` become a formula.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import cache
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.chart.datalabel import DataLabels
from pptx.chart.plot import LinePlot
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from yanbao.reporting.charts.native_charts import NativeChart, label_format
from yanbao.reporting.office.pptx_layout import Box, name_fonts_for_chinese, set_font
from yanbao.reporting.printed.cell import Cell, cell_value
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import INK
from yanbao.reporting.styling.xml_text import xml_text

# A fixed time, so that the same pack gives the same bytes.
_NO_TIME = datetime(1980, 1, 1)
# A slide in the pixels in which columns are measured on a page: its letters are larger.
_SLIDE_PIXELS = 860
_ROOM = 504.0  # points
_MOST_LABELS = 30  # of one series; more would stand on each other


def add_chart(slide: Any, chart: PrintedChart, box: Box, house: HouseStyle) -> float:
    """The chart at the top of ``box``: categories in printed order, labels on, colours per
    point. Returns its height."""
    drawn = NativeChart(chart, house, _SLIDE_PIXELS, 11, _MOST_LABELS)
    height = min(box.height, _height(drawn))
    # A frame with an empty chart, which takes over series and axes.
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, *box.high(height).emu, CategoryChartData()
    )
    frame.name = chart.name
    frame.element.nvGraphicFramePr.cNvPr.set("descr", xml_text(chart.caption))
    native = frame.chart
    native.part.chart_workbook.update_from_xlsx_blob(_workbook(drawn).getvalue())
    empty = native.element.chart.plotArea
    empty.getparent().replace(empty, _plot_area(drawn))
    _say_no(native)
    _set_words(native, chart, house)
    name_fonts_for_chinese(native.element)
    return height


def _height(drawn: NativeChart) -> float:
    """A few bars need not fill a slide."""
    if drawn.kind != "bar":
        return _ROOM
    return 86 + 30 * len(drawn.chart.categories) * len(drawn.chart.series)


def _set_words(native: Any, chart: PrintedChart, house: HouseStyle) -> None:
    """Title and legend, small: the slide has a title of its own."""
    set_font(native.font, house, size=11, colour=INK)
    native.has_title = True
    title = native.chart_title.text_frame
    title.text = xml_text(chart.marked_caption)
    set_font(title.paragraphs[0].runs[0].font, house, size=13, colour=INK, bold=True)
    native.chart_title.include_in_layout = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        native.legend.font.size = Pt(11)


def _say_no(native: Any) -> None:
    """Programs differ in what they add to a slide where a chart of a workbook says nothing."""
    for plot in native.plots:
        for series in plot.series:
            if isinstance(plot, LinePlot):
                series.smooth = False
            else:
                series.invert_if_negative = False
    for element in native.element.iter(qn("c:dLbls")):
        labels = DataLabels(element)
        labels.show_legend_key = labels.show_percentage = False
        labels.show_category_name = labels.show_series_name = False


def _workbook(drawn: NativeChart, *, with_chart: bool = False) -> io.BytesIO:
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": _NO_TIME})
    sheet = workbook.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 28)

    @cache
    def digits(style: NumberStyle) -> Any:
        return workbook.add_format({"num_format": label_format(style)})

    def write(_: str, row: int, column: int, cell: Cell) -> None:
        sheet.write_number(row, column, cell_value(cell), digits(cell.style))

    drawn.write_data(sheet, 0, write)
    if with_chart:
        sheet.insert_chart(0, 0, drawn.draw(workbook, "Sheet1", 0))
    workbook.close()
    return buffer


def _plot_area(drawn: NativeChart) -> Any:
    """Series and axes, as they would stand in a workbook."""
    with zipfile.ZipFile(_workbook(drawn, with_chart=True)) as workbook:
        chart = parse_xml(workbook.read("xl/charts/chart1.xml"))
    return chart.find(f".//{qn('c:plotArea')}")
