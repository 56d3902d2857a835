"""Native, editable charts on slides. Their data stand in an embedded workbook in which
every name is text: python-pptx's own would let ``=1+1`` become a formula."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import xlsxwriter
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from reports.house import House
from reports.native_charts import axis_bounds, chart_value, label_format, shown_name
from reports.pptx_layout import Box, set_font
from reports.printed import Point, PrintedChart
from reports.theme import GRID, INK, MUTED
from reports.xml_text import xml_text

# A fixed time, so that the same pack gives the same bytes.
_NO_TIME = datetime(1980, 1, 1)
_TYPES = {
    "bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "grouped bar": XL_CHART_TYPE.BAR_CLUSTERED,
    "column": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "line": XL_CHART_TYPE.LINE,
    "dot": XL_CHART_TYPE.LINE_MARKERS,
}


def is_native(chart: PrintedChart) -> bool:
    """Kinds that PowerPoint has no chart for are placed as pictures."""
    return chart.kind in _TYPES


def add_chart(slide: Any, chart: PrintedChart, box: Box, house: House) -> int:
    """The chart at the top of ``box``: categories in printed order, labels on, colours per
    point. Returns its height."""
    rows = _values(chart)
    box = Box(box.left, box.top, box.width, min(box.height, _height(chart)))
    frame = slide.shapes.add_chart(
        _TYPES[chart.kind], box.left, box.top, box.width, box.height, _data(chart, rows)
    )
    frame.name = f"图{chart.number}"
    frame._element.nvGraphicFramePr.cNvPr.set("descr", xml_text(chart.caption))
    native = frame.chart
    native.part.chart_workbook.update_from_xlsx_blob(_workbook(chart, rows))
    native.font.size = Pt(11)
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
    _set_axes(native, chart)
    for number, series in enumerate(native.plots[0].series):
        _look(series, chart, _points(chart, chart.series[number]), number, house)
    return box.height


def _height(chart: PrintedChart) -> int:
    """A few bars need not fill a slide."""
    if chart.kind not in ("bar", "grouped bar"):
        return int(Inches(7))
    return int(Inches(1.2 + 0.42 * len(chart.categories) * len(chart.series)))


def _values(chart: PrintedChart) -> dict[str, list[float | None]]:
    """Series → one value per category, in printed order; None where there is none."""
    count = len(chart.categories)
    values: dict[str, list[float | None]] = {name: [None] * count for name in chart.series}
    place = {category: number for number, category in enumerate(chart.categories)}
    for point in chart.points:
        if point.number is not None:
            values[point.series][place[point.category]] = chart_value(point.cell)
    return values


def _points(chart: PrintedChart, series: str) -> dict[int, Point]:
    place = {category: number for number, category in enumerate(chart.categories)}
    return {place[point.category]: point for point in chart.points if point.series == series}


def _data(chart: PrintedChart, rows: dict[str, list[float | None]]) -> CategoryChartData:
    data = CategoryChartData(number_format=label_format(chart.style))
    data.categories = [xml_text(shown_name(chart, name)) for name in chart.categories]
    for name, values in rows.items():
        data.add_series(xml_text(name), values)
    return data


def _workbook(chart: PrintedChart, rows: dict[str, list[float | None]]) -> bytes:
    """The sheet that the chart's references point to: A2… categories, B1… series."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"created": _NO_TIME})
    sheet = workbook.add_worksheet("Sheet1")
    sheet.set_column(0, 0, 28)
    digits = workbook.add_format({"num_format": label_format(chart.style)})
    for row, name in enumerate(chart.categories, start=1):
        sheet.write_string(row, 0, xml_text(shown_name(chart, name)))
    for column, (name, values) in enumerate(rows.items(), start=1):
        sheet.write_string(0, column, xml_text(name))
        for row, value in enumerate(values, start=1):
            if value is not None:
                sheet.write_number(row, column, value, digits)
    workbook.close()
    return buffer.getvalue()


def _set_axes(native: Any, chart: PrintedChart) -> None:
    names, values = native.category_axis, native.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.format.line.color.rgb = _rgb(GRID)
    values.minimum_scale, values.maximum_scale = axis_bounds(chart)
    values.tick_labels.number_format = label_format(chart.style)
    values.tick_labels.number_format_is_linked = False
    values.format.line.fill.background()
    has_scale = chart.kind in ("dot", "line")
    values.has_major_gridlines = has_scale
    if has_scale:
        values.major_gridlines.format.line.color.rgb = _rgb(GRID)
    else:
        # Bars carry their numbers; an axis would only repeat them.
        values.visible = False
    if chart.kind in ("bar", "grouped bar"):
        # The first category stands at the top, as on the page.
        names.reverse_order = True
    if not has_scale:
        native.plots[0].gap_width = 45


def _look(
    series: Any, chart: PrintedChart, points: dict[int, Point], number: int, house: House
) -> None:
    colour = _rgb(house.colours.series_colour(number))
    series_format = series.format
    if chart.kind == "line":
        series.smooth = False
        series_format.line.color.rgb, series_format.line.width = colour, Pt(2)
        return
    if chart.kind == "dot":
        series.smooth = False
        series_format.line.fill.background()
        series.marker.style, series.marker.size = XL_MARKER_STYLE.CIRCLE, 8
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = colour
        _add_interval(series, points, len(chart.categories))
    else:
        series.invert_if_negative = False
        series_format.fill.solid()
        series_format.fill.fore_color.rgb = colour
        if chart.is_change:
            _colour_points(series, points, house)
    labels = series.data_labels
    labels.show_value = True
    labels.number_format = label_format(chart.style)
    labels.number_format_is_linked = False
    is_dot = chart.kind == "dot"
    labels.position = XL_LABEL_POSITION.RIGHT if is_dot else XL_LABEL_POSITION.OUTSIDE_END
    set_font(labels.font, house, size=10, colour=INK)


def _colour_points(series: Any, points: dict[int, Point], house: House) -> None:
    for place, point in points.items():
        if point.number is None:
            continue
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = _rgb(house.colours.tones[point.tone])


def _add_interval(series: Any, points: dict[int, Point], count: int) -> None:
    """Error bars with the distances of each point's interval."""
    if not any(point.low or point.high for point in points.values()):
        return
    ends = []
    for tag, side in (("plus", 1), ("minus", 0)):
        values = "".join(
            f'<c:pt idx="{place}"><c:v>{float(point.distances[side])}</c:v></c:pt>'
            for place, point in sorted(points.items())
        )
        ends.append(
            f"<c:{tag}><c:numLit><c:formatCode>General</c:formatCode>"
            f'<c:ptCount val="{count}"/>{values}</c:numLit></c:{tag}>'
        )
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}><c:errDir val="y"/><c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{"".join(ends)}<c:spPr>'
        f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{_rgb(MUTED)}"/></a:solidFill></a:ln>'
        "</c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(bars)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())
