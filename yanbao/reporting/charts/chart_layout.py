"""Where the letters of a chart go: measured before anything is drawn.

Each function answers for one width, so that a chart that does not fit standing up is laid
down instead of shrinking its letters.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yanbao.reporting.charts.svg import LABEL_SIZE, Place
from yanbao.reporting.printed.pack import PrintedChart
from yanbao.reporting.styling.theme import text_width

WIDE, NARROW = 720, 350
# The room at the edges of a drawing; another machine's font may be wider than ours.
LEFT, TOP, RIGHT = 4.0, 6.0, 12.0
NAME_SIZE = 12
LINE_HEIGHT = 15
MANY_POINTS = 20
STANDING = frozenset({"column", "combo"})


def label_sides(labels: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """What the longest labels (value, pixels) take below zero and above it."""
    low = max((pixels for value, pixels in labels if value < 0), default=0.0)
    return low, max((pixels for value, pixels in labels if value >= 0), default=0.0)


def padded_domain(labels: Sequence[tuple[float, float]], length: float) -> tuple[float, float]:
    """A domain with room for each label (value, pixels) outside the end of its bar."""
    values = [0.0, *(value for value, _ in labels)]
    low, high = min(values), max(values)
    left, right = label_sides(labels)
    room = max(length - left - right, length * 0.2)
    per_pixel = ((high - low) or 1.0) / room
    return low - left * per_pixel, high + right * per_pixel


def stands(chart: PrintedChart, width: float) -> bool:
    """Whether columns have room for their labels and names; else they lie down as bars."""
    if chart.kind not in STANDING or not chart.categories:
        return False
    band = (width - LEFT - RIGHT) / len(chart.categories)
    slots = max(len(chart.amount_series), 1)
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


def shortened(text: str, room: float, size: float) -> str:
    """As much of the text as has room, with … for what is cut."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def runs(places: Iterable[Place | None]) -> list[list[Place]]:
    """The places that follow each other without a gap: each is a line of its own."""
    found: list[list[Place]] = [[]]
    for place in places:
        if place is not None:
            found[-1].append(place)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


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
