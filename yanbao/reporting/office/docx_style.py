"""Styles, page, header and footer of a document: of our template, or what another lacks."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import docx
from docx.shared import RGBColor

from yanbao.reporting.office import docx_xml as xml
from yanbao.reporting.office.office_file import MARK_COLOUR, our_template
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.xml_text import xml_text

BODY, NOTE, CELL, WARNING = "研报正文", "研报注释", "研报表格", "研报提示"
CONTENTS = "研报目录"
_NEEDED = (
    BODY, NOTE, CELL, WARNING, CONTENTS, "Heading 1", "Heading 2", "Caption", "Header",
)  # fmt: skip


def add_missing_styles(document: Any, house: HouseStyle) -> None:
    """The styles that the content needs; one that a template has stays as it is."""
    names = {style.name for style in document.styles}
    ours = docx.Document(our_template("pack.docx", house)).styles
    for name in _NEEDED:
        if name not in names:
            document.styles.element.append(deepcopy(ours[name].element))
            style = document.styles[name]
            style.base_style = document.styles["Normal"] if "Normal" in names else None


def write_header(document: Any, text: str, marks: str) -> None:
    """The running title, then what every page says of the pack."""
    (paragraph,) = document.sections[0].header.paragraphs
    paragraph.add_run(xml_text(text))
    _add_marks(paragraph, marks)


def write_footer(document: Any, lines: tuple[str, ...]) -> None:
    """Where the numbers come from; page and pages follow in the template."""
    (numbered,) = document.sections[0].footer.paragraphs
    for line in lines:
        numbered.insert_paragraph_before(xml_text(line), "Footer")


def mark_headers(document: Any, marks: str) -> None:
    """A template's headers stay; each says of the pack what every page must say."""
    for header in headers_of(document):
        if marks:
            _add_marks(header.add_paragraph(), marks)


def draw_watermark(document: Any, house: HouseStyle) -> None:
    for number, header in enumerate(headers_of(document)):
        if house.watermark:
            first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            empty = first.add_run().element
            letters = xml.watermark(house.watermark, house.fonts.office, number)
            empty.getparent().replace(empty, letters)


def headers_of(document: Any) -> Iterator[Any]:
    """Each header that is printed; those of the first section are made here."""
    has_even = document.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(document.sections):
        kinds = [section.header]
        if section.different_first_page_header_footer:
            kinds.append(section.first_page_header)
        if has_even:
            kinds.append(section.even_page_header)
        for header in kinds:
            if number == 0 or not header.is_linked_to_previous:
                yield header


def _add_marks(paragraph: Any, marks: str) -> None:
    if marks:
        run = paragraph.add_run(f"　{marks}")
        run.font.bold, run.font.color.rgb = True, RGBColor.from_string(xml.hex_of(MARK_COLOUR))
