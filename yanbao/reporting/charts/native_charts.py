"""What native charts of spreadsheets and slides share: values, axis ends, formats, names."""

from __future__ import annotations

import math

from yanbao.reporting.printed.cell import cell_value
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle

TIMELINES = ("line", "step")
# Kinds whose axis shows its own range; all others start at zero.
LEVELS = ("dot", "arrows", *TIMELINES)


def label_format(style: NumberStyle) -> str:
    """A number format that shows the digits of the page, signs included."""
    if style.kind == "duration":
        return "[m]:ss"
    digits = "0" + (f".{'0' * style.decimals}" if style.decimals else "")
    return f"+{digits};-{digits};{digits}" if style.signed else digits


def axis_bounds(chart: PrintedChart) -> tuple[float, float]:
    """Bars start at zero and leave room for labels; dots and lines show their own range.

    The line of a combo has an axis of its own and does not count here.
    """
    points = [point for point in chart.amounts if point.number is not None]
    lows = [cell_value(point.cell) - float(point.distances[0]) for point in points]
    highs = [cell_value(point.cell) + float(point.distances[1]) for point in points]
    if chart.kind in LEVELS:
        if chart.base is not None:
            lows, highs = [*lows, float(chart.base)], [*highs, float(chart.base)]
        low, high = min(lows, default=0.0), max(highs, default=1.0)
        step = 10.0 ** math.floor(math.log10((high - low) or 1.0))
        return math.floor(low / step) * step, math.ceil(high / step) * step
    low, high = min([0.0, *lows]), max([0.0, *highs])
    pad = ((high - low) or 1.0) * 0.15
    return (low - pad if low < 0 else 0.0), (high + pad if high > 0 else pad)


def shown_name(chart: PrintedChart, category: str) -> str:
    """The category, with the second measure or the word for an undefined one, if any.

    A label of two measures beside the bar would be wrapped by some programs after a few
    letters, and would no longer follow the cell.
    """
    for point in chart.points:
        if point.category == category and point.label is not None:
            return f"{category} ({point.label.style.text_with_unit(point.label.raw)})"
        if point.category == category and point.word:
            return f"{category} ({point.word})"
    return category
