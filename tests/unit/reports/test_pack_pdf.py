"""PDF: every number, embedded fonts, true page numbers, a mark on every page of samples."""

from __future__ import annotations

import html
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from tests.unit.reports.pack_rows import MARTS, Tables
from yanbao.reporting.build import NotPrintedError, build_pack
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.pages import render_pdf as module
from yanbao.reporting.pages.page_fit import PORTRAIT, fit_of, table_width
from yanbao.reporting.pages.render_pdf import PdfError, render_pdf
from yanbao.reporting.printed.pack import PrintedPack, PrintedTable
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import HouseStyle

pytestmark = [pytest.mark.pdf, pytest.mark.fonts]

NAMES = ("=1+1", "@SUM(1)", "<script>alert(1)</script>", "</script>", "</td></table>")
PACK = """
keys: {index_changes: [index_code], company_changes: [code], theme_fund_returns: [fund_code],
       llm_leaderboard: [board, category, leaderboard_date, model]}
items:
  - {sentence: '截至{as_of_cn}'}
  - table: index_changes
    title: 指数
    columns: [index_name, index_code, close, change_this_week, change_last_week, pe_ttm]
  - {chart: bar, mart: index_changes, title: 指数本周, x: index_name, y: change_this_week}
  - table: company_changes
    title: 长表
    columns: [company, code, close, change_week, change_month, change_ytd]
  - table: theme_fund_returns
    title: 基金
    columns: [fund_name, fund_code, fund_size, nav, nav_on, return_1m, return_3m]
"""


@dataclass(frozen=True)
class Paper:
    """A printed pack and the file it was printed to, read back by poppler."""

    pack: PrintedPack
    path: Path

    def tool(self, name: str, *options: str) -> str:
        command = [name, *options, str(self.path)]
        # pdftotext writes to its second file name.
        command += ["-"] if name == "pdftotext" else []
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    @cached_property
    def pages(self) -> list[str]:
        return pages_of(self.path)


def pages_of(path: Path) -> list[str]:
    command = ["pdftotext", "-raw", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def paper(
    module_release: Callable[..., ReleaseReader],
    make_pack: Callable[[str], PackSpec],
    tmp_path_factory: pytest.TempPathFactory,
) -> Paper:
    """A sample with hostile names, stale data, and a table of three pages."""
    tables = {mart: rows() for mart, rows in MARTS.items()}
    for row, name in zip(tables["index_changes"], NAMES):
        row["index_name"] = name
    company = tables["company_changes"][0]
    tables["company_changes"] = [
        {**company, "code": f"{900_000 + number}.SH", "company": f"样例{number}"}
        for number in range(90)
    ]
    stale = [{"dataset": "fund_navs", "last_good": "2024-10-16", "reason": "未更新"}]
    release = module_release(tables, source_mode="sample", manifest={"stale": stale})
    pack = compose(make_pack(PACK), release, house=HouseStyle(watermark="草稿"))
    path = tmp_path_factory.mktemp("pdf") / "pack.pdf"
    render_pdf(pack, path)
    return Paper(pack, path)


def test_every_font_is_embedded_and_subset(paper: Paper) -> None:
    rows = [line.split() for line in paper.tool("pdffonts").splitlines()[2:]]
    assert rows
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}
    assert any("CJK" in row[0] for row in rows)
    assert paper.path.stat().st_size < 500_000


def test_cells_of_every_table_stand_on_the_page_in_order(paper: Paper) -> None:
    text = squeezed("".join(paper.pages))
    for table in paper.pack.tables:
        for row in table.rows:
            printed = "".join(cell.text + cell.mark for cell in row.cells)
            assert squeezed(printed) in text
        assert all(squeezed(note) in text for note in table.notes)


def test_labels_of_every_chart_stand_on_the_page(paper: Paper) -> None:
    text = squeezed("".join(paper.pages))
    points = [point for chart in paper.pack.charts for point in chart.points]
    assert points
    assert all(squeezed(point.text) in text for point in points)


def test_sample_mark_release_and_page_number_stand_on_every_page(paper: Paper) -> None:
    assert len(paper.pages) > 3
    for number, page in enumerate(paper.pages, start=1):
        assert f"样例{paper.pack.manifest.as_of}" in squeezed(page)
        assert f"{number}/{len(paper.pages)}" in squeezed(page)
        assert squeezed(paper.pack.footer.line) in squeezed(page)
        assert squeezed(paper.pack.house.disclaimer_line) in squeezed(page)
        assert "草稿" in squeezed(page)


def test_contents_give_the_page_on_which_each_caption_stands(paper: Paper) -> None:
    front, *body = [squeezed(page) for page in paper.pages]
    captions = [squeezed(item.caption) for item in (*paper.pack.tables, *paper.pack.charts)]
    for caption in captions:
        stated = re.search(rf"{re.escape(caption)}\.+(\d+)", front)
        assert stated
        assert caption in body[int(stated.group(1)) - 2]
    assert len(captions) == 4


def test_header_of_a_long_table_repeats_and_no_row_is_split(paper: Paper) -> None:
    table = paper.pack.tables[1]
    header = squeezed("".join(header.text for header in table.headers))
    with_rows = [page for page in paper.pages if re.search(r"9000\d\d\.SH", page)]
    assert len(with_rows) > 1
    assert all(header in squeezed(page) for page in with_rows)
    pages = [squeezed(page) for page in paper.pages]
    for row in table.rows:
        line = squeezed("".join(cell.text for cell in row.cells))
        assert sum(line in page for page in pages) == 1


def test_stale_data_and_dashes_are_explained_on_paper(paper: Paper) -> None:
    text = squeezed("".join(paper.pages))
    assert "数据未更新：fund_navs：最近一次合格数据2024-10-16（未更新）" in text
    assert "*数据未更新（最后净值早于报告日十天以上）：样例停更基金" in text
    assert "–表示无可用数据" in text


def test_hostile_names_are_plain_text_on_paper(paper: Paper) -> None:
    text = squeezed("".join(paper.pages))
    assert all(name in text for name in NAMES)
    assert paper.tool("pdfinfo", "-js").strip() == ""
    links = paper.tool("pdfinfo", "-url").splitlines()[1:]
    assert not [line for line in links if "http" in line or "file:" in line]


def test_bookmarks_lead_to_sections_tables_and_charts(paper: Paper) -> None:
    command = ["pdftohtml", "-xml", "-i", "-stdout", str(paper.path)]
    read = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    outline = squeezed(html.unescape(read.partition("<outline>")[2]))
    captions = [item.caption for item in (*paper.pack.tables, *paper.pack.charts)]
    assert all(squeezed(name) in outline for name in ("试验", *captions))


def test_same_pack_gives_the_same_pdf(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    one, two = (
        build_pack(small_pack, release, tmp_path / name, ("pdf",))["pdf"] for name in "ab"
    )
    assert one.read_bytes() == two.read_bytes()


def test_character_without_a_glyph_is_spelled_out(
    make_release: Callable[..., ReleaseReader], tables: Tables, small_pack: str, tmp_path: Path
) -> None:
    tables["index_changes"][0]["index_name"] = "指数\U000f1234"
    path = build_pack(small_pack, make_release(tables), tmp_path / "out", ("pdf",))["pdf"]
    assert "指数[U+F1234]" in squeezed("".join(pages_of(path)))


def test_missing_chinese_font_refuses_pdf_and_prints_the_rest(
    release: ReleaseReader, small_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_print", lambda *_: (b"", frozenset(map(ord, "指数"))))
    with pytest.raises(NotPrintedError, match="pdf: no installed font has the characters") as e:
        build_pack(small_pack, release, tmp_path / "out", ("pdf", "html"))
    assert "apt-get install fonts-noto-cjk" in e.value.line()
    assert e.value.line().endswith("; printed: html")
    assert [path.suffix for path in (tmp_path / "out").iterdir()] == [".html"]


def test_missing_pango_is_named_with_what_to_install(
    release: ReleaseReader, small_pack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "lacking_library", lambda: "libpango-1.0-0")
    with pytest.raises(NotPrintedError) as caught:
        build_pack(small_pack, release, tmp_path / "out", ("pdf",))
    assert isinstance(caught.value.__cause__, PdfError)
    assert (
        "the library libpango-1.0-0 is not installed → Debian: apt-get" in caught.value.line()
    )


def widened(table: PrintedTable, times: int) -> PrintedTable:
    rows = tuple(replace(row, cells=row.cells * times) for row in table.rows)
    return replace(table, headers=table.headers * times, rows=rows)


def test_wide_table_is_set_smaller_and_then_on_a_wide_page(
    paper: Paper, tmp_path: Path
) -> None:
    table = paper.pack.tables[0]
    fits = [fit_of(widened(table, times)) for times in range(1, 5)]
    assert fits[0] == ""
    assert fits[-1] == "wide"
    assert fits == sorted(fits, key=["", "tight", "wide"].index)
    broad = widened(table, fits.index("wide") + 1)
    section = replace(paper.pack.sections[0], items=(broad,))
    path = tmp_path / "wide.pdf"
    render_pdf(replace(paper.pack, sections=(section,)), path)
    sheet = Paper(paper.pack, path)
    sizes = re.findall(
        r"Page +\d+ size: +([\d.]+) x ([\d.]+)", sheet.tool("pdfinfo", "-l", "9")
    )
    across = [number for number, (width, height) in enumerate(sizes) if width > height]
    assert across
    # The section's heading goes with its table; nothing stands alone on a page before it.
    assert "试验" in squeezed(sheet.pages[across[0]]).removeprefix("试验")


def test_no_cell_of_a_table_runs_out_of_the_page(paper: Paper) -> None:
    box = re.compile(r'<word xMin="([\d.]+)" .* xMax="([\d.]+)" ')
    found = box.findall(paper.tool("pdftotext", "-bbox"))
    # A4 is 595 points wide, its margins here are 15 mm.
    assert found
    assert min(float(left) for left, _ in found) > 40
    assert max(float(right) for _, right in found) < 595 - 40
    assert all(table_width(table, 11.4) <= PORTRAIT for table in paper.pack.tables)
