"""One picture per figure. It is pasted alone, so it says itself what it shows.

Caption with unit, 样例, notes, source, as-of date and release stand inside the picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from yanbao.reporting.charts.draw import WIDE, draw, require_cjk_font
from yanbao.reporting.charts.svg import Drawing
from yanbao.reporting.printed.pack import PrintedChart, PrintedPack, Progress, silent
from yanbao.reporting.printed.text_fit import wrapped
from yanbao.reporting.styling.rasterise import rasterise
from yanbao.reporting.styling.theme import INK, MUTED
from yanbao.reporting.styling.xml_text import xml_text

_MARGIN = 16.0
_CAPTION_SIZE, _NOTE_SIZE = 15.0, 11.0
_LEADING = 1.45
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


def render_png(pack: PrintedPack, folder: Path, progress: Progress = silent) -> None:
    """Writes each figure that has points to ``folder`` as 图01 title.png."""
    if pack.charts:
        require_cjk_font("png")
    folder.mkdir(parents=True, exist_ok=True)
    for chart in pack.charts:
        if not chart.points:
            continue
        progress(f"png: {chart.caption}")
        (folder / picture_name(chart)).write_bytes(rasterise(framed(chart, pack)))


def picture_name(chart: PrintedChart) -> str:
    """A file name that every system accepts, in the order of the pack."""
    title = _NOT_IN_NAMES.sub(" ", chart.title)[:60].strip(" .")
    return f"图{chart.number:02d} {title}".strip() + ".png"


def framed(chart: PrintedChart, pack: PrintedPack) -> str:
    """The drawing on white as SVG, its caption above and where it comes from below."""
    drawing = draw(chart, WIDE, pack.house.colours)
    caption = _lines([chart.marked_caption], drawing.width, _CAPTION_SIZE)
    notes = _lines([*chart.under, pack.footer.line], drawing.width, _NOTE_SIZE)
    top = _MARGIN + len(caption) * _CAPTION_SIZE * _LEADING + 4
    bottom = top + drawing.height + 6
    height = bottom + len(notes) * _NOTE_SIZE * _LEADING + _MARGIN / 2
    frame = Drawing(drawing.width + 2 * _MARGIN, height)
    frame.rect(0, 0, frame.width, height, "#ffffff")
    _write(frame, caption, _MARGIN, _CAPTION_SIZE, fill=INK, weight=700)
    frame.place(drawing, _MARGIN, top)
    _write(frame, notes, bottom, _NOTE_SIZE, fill=MUTED)
    frame.text(
        frame.width / 2, height / 2, pack.house.watermark,
        size=96, fill="#6b7280", anchor="middle", fill_opacity=0.14,
    )  # fmt: skip
    return frame.document(chart.caption, pack.house.font_stack)


def _lines(texts: Sequence[str], width: float, size: float) -> list[str]:
    return [line for text in texts for line in wrapped(xml_text(text), width, size)]


def _write(
    frame: Drawing,
    lines: Sequence[str],
    top: float,
    size: float,
    *,
    fill: str,
    weight: int = 400,
) -> None:
    for number, line in enumerate(lines):
        y = top + size * (_LEADING * number + 0.64)
        frame.text(_MARGIN, y, line, size=size, fill=fill, font_weight=weight)
