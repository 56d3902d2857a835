"""How the series of a native chart on a slide look: colours, markers, labels, intervals."""

from __future__ import annotations

from typing import Any

from pptx.chart.plot import LinePlot
from pptx.enum.chart import XL_LABEL_POSITION, XL_MARKER_STYLE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from yanbao.reporting.charts.chart_layout import MANY_POINTS, STANDING
from yanbao.reporting.charts.native_charts import TIMELINES, axis_bounds, label_format
from yanbao.reporting.office.pptx_axes import CROWDED
from yanbao.reporting.office.pptx_layout import rgb, set_font
from yanbao.reporting.printed.cell import cell_value
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import INK, MUTED
from yanbao.reporting.styling.xml_text import xml_text

_MOST_LABELS = 30  # of one series; more would stand on each other
_FEW = 6
_APART = 0.05  # of the axis: the height of a label


def dress_plot(plot: Any, chart: PrintedChart, house: HouseStyle) -> None:
    """Each series of a plot in the look of its kind."""
    is_line = isinstance(plot, LinePlot)
    names = {xml_text(name): number for number, name in enumerate(chart.series)}
    if not is_line:
        plot.gap_width = _gap(chart)
    for series in plot.series:
        number = names[series.name]
        points = _points(chart, chart.series[number])
        colour = house.colours.series_colour(number)
        if not is_line:
            _dress_bars(series, chart, points, colour, house)
        elif chart.kind in ("dot", "arrows"):
            _dress_dots(series, colour)
            # The ends of an arrow may lie close together: each has a side of its own.
            is_first = chart.kind == "arrows" and number == 0
            side = XL_LABEL_POSITION.LEFT if is_first else XL_LABEL_POSITION.RIGHT
            _label(series, chart, house, side)
        else:
            _dress_line(series, points, colour)
            if chart.kind in TIMELINES:
                _label_last(series, chart, points, house)
            elif len(points) <= CROWDED:
                _label(series, chart, house, XL_LABEL_POSITION.ABOVE)


def draw_intervals(native: Any, chart: PrintedChart) -> None:
    """What reaches from point to point: intervals of dots, and arrows by category."""
    if chart.kind == "dot":
        for element in native.element.iter(qn("c:ser")):
            number = int(element.find(qn("c:idx")).get("val"))
            points = _points(chart, chart.series[number])
            _add_interval(element, points, len(chart.categories))
    elif chart.kind == "arrows":
        _join(native)


def _gap(chart: PrintedChart) -> int:
    """Percent of a bar between two; three columns need not fill a slide."""
    if chart.adjoining:
        return 4
    is_sparse = chart.kind in STANDING and len(chart.categories) <= _FEW
    return 150 if is_sparse else 45


def _points(chart: PrintedChart, series: str) -> dict[int, Point]:
    """The points of a series that have a number or a word, by place."""
    place = {category: number for number, category in enumerate(chart.categories)}
    return {place[point.category]: point for point in chart.points if point.series == series}


def _dress_bars(
    series: Any, chart: PrintedChart, points: dict[int, Point], colour: str, house: HouseStyle
) -> None:
    series.invert_if_negative = False
    _fill(series.format, colour)
    if chart.is_change:
        for place, point in points.items():
            if point.number is not None:
                _fill(series.points[place].format, house.colours.tones[point.tone])
    most = _MOST_LABELS if chart.line_style is None else CROWDED
    if len(points) <= most:
        _label(series, chart, house, XL_LABEL_POSITION.OUTSIDE_END)


def _dress_dots(series: Any, colour: str) -> None:
    series.smooth = False
    series.format.line.fill.background()
    _mark(series.marker, colour, 8)


def _dress_line(series: Any, points: dict[int, Point], colour: str) -> None:
    series.smooth = False
    series.format.line.color.rgb, series.format.line.width = rgb(colour), Pt(2)
    if len(points) > MANY_POINTS:
        series.marker.style = XL_MARKER_STYLE.NONE
    else:
        _mark(series.marker, colour, 6)


def _mark(marker: Any, colour: str, size: int) -> None:
    marker.style, marker.size = XL_MARKER_STYLE.CIRCLE, size
    _fill(marker.format, colour)
    marker.format.line.color.rgb = rgb(colour)


def _fill(holder: Any, colour: str) -> None:
    holder.fill.solid()
    holder.fill.fore_color.rgb = rgb(colour)


def _label(series: Any, chart: PrintedChart, house: HouseStyle, position: Any) -> None:
    labels = series.data_labels
    labels.show_value = True
    labels.number_format = label_format(chart.style_of(_name_of(series, chart)))
    labels.number_format_is_linked = False
    labels.position = position
    set_font(labels.font, house, size=10, colour=INK)


def _name_of(series: Any, chart: PrintedChart) -> str:
    return next(name for name in chart.series if xml_text(name) == series.name)


def _label_last(
    series: Any, chart: PrintedChart, points: dict[int, Point], house: HouseStyle
) -> None:
    """A line says where it ends, unless another ends beside it: labels cannot make way.

    All its values stand in the sheet behind the chart.
    """
    known = [place for place, point in points.items() if point.number is not None]
    if known and _ends_alone(chart, points[max(known)]):
        label = series.points[max(known)].data_label
        label.position = XL_LABEL_POSITION.ABOVE
        set_font(label.font, house, size=10, colour=INK)


def _ends_alone(chart: PrintedChart, end: Point) -> bool:
    low, high = axis_bounds(chart)
    lasts = {point.series: point for point in chart.points if point.number is not None}
    others = (point for name, point in lasts.items() if name != end.series)
    apart = (high - low) * _APART
    return all(abs(cell_value(end.cell) - cell_value(each.cell)) >= apart for each in others)


def _add_interval(element: Any, points: dict[int, Point], count: int) -> None:
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
        f'<a:ln w="12700"><a:solidFill><a:srgbClr val="{rgb(MUTED)}"/></a:solidFill></a:ln>'
        "</c:spPr></c:errBars>"
    )
    element.find(qn("c:cat")).addprevious(bars)


def _join(native: Any) -> None:
    """A line from the first measure to the second, per category."""
    joined = parse_xml(
        f'<c:hiLowLines {nsdecls("c", "a")}><c:spPr><a:ln w="12700"><a:solidFill>'
        f'<a:srgbClr val="{rgb(MUTED)}"/></a:solidFill></a:ln></c:spPr></c:hiLowLines>'
    )
    native.element.find(f".//{qn('c:lineChart')}/{qn('c:marker')}").addprevious(joined)
