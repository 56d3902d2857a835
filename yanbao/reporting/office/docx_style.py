"""Styles, page, header and footer of a document: of our template, or what another lacks."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from yanbao.reporting.office import docx_xml as xml
from yanbao.reporting.office.office_file import our_template
from yanbao.reporting.styling.house_style import HouseStyle

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
    (paragraph,) = document.sections[0].header.part.element
    paragraph.extend(xml.elements(xml.run(text) + _marks_run(marks)))


def write_footer(document: Any, lines: tuple[str, ...]) -> None:
    """Where the numbers come from; page and pages follow in the template."""
    (numbered,) = document.sections[0].footer.part.element
    for line in lines:
        numbered.addprevious(parse_xml(xml.paragraph(xml.run(line), "Footer")))


def mark_headers(document: Any, marks: str) -> None:
    """A template's headers stay; each says of the pack what every page must say."""
    if marks:
        for header in headers_of(document):
            header.append(parse_xml(f"<w:p {nsdecls('w')}>{_marks_run(marks)}</w:p>"))


def draw_watermark(document: Any, house: HouseStyle) -> None:
    if house.watermark:
        for number, header in enumerate(headers_of(document)):
            first = header.find(qn("w:p"))
            if first is None:
                first = parse_xml(f"<w:p {nsdecls('w')}/>")
                header.append(first)
            first.append(xml.watermark(house.watermark, house.fonts.office, number))


def headers_of(document: Any) -> Iterator[Any]:
    """The root of each header that is printed; those of the first section are made here."""
    has_even = document.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(document.sections):
        kinds = [section.header]
        if section.different_first_page_header_footer:
            kinds.append(section.first_page_header)
        if has_even:
            kinds.append(section.even_page_header)
        for header in kinds:
            if number == 0 or not header.is_linked_to_previous:
                yield header.part.element


def _marks_run(marks: str) -> str:
    return xml.run(f"　{marks}", bold=True, colour="#B45309") if marks else ""
