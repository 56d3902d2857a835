"""WordprocessingML by hand where python-docx has no words for it, or is slow: tables,
fields, captions, section breaks, watermarks. Text is always escaped and fit for XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Length, Mm

from yanbao.reporting.office.table_runs import RULE, RowRuns, Run, header_runs, row_runs
from yanbao.reporting.printed.pack import PrintedTable
from yanbao.reporting.printed.text_fit import ColumnFit
from yanbao.reporting.styling.house_style import Colours
from yanbao.reporting.styling.xml_text import xml_text

TWIPS = 20  # of a point
CELL_PADDING = 4.0  # points, left and right
_TOGETHER, _SHORT = 2, 7  # rows
_VML = nsdecls("w") + (
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
)


def run(
    text: str,
    *,
    bold: bool = False,
    colour: str = "",
    size: float = 0.0,
    raised: bool = False,
) -> str:
    """A run; what is not given comes from the paragraph's style. ``size`` in points."""
    looks = "".join(
        (
            "<w:b/>" if bold else "",
            f'<w:color w:val="{hex_of(colour)}"/>' if colour else "",
            f'<w:sz w:val="{round(size * 2)}"/>' if size else "",
            '<w:vertAlign w:val="superscript"/>' if raised else "",
        )
    )
    lines = [
        f'<w:t xml:space="preserve">{escape(xml_text(line))}</w:t>' for line in text.split("\n")
    ]
    return f"<w:r>{_properties('r', looks)}{'<w:br/>'.join(lines)}</w:r>"


def paragraph(runs: str, style_id: str, *, align: str = "", keep_next: bool = False) -> str:
    looks = "".join(
        (
            f"<w:pStyle w:val={quoteattr(style_id)}/>",
            "<w:keepNext/>" if keep_next else "",
            f'<w:jc w:val="{align}"/>' if align else "",
        )
    )
    return f"<w:p {nsdecls('w')}>{_properties('p', looks)}{runs}</w:p>"


def field(instruction: str, result: str) -> str:
    """A field that shows ``result`` (runs) until the program updates it."""
    return f"{field_begin(instruction)}{result}{FIELD_END}"


def field_begin(instruction: str) -> str:
    """The head of a field whose result spans paragraphs; ``FIELD_END`` ends it."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def bookmarked(runs: str, name: str, number: int) -> str:
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>'
        f'{runs}<w:bookmarkEnd w:id="{number}"/>'
    )


def link_to(bookmark: str, runs: str) -> str:
    return f'<w:hyperlink w:anchor={quoteattr(bookmark)} w:history="1">{runs}</w:hyperlink>'


@dataclass(frozen=True)
class TableWriter:
    """Draws a table of fixed widths whose header repeats and whose rows stay whole."""

    table: PrintedTable
    fit: ColumnFit
    colours: Colours
    style_id: str

    def element(self) -> Any:
        widths = [round(width * TWIPS) for width in self.fit.widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        padding = round(CELL_PADDING * TWIPS)
        rule = f'w:val="single" w:sz="4" w:space="0" w:color="{hex_of(RULE)}"'
        edge = f'w:val="single" w:sz="8" w:space="0" w:color="{hex_of(self.colours.header)}"'
        return parse_xml(
            f"<w:tbl {nsdecls('w')}><w:tblPr>"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            f"<w:tblBorders><w:top {edge}/><w:bottom {edge}/><w:insideH {rule}/></w:tblBorders>"
            '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
            f'<w:left w:w="{padding}" w:type="dxa"/><w:right w:w="{padding}" w:type="dxa"/>'
            f"</w:tblCellMar><w:tblCaption w:val={quoteattr(xml_text(self.table.caption))}/>"
            f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(self._rows())}</w:tbl>"
        )

    def _rows(self) -> Iterator[str]:
        """A short table stays on one page; of a long one no single row stays behind."""
        rows, last = self.table.rows, len(self.table.rows) - 1
        head = header_runs(self.table, self.colours)
        yield self._row(head, "<w:tblHeader/>", keep_next=bool(rows))
        for place, row in enumerate(rows):
            keep_next = place < last and (place < _TOGETHER or last < _SHORT)
            yield self._row(row_runs(row, self.colours), keep_next=keep_next)

    def _row(self, row: RowRuns, kind: str = "", *, keep_next: bool) -> str:
        fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{hex_of(row.fill)}"/>'
        cells = (
            f'<w:tc><w:tcPr><w:tcW w:w="{round(width * TWIPS)}" w:type="dxa"/>'
            f'{fill if row.fill else ""}<w:vAlign w:val="center"/></w:tcPr>'
            f"{self._words(runs, header.style.align, keep_next=keep_next)}</w:tc>"
            for width, header, runs in zip(self.fit.widths, self.table.headers, row.cells)
        )
        return f"<w:tr><w:trPr><w:cantSplit/>{kind}</w:trPr>{''.join(cells)}</w:tr>"

    def _words(self, runs: Sequence[Run], align: str, *, keep_next: bool) -> str:
        words = "".join(
            run(
                each.text,
                bold=each.is_bold,
                colour=each.colour,
                size=self.fit.size,
                raised=each.is_raised,
            )
            for each in runs
        )
        return paragraph(words, self.style_id, align=align, keep_next=keep_next)


def ended_section(section: Any, part: Any, *, is_landscape: bool) -> Any:
    """A ``w:sectPr`` like ``section``, turned as asked, for the paragraph that ends it."""
    ended = deepcopy(section)
    page = Section(ended, part)
    width, height = page_sides(page)
    page.page_width = max(width, height) if is_landscape else min(width, height)
    page.page_height = min(width, height) if is_landscape else max(width, height)
    page.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    page.start_type = WD_SECTION.NEW_PAGE
    return ended


def page_sides(page: Section) -> tuple[Length, Length]:
    """Width and height; A4 where a template does not say."""
    return page.page_width or Mm(210), page.page_height or Mm(297)


def no_longer_first(section: Any, part: Any) -> None:
    """A later part of a split section has no first page and goes on counting."""
    Section(section, part).different_first_page_header_footer = False
    numbering = section.find(qn("w:pgNumType"))
    if numbering is not None:
        numbering.attrib.pop(qn("w:start"), None)


def watermark(text: str, font: str, number: int) -> Any:
    """A run for a header: pale slanted letters behind the text of the page."""
    width = max(200, 130 * len(text))
    return parse_xml(
        f'<w:r {_VML}><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136"'
        ' adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
        '<v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
        '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
        '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/>'
        '</v:formulas><v:path textpathok="t" o:connecttype="rect"/>'
        '<v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="PowerPlusWaterMarkObject{number}" o:spid="_x0000_s{2049 + number}"'
        ' type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;'
        f"width:{width}pt;height:130pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin"'
        ' o:allowincell="f" fillcolor="#d0d4da" stroked="f"><v:fill opacity=".3"/>'
        f'<v:textpath style="font-family:{escape(font)};font-size:1pt"'
        f" string={quoteattr(xml_text(text))}/></v:shape></w:pict></w:r>"
    )


def _properties(kind: str, content: str) -> str:
    return f"<w:{kind}Pr>{content}</w:{kind}Pr>" if content else ""


def hex_of(colour: str) -> str:
    """Of a six-digit colour with #, as office files write it."""
    return colour.lstrip("#").upper()
