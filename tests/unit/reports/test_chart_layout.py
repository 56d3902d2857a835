"""No two labels of a chart touch and none is cut, at either width, in any kind."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.reports.svg_labels import collisions, outside, text_boxes
from yanbao.reporting.charts.chart_axes import Scale
from yanbao.reporting.charts.chart_layout import (
    LINE_HEIGHT,
    name_lines,
    positions,
    runs,
    shortened,
    spread,
    stands,
    ticks,
)
from yanbao.reporting.charts.draw import NARROW, WIDE, draw_svg
from yanbao.reporting.charts.svg import Drawing
from yanbao.reporting.grammar.item_spec import ChartKind
from yanbao.reporting.printed.cell import Cell
from yanbao.reporting.printed.pack import Point, PrintedChart
from yanbao.reporting.styling.formatting import NumberStyle
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import DOWN, UP, text_width

CHANGE = NumberStyle(kind="number", decimals=2, signed=True, unit="%")
AMOUNT = NumberStyle(kind="number", decimals=2, unit="亿元")
SUB_INDUSTRIES = [
    "互联网金融", "企业级平台与服务", "低空经济", "信创", "医疗 IT", "华为鸿蒙",
    "大模型与 AI 应用", "工业软件", "建筑信息化", "政务 IT", "数据要素", "智慧交通",
    "智慧教育", "智能安防", "智能物流", "算力基础设施", "网络安全", "能源 IT", "云计算",
    "办公软件", "IT 设备与基础设施", "数据中心",
    "金融 IT", "智慧城市", "智能驾驶与车路云一体化解决方案",
]  # fmt: skip
INDICES = [
    "沪深300", "中证500", "人工智能指数", "恒生科技指数", "纳斯达克中国金龙指数", "标普500指数",
    "费城半导体指数", "中证云计算与大数据主题",
]  # fmt: skip


def point(
    category: str, series: str, value: object, style: NumberStyle, word: str = ""
) -> Point:
    number = None if value is None else Decimal(str(value))
    cell = Cell(style.text(number), style, number, number, style.tone(number))
    return Point(category, series, cell, word=word)


def chart(
    kind: ChartKind, points: Sequence[Point], style: NumberStyle, **more: Any
) -> PrintedChart:
    categories = tuple(dict.fromkeys(one.category for one in points))
    return PrintedChart(
        number=1, mart="trial", kind=kind, title="试验", style=style,
        categories=tuple(sorted(categories)) if kind in ("line", "step") else categories,
        series=tuple(dict.fromkeys(one.series for one in points)), points=tuple(points),
        extra_headers=(), notes=(), sources="", sample="", **more,
    )  # fmt: skip


def growth(names: Sequence[str], series: str = "营收同比") -> list[Point]:
    """Descending from far above to far below zero; the last two are undefined."""
    values = [300 - 25 * number for number in range(len(names) - 2)]
    words = ["扭亏", "亏损扩大"]
    return [
        *(point(name, series, value, CHANGE) for name, value in zip(names, values)),
        *(point(name, series, None, CHANGE, word) for name, word in zip(names[-2:], words)),
    ]


def amounts(names: Sequence[str], series: str = "营业收入") -> list[Point]:
    return [
        point(name, series, 1234.5 - 61.3 * number, AMOUNT) for number, name in enumerate(names)
    ]


def combo(names: Sequence[str]) -> PrintedChart:
    found = [*amounts(names), *growth(names)]
    return chart(
        "combo", found, AMOUNT, line_style=CHANGE, line_series="营收同比", measure="营业收入"
    )


def sessions(count: int) -> list[str]:
    """Trading days; the first week of October is a holiday."""
    first, found = date(2024, 8, 1), []
    while len(found) < count:
        if first.weekday() < 5 and not date(2024, 10, 1) <= first <= date(2024, 10, 7):
            found.append(first.isoformat())
        first += timedelta(days=1)
    return found


def paths(series: Sequence[str], count: int, apart: float = 0.02) -> list[Point]:
    """Lines that end almost on each other."""
    return [
        point(day, name, (number - 3) * apart + place * 0.1, CHANGE)
        for number, name in enumerate(series)
        for place, day in enumerate(sessions(count))
    ]


BUCKETS = [
    "100%以上",
    "50%至100%（含）",
    "20%至50%（含）",
    "0至20%（含）",
    "持平或下降",
    "基数非正",
    "不可比",
]
QUARTERS = ("2022Q3", "2023Q3", "2024Q3")
COUNT = NumberStyle(kind="number", unit="家")
CHARTS = {
    "25 growth bars": chart("bar", growth(SUB_INDUSTRIES), CHANGE),
    "three quarters": combo(QUARTERS),
    "25 in two panels": combo(SUB_INDUSTRIES),
    "three columns": chart("column", amounts(QUARTERS), AMOUNT),
    "falling columns": chart("column", growth(["甲", "乙", "丙", "丁", "戊", "己"]), CHANGE),
    "columns by year": chart(
        "column",
        [point(b, q, 110 + n, COUNT) for b in BUCKETS for n, q in enumerate(QUARTERS)],
        COUNT,
    ),
    "histogram": chart(
        "column",
        [point(b, "家数", n * 9, COUNT) for n, b in enumerate(BUCKETS)],
        COUNT,
        adjoining=True,
    ),
    "eight long lines": chart("line", paths(INDICES, 61), CHANGE, base=Decimal(0)),
    "one line of a year": chart("line", paths(["沪深300"], 244), CHANGE, base=Decimal(0)),
    "two sessions": chart("line", paths(INDICES[:2], 2), CHANGE),
    "one session": chart("line", paths(INDICES[:2], 1), CHANGE),
    "step": chart(
        "step",
        [point(day, name, 30000 - 100 * n - m * 9000, AMOUNT)
         for m, name in enumerate(("新品", "二手")) for n, day in enumerate(sessions(50)[::3])],
        AMOUNT,
    ),
    "arrows": chart(
        "arrows",
        [point(name, series, (n - 4) * 1.7 + m * (-1) ** n, CHANGE)
         for m, series in enumerate(("上周涨跌幅", "本周涨跌幅"))
         for n, name in enumerate(INDICES)],
        CHANGE,
    ),
    "grouped bars": chart(
        "grouped bar", [p for q in QUARTERS for p in amounts(SUB_INDUSTRIES[:8], q)], AMOUNT
    ),
}  # fmt: skip


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", CHARTS)
def test_labels_neither_touch_nor_leave_the_picture(name: str, width: int) -> None:
    svg = draw_svg(CHARTS[name], width, HouseStyle())
    assert collisions(svg) == []
    assert outside(svg) == []


@pytest.mark.parametrize(
    "name", ["25 growth bars", "25 in two panels", "three quarters", "histogram"]
)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_label_of_a_bar_is_printed(name: str, width: int) -> None:
    drawn = CHARTS[name]
    printed = [box.text for box in text_boxes(draw_svg(drawn, width, HouseStyle()))]
    assert [one.text for one in drawn.points if one.text not in printed] == []


def test_measure_of_collisions_can_fail() -> None:
    svg = draw_svg(CHARTS["three quarters"], WIDE, HouseStyle())
    long = svg.replace("2022Q3<", "2022Q3" * 20 + "<")
    assert collisions(long) == [("2022Q3" * 20, "2023Q3")]
    assert outside(long) == ["2022Q3" * 20]


def test_undefined_growth_prints_its_status_in_the_colour_of_its_direction() -> None:
    svg = draw_svg(CHARTS["25 growth bars"], WIDE, HouseStyle())
    colours = {
        word: fill
        for fill, word in (
            (part.partition('fill="')[2].partition('"')[0], part.rpartition(">")[2])
            for part in svg.split("</text>")
        )
        for word in [word]
        if word in ("扭亏", "亏损扩大")
    }
    assert {word: fill.lower() for word, fill in colours.items()} == {
        "扭亏": UP,
        "亏损扩大": DOWN,
    }


def test_columns_lie_down_where_their_names_have_no_room() -> None:
    assert stands(CHARTS["columns by year"], WIDE)
    assert not stands(CHARTS["columns by year"], NARROW)
    assert not stands(CHARTS["25 in two panels"], WIDE)
    assert stands(CHARTS["three quarters"], NARROW)


def test_session_that_a_series_lacks_breaks_its_line() -> None:
    points = paths(["甲", "乙"], 30)
    hole = [one for one in points if (one.series, one.category) != ("乙", sessions(30)[12])]
    whole, broken = (
        draw_svg(chart("line", found, CHANGE), WIDE, HouseStyle()) for found in (points, hole)
    )
    lines = [
        [path for path in re.findall(r"<path [^>]*>", svg) if 'stroke-width="1.8"' in path]
        for svg in (whole, broken)
    ]
    assert [len(found) for found in lines] == [2, 3]
    bridge = [path for path in re.findall(r"<path [^>]*>", broken) if '"1 3"' in path]
    assert len(bridge) == 1


@pytest.mark.parametrize(("count", "markers"), [(15, 15), (244, 0)])
def test_long_line_has_no_point_markers_and_a_short_one_has(count: int, markers: int) -> None:
    svg = draw_svg(chart("line", paths(["甲"], count), CHANGE), NARROW, HouseStyle())
    assert svg.count("<circle") == markers


def test_name_breaks_before_a_bracket_and_else_near_its_middle() -> None:
    assert name_lines("50%至100%（含）", 70) == ["50%至100%", "（含）"]
    assert name_lines("样例美股指数", 60) == ["样例美", "股指数"]
    assert name_lines("信创", 60) == ["信创"]
    assert name_lines("智能驾驶与车路云一体化解决方案", 60) == []


@given(
    wanted=st.lists(st.floats(-50, 350), min_size=1, max_size=12),
    gap=st.floats(1, 30),
)
def test_spread_labels_keep_their_order_and_distance(wanted: list[float], gap: float) -> None:
    placed = spread(wanted, gap, 0, 300)
    apart = min(gap, 300 / max(len(wanted) - 1, 1))
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    for before, after in pairwise(order):
        assert placed[after] - placed[before] >= apart - 1e-6
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in placed)


def test_labels_that_have_room_stay_at_their_lines() -> None:
    assert spread([10, 40, 100], LINE_HEIGHT, 0, 300) == [10, 40, 100]
    assert spread([100, 101], 15, 0, 300) == [93, 108]


@given(st.integers(1, 400), st.integers(120, 720))
def test_dates_under_the_axis_never_touch(count: int, length: int) -> None:
    days = sessions(count)
    places = [float(index) for index in range(count)]
    shown = ticks(days, places, length)
    span = max(count - 1, 1)
    at = [places[index] / span * length for index in shown]
    assert all(b - a > text_width(days[0], 12) for a, b in pairwise(at))
    assert shown


@pytest.mark.parametrize(
    ("low", "high", "count", "texts"),
    [
        (0, 10, 5, ["0", "2", "4", "6", "8", "10"]),
        (-8.7, 8.3, 6, ["-8", "-6", "-4", "-2", "0", "2", "4", "6", "8"]),
        (0.01, 0.26, 5, ["0.05", "0.10", "0.15", "0.20", "0.25"]),
        (1190, 1320, 3, ["1,200", "1,250", "1,300"]),
        (-0.06, 0.07, 2, ["-0.05", "0.00", "0.05"]),
    ],
)
def test_axis_has_round_numbers(low: float, high: float, count: int, texts: list[str]) -> None:
    assert list(Scale(low, high, 0, 100).ticks(count).values()) == texts


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(1, 6))
def test_axis_has_neither_too_many_numbers_nor_one_outside(
    low: float, span: float, count: int
) -> None:
    shown = Scale(low, low + span, 0, 100).ticks(count)
    assert len(shown) <= 1.5 * count + 1
    assert all(low - span / 1e6 <= value <= low + span * (1 + 1e-6) for value in shown)


def test_gap_ends_a_run() -> None:
    a, b, c = (0.0, 1.0), (1.0, 1.0), (3.0, 1.0)
    assert runs([None, a, b, None, None, c, None]) == [[a, b], [c]]
    assert runs([]) == []


def test_name_without_room_is_cut_with_an_ellipsis() -> None:
    assert shortened("智能驾驶", 48, 12) == "智能驾驶"
    assert shortened("智能驾驶", 40, 12) == "智能…"


def test_drawing_escapes_texts_and_attributes_and_refuses_what_is_no_place() -> None:
    drawing = Drawing(10, 10)
    drawing.text(1, 2, '</text><script>"&\x00', fill='"><script>')
    svg = drawing.document('a"<b>', "Noto Sans, 'x'")
    assert "<script" not in svg
    assert ET.fromstring(svg)[0].text == '</text><script>"& '  # noqa: S314 (our own drawing)
    with pytest.raises(ValueError, match="not a number"):
        drawing.rect(float("nan"), 0, 1, 1, "red")


HOSTILE = [
    '"]})[0]',
    "a' + alert(1) + 'b",
    "\\",
    "<script>alert(1)</script>",
    "=1+1",
    "\x01甲\x0b",
]


@pytest.mark.parametrize("kind", ["column", "line", "combo"])
def test_hostile_names_are_printed_as_text(kind: ChartKind) -> None:
    names = HOSTILE[:3] if kind == "combo" else HOSTILE
    drawn = (
        combo(names)
        if kind == "combo"
        else chart(kind, [point(name, "甲", n, AMOUNT) for n, name in enumerate(names)], AMOUNT)
    )
    svg = draw_svg(drawn, WIDE, HouseStyle())
    assert "<script" not in svg
    printed = "".join(box.text for box in text_boxes(svg)).replace(" ", "")
    shown = ticks(drawn.categories, positions(drawn), 500) if kind == "line" else range(3)
    for index in shown:
        assert re.sub(r"[\x00-\x1f ]", "", drawn.categories[index]) in printed
