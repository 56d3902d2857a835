"""A Word document: real headings, captions, tables and a contents field, ready to paste.

Filled into an analyst team's template (its styles, header and footer stay) at the paragraph
``{{yanbao}}`` or at the end, or laid out in our own style.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Emu, Pt

from yanbao.reporting.charts.draw import picture_of, require_cjk_font
from yanbao.reporting.office import docx_template
from yanbao.reporting.office import docx_xml as xml
from yanbao.reporting.office.docx_style import (
    BODY,
    CELL,
    CONTENTS,
    NOTE,
    WARNING,
    add_missing_styles,
    draw_watermark,
    mark_headers,
    write_footer,
    write_header,
)
from yanbao.reporting.office.office_file import (
    MARK_COLOUR,
    closing_lines,
    footer_lines,
    open_template,
    our_template,
    page_marks,
    save,
)
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedItem,
    PrintedPack,
    PrintedSection,
    PrintedSentence,
    PrintedTable,
    Progress,
    silent,
)
from yanbao.reporting.printed.text_fit import ColumnFit, fit_columns, squeezed
from yanbao.reporting.styling.xml_text import xml_text

_PORTRAIT_SIZES = (9.0, 8.5, 8.0, 7.5)
_PADDING = 2 * xml.CELL_PADDING
_LANDSCAPE_SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
# What makes a paragraph more than a space between two others.
_FILLED = "./w:r | ./w:pPr/w:sectPr"
_FIRST_BOOKMARK = 9000  # above the numbers that a template uses


def render_docx(pack: PrintedPack, path: Path, progress: Progress = silent) -> None:
    """Writes the document to ``path``; the same pack always gives the same bytes."""
    if pack.charts:
        require_cjk_font("docx")
    template = pack.house.templates.docx
    if template is None:
        document = docx.Document(our_template("pack.docx", pack.house))
        running_title = f"{pack.title}　报告日 {pack.manifest.as_of}"
        write_header(document, running_title, page_marks(pack))
        write_footer(document, footer_lines(pack))
    else:
        document = open_template(docx.Document, template)
        add_missing_styles(document, pack.house)
        mark_headers(document, page_marks(pack))
    writer = Writer(document, pack, docx_template.place(document), progress)
    if template is None or not docx_template.has_text(document):
        writer.front()
    writer.warnings()
    for section in pack.sections:
        writer.section(section)
    writer.appendix()
    writer.finish()
    draw_watermark(document, pack.house)
    save(document, pack, path)


@dataclass
class Writer:
    """Puts content before ``anchor``; ``governing`` is the section that holds it."""

    document: Any
    pack: PrintedPack
    anchor: Any
    progress: Progress
    _landscape: bool = False
    _bookmarks: int = _FIRST_BOOKMARK
    _breaks: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.governing = docx_template.governing_section(self.document, self.anchor)
        page = Section(self.governing, self.document.part)
        sides = xml.page_sides(page)
        lost = (page.left_margin or 0) + (page.right_margin or 0)
        narrow, wide = (float(Emu(side - lost).pt) for side in sorted(sides))
        self._portrait_width, self._landscape_width = narrow, wide
        self._starts_landscape = self._landscape = sides[0] > sides[1]

    @property
    def _width(self) -> float:
        return self._landscape_width if self._landscape else self._portrait_width

    def front(self) -> None:
        """Logo, title and contents: a field that Word updates, with links until then."""
        pack = self.pack
        if (logo := pack.house.logo) is not None:
            # At most 32 points high and 200 wide.
            scale = min(32 / logo.height, 200 / logo.width)
            self._picture(logo.png(), logo.width * scale, logo.height * scale, "logo")
        self._add(xml.paragraph(xml.run(pack.title), self._style("Title")))
        if pack.subtitle:
            self._add(xml.paragraph(xml.run(pack.subtitle), self._style("Subtitle")))
        for line in (*pack.house.analyst_lines, pack.footer.line):
            self._note(line)
        names = [section.heading for section in pack.sections]
        if not names:
            return
        self._note("")
        words = xml.run("目录", bold=True)
        self._add(xml.paragraph(words, self._style(CONTENTS), keep_next=True))
        for number, name in enumerate(names):
            entry = xml.link_to(_bookmark(number), xml.run(name))
            if number == 0:
                entry = xml.field_begin('TOC \\o "1-1" \\h \\z \\u') + entry
            if number == len(names) - 1:
                entry += xml.FIELD_END
            self._add(xml.paragraph(entry, self._style(CONTENTS)))
        self._note("")

    def warnings(self) -> None:
        for line in self.pack.warning_lines:
            self._add(xml.paragraph(xml.run(line), self._style(WARNING)))

    def section(self, section: PrintedSection) -> None:
        """The heading, then each item; wide tables lie across, and what is between them."""
        across = self._lies_across(section.items)
        self._turn(is_landscape=across[:1] == [True])
        text = section.heading
        if docx_template.is_numbered(self.document.styles["Heading 1"]):
            text = section.title
        runs = xml.bookmarked(xml.run(text), _bookmark(section.number - 1), self._bookmarks)
        self._bookmarks += 1
        self._add(xml.paragraph(runs, self._style("Heading 1")))
        for item, is_landscape in zip(section.items, across):
            self._turn(is_landscape=is_landscape)
            self._item(item)

    def _lies_across(self, items: Sequence[PrintedItem]) -> list[bool]:
        """Wide tables lie across, with the sentences before them and what is between two."""
        wide = [self._is_wide(item) for item in items]
        others = [n for n, item in enumerate(items) if not isinstance(item, PrintedSentence)]
        first = others[0] if others else 0
        return [
            self._starts_landscape
            or is_wide
            or (number < first and wide[first])
            or (
                not isinstance(items[number], PrintedTable)
                and any(wide[:number])
                and any(wide[number:])
            )
            for number, is_wide in enumerate(wide)
        ]

    def _item(self, item: PrintedItem) -> None:
        if isinstance(item, PrintedSentence):
            self._add(xml.paragraph(xml.run(item.text), self._style(BODY)))
        elif isinstance(item, PrintedTable):
            self._table(item)
        else:
            self._figure(item)

    def _table(self, table: PrintedTable) -> None:
        self._caption(table)
        fit = self._fit(table)
        colours, style_id = self.pack.house.colours, self._style(CELL)
        self._add_element(xml.TableWriter(table, fit, colours, style_id).element())
        self._under(table)

    def _figure(self, chart: PrintedChart) -> None:
        self.progress(f"docx: {chart.caption}")
        self._caption(chart)
        if chart.points:
            picture = picture_of(chart, self.pack.house)
            width = min(self._width, 480.0)
            height = width * picture.height / picture.width
            # A figure higher than a page would be cut off.
            scale = min(1.0, 600.0 / height)
            self._picture(picture.png, width * scale, height * scale, chart.caption)
        self._under(chart)

    def _caption(self, item: PrintedTable | PrintedChart) -> None:
        """A real caption, so that Word's own lists of tables and figures find it."""
        number = xml.field(f"SEQ {item.SIGN} \\* ARABIC", xml.run(str(item.number)))
        rest = item.caption.removeprefix(item.name)
        runs = xml.run(item.SIGN) + number + xml.run(rest)
        if item.sample:
            runs += xml.run(f"【{item.sample}】", colour=MARK_COLOUR)
        self._add(xml.paragraph(runs, self._style("Caption"), keep_next=True))

    def _under(self, item: PrintedTable | PrintedChart) -> None:
        """Notes and source below; an empty line keeps two tables from growing together."""
        for line in item.under:
            self._note(line)
        self._note("")

    def appendix(self) -> None:
        """What each measure means, the dates behind the numbers, and who says so."""
        self._turn(is_landscape=self._starts_landscape)
        lines = [f"{label}：{text}" for label, text in self.pack.definitions]
        self._titled("指标说明", lines)
        self._titled("数据日期", closing_lines(self.pack))
        self._titled("声明", [line for line in (self.pack.house.disclaimer,) if line])

    def _titled(self, title: str, lines: Sequence[str]) -> None:
        if lines:
            self._add(xml.paragraph(xml.run(title), self._style("Heading 2"), keep_next=True))
        for line in lines:
            self._note(line)

    def finish(self) -> None:
        """Turn back, drop the marker, and let only the first part keep its first page."""
        self._turn(is_landscape=self._starts_landscape)
        if self._breaks:
            for section in (*self._breaks[1:], self.governing):
                xml.no_longer_first(section, self.document.part)
        if self.anchor.tag == qn("w:p"):
            self.anchor.getparent().remove(self.anchor)

    def _turn(self, *, is_landscape: bool) -> None:
        if is_landscape == self._landscape:
            return
        ended = xml.ended_section(
            self.governing, self.document.part, is_landscape=self._landscape
        )
        self._last_paragraph().get_or_add_pPr().append(ended)
        self._breaks.append(ended)
        self._landscape = is_landscape

    def _last_paragraph(self) -> Any:
        """The paragraph that ends a section: the last one, as one more might need a page."""
        last = self.anchor.getprevious()
        if last is not None and last.tag == qn("w:p") and not last.xpath(_FILLED):
            spacer, last = last, last.getprevious()
            spacer.getparent().remove(spacer)
        if last is None or last.tag != qn("w:p") or last.xpath("./w:pPr/w:sectPr"):
            last = parse_xml(xml.paragraph("", self._style(NOTE)))
            self._add_element(last)
        return last

    def _fit(self, table: PrintedTable) -> ColumnFit:
        sizes = _LANDSCAPE_SIZES if self._landscape else _PORTRAIT_SIZES
        fit = fit_columns(table, self._width, sizes, _PADDING)
        return fit or squeezed(table, self._width, sizes[-1], _PADDING)

    def _is_wide(self, item: PrintedItem) -> bool:
        """Whether a table needs more than the width of an upright page."""
        if not isinstance(item, PrintedTable):
            return False
        return fit_columns(item, self._portrait_width, _PORTRAIT_SIZES, _PADDING) is None

    def _note(self, text: str) -> None:
        self._add(xml.paragraph(xml.run(text) if text else "", self._style(NOTE)))

    def _picture(self, png: bytes, width: float, height: float, description: str) -> None:
        """A picture in its own paragraph, with its caption as alternative text."""
        inline = self.document.part.new_pic_inline(
            io.BytesIO(png), Emu(int(Pt(width))), Emu(int(Pt(height)))
        )
        inline.docPr.set("descr", xml_text(description))
        placed = parse_xml(xml.paragraph("<w:r/>", self._style(NOTE), keep_next=True))
        placed.find(qn("w:r")).add_drawing(inline)
        self._add_element(placed)

    def _style(self, name: str) -> str:
        return str(self.document.styles[name].style_id)

    def _add(self, text: str) -> None:
        self._add_element(parse_xml(text))

    def _add_element(self, element: Any) -> None:
        self.anchor.addprevious(element)


def _bookmark(number: int) -> str:
    return f"_Toc9{number:05d}"
