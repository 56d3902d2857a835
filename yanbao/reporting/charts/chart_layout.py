"""Where the letters of a chart go: measured before anything is drawn, without Altair.

Each function answers for one width, so that a chart that does not fit standing up is laid
down instead of shrinking its letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.theme import text_width

WIDE, NARROW = 720, 350
NAME_SIZE, LABEL_SIZE = 12, 11
LINE_HEIGHT = 15
MANY_POINTS = 20
STANDING = frozenset({"column", "combo"})


def padded_domain(
    values: Iterable[float], labels: Sequence[tuple[float, float]], length: float
) -> tuple[float, float]:
    """A domain with room for each label (value, pixels) outside the end of its bar."""
    low = min(0.0, *values, 0.0)
    high = max(0.0, *values, 0.0)
    left = max((pixels for value, pixels in labels if value < 0), default=0.0)
    right = max((pixels for value, pixels in labels if value >= 0), default=0.0)
    room = max(length - left - right, length * 0.2)
    per_pixel = ((high - low) or 1.0) / room
    return low - left * per_pixel, high + right * per_pixel


def stands(chart: PrintedChart, width: float) -> bool:
    """Whether columns have room for their labels and names; else they lie down as bars."""
    if chart.kind not in STANDING or not chart.categories:
        return False
    band = width / len(chart.categories)
    slots = max(len(chart.series) - bool(chart.line_style), 1)
    widest = max((text_width(point.text, LABEL_SIZE) for point in chart.points), default=0.0)
    fits = widest <= band * 0.9 / slots
    return fits and all(name_lines(name, band - 6) for name in chart.categories)


def name_lines(name: str, room: float, size: float = NAME_SIZE) -> list[str]:
    """The name in one line or two, none where two are too few.

    It breaks before （ or a space, else as near to its middle as it can.
    """
    if text_width(name, size) <= room:
        return [name]
    breaks = [at for at, letter in enumerate(name) if at and letter in "（( "]
    middle = sorted(range(1, len(name)), key=lambda at: abs(2 * at - len(name) - 0.5))
    for at in (*reversed(breaks), *middle):
        lines = [name[:at].rstrip(), name[at:].strip()]
        if all(text_width(line, size) <= room for line in lines):
            return lines
    return []


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions in [low, high] as near to the wanted ones as ``gap`` between them allows.

    In the order of ``wanted``. Where there is no room for all, they share it evenly.
    """
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    gap = min(gap, (high - low) / max(len(wanted) - 1, 1))
    groups: list[tuple[float, int]] = []  # the first position of a run, and its length
    for index in order:
        first, count = min(max(wanted[index], low), high), 1
        while groups and first < groups[-1][0] + groups[-1][1] * gap:
            before, others = groups.pop()
            middle = (
                (before + (others - 1) * gap / 2) * others
                + (first + (count - 1) * gap / 2) * count
            ) / (others + count)
            count += others
            first = middle - (count - 1) * gap / 2
            first = min(max(first, low), high - (count - 1) * gap)
        groups.append((first, count))
    placed = [first + step * gap for first, count in groups for step in range(count)]
    found = dict(zip(order, placed))
    return [found[index] for index in range(len(wanted))]


def positions(chart: PrintedChart) -> list[float]:
    """Where each category stands on the axis: sessions side by side, days of a step by time."""
    if chart.kind != "step":
        return [float(index) for index in range(len(chart.categories))]
    days = [date.fromisoformat(name).toordinal() for name in chart.categories]
    return [float(day - days[0]) for day in days]


def ticks(names: Sequence[str], places: Sequence[float], length: float) -> list[int]:
    """Indexes of the names that can stand under the axis without touching each other."""
    if not names:
        return []
    span = (places[-1] - places[0]) or 1.0
    room = max(text_width(name, NAME_SIZE) for name in names) + 14
    count = max(min(int(length // room), len(names), 8), 1)
    if count == 1:
        return [len(names) - 1]
    chosen = [0]
    for step in range(1, count):
        aim = places[0] + span * step / (count - 1)
        nearest = min(range(len(names)), key=lambda index: abs(places[index] - aim))
        if (places[nearest] - places[chosen[-1]]) / span * length >= room:
            chosen.append(nearest)
    return chosen
