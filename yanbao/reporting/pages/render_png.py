"""One picture per figure. It is pasted alone, so it says itself what it shows.

Caption with unit, 样例, notes, source, as-of date and release stand inside the picture.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from markupsafe import escape

from yanbao.reporting.charts.drawing_font import cut_font
from yanbao.reporting.charts.figures import Drawing, drawing_of, rasterise, require_cjk_font
from yanbao.reporting.office.office_file import under_lines
from yanbao.reporting.printed.pack import PrintedChart, PrintedPack
from yanbao.reporting.printed.text_fit import wrapped
from yanbao.reporting.styling.house import House
from yanbao.reporting.styling.theme import INK, MUTED
from yanbao.reporting.styling.xml_text import xml_text

_MARGIN = 16.0
_CAPTION_SIZE, _NOTE_SIZE = 15.0, 11.0
_LEADING = 1.45
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


def render_png(
    pack: PrintedPack, folder: Path, progress: Callable[[str], None] | None = None
) -> None:
    """Writes each figure that has points to ``folder`` as 图01 title.png."""
    if pack.charts:
        require_cjk_font("png")
        cut_font(pack.charts, pack.house)
    folder.mkdir(parents=True, exist_ok=True)
    for chart in pack.charts:
        if not chart.points:
            continue
        if progress is not None:
            progress(f"png: {chart.caption}")
        (folder / picture_name(chart)).write_bytes(rasterise(framed(chart, pack)))


def picture_name(chart: PrintedChart) -> str:
    """A file name that every system accepts, in the order of the pack."""
    title = _NOT_IN_NAMES.sub(" ", chart.title)[:60].strip(" .")
    return f"图{chart.number:02d} {title}".strip() + ".png"


def framed(chart: PrintedChart, pack: PrintedPack) -> str:
    """The drawing on white as SVG, its caption above and where it comes from below."""
    drawing = drawing_of(chart, pack.house)
    sample = f"【{chart.sample}】" if chart.sample else ""
    caption = _lines([f"{chart.caption}{sample}"], drawing.width, _CAPTION_SIZE)
    notes = _lines([*under_lines(chart), pack.footer.line], drawing.width, _NOTE_SIZE)
    top = _MARGIN + len(caption) * _CAPTION_SIZE * _LEADING + 4
    bottom = top + drawing.height + 6
    height = bottom + len(notes) * _NOTE_SIZE * _LEADING + _MARGIN / 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width + 2 * _MARGIN}"'
        f' height="{height}" font-family={quoteattr(pack.house.font_stack)}>'
        '<rect width="100%" height="100%" fill="#ffffff"/>'
        f"{_text(caption, _MARGIN, _CAPTION_SIZE, INK, 700)}{_nested(drawing, top)}"
        f"{_text(notes, bottom, _NOTE_SIZE, MUTED, 400)}{_watermark(pack.house, height)}</svg>"
    )


def _nested(drawing: Drawing, top: float) -> str:
    place = f'x="{_MARGIN}" y="{top}" width="{drawing.width}" height="{drawing.height}"'
    return drawing.svg.replace("<svg", f"<svg {place}", 1)


def _lines(texts: Sequence[str], width: float, size: float) -> list[str]:
    return [line for text in texts for line in wrapped(xml_text(text), width, size)]


def _text(lines: Sequence[str], top: float, size: float, colour: str, weight: int) -> str:
    return "".join(
        f'<text x="{_MARGIN}" y="{top + size * (1 + number * _LEADING):.1f}"'
        f' font-size="{size}" font-weight="{weight}" fill="{colour}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _watermark(house: House, height: float) -> str:
    if not house.watermark:
        return ""
    return (
        f'<text x="50%" y="{height / 2:.0f}" text-anchor="middle" font-size="96"'
        f' fill="#6b7280" fill-opacity="0.14">{escape(xml_text(house.watermark))}</text>'
    )
