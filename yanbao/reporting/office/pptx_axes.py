"""Axes of native charts on slides, and the second one of a combo."""

from __future__ import annotations

from typing import Any

from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from yanbao.reporting.charts.native_charts import LEVELS, TIMELINES, axis_bounds, label_format
from yanbao.reporting.office.pptx_layout import rgb
from yanbao.reporting.printed.cell import cell_value
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.theme import GRID
from yanbao.reporting.styling.xml_text import xml_text

CROWDED = 12  # columns of a combo whose labels still fit
_COLUMNS_BELOW = 1.9  # what the axis of columns holds, over what they need
_MOST_DAYS = 10  # names under a timeline
_SECOND_NAMES, _SECOND_VALUES = "50010", "50020"
# What a bar has and a line has not.
_OF_BARS = ("c:invertIfNegative", "c:pictureOptions", "c:shape")


def set_axes(native: Any, chart: PrintedChart, kind: Any) -> None:
    """Names at the low end, away from negative bars; values padded for labels."""
    names, values = native.category_axis, native.value_axis
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.major_tick_mark = values.major_tick_mark = XL_TICK_MARK.NONE
    names.has_major_gridlines = False
    names.format.line.color.rgb = rgb(GRID)
    low, high = axis_bounds(chart)
    if chart.line_style is None:
        values.minimum_scale, values.maximum_scale = low, high
    elif is_labelled_combo(chart):
        values.minimum_scale, values.maximum_scale = low, low + (high - low) * _COLUMNS_BELOW
    elif low >= 0:
        # This axis is shown: a round end is the program's business, but columns always
        # start at zero.
        values.minimum_scale = 0
    values.tick_labels.number_format = label_format(chart.style)
    values.tick_labels.number_format_is_linked = False
    values.format.line.fill.background()
    is_crowded_combo = chart.line_style is not None and not is_labelled_combo(chart)
    has_scale = chart.kind in LEVELS or is_crowded_combo
    values.has_major_gridlines = chart.kind in LEVELS
    # Bars carry their numbers; an axis would only repeat them.
    values.visible = has_scale
    if values.has_major_gridlines:
        values.major_gridlines.format.line.color.rgb = rgb(GRID)
    if kind == XL_CHART_TYPE.BAR_CLUSTERED:
        # The first category stands at the top, as on the page.
        names.reverse_order = True
    if chart.kind in TIMELINES:
        _skip_names(native, len(chart.categories))
        if chart.base is not None:
            values.crosses_at = float(chart.base)
    if is_crowded_combo:
        _name_axis(values, chart.heading)


def is_labelled_combo(chart: PrintedChart) -> bool:
    """Few columns carry their numbers; the line then runs above them, without axes."""
    return chart.line_style is not None and len(chart.categories) <= CROWDED


def _skip_names(native: Any, count: int) -> None:
    """A few days of many under the axis, so that they never touch."""
    step = -(-count // _MOST_DAYS)
    last = native.element.find(f".//{qn('c:noMultiLvlLbl')}")
    for tag in ("tickLblSkip", "tickMarkSkip"):
        last.addprevious(parse_xml(f'<c:{tag} {nsdecls("c")} val="{step}"/>'))


def _name_axis(axis: Any, words: str) -> None:
    axis.has_title = True
    axis.axis_title.text_frame.text = xml_text(words)
    axis.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(10)


def move_line_to_second_axis(native: Any, chart: PrintedChart) -> None:
    """The second measure of a combo as a line; python-pptx has no words for two plots."""
    area = native.element.chart.plotArea
    columns = area.find(qn("c:barChart"))
    place = chart.series.index(chart.line_series)
    series = columns.findall(qn("c:ser"))[place]
    for tag in _OF_BARS:
        for element in series.findall(qn(tag)):
            series.remove(element)
    line = parse_xml(
        f'<c:lineChart {nsdecls("c")}><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'<c:marker val="1"/><c:axId val="{_SECOND_NAMES}"/><c:axId val="{_SECOND_VALUES}"/>'
        "</c:lineChart>"
    )
    line.insert(2, series)
    columns.addnext(line)
    digits = label_format(chart.line_style or chart.style).replace('"', "&quot;")
    is_hidden = is_labelled_combo(chart)
    title = "" if is_hidden else _axis_title(chart.line_heading)
    ends = _line_bounds(chart) if is_hidden else ""
    # A deleted axis would be as good as none: some programs then use the first one.
    labels = "none" if is_hidden else "nextTo"
    axes = (
        f'<c:catAx {nsdecls("c")}><c:axId val="{_SECOND_NAMES}"/>'
        '<c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="1"/>'
        '<c:axPos val="b"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="nextTo"/><c:crossAx val="{_SECOND_VALUES}"/></c:catAx>',
        f'<c:valAx {nsdecls("c", "a")}><c:axId val="{_SECOND_VALUES}"/>'
        f'<c:scaling><c:orientation val="minMax"/>{ends}</c:scaling>'
        f'<c:delete val="0"/><c:axPos val="r"/>{title}'
        f'<c:numFmt formatCode="{digits}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="{labels}"/><c:spPr><a:ln><a:noFill/></a:ln></c:spPr>'
        f'<c:crossAx val="{_SECOND_NAMES}"/><c:crosses val="max"/></c:valAx>',
    )
    last = area.findall(qn("c:valAx"))[-1]
    for text in reversed(axes):
        last.addnext(parse_xml(text))


def _line_bounds(chart: PrintedChart) -> str:
    """Ends of the second axis that keep the line above the columns."""
    points = [point.cell for point in chart.line_points if point.number is not None]
    numbers = [cell_value(cell) for cell in points] or [0.0]
    span = (max(numbers) - min(numbers)) or abs(max(numbers)) or 1.0
    low, high = min(numbers) - span * 1.6, max(numbers) + span * 0.3
    return f'<c:max val="{high}"/><c:min val="{low}"/>'


def _axis_title(words: str) -> str:
    escaped = xml_text(words).replace("&", "&amp;").replace("<", "&lt;")
    return (
        '<c:title><c:tx><c:rich><a:bodyPr rot="-5400000" vert="horz"/><a:lstStyle/><a:p>'
        f'<a:r><a:rPr lang="zh-CN" sz="1000" b="0"/><a:t>{escaped}</a:t></a:r></a:p></c:rich>'
        '</c:tx><c:overlay val="0"/></c:title>'
    )
