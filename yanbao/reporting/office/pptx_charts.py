"""Native, editable charts on slides. Their data stand in an embedded workbook in which
every name is text: python-pptx's own would let ``=1+1`` become a formula."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.util import Inches, Pt

from yanbao.reporting.charts.chart_layout import stands
from yanbao.reporting.charts.native_charts import LEVELS, label_format, shown_name
from yanbao.reporting.office.pptx_axes import move_line_to_second_axis, set_axes
from yanbao.reporting.office.pptx_layout import Box, name_fonts_for_chinese, set_font
from yanbao.reporting.office.pptx_series import draw_intervals, dress_plot
from yanbao.reporting.printed.cell import cell_value
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import INK
from yanbao.reporting.styling.xml_text import xml_text

# A fixed time, so that the same pack gives the same bytes.
_NO_TIME = datetime(1980, 1, 1)
# A slide in the pixels in which columns are measured on a page: its letters are larger.
_SLIDE_PIXELS = 860
_ROOM = Inches(7)
Values = dict[str, list[float | None]]


def add_chart(slide: Any, chart: PrintedChart, box: Box, house: HouseStyle) -> int:
    """The chart at the top of ``box``: categories in printed order, labels on, colours per
    point. Returns its height."""
    kind = _native_kind(chart)
    box = Box(box.left, box.top, box.width, min(box.height, _height(chart, kind)))
    values = _values(chart)
    frame = slide.shapes.add_chart(
        kind, box.left, box.top, box.width, box.height, _data(chart, values)
    )
    frame.name = f"图{chart.number}"
    frame.element.nvGraphicFramePr.cNvPr.set("descr", xml_text(chart.caption))
    native = frame.chart
    native.part.chart_workbook.update_from_xlsx_blob(_workbook(chart, values))
    _set_words(native, chart, house)
    set_axes(native, chart, kind)
    if chart.line_style is not None:
        move_line_to_second_axis(native, chart)
    for plot in native.plots:
        dress_plot(plot, chart, house)
    draw_intervals(native, chart)
    name_fonts_for_chinese(native.element)
    return box.height


def _native_kind(chart: PrintedChart) -> Any:
    """Columns without room for their labels lie down, as on the page; a combo stands."""
    if chart.kind in LEVELS:
        return XL_CHART_TYPE.LINE_MARKERS
    if chart.kind == "combo" or stands(chart, _SLIDE_PIXELS):
        return XL_CHART_TYPE.COLUMN_CLUSTERED
    return XL_CHART_TYPE.BAR_CLUSTERED


def _height(chart: PrintedChart, kind: Any) -> int:
    """A few bars need not fill a slide."""
    if kind != XL_CHART_TYPE.BAR_CLUSTERED:
        return int(_ROOM)
    return int(Inches(1.2 + 0.42 * len(chart.categories) * len(chart.series)))


def _set_words(native: Any, chart: PrintedChart, house: HouseStyle) -> None:
    """Title and legend, small: the slide has a title of its own."""
    set_font(native.font, house, size=11, colour=INK)
    sample = f"【{chart.sample}】" if chart.sample else ""
    native.has_title = True
    title = native.chart_title.text_frame
    title.text = xml_text(f"{chart.caption}{sample}")
    set_font(title.paragraphs[0].runs[0].font, house, size=13, colour=INK, bold=True)
    native.chart_title.include_in_layout = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        native.legend.font.size = Pt(11)


def _values(chart: PrintedChart) -> Values:
    """Series → one value per category, in printed order; None where there is none."""
    count = len(chart.categories)
    values: Values = {name: [None] * count for name in chart.series}
    place = {category: number for number, category in enumerate(chart.categories)}
    for point in chart.points:
        if point.number is not None:
            values[point.series][place[point.category]] = cell_value(point.cell)
    return values


def _data(chart: PrintedChart, values: Values) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = [xml_text(shown_name(chart, name)) for name in chart.categories]
    for name, row in values.items():
        data.add_series(xml_text(name), row, label_format(chart.style_of(name)))
    return data


def _workbook(chart: PrintedChart, values: Values) -> bytes:
    """The sheet that the chart's references point to: A2… categories, B1… series."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": _NO_TIME})
    sheet = workbook.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 28)
    for row, name in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, xml_text(shown_name(chart, name)))
    for column, (name, numbers) in enumerate(values.items(), start=1):
        digits = workbook.add_format({"num_format": label_format(chart.style_of(name))})
        sheet.write_string(0, column, xml_text(name))
        for row, value in enumerate(numbers, start=1):
            if value is not None:
                sheet.write_number(row, column, value, digits)
    workbook.close()
    return buffer.getvalue()
