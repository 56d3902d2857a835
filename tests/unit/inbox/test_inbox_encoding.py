"""Encodings are decided once, recorded, and damage stays with its line."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.encoding import detect, lines_of
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
HEADER = "code,name\n"
ROWS = [f"60000{n}.SH,样例科技第{n}号\n" for n in range(5)]
TEXT = HEADER + "".join(ROWS)


@pytest.mark.parametrize(
    ("codec", "recorded"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-bom"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_the_encoding_is_detected_and_recorded(read: Reader, codec: str, recorded: str) -> None:
    result = read("securities.csv", TEXT.encode(codec))
    assert result.encoding == recorded
    assert result.table.column("name").to_pylist()[4] == "样例科技第4号"
    assert result.quarantined == ()


def test_a_gb18030_line_in_a_utf8_file_is_quarantined_with_its_byte(read: Reader) -> None:
    lines = [HEADER.encode(), *(row.encode() for row in ROWS)]
    lines[3] = "600009.SH,样例\n".encode("gb18030")
    result = read("securities.csv", b"".join(lines))
    assert (result.encoding, result.table.num_rows) == ("utf-8", 4)
    (cell,) = result.quarantined
    assert (cell.row, cell.rule) == (4, "undecodable")
    assert cell.value == r"600009.SH,\xd1\xf9\xc0\xfd"
    offset = sum(len(line) for line in lines[:3]) + len("600009.SH,")
    assert f"byte {offset:,} " in cell.hint
    assert 4 not in result.table.column("_row").to_pylist()


def test_a_gb18030_file_stays_one_when_a_line_is_damaged_or_utf8(read: Reader) -> None:
    lines = [HEADER.encode(), *(row.encode("gb18030") for row in ROWS)]
    lines[2] = ROWS[1].encode()
    lines[4] = b"600008.SH,\xff\xff\n"
    result = read("securities.csv", b"".join(lines))
    assert result.encoding == "gb18030"
    assert [(c.row, c.rule) for c in result.quarantined] == [
        (3, "undecodable"),
        (5, "undecodable"),
    ]
    assert result.rows_in == 5


def test_a_utf8_line_in_a_gb18030_file_is_reported_and_quarantined(read: Reader) -> None:
    lines = [HEADER.encode(), *(row.encode("gb18030") for row in ROWS)]
    lines[2] = "600001.SH,样例\n".encode()
    result = read("securities.csv", b"".join(lines))
    (cell,) = result.quarantined
    assert (result.encoding, cell.row, cell.rule) == ("gb18030", 3, "garbled")
    assert result.warnings == (
        "the file was read as gb18030, but 1 of its lines are valid UTF-8 too;"
        " look for garbled text",
    )


def test_a_mark_decides_even_when_most_lines_are_damaged() -> None:
    damaged = b"\xef\xbb\xbf" + "样例\n".encode() + "样例科技\n".encode("gb18030") * 3
    found = detect(damaged)
    assert found.name == "utf-8-bom"
    kinds = [type(line).__name__ for line in lines_of(damaged, found)]
    assert kinds == ["str", "Undecodable", "Undecodable", "Undecodable"]


def test_an_undecodable_header_refuses_the_file(read: Reader) -> None:
    content = b"code,name,\xff\xff\n" + "".join(ROWS).encode()
    with pytest.raises(
        FileRefusedError, match=r"the header \(line 1\) cannot be read: undecodable"
    ):
        read("securities.csv", content)


def test_lines_end_at_line_feeds_and_carriage_returns_only() -> None:
    text = "a\u2028b\x0b\x0c\x85,c\r\nd\re\n"
    data = text.encode()
    assert list(lines_of(data, detect(data))) == [
        "a\u2028b\x0b\x0c\x85,c\r\n",
        "d\r",
        "e\n",
    ]
    damaged = data + b"\xff\n"
    assert [str(line)[:1] for line in lines_of(damaged, detect(damaged))] == [
        "a",
        "d",
        "e",
        "U",
    ]
