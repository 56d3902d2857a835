"""Text of other encodings, and what is no text, is refused; what people write is not."""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.catalog.garbled import GARBLED
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
CHINESE = "样例科技股份有限公司"
TRADITIONAL = ["騰訊控股有限公司", "阿里巴巴集團", "臺灣積體電路製造股份有限公司", "聯發科技"]
JAPANESE = ["ソニーグループ株式会社", "トヨタ自動車", "任天堂"]
KOREAN = ["삼성전자", "에스케이하이닉스", "네이버", "카카오"]


def is_garbled(text: str) -> bool:
    query = "select regexp_matches(?, ?)"
    found = duckdb.execute(query, [text, GARBLED]).fetchone()
    return bool(found and found[0])


@pytest.mark.parametrize("text", [CHINESE, "公司", "中国联通", "代码", "上证指数"])
@pytest.mark.parametrize(
    ("written", "read"),
    [("utf-8", "cp1252"), ("utf-8", "latin-1"), ("gbk", "latin-1"), ("utf-8", "gb18030")],
)
@pytest.mark.parametrize("errors", ["replace", "ignore"])
def test_text_read_in_another_encoding_is_garbled(
    text: str, written: str, read: str, errors: str
) -> None:
    assert is_garbled(text.encode(written).decode(read, errors))


@pytest.mark.parametrize(
    "text", ["a\x00b", "\x1b$B", "a\x85b", "坏\ufffd", "\ue5e5", "锟斤拷", "~{<:Ky~}", "å…¬å¸"]
)
def test_what_is_no_text_is_garbled(text: str) -> None:
    assert is_garbled(text)


@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        *TRADITIONAL,
        *JAPANESE,
        *KOREAN,
        "Société Générale",
        "Straße «x»",
        "25 °C ±3 · ×2",
        "····",
        "x²y³½",
        "São Paulo, Ærø",
        "🙂 A+轮 (超额)",
        "a\tb\nc",
        "浏阳河 浔兴股份 弩箭",
        "~{}",
    ],
)
def test_what_people_write_is_not_garbled(text: str) -> None:
    assert not is_garbled(text)


def names(texts: list[str], codec: str) -> bytes:
    rows = "".join(f"60000{n}.SH,{text}\n" for n, text in enumerate(texts))
    return ("code,name\n" + rows).encode(codec)


@pytest.mark.parametrize(
    ("texts", "codec", "said"),
    [
        (TRADITIONAL, "big5", "in Big5"),
        (JAPANESE, "cp932", "in Shift-JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (KOREAN, "euc_kr", "in EUC-KR"),
        ([CHINESE], "hz", "in HZ"),
        ([CHINESE], "utf-7", "in UTF-7"),
        (JAPANESE, "iso2022_jp", "in ISO-2022"),
        ([CHINESE], "utf-16-le", "NUL bytes"),
    ],
)
def test_a_file_in_another_encoding_is_refused_by_its_name(
    read: Reader, texts: list[str], codec: str, said: str
) -> None:
    with pytest.raises(FileRefusedError, match=f"{said}.* → save it as CSV UTF-8"):
        read("securities.csv", names(texts, codec))


@pytest.mark.parametrize(
    ("texts", "codec"),
    [
        ([CHINESE], "gbk"),
        (["喆垚"], "gb18030"),
        (TRADITIONAL, "gbk"),
        (["A+B-C", "x+net-y", "5G+car-based", "C+hardware-x"], "ascii"),
    ],
)
def test_a_file_in_its_encoding_is_read(read: Reader, texts: list[str], codec: str) -> None:
    result = read("securities.csv", names(texts, codec))
    assert result.table.column("name").to_pylist() == texts


def test_a_garbled_cell_is_quarantined_with_what_to_do(read: Reader) -> None:
    rows = names([CHINESE] * 9 + [CHINESE.encode().decode("gbk", "ignore")], "utf-8")
    (cell,) = read("securities.csv", rows).quarantined
    assert (cell.row, cell.column, cell.rule) == (11, "name", "garbled")
    assert "export it again as CSV UTF-8" in cell.hint


def test_characters_without_a_width_are_no_part_of_a_cell(read: Reader) -> None:
    text = (
        "code,name\n\u200b600001.SH,样\u200b例\u00ad科技\ufeff\n\u202a600002.SH\u202c,\u200b\n"
    )
    result = read("securities.csv", text)
    assert result.table.column("code").to_pylist() == ["600001.SH"]
    assert result.table.column("name").to_pylist() == ["样例科技"]
    assert [(cell.row, cell.rule) for cell in result.quarantined] == [(3, "required")]
