"""A deck to present and to copy from: native tables and charts, a divider per section.

Laid out in our own 16:9 style, or appended to a template of the firm in its layouts.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Inches, Pt

from yanbao.reporting.office.office_file import (
    closing_lines,
    open_template,
    our_template,
    save,
)
from yanbao.reporting.office.pptx_charts import add_chart
from yanbao.reporting.office.pptx_layout import (
    Box,
    add_sections,
    add_slide,
    add_text,
    body_box,
    fill_text,
    layouts_of,
    name_fonts_for_chinese,
    placeholder,
)
from yanbao.reporting.office.pptx_table import Part, add_table, plan
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
    PrintedTable,
    Progress,
    silent,
)
from yanbao.reporting.printed.text_fit import wrapped
from yanbao.reporting.styling.theme import MUTED
from yanbao.reporting.styling.xml_text import xml_text

CONTINUED = "（续）"
_CAPTION_SIZE, _NOTE_SIZE = 13.0, 9.0
_LEADING = 1.45
_HEAD = _CAPTION_SIZE * _LEADING + 4  # points of a caption, with the space below
_MOST_NOTE_LINES = 7
_TEXT_SIZES = (18.0, 16.0, 14.0, 12.0)


def render_pptx(pack: PrintedPack, path: Path, progress: Progress = silent) -> None:
    """Writes the deck to ``path``; the same pack always gives the same bytes."""
    template = pack.house.templates.pptx
    if template is None:
        presentation = Presentation(our_template("pack.pptx", pack.house))
    else:
        presentation = open_template(Presentation, template)
    deck = Deck(presentation, pack, progress)
    earlier = len(presentation.slides)
    deck.front()
    for section in pack.sections:
        deck.section(section)
    deck.appendix()
    add_sections(presentation, deck.sections, earlier)
    for _, slides in deck.sections:
        for slide in slides:
            name_fonts_for_chinese(slide.element)
    save(presentation, pack, path)


@dataclass
class Deck:
    """Adds slides in the order of the pack; ``sections`` remembers which are whose."""

    presentation: Any
    pack: PrintedPack
    progress: Progress
    sections: list[tuple[str, list[Any]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._layouts = layouts_of(self.presentation, self.pack.house.templates.pptx)
        self._box = body_box(self._layouts["content"], self.presentation)

    def front(self) -> None:
        """The title, whose pack it is, and what a reader must know first."""
        pack = self.pack
        self.sections.append(("封面", []))
        slide = self._slide("title", pack.title)
        facts = (pack.footer.line, *pack.house.analyst_lines, *pack.warning_lines)
        lines = [line for line in (pack.subtitle, *facts) if line]
        self._fill_placeholder(slide, lines, self._size_in(_body(slide), lines))
        if pack.house.logo is not None:
            png = io.BytesIO(pack.house.logo.png())
            slide.shapes.add_picture(png, Pt(self._box.left), Inches(0.5), height=Inches(0.7))
        names = [section.heading for section in pack.sections]
        self._text_slides("目录", names, _text_pages(names, self._box)[0])

    def _size_in(self, shape: Any, lines: Sequence[str]) -> float:
        """The largest size at which lines fit a placeholder, whatever its layout says."""
        return _text_pages(lines, self._box_of(shape))[0]

    def _box_of(self, shape: Any) -> Box:
        if shape is None:
            return self._box
        return Box.from_emu(shape.left, shape.top, shape.width, shape.height)

    def section(self, section: PrintedSection) -> None:
        title = section.heading
        self.sections.append((title, []))
        sentences = [item.text for item in section.items if isinstance(item, PrintedSentence)]
        captions = [
            item.caption for item in section.items if not isinstance(item, PrintedSentence)
        ]
        self._divider(title, sentences, captions)
        for item in section.items:
            if isinstance(item, PrintedTable):
                self._table(title, item)
            elif isinstance(item, PrintedChart):
                self._chart(title, item)

    def _divider(self, title: str, sentences: Sequence[str], captions: Sequence[str]) -> None:
        """The section's heading with its sentences; long ones go on to a next slide.

        What follows is listed below them, where there is room.
        """
        box = self._box_of(_body(self._layouts["section"]))
        size, pages = _text_pages(sentences, box)
        for page, lines in enumerate(pages or [[]]):
            slide = self._slide("section", title + CONTINUED * bool(page))
            self._fill_placeholder(slide, lines, size)
            used = _text_height(lines, box, size) + 18
            if len(captions) * 12 * _LEADING + used <= box.height:
                place, house = box.below(used), self.pack.house
                add_text(slide, place, captions, house, size=12, colour=MUTED)

    def _fill_placeholder(self, slide: Any, lines: Sequence[str], size: float = 0.0) -> None:
        """Text into the layout's second placeholder; an empty one would ask to be filled."""
        body = _body(slide)
        if body is None:
            if lines:
                add_text(slide, self._box, lines, self.pack.house, size=size or 14)
        elif lines:
            fill_text(body.text_frame, lines, self.pack.house, size=size, after=5)
        else:
            body.element.getparent().remove(body.element)

    def _table(self, title: str, table: PrintedTable) -> None:
        """Caption, table and notes; rows that do not fit go on, with the header again."""
        notes, rest = self._notes(table)
        height = self._box.height - _HEAD - self._note_height(notes)
        planned = plan(table, self._box.width, height)
        for page in range(len(planned.pages)):
            mark = CONTINUED if page else ""
            slide = self._slide("content", f"{title}{mark}")
            self._caption(slide, table, mark)
            box = self._box.below(_HEAD)
            used = add_table(slide, Part(planned, page, self.pack.house), box)
            self._add_notes(slide, notes, box.below(used + 4))
        self._more_notes(title, table, rest)

    def _chart(self, title: str, chart: PrintedChart) -> None:
        self.progress(f"pptx: {chart.caption}")
        slide = self._slide("content", title)
        notes, rest = self._notes(chart)
        if chart.points:
            box = self._box.high(self._box.height - self._note_height(notes))
            used = add_chart(slide, chart, box, self.pack.house)
        else:
            self._caption(slide, chart, "")
            used = _HEAD
        self._add_notes(slide, notes, self._box.below(used))
        self._more_notes(title, chart, rest)

    def _caption(self, slide: Any, item: PrintedTable | PrintedChart, mark: str) -> None:
        text, box = f"{item.marked_caption}{mark}", self._box.high(_CAPTION_SIZE * _LEADING)
        add_text(slide, box, [text], self.pack.house, size=_CAPTION_SIZE, bold=True)

    def _notes(self, item: PrintedTable | PrintedChart) -> tuple[list[str], list[str]]:
        """The lines under an item, and those that need a slide of their own."""
        lines = list(item.under)
        if self._note_height(lines) <= _MOST_NOTE_LINES * _NOTE_SIZE * _LEADING:
            return lines, []
        return ["说明与来源见下页。"], lines

    def _note_height(self, lines: Sequence[str]) -> float:
        return _text_height(lines, self._box, _NOTE_SIZE) + 4

    def _add_notes(self, slide: Any, lines: Sequence[str], box: Box) -> None:
        if lines:
            place, house = box.high(self._note_height(lines)), self.pack.house
            add_text(slide, place, lines, house, size=_NOTE_SIZE, colour=MUTED)

    def _more_notes(
        self, title: str, item: PrintedTable | PrintedChart, lines: Sequence[str]
    ) -> None:
        box = self._box.below(_HEAD + 2)
        for page in _pages(lines, box, 10):
            slide = self._slide("content", f"{title}{CONTINUED}")
            self._caption(slide, item, " 说明与来源")
            add_text(slide, box, page, self.pack.house, size=10)

    def appendix(self) -> None:
        """What each measure means, the dates behind the numbers, and who says so."""
        pack = self.pack
        self.sections.append(("附录", []))
        definitions = [f"{label}：{text}" for label, text in pack.definitions]
        self._text_slides("指标说明", definitions, 11)
        disclaimer = [line for line in (pack.house.disclaimer,) if line]
        self._text_slides("数据日期与声明", [*closing_lines(pack), *disclaimer], 11)

    def _text_slides(self, title: str, texts: Sequence[str], size: float) -> None:
        for page, part in enumerate(_pages(texts, self._box, size)):
            slide = self._slide("content", title + CONTINUED * bool(page))
            add_text(slide, self._box, part, self.pack.house, size=size, after=2)

    def _slide(self, kind: Any, title: str) -> Any:
        slide = add_slide(self.presentation, self._layouts[kind], title, self.pack)
        self.sections[-1][1].append(slide)
        return slide


def _body(holder: Any) -> Any:
    """The placeholder for text beside the title."""
    return placeholder(holder, PP_PLACEHOLDER.SUBTITLE, PP_PLACEHOLDER.BODY)


def _text_height(texts: Sequence[str], box: Box, size: float) -> float:
    """Points that the paragraphs take in the width of ``box``, the space after them too."""
    width = box.width - 16
    lines = sum(len(wrapped(xml_text(text), width, size)) for text in texts)
    return lines * size * _LEADING + size / 3 * len(texts)


def _text_pages(texts: Sequence[str], box: Box) -> tuple[float, list[list[str]]]:
    """The largest size at which the texts fill one box; at the smallest, several."""
    for size in _TEXT_SIZES:
        pages = _pages(texts, box, size)
        if len(pages) <= 1:
            break
    return size, pages


def _pages(texts: Sequence[str], box: Box, size: float) -> list[list[str]]:
    pages: list[list[str]] = []
    for text in texts:
        fits = pages and _text_height([*pages[-1], text], box, size) <= box.height - 10
        if fits:
            pages[-1].append(text)
        else:
            pages.append([text])
    return pages
