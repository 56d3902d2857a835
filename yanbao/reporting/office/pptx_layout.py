"""Slides before their content: layouts of our own template or of another, and what stands
on every slide (footer, slide number, 样例, watermark)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Emu, Inches, Pt

from yanbao.reporting.office.office_file import MARK_COLOUR, TemplateError
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.printed.text_fit import office_width
from yanbao.reporting.styling.house_style import HouseStyle
from yanbao.reporting.styling.theme import INK, MUTED
from yanbao.reporting.styling.vocabulary import SAMPLE
from yanbao.reporting.styling.xml_text import xml_text

LayoutKind = Literal["title", "section", "content"]
_MARGIN = Inches(0.45)
# The type that PowerPoint gives a layout, in any language; and names of hand-made ones.
_LAYOUTS: dict[LayoutKind, tuple[str, tuple[str, ...]]] = {
    "title": ("title", ("Title Slide", "标题幻灯片", "封面")),
    "section": ("secHead", ("Section Header", "节标题", "章节", "过渡页")),
    "content": ("titleOnly", ("Title Only", "仅标题", "内容")),
}
_SECTIONS_URI = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_P14 = "http://schemas.microsoft.com/office/powerpoint/2010/main"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in points."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def from_emu(cls, *sides: int) -> Box:
        return cls(*(Emu(side).pt for side in sides))

    @property
    def emu(self) -> tuple[int, ...]:
        return tuple(Pt(side) for side in (self.left, self.top, self.width, self.height))

    def below(self, used: float) -> Box:
        return Box(self.left, self.top + used, self.width, self.height - used)

    def high(self, height: float) -> Box:
        """The upper part of the place."""
        return Box(self.left, self.top, self.width, height)


def layouts_of(deck: Any, template: Path | None) -> dict[LayoutKind, Any]:
    """The three layouts that packs use; a template that lacks one is refused."""
    known = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    found: dict[LayoutKind, Any] = {}
    for kind, (type_name, names) in _LAYOUTS.items():
        typed = [layout for layout in known if layout.element.get("type") == type_name]
        named = [layout for layout in known if layout.name in names]
        usable = [layout for layout in (*typed, *named) if _title(layout) is not None]
        if not usable:
            raise TemplateError(
                f"the template has no layout {names[0]!r} with a title",
                where=str(template),
                hint=f"add one; it has: {', '.join(layout.name for layout in known)}",
            )
        found[kind] = usable[0]
    return found


def _title(layout: Any) -> Any:
    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    return placeholder(layout, *kinds)


def placeholder(holder: Any, *kinds: Any) -> Any:
    """The first placeholder of these kinds, of a layout or a slide."""
    for shape in holder.placeholders:
        if shape.placeholder_format.type in kinds:
            return shape
    return None


def body_box(layout: Any, deck: Any) -> Box:
    """The free place between a layout's title and its footer."""
    title = _title(layout)
    feet = [
        shape.top
        for shape in layout.placeholders
        if shape.placeholder_format.type
        in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
    ]
    bottom = min([*feet, deck.slide_height - Inches(0.4)]) - Inches(0.06)
    top = title.top + title.height + Inches(0.08)
    return Box.from_emu(title.left, top, title.width, bottom - top)


def add_slide(deck: Any, layout: Any, title: str, pack: PrintedPack) -> Any:
    """A slide with what stands on each: title, footer, number, 样例 and watermark."""
    slide = deck.slides.add_slide(layout)
    slide.shapes.title.text_frame.text = xml_text(title)
    _add_footer(deck, slide, pack.house, pack.footer.line)
    if pack.is_sample:
        _add_sample(deck, slide, pack.house)
    if pack.house.watermark:
        _add_watermark(deck, slide, pack.house)
    return slide


def _add_footer(deck: Any, slide: Any, house: HouseStyle, text: str) -> None:
    """Copies of the layout's footer and number, which a new slide does not get by itself."""
    for kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
        pattern = placeholder(slide.slide_layout, kind)
        is_number = kind == PP_PLACEHOLDER.SLIDE_NUMBER
        if pattern is None:
            if is_number:
                continue
            top = deck.slide_height - Inches(0.34)
            width = deck.slide_width - 2 * _MARGIN
            box = Box.from_emu(_MARGIN, top, width, Inches(0.28))
            add_text(slide, box, [text], house, size=8, colour=MUTED)
            continue
        copied = deepcopy(pattern.element)
        slide.shapes.element.append(copied)
        shape = slide.shapes[-1]
        copied.nvSpPr.cNvPr.set("id", str(_next_id(slide)))
        if not is_number:
            shape.text_frame.text = xml_text(text)
            paragraph = shape.text_frame.paragraphs[0]
            for run in paragraph.runs:
                run.font.size = Pt(_footer_size(text, pattern.width))
            paragraph.alignment = PP_ALIGN.LEFT


def _footer_size(text: str, width: int) -> float:
    """A template's footer may be narrow: two lines at most, down to six points."""
    room = Emu(width).pt - 15
    return next((size for size in (9.0, 8.0, 7.0) if office_width(text, size) <= 2 * room), 6.0)


def _next_id(slide: Any) -> int:
    return max(int(value) for value in slide.shapes.element.xpath("//p:cNvPr/@id")) + 1


def _add_sample(deck: Any, slide: Any, house: HouseStyle) -> None:
    width = Inches(0.8)
    left = deck.slide_width - _MARGIN - width
    box = Box.from_emu(left, Inches(0.06), width, Inches(0.28))
    shape = add_text(slide, box, [SAMPLE], house, size=11, colour=MARK_COLOUR, bold=True)
    shape.name = SAMPLE
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    shape.line.color.rgb = rgb(MARK_COLOUR)


def _add_watermark(deck: Any, slide: Any, house: HouseStyle) -> None:
    """Pale slanted letters behind everything else on the slide."""
    width, height = Inches(8), Inches(2)
    left, top = (deck.slide_width - width) // 2, (deck.slide_height - height) // 2
    box, pale = Box.from_emu(left, top, width, height), "#E5E7EB"
    shape = add_text(slide, box, [house.watermark], house, size=110, colour=pale)
    shape.name, shape.rotation = "水印", -30.0
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER
    # After the properties of the group that holds all shapes.
    slide.shapes.element.insert(2, shape.element)


def add_text(
    slide: Any,
    box: Box,
    lines: Sequence[str],
    house: HouseStyle,
    *,
    size: float,
    colour: str = INK,
    bold: bool = False,
    after: float = 0.0,
) -> Any:
    """A text box without margins; one paragraph per line, in the font of the house style."""
    shape = slide.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill_text(frame, lines, house, size=size, colour=colour, bold=bold, after=after)
    return shape


def fill_text(
    frame: Any,
    lines: Sequence[str],
    house: HouseStyle,
    *,
    size: float = 0.0,
    colour: str = "",
    bold: bool = False,
    after: float = 0.0,
) -> None:
    """Replaces the text of a frame; what is not given is inherited."""
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = xml_text(line)
        set_font(run.font, house, size=size, colour=colour, bold=bold)
        if after:
            paragraph.space_after = Pt(after)


def set_font(
    font: Any, house: HouseStyle, *, size: float = 0.0, colour: str = "", bold: bool = False
) -> None:
    """``name_fonts_for_chinese`` must follow: the library names Latin fonts alone."""
    font.name = house.fonts.office
    if size:
        font.size = Pt(size)
    if colour:
        font.color.rgb = rgb(colour)
    if bold:
        font.bold = True


def name_fonts_for_chinese(element: Any) -> None:
    """In a slide or a chart, the font of each text for its Chinese letters too."""
    for latin in element.iter(qn("a:latin")):
        following = latin.getnext()
        if following is None or following.tag != qn("a:ea"):
            family = quoteattr(latin.get("typeface"))
            latin.addnext(parse_xml(f"<a:ea {nsdecls('a')} typeface={family}/>"))


def rgb(colour: str) -> RGBColor:
    """Of a six-digit colour with #."""
    return RGBColor.from_string(colour.lstrip("#").upper())


def add_sections(
    deck: Any, sections: Sequence[tuple[str, Sequence[Any]]], earlier: int
) -> None:
    """PowerPoint's own sections: one per heading; slides of a template come first."""
    ids = [str(slide.slide_id) for slide in deck.slides]
    named = [(name, [str(slide.slide_id) for slide in slides]) for name, slides in sections]
    if earlier:
        named.insert(0, ("模板", ids[:earlier]))
    listed = "".join(
        f'<p14:section name={quoteattr(xml_text(name))} id="{_section_id(number, name)}">'
        f"<p14:sldIdLst>{''.join(f'<p14:sldId id={quoteattr(each)}/>' for each in members)}"
        "</p14:sldIdLst></p14:section>"
        for number, (name, members) in enumerate(named)
        if members
    )
    element = deck.element
    for old in element.xpath(f'//p:ext[@uri="{_SECTIONS_URI}"]'):
        old.getparent().remove(old)
    extensions = element.find(qn("p:extLst"))
    if extensions is None:
        extensions = parse_xml(f"<p:extLst {nsdecls('p')}/>")
        element.append(extensions)
    extensions.append(
        parse_xml(
            f'<p:ext {nsdecls("p")} uri="{_SECTIONS_URI}">'
            f'<p14:sectionLst xmlns:p14="{_P14}">{listed}</p14:sectionLst></p:ext>'
        )
    )


def _section_id(number: int, name: str) -> str:
    """The same each time: a section's id has to be unique, not random."""
    return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"yanbao:{number}:{name}")).upper() + "}"
