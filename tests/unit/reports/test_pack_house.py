"""The house file: what it changes in every format, and how it is refused."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.reports.pack_rows import Tables
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.composing.context import header_text
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.pages.render_html import render_html
from yanbao.reporting.printed.pack import PrintedPack
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_logo import LARGEST
from yanbao.reporting.styling.house_style import (
    DEFAULT_FILE,
    Colours,
    HouseStyle,
    HouseStyleError,
    load_house_style,
)
from yanbao.reporting.styling.number_policy import NumberPolicy

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
    + struct.pack(">II", 120, 40)
    + b"\x08\x06\x00\x00\x00....\x00\x00\x00\x00IEND\xaeB`\x82"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h9v9z"/>{}</svg>'
)


@pytest.fixture
def house_file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "desk.yml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_shipped_house_holds_the_defaults() -> None:
    assert load_house_style() == HouseStyle()
    assert load_house_style(DEFAULT_FILE) == HouseStyle()


def test_empty_house_is_the_default(house_file: Callable[[str], Path]) -> None:
    assert load_house_style(house_file("")) == HouseStyle()


def test_house_states_only_what_differs(house_file: Callable[[str], Path]) -> None:
    path = house_file(
        "fonts: {page: [Source Han Sans SC], office: 宋体}\n"
        "colours: {up: '#FF0000', series: ['#111111', '#222222']}\n"
        "numbers: {amounts: wan, negative_pe: word}\n"
        "analysts: [{name: 样例甲, licence: S0000000000001, email: jia@example.com}]\n"
        "watermark: 草稿\naudience: external\nheader_style: terminal\n"
    )
    house = load_house_style(path)
    assert house.font_stack == "Source Han Sans SC, sans-serif"
    assert house.fonts.office == "宋体"
    assert house.colours == Colours(up="#ff0000", series=("#111111", "#222222"))
    assert house.numbers == NumberPolicy(amounts="wan", negative_pe="word")
    assert house.analyst_lines == (
        "分析师：样例甲 执业证书编号：S0000000000001 jia@example.com",
    )
    assert (house.watermark, house.audience, house.header_style) == (
        "草稿",
        "external",
        "terminal",
    )
    assert house.disclaimer == HouseStyle().disclaimer


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("colour: {}", r"desk\.yml: no key is called 'colour' → did you mean colours\?"),
        ("colours: {up: red}", r"desk\.yml: colours\.up: 'red' is no colour → write it as"),
        ("colours: {series: ['#12345']}", r"colours\.series\[0\]: '#12345' is no colour"),
        ("fonts: {page: ['x; } body{']}", r"fonts\.page\[0\]: 'x; } body\{' is no font family"),
        ("fonts: [a]", r"desk\.yml: fonts: a mapping is expected"),
        ("numbers: {amounts: 亿}", r"numbers\.amounts: no amounts is called '亿' → known:"),
        ("numbers: {negative_pe: dsah}", r"did you mean dash\?"),
        ("audience: all", r"audience: no audience is called 'all'"),
        ("logo: gone.png", r"logo: there is no file 'gone\.png' → paths are relative"),
        ("templates: {docx: gone.docx}", r"templates\.docx: there is no file 'gone\.docx'"),
        ("analysts: [{licence: S1}]", r"analysts\[0\]: the key 'name' is missing"),
        ("analysts: [{name: 甲, email: a b@c}]", r"analysts\[0\]\.email: 'a b@c' is no e-mail"),
        ("watermark: 7", r"watermark: a text is expected, not 7"),
        ("a: b: c", r"desk\.yml:1: mapping values are not allowed here"),
        ("- a", r"desk\.yml: a mapping is expected here"),
    ],
)
def test_house_is_refused_with_file_key_value_and_hint(
    house_file: Callable[[str], Path], text: str, refusal: str
) -> None:
    with pytest.raises(HouseStyleError, match=refusal) as caught:
        load_house_style(house_file(text))
    assert "\n" not in caught.value.line()


def test_missing_house_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HouseStyleError, match="there is no such house file → give a YAML file"):
        load_house_style(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("name", "data", "size"),
    [
        ("logo.png", PNG, (120.0, 40.0)),
        ("logo.svg", SVG.format("").encode(), (120.0, 40.0)),
        (
            "logo.svg",
            b'<svg xmlns="http://www.w3.org/2000/svg" width="3cm" height="1cm"/>',
            (3.0, 1.0),
        ),
    ],
)
def test_logo_keeps_its_proportions(
    house_file: Callable[[str], Path], name: str, data: bytes, size: tuple[float, float]
) -> None:
    path = house_file(f"logo: {name}")
    (path.parent / name).write_bytes(data)
    logo = load_house_style(path).logo
    assert logo is not None
    assert (logo.width, logo.height) == size
    assert logo.data_uri.startswith("data:image/")


@pytest.mark.parametrize(
    ("name", "data", "refusal"),
    [
        ("logo.png", PNG + b"\0" * LARGEST, "bytes, a logo at most"),
        ("logo.png", PNG[:20], "damaged PNG"),
        ("logo.png", PNG.replace(struct.pack(">I", 120), struct.pack(">I", 9999)), "9999×40"),
        ("logo.gif", b"GIF89a", "neither PNG nor SVG"),
        ("logo.svg", b"<svg", "is no SVG"),
        ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "says no size"),
        ("logo.svg", b"<!DOCTYPE svg []><svg/>", "declares a document type"),
        ("logo.svg", SVG.format("<script>alert(1)</script>").encode(), "holds <script>"),
        ("logo.svg", SVG.format("<path onclick='alert(1)'/>").encode(), "attribute onclick"),
        ("logo.svg", SVG.format("<a href='http://example.com'/>").encode(), "refers elsewhere"),
        ("logo.svg", SVG.format("<path fill='url(http://x)'/>").encode(), "refers elsewhere"),
        ("logo.svg", SVG.format("<style>@import url(x)</style>").encode(), "holds <style>"),
    ],
)
def test_logo_that_is_no_plain_picture_is_refused(
    house_file: Callable[[str], Path], name: str, data: bytes, refusal: str
) -> None:
    path = house_file(f"logo: {name}")
    (path.parent / name).write_bytes(data)
    with pytest.raises(HouseStyleError, match=rf"desk\.yml: logo: .*{refusal}"):
        load_house_style(path)


VALUATION = """
keys: {index_changes: [index_code], theme_fund_returns: [fund_code]}
items:
  - {sentence: '{pe}', facts: {pe: {value: pe_ttm, mart: index_changes,
     where: {index_code: SPX.GI}}}}
  - {table: index_changes, title: 估值, columns: [index_name, pe_ttm]}
  - {table: theme_fund_returns, title: 规模, columns: [fund_name, fund_size]}
  - {table: theme_fund_returns, title: 规模, columns: [fund_name,
     {column: fund_size, scale: yi}]}
  - {chart: bar, mart: index_changes, title: 估值, x: index_name, y: pe_ttm}
"""


@pytest.fixture
def losing(
    make_release: Callable[..., ReleaseReader],
    tables: Tables,
    make_pack: Callable[[str], PackSpec],
) -> Callable[[HouseStyle], PrintedPack]:
    tables["index_changes"][0]["pe_ttm"] = -24.82
    release, pack = make_release(tables), make_pack(VALUATION)
    return lambda house: compose(pack, release, house=house)


@pytest.mark.parametrize(
    ("policy", "text"), [("print", "-24.82"), ("dash", "–"), ("word", "亏损")]
)
def test_negative_pe_prints_as_the_house_says_everywhere(
    losing: Callable[[HouseStyle], PrintedPack], policy: str, text: str
) -> None:
    pack = losing(HouseStyle(numbers=NumberPolicy(negative_pe=policy)))  # type: ignore[arg-type]
    cell = pack.tables[0].rows[0].cells[1]
    sentence = next(item for item in pack.items if not hasattr(item, "number"))
    assert cell.text == pack.charts[0].points[0].cell.text == text
    assert sentence.text == (f"{text}倍" if policy == "print" else text)
    assert (cell.number is None) == (policy != "print")
    assert cell.trace is not None
    assert cell.trace.raw == -24.82
    said = f"市盈率为负时以“{text}”表示。" in pack.tables[0].notes
    assert said == (policy != "print")
    assert pack.tables[0].rows[1].cells[1].text == "39.60"


@pytest.mark.parametrize(
    ("amounts", "header", "text"),
    [("dictionary", "(亿元)", "5.14"), ("yi", "(亿元)", "5.14"), ("wan", "(万元)", "51400")],
)
def test_amounts_print_in_the_scale_of_the_house(
    losing: Callable[[HouseStyle], PrintedPack], amounts: str, header: str, text: str
) -> None:
    house = HouseStyle(numbers=NumberPolicy(amounts=amounts))  # type: ignore[arg-type]
    by_house, by_pack = losing(house).tables[1:]
    assert by_house.headers[1].text.endswith(header)
    assert by_house.rows[0].cells[1].text == text
    assert by_pack.rows[0].cells[1].text == "5.14"


@given(
    usual=st.sampled_from(["wan", "million", "yi", "wanyi"]),
    decimals=st.integers(0, 4),
    amounts=st.sampled_from(["wan", "yi"]),
)
def test_a_scale_never_asks_for_more_digits_than_the_amount_has(
    usual: str, decimals: int, amounts: str
) -> None:
    scale, moved = NumberPolicy(amounts=amounts).scale(usual, decimals)  # type: ignore[arg-type]
    assert scale == amounts
    assert 0 <= moved <= 4


def test_terminal_headers_put_each_part_on_its_line() -> None:
    text = header_text("收盘价", "元", "2024-10-18", dated="交易日", style="terminal")
    assert text == "收盘价\n[交易日] 2024-10-18\n[单位] 元"
    assert header_text("收盘价", "元", "2024-10-18") == "收盘价 2024-10-18 (元)"


@pytest.mark.parametrize(
    ("up", "down", "legend"),
    [
        ("#c8232c", "#12803c", "红色为涨，绿色为跌"),
        ("#12803c", "#c8232c", "绿色为涨，红色为跌"),
        ("#1f5fbf", "#777777", "蓝色为涨，灰色为跌"),
        ("#e07b00", "#a0208f", "橙色为涨，紫色为跌"),
        ("#d0003f", "#00a0b0", "红色为涨，青色为跌"),
    ],
)
def test_legend_names_the_colours_of_the_house(up: str, down: str, legend: str) -> None:
    assert Colours(up=up, down=down).legend == legend


def test_footer_names_the_run_and_the_days_behind_the_numbers(release: ReleaseReader) -> None:
    footer = compose(load_pack("galaxy-weekly"), release).footer
    assert dict(footer.entries) == {
        "分发范围": "内部使用",
        "报告日": "2024-10-18",
        "知悉截至": "全部已知信息",
        "发布编号": "20241018T200000-abc123",
        "数据来源": "本机导入",
        "生成时间": "2024-10-18 20:00（北京时间）",
        "行情日": "2024-10-17 至 2024-10-18",
        "净值日": "2024-06-28 至 2024-10-17",
        "规模日": "2024-09-30",
        "汇率与利率日": "2024-10-18",
    }
    assert "发布编号 20241018T200000-abc123" in footer.line


def test_page_wears_the_house(
    losing: Callable[[HouseStyle], PrintedPack],
    house_file: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    path = house_file(
        "logo: logo.svg\nwatermark: 草稿\ndisclaimer: 仅供<b>内部</b>\n"
        "colours: {up: '#aa0011'}\nanalysts: [{name: <i>甲</i>}]\n"
    )
    (tmp_path / "logo.svg").write_text(SVG.format(""))
    page = tmp_path / "page.html"
    render_html(losing(load_house_style(path)), page)
    text = page.read_text(encoding="utf-8")
    for wanted in (
        "--up:#aa0011",
        '<div class="watermark" aria-hidden="true">草稿</div>',
        'src="data:image/svg+xml;base64,',
        "仅供&lt;b&gt;内部&lt;/b&gt;",
        "分析师：&lt;i&gt;甲&lt;/i&gt;",
    ):
        assert wanted in text
