"""The Word document, read back: its numbers, styles, pages and an analyst team's template."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm

from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.office.docx_template import MARKER
from yanbao.reporting.office.office_file import TemplateError
from yanbao.reporting.office.render_docx import render_docx
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.printed.text_fit import shown
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import Colours, Fonts, HouseStyle, Templates

pytestmark = pytest.mark.fonts  # figures are refused without one
Print = Callable[..., Any]
# Twelve columns of long names: wider than an upright page.
WIDE_PACK = """
keys:
  index_changes: [index_code]
  market_cap_moves: [company, code, cap_basis, currency, base_on, cap_on]
items:
  - table: index_changes
    title: 指数
    columns: [index_name, close]
  - sentence: '截至{as_of_cn}'
  - table: market_cap_moves
    title: 市值
    columns: [company, code, currency, cap_basis, base_on, cap_on, market_cap_base,
              market_cap, change, change_ratio, change_cny, source_note]
  - sentence: '之后'
"""


@pytest.fixture(scope="module")
def printed(module_release: Callable[..., ReleaseReader]) -> PrintedPack:
    return compose(load_pack("galaxy-weekly"), module_release())


@pytest.fixture(scope="module")
def document(printed: PrintedPack, tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("word") / "pack.docx"
    render_docx(printed, path)
    return docx.Document(str(path))


@pytest.fixture
def small(release: ReleaseReader, small_pack: str) -> PrintedPack:
    """One sentence, one table, and no chart: nothing to draw."""
    printed = compose(load_pack(small_pack), release)
    (section,) = printed.sections
    items = tuple(item for item in section.items if item not in printed.charts)
    return replace(printed, sections=(replace(section, items=items),))


@pytest.fixture
def word(tmp_path: Path) -> Print:
    """The document of a printed pack, in a house style with these changes."""

    def write(printed: PrintedPack, **house: Any) -> Any:
        path = tmp_path / "pack.docx"
        render_docx(replace(printed, house=HouseStyle().model_copy(update=house)), path)
        return docx.Document(str(path))

    return write


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def texts(document: Any, style: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == style]


def header_texts(document: Any) -> list[str]:
    return ["".join(p.text for p in s.header.paragraphs) for s in document.sections]


def test_every_cell_holds_the_printed_text(printed: PrintedPack, document: Any) -> None:
    for table, written in zip(printed.tables, document.tables, strict=True):
        rows = [[shown(cell) for cell in row.cells] for row in table.rows]
        assert cells(written) == [[header.text for header in table.headers], *rows]


def test_headings_captions_and_sentences_stand_in_the_order_of_the_pack(
    printed: PrintedPack, document: Any
) -> None:
    assert texts(document, "Heading 1") == [f"{s.number} {s.title}" for s in printed.sections]
    captions = [f"{i.caption}{f'【{i.sample}】' if i.sample else ''}"
                for i in printed.items if hasattr(i, "caption")]  # fmt: skip
    assert texts(document, "Caption") == captions
    sentences = [item.text for item in printed.items if not hasattr(item, "caption")]
    assert texts(document, "研报正文") == sentences


def test_captions_are_counted_by_word_itself(document: Any) -> None:
    codes = [e.text.strip() for e in document.element.body.iter(qn("w:instrText"))]
    assert codes.count("SEQ 表 \\* ARABIC") == len(document.tables)
    assert any(code.startswith("TOC ") for code in codes)


def test_contents_lead_to_every_heading(document: Any) -> None:
    body = document.element.body
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert links
    assert links == marks


def test_each_table_repeats_its_header_and_keeps_rows_and_widths(document: Any) -> None:
    for table in document.tables:
        first = table.rows[0]
        assert first._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert table.autofit is False
        widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
        assert widths == [cell.width.twips for cell in first.cells]


def test_no_page_ends_with_a_header_or_a_single_row(document: Any) -> None:
    for table in document.tables:
        kept = [
            row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows
        ]
        if len(kept) > 1:
            assert kept[0]
            assert not kept[-1]
        if len(kept) > 8:
            assert kept[:3] == [True, True, True]
            assert not any(kept[3:])


def test_numbers_stand_right_in_the_colour_of_their_sign(
    printed: PrintedPack, document: Any
) -> None:
    seen = set()
    for table, written in zip(printed.tables, document.tables):
        for row, written_row in zip(table.rows, written.rows[1:]):
            for cell, written_cell in zip(row.cells, written_row.cells):
                paragraph = written_cell.paragraphs[0]
                run = paragraph.runs[0]
                if cell.style.is_numeric and table.headers[0].style.kind == "text":
                    assert paragraph.alignment == 2
                if cell.tone:
                    colour = printed.house.colours.tones[cell.tone].lstrip("#").upper()
                    assert str(run.font.color.rgb) == colour
                    seen.add(cell.tone)
                assert bool(run.font.bold) == row.is_total
    assert {"up", "down"} <= seen


def test_every_style_names_the_font_for_chinese_too(document: Any) -> None:
    for style in document.styles:
        if style.element.rPr is None:
            continue
        fonts = style.element.rPr.find(qn("w:rFonts"))
        if fonts is not None:
            assert fonts.get(qn("w:eastAsia")) == fonts.get(qn("w:ascii")) == "微软雅黑"
            assert fonts.get(qn("w:eastAsiaTheme")) is None
    normal = document.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert normal.get(qn("w:eastAsia")) == "微软雅黑"


def test_pictures_say_in_words_what_they_show(printed: PrintedPack, document: Any) -> None:
    described = [picture._inline.docPr.get("descr") for picture in document.inline_shapes]
    assert described == [chart.caption for chart in printed.charts if chart.points]


def test_footer_names_release_known_at_and_pages(printed: PrintedPack, document: Any) -> None:
    footer = document.sections[0].footer
    text = "".join(paragraph.text for paragraph in footer.paragraphs)
    assert printed.footer.line in text
    assert printed.house.disclaimer in text
    codes = [e.text.strip() for e in footer._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE", "NUMPAGES"]


def test_sample_is_named_in_the_header_of_every_section(
    make_release: Callable[..., ReleaseReader], tables: Tables, word: Print,
    make_pack: Callable[[str], PackSpec],
) -> None:  # fmt: skip
    sample = make_release(tables, source_mode="sample")
    document = word(compose(make_pack(WIDE_PACK), sample))
    assert len(document.sections) == 3
    assert all("样例" in text for text in header_texts(document))


def test_real_data_carry_no_sample_mark(small: PrintedPack, word: Print) -> None:
    assert "样例" not in header_texts(word(replace(small, is_sample=False)))[0]
    assert "样例" in header_texts(word(replace(small, is_sample=True)))[0]


def test_own_template_takes_the_font_and_the_colour_of_the_house(
    small: PrintedPack, word: Print
) -> None:
    colours = Colours(header="#7a1f1f")
    document = word(small, fonts=Fonts(office="楷体"), colours=colours)
    for name in ("Title", "Heading 1", "Heading 2"):
        assert str(document.styles[name].font.color.rgb) == "7A1F1F"
    for name in ("Normal", "研报表格", "Footer"):
        assert document.styles[name].font.name == "楷体"


def test_style_that_a_template_lacks_comes_from_ours(
    small: PrintedPack, word: Print, template: Callable[..., Path]
) -> None:
    plain = word(small)
    document = word(small, templates=Templates(docx=template()))
    for name in ("研报正文", "研报注释", "研报提示"):
        ours, copied = plain.styles[name], document.styles[name]
        assert copied.font.size == ours.font.size
        assert copied.font.name == ours.font.name == HouseStyle().fonts.office
        assert copied.base_style.name == "Normal"


def test_wide_table_lies_across_between_upright_pages(
    release: ReleaseReader, make_pack: Callable[[str], PackSpec], word: Print
) -> None:
    document = word(compose(make_pack(WIDE_PACK), release))
    turned = [section.orientation for section in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    across = document.sections[1]
    assert across.page_width > across.page_height
    room = across.page_width - across.left_margin - across.right_margin
    table = document.tables[1]
    total = sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid)
    assert total * 635 <= room + 635  # EMU of a twip


def test_heading_of_a_wide_table_lies_across_with_it(
    release: ReleaseReader, make_pack: Callable[[str], PackSpec], word: Print
) -> None:
    printed = compose(make_pack(WIDE_PACK), release)
    (section,) = printed.sections
    starts_wide = replace(section, items=section.items[1:])
    document = word(replace(printed, sections=(starts_wide,)))
    turned = [each.orientation for each in document.sections]
    assert turned == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    ends = [p for p in document.paragraphs if p._p.xpath("./w:pPr/w:sectPr")]
    across = document.element.body[document.element.body.index(ends[0]._p) + 1]
    assert "1 试验" in "".join(across.itertext())


def test_end_of_a_section_needs_no_page_of_its_own(
    release: ReleaseReader, make_pack: Callable[[str], PackSpec], word: Print
) -> None:
    document = word(compose(make_pack(WIDE_PACK), release))
    ends = [p for p in document.paragraphs if p._p.xpath("./w:pPr/w:sectPr")]
    assert len(ends) == 2
    assert all(paragraph.text for paragraph in ends)


@pytest.mark.parametrize(
    ("audience", "marks"), [("internal", "【内部使用】"), ("external", "")]
)
def test_headers_say_for_whom_the_pack_is(
    small: PrintedPack, word: Print, template: Callable[..., Path], audience: str, marks: str
) -> None:
    pack = replace(small, is_sample=False)
    for text in header_texts(word(pack, audience=audience)):
        assert ("内部使用" in text) == bool(marks)
    (text,) = header_texts(word(pack, audience=audience, templates=Templates(docx=template())))
    assert text == f"某某证券研究所{f'　{marks}' if marks else ''}"


def test_watermark_of_the_house_stands_in_the_header(small: PrintedPack, word: Print) -> None:
    header = word(small, watermark="草稿").sections[0].header
    assert 'string="草稿"' in header._element.xml
    assert "草稿" not in word(small).sections[0].header._element.xml


def test_control_characters_and_markup_stay_text(
    tables: Tables, make_release: Callable[..., ReleaseReader], small_pack: str, word: Print
) -> None:
    attacks = ("=1+1", "@SUM(1)", "<script>alert(1)</script>", "</script>")
    for row, name in zip(tables["index_changes"], (*attacks, "a\x00\x0b\x1fb\ufffe")):
        row["index_name"] = name
    printed = compose(load_pack(small_pack), make_release(tables))
    document = word(printed)
    names = [row[0] for row in cells(document.tables[0])[1:6]]
    assert names == [*attacks, "a   b "]


def test_same_pack_gives_the_same_bytes(small: PrintedPack, tmp_path: Path) -> None:
    for name in ("one", "two"):
        render_docx(small, tmp_path / f"{name}.docx")
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """A team's document: its own heading style, header, footer, cover and marker."""

    def make(*, marker: str = MARKER, first_page: bool = False) -> Path:
        document = docx.Document()
        document.styles["Heading 1"].font.name = "楷体"
        section = document.sections[0]
        section.page_width, section.page_height = Mm(200), Mm(280)
        section.different_first_page_header_footer = first_page
        section.header.paragraphs[0].text = "某某证券研究所"
        section.footer.paragraphs[0].text = "请阅读正文之后的免责声明"
        document.add_paragraph("封面")
        if marker:
            document.add_paragraph(marker)
            document.add_paragraph("封底")
        path = tmp_path / "team.docx"
        document.save(str(path))
        return path

    return make


def test_template_is_filled_at_its_marker(
    small: PrintedPack, word: Print, template: Callable[..., Path]
) -> None:
    document = word(small, templates=Templates(docx=template()))
    lines = [p.text for p in document.paragraphs if p.text]
    assert lines[0] == "封面"
    assert lines[-1] == "封底"
    assert MARKER not in "".join(lines)
    assert "1 指数" in lines
    assert small.title not in lines


def test_template_without_marker_is_filled_at_its_end(
    small: PrintedPack, word: Print, template: Callable[..., Path]
) -> None:
    document = word(small, templates=Templates(docx=template(marker="")))
    assert document.paragraphs[0].text == "封面"
    assert len(document.tables) == 1


def test_template_keeps_its_styles_page_header_and_footer(
    small: PrintedPack, word: Print, template: Callable[..., Path]
) -> None:
    document = word(small, templates=Templates(docx=template()))
    assert document.styles["Heading 1"].font.name == "楷体"
    assert document.sections[0].header.paragraphs[0].text == "某某证券研究所"
    assert document.sections[0].footer.paragraphs[0].text == "请阅读正文之后的免责声明"
    assert round(document.sections[0].page_width.mm) == 200


def test_template_headers_name_made_up_data_first_page_too(
    small: PrintedPack, word: Print, template: Callable[..., Path]
) -> None:
    made_up = replace(small, is_sample=True)
    document = word(made_up, templates=Templates(docx=template(first_page=True)))
    section = document.sections[0]
    for header in (section.header, section.first_page_header):
        assert "样例" in "".join(paragraph.text for paragraph in header.paragraphs)
    assert section.header.paragraphs[0].text == "某某证券研究所"


def test_wide_table_in_a_template_keeps_one_first_page(
    release: ReleaseReader, make_pack: Callable[[str], PackSpec], word: Print,
    template: Callable[..., Path],
) -> None:  # fmt: skip
    team = template(first_page=True)
    document = word(compose(make_pack(WIDE_PACK), release), templates=Templates(docx=team))
    first = [s.different_first_page_header_footer for s in document.sections]
    assert first == [True, False, False]
    assert {s.header.paragraphs[0].text for s in document.sections} == {"某某证券研究所"}


@pytest.mark.parametrize("content", [b"", b"not a document"])
def test_template_that_is_no_document_is_refused(
    small: PrintedPack, word: Print, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "team.docx"
    path.write_bytes(content)
    with pytest.raises(TemplateError, match="cannot be opened"):
        word(small, templates=Templates(docx=path))


def test_file_holds_no_link_to_the_outside(small: PrintedPack, tmp_path: Path) -> None:
    render_docx(small, tmp_path / "pack.docx")
    with zipfile.ZipFile(tmp_path / "pack.docx") as package:
        parts = [
            package.read(name).decode() for name in package.namelist() if name.endswith(".rels")
        ]
    assert 'TargetMode="External"' not in "".join(parts)
