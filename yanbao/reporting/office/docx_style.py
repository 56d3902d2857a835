"""Styles, page, header and footer of a document: our own, or what a template lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from yanbao.reporting.office import docx_xml as xml
from yanbao.reporting.styling.house import House
from yanbao.reporting.styling.theme import INK, MUTED

BODY, NOTE, CELL, WARNING = "研报正文", "研报注释", "研报表格", "研报提示"
CONTENTS = "研报目录"
_WARNING_FILL = "FFF6E0"
_FONT_SLOTS = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
_THEME_SLOTS = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")


@dataclass(frozen=True)
class Look:
    """Size in points, space before and after, and whether it stays with what follows."""

    size: float
    before: float = 0.0
    after: float = 0.0
    bold: bool = False
    colour: str = INK
    keep_next: bool = False


_OWN = {
    BODY: Look(10.5, after=6),
    NOTE: Look(8, before=1.5, colour=MUTED),
    CONTENTS: Look(9.5, before=2, after=2),
    CELL: Look(9, before=1.5, after=1.5),
    WARNING: Look(9.5, before=3, after=3, bold=True),
}


def _built_in(house: House) -> dict[str, Look]:
    accent = house.colours.header
    return {
        "Normal": Look(10.5),
        "Title": Look(22, after=4, bold=True, colour=accent),
        "Subtitle": Look(12, after=4, colour=MUTED),
        "Heading 1": Look(15, before=14, after=6, bold=True, colour=accent, keep_next=True),
        "Heading 2": Look(12, before=8, after=4, bold=True, colour=accent, keep_next=True),
        "Caption": Look(10, before=8, after=3, bold=True, keep_next=True),
        "Header": Look(8.5, colour=MUTED),
        "Footer": Look(8, colour=MUTED),
    }


def dress(document: Any, house: House) -> None:
    """Our own document: A4, every style in the house's font, headings in its colour."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(22), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):
        _set_fonts(fonts, house.office_font)
    for style in document.styles:
        if style.type != WD_STYLE_TYPE.LIST:
            _set_fonts(style.element.get_or_add_rPr().get_or_add_rFonts(), house.office_font)
    for name, look in _built_in(house).items():
        _apply(document.styles[name], look)
    # Word's own Title style has a rule below it in the colour of its theme.
    borders = document.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)
    add_missing_styles(document, house)


def add_missing_styles(document: Any, house: House) -> None:
    """The styles that the content needs; one that a template has stays as it is."""
    looks = _OWN | {name: look for name, look in _built_in(house).items() if name[0] in "HC"}
    names = {style.name for style in document.styles}
    for name, look in looks.items():
        if name in names:
            continue
        style = document.styles.add_style(
            name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _OUTLINE
        )
        style.base_style = document.styles["Normal"] if "Normal" in names else None
        _set_fonts(style.element.get_or_add_rPr().get_or_add_rFonts(), house.office_font)
        _apply(style, look)
        if name == WARNING:
            _shade(style.element.get_or_add_pPr(), _WARNING_FILL)
        level = _OUTLINE.get(name)
        if level is not None:
            outline = parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{level}"/>')
            style.element.get_or_add_pPr().append(outline)


# Built-in styles that a template may lack, with their level in Word's contents.
_OUTLINE: dict[str, int | None] = {
    "Heading 1": 0, "Heading 2": 1, "Caption": None, "Header": None,
}  # fmt: skip


def _shade(properties: Any, fill: str) -> None:
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
    properties.insert_element_before(
        shade, "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl"
    )


def _apply(style: Any, look: Look) -> None:
    style.font.size, style.font.bold, style.font.italic = Pt(look.size), look.bold, False
    style.font.color.rgb = RGBColor.from_string(look.colour.lstrip("#").upper())
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(look.before), Pt(look.after)
    shape.line_spacing = 1.0 if look.size < 10 else 1.2
    shape.keep_with_next = look.keep_next


def _set_fonts(fonts: Any, family: str) -> None:
    for slot in _THEME_SLOTS:
        fonts.attrib.pop(qn(slot), None)
    for slot in _FONT_SLOTS:
        fonts.set(qn(slot), family)


def write_header(document: Any, text: str, marks: str) -> None:
    """The running title, then what every page says of the pack."""
    paragraph = document.sections[0].header.paragraphs[0]
    _fill(paragraph, xml.run(text) + _marks_run(marks))


def write_footer(document: Any, lines: tuple[str, ...]) -> None:
    """Where the numbers come from, then page and pages."""
    footer = document.sections[0].footer
    for line in lines:
        _fill(footer.add_paragraph(style="Footer"), xml.run(line))
    empty = footer.paragraphs[0]
    empty._p.getparent().remove(empty._p)
    page = xml.run("第 ") + xml.field("PAGE", xml.run("1")) + xml.run(" 页 / 共 ")
    page += xml.field("NUMPAGES", xml.run("1")) + xml.run(" 页")
    numbered = footer.add_paragraph(style="Footer")
    numbered.alignment = 2
    _fill(numbered, page)


def mark_headers(document: Any, marks: str) -> None:
    """A template's headers stay; each says of the pack what every page must say."""
    if marks:
        for header in headers_of(document):
            _fill(header.add_paragraph(), _marks_run(marks))


def draw_watermark(document: Any, house: House) -> None:
    if house.watermark:
        for number, header in enumerate(headers_of(document)):
            first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            first._p.append(xml.watermark(house.watermark, house.office_font, number))


def headers_of(document: Any) -> Iterator[Any]:
    """Every header that is printed; the first section's exist once they are asked for."""
    has_even = document.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(document.sections):
        kinds = [section.header]
        if section.different_first_page_header_footer:
            kinds.append(section.first_page_header)
        if has_even:
            kinds.append(section.even_page_header)
        yield from (
            header for header in kinds if number == 0 or not header.is_linked_to_previous
        )


def _marks_run(marks: str) -> str:
    return xml.run(f"　{marks}", bold=True, colour="#B45309") if marks else ""


def _fill(paragraph: Any, runs: str) -> None:
    filled = parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>")
    for child in list(filled):
        paragraph._p.append(child)
