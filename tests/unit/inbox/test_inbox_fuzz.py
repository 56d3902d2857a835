"""Files that nobody made on purpose: each is read or refused, and no number is another one.

``make fuzz`` reads more of them: so many of each kind as ``FUZZ_FILES`` says.
"""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import BY_NAME
from yanbao.inbox.quarantine import summarise, write_quarantine
from yanbao.inbox.reading import ReadFile, read_file

TODAY = date(2024, 11, 1)
FILES = int(os.environ.get("FUZZ_FILES", "100"))
CODES = (
    "General", "0.00", "0.0%", '0.0"万"', '0\\.0,"万"', "0\\.0,", '#,##0,"K"', ";;;", "@",
    "yyyy-mm-dd", "h:mm", "[Red]0;[Blue]-0", '0;-0;"-"', "[>=1e4]0!.0,\"万\";0", "0_)*", "[",
    '"', "\\", "0;;;@\"x\"", "#,##0.00_);(#,##0.00)", "[$¥-804]0.0", "e+00", "[>", "0,0,0,,",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    1234567, 123.4, 0, -5.5, 1e300, -1e300, 1e-300, 45596, -1, 2958466, 7.1, "7.1", "万", "",
    "=1+1", "#REF!", "样例", "2024-10-31", True, "1,234", "5%", "\u200b7.2", "x" * 40_000,
)  # fmt: skip
CELL, VALUE = re.compile(rb"<c [^>]*>.*?</c>"), re.compile(rb"<v>[^<]*</v>")
STYLE, KIND = re.compile(rb' s="\d+"'), re.compile(rb' t="\w+"')
PIECES = (
    b'<v>NaN</v>', b'<v>inf</v>', b'<v>-</v>', b'<v></v>', b'<v>1e400</v>', b'<v>99999999</v>',
)  # fmt: skip
MERGES = (b"A1:C1", b"A2:B9", b"ZZZ1:A1")


def _flipped(rng: random.Random, data: bytes) -> bytes:
    """Some bytes changed, taken out or doubled."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(changed) or 1)
        piece = rng.choice([b"", b"\0", b'"', b",", b"\n", b"\xff", b"\xc9\xcf", b";", b"\t"])
        changed[at : at + rng.randint(0, 2)] = piece
    return bytes(changed)


def _one_of(rng: random.Random, name: bytes) -> bytes:
    """Another kind of cell, or none."""
    return rng.choice([b"", *(name + kind for kind in (b'"s"', b'"d"', b'"e"', b'"str"'))])


def _merged(rng: random.Random, xml: bytes) -> bytes:
    merge = b'<mergeCells><mergeCell ref="%s"/></mergeCells>' % rng.choice(MERGES)
    return xml.replace(b"</sheetData>", b"</sheetData>" + merge)


Change = Callable[[random.Random, bytes], bytes]
CHANGES: tuple[Change, ...] = (
    _flipped,
    _merged,
    lambda _, xml: xml,
    lambda _, xml: xml.replace(b'formatCode="', b'formatCode="[', 1),
    lambda _, xml: xml.replace(b"<cellXfs", b"<cellXf_", 1),
    lambda rng, xml: xml[: rng.randrange(len(xml))],
    lambda rng, xml: CELL.sub(b"", xml, count=rng.randint(1, 5)),
    lambda rng, xml: VALUE.sub(rng.choice(PIECES), xml, count=rng.randint(1, 9)),
    lambda rng, xml: STYLE.sub(b' s="%d"' % rng.choice([0, 1, 99, 10**9]), xml),
    lambda rng, xml: KIND.sub(_one_of(rng, b" t="), xml),
    lambda rng, xml: xml.replace(b'r="C', b'r="' + rng.choice([b"B", b"XFE", b"D"]), 1),
)


def _workbook(rng: random.Random) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        page = book.add_worksheet()
        formats = [book.add_format({"num_format": rng.choice(CODES)}) for _ in range(12)]
        for column, name in enumerate(("pair", "fixing_date", "rate", "source_note")):
            page.write(0, column, name)
        for row in range(1, rng.randint(2, 12)):
            page.write(row, 0, "USDCNY")
            page.write(row, 1, f"2024-10-{row:02}")
            page.write(row, 2, rng.choice(VALUES), rng.choice(formats))
            page.write(row, 3, rng.choice(VALUES), rng.choice(formats))
    return buffer.getvalue()


def _changed(rng: random.Random, data: bytes) -> bytes:
    """The workbook with one of its parts changed."""
    part = rng.choice(["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, rng.choice(CHANGES)(rng, content) if name == part else content)
    return buffer.getvalue()


def _csv(rng: random.Random) -> bytes:
    mark = rng.choice(",,;\t|")
    rows = [["pair", "fixing_date", "rate", "source_note"]]
    cells = ["7.1", "7,1", "1,234", '="7.1"', "'7.1", "样例", '"', "\ufffd", "å…¬å¸", ""]
    for day in range(1, rng.randint(2, 12)):
        rows.append(["USDCNY", f"2024-10-{day:02}", *(rng.choice(cells) for _ in range(2))])
    text = rng.choice(["", f"sep={mark}\n", "\n\n"])
    text += "".join(mark.join(row) + rng.choice(["\n", "\r\n", "\r"]) for row in rows)
    data = text.encode(
        rng.choice(["utf-8", "utf-8-sig", "gb18030", "big5", "cp932"]), "replace"
    )
    return data if rng.random() < 0.5 else _flipped(rng, data)


def _explain(error: FileRefusedError) -> None:
    assert error.hint
    assert "\n" not in error.line()


def _read(path: Path) -> ReadFile | None:
    """Everything that becomes of a file, up to what goes back to the person."""
    try:
        read = read_file(path, BY_NAME["fx_fixings"], today=TODAY)
    except FileRefusedError as error:
        _explain(error)
        return None
    write_quarantine(path.parent / "q", path.stem, read, path)
    assert all(cell.hint for cell in read.quarantined)
    assert len(summarise(read)) <= max(len(read.quarantined), 1)
    return read


@pytest.mark.parametrize("seed", range(FILES))
def test_a_workbook_of_chance_is_read_as_stored_or_refused(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same files each time
    path = tmp_path / "x.xlsx"
    path.write_bytes(_changed(rng, _workbook(rng)))
    if read := _read(path):
        known = {Decimal(repr(float(v))) for v in VALUES if isinstance(v, int | float)}
        known |= {Decimal("99999999"), Decimal("7.2"), Decimal("0.05")}
        known |= {number * 10_000 for number in known}
        for cell in read.table.column("rate").to_pylist():
            assert Decimal(cell) in known or 0 <= Decimal(cell) <= 30, cell


@pytest.mark.parametrize("seed", range(FILES))
def test_a_csv_of_chance_is_read_as_written_or_refused(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same files each time
    path = tmp_path / "x.csv"
    data = _csv(rng)
    path.write_bytes(data)
    if read := _read(path):
        for cell in read.table.column("rate").to_pylist():
            assert cell.encode() in data
        notes = "".join(str(row.get("source_note")) for row in read.table.to_pylist())
        assert "\ufffd" not in notes
