"""Mapping files: what they may say, and what they do to a vendor's export."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.inbox.code_repair import repair_code
from yanbao.inbox.mapping_file import load_mapping, parse_mapping
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
VENDOR = """\
dataset: a_share_bars
header_row: 3
columns:
  证券代码: code
  日期: trade_date
  收盘价: close
  成交额(亿元): amount_cny
constants:
  adjustment: none
units:
  amount_cny: 100000000
pad_codes: true
code_suffix: a_share
date_format: '%Y/%m/%d'
"""


def test_a_vendor_export_becomes_the_import_format(read: Reader) -> None:
    content = (
        "行情导出\n,,,\n证券代码,日期,收盘价,成交额(亿元),备注\n"
        "1,2024/10/31,11.37,17.3,x\n600519,2024-10-30,1530,3.7,\n"
    )
    result = read("导出.csv", content.encode("gb18030"), mapping=VENDOR)
    assert result.quarantined == ()
    assert result.table.to_pylist() == [
        {
            "code": "000001.SZ",
            "trade_date": "2024-10-31",
            "close": "11.37",
            "amount_cny": "1730000000",
            "adjustment": "none",
            "_row": 4,
        },
        {
            "code": "600519.SH",
            "trade_date": "2024-10-30",
            "close": "1530",
            "amount_cny": "370000000",
            "adjustment": "none",
            "_row": 5,
        },
    ]
    assert (result.mapping.name, result.ignored_columns) == ("own", ("备注",))


def test_what_a_mapping_cannot_repair_is_quarantined_as_received(read: Reader) -> None:
    content = (
        "a\n\n证券代码,日期,收盘价,成交额(亿元)\n"
        "X1,2024/10/31,1,1\n000002,31.10.2024,1,1\n000003,2024/10/31,1,1_0\n"
        + "".join(f"{n},2024/10/31,1,1\n" for n in range(10, 30))
    )
    result = read("导出.csv", content, mapping=VENDOR)
    assert [(c.row, c.column, c.value, c.rule) for c in result.quarantined] == [
        (4, "code", "X1", "code_pattern"),
        (5, "trade_date", "31.10.2024", "type"),
        (6, "amount_cny", "1_0", "type"),
    ]


def test_numbers_codes_and_days_of_a_parquet_file_are_mapped_too(read: Reader) -> None:
    table = pa.table(
        {
            "证券代码": [1, 600519],
            "日期": [20241031, 20241030],
            "收盘价": [11.37, 1530.0],
            "成交额(亿元)": [3.7, None],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    mapping = VENDOR.replace("%Y/%m/%d", "%Y%m%d")
    result = read("导出.parquet", buffer.getvalue(), mapping=mapping)
    assert result.table.column("code").to_pylist() == ["000001.SZ", "600519.SH"]
    assert result.table.column("trade_date").to_pylist() == ["2024-10-31", "2024-10-30"]
    assert result.table.column("amount_cny").to_pylist() == [370000000.0, None]


def test_nothing_is_repaired_without_a_mapping_that_says_so(read: Reader) -> None:
    mapping = "dataset: a_share_bars\n"
    content = "code,trade_date,close\n1,2024-10-31,1\n600519,2024-10-31,1\n"
    result = read("x.csv", content, mapping=mapping)
    assert [cell.value for cell in result.quarantined] == ["1", "600519"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "dataset: a_share_bar\n",
            "no dataset is called 'a_share_bar' → did you mean a_share_bars",
        ),
        (
            "dataset: funds\ncolums: {a: b}\n",
            "key is called 'colums' → did you mean columns",
        ),
        ("columns: {a: b}\n", "the key 'dataset' is missing"),
        ("- a\n", "a mapping is expected here → its keys are dataset, columns"),
        ("dataset: funds\ncolumns: [a]\n", "columns: a mapping is expected here, not a list"),
        ("dataset: funds\ncolumns: {a: fund_cod}\n", "did you mean fund_code"),
        ("dataset: funds\ncolumns: {a: fund_code, b: fund_code}\n", "is filled twice"),
        (
            "dataset: funds\nconstants: {fund_type:}\n",
            "constants.fund_type: a text is expected",
        ),
        ("dataset: funds\nunits: {fund_type: 10}\n", "units.fund_type is not a number"),
        ("dataset: fund_navs\nunits: {nav: ten}\n", "units.nav is no multiplier"),
        ("dataset: fund_navs\nunits: {nav: 0}\n", "units.nav is no multiplier"),
        ("dataset: fund_navs\nunits: {nav: .inf}\n", "units.nav is no multiplier"),
        (
            "dataset: fund_navs\nunits: {nav: 10}\nconstants: {nav: 1}\n",
            "units.nav multiplies a constant",
        ),
        ("dataset: funds\npad_codes: yes please\n", "pad_codes: .*neither true nor false"),
        ("dataset: funds\nheader_row: 0\n", "header_row: '0' is not a line number"),
        ("dataset: funds\ncode_suffix: a_shares\n", "did you mean a_share"),
        (
            "dataset: funds\ndate_format: yyyy-mm-dd\n",
            "date_format: 'yyyy-mm-dd' has no % parts",
        ),
        (
            "dataset: fund_navs\nunits: {nav: 10}\nunits: {nav: 1}\n",
            "own.yml:3: the key 'units' is given twice",
        ),
        ("dataset: [\n", "expected the node content"),
        ("dataset: !!python/object:os.system {}\n", "no dataset is called"),
    ],
)
def test_a_mapping_that_says_something_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as refusal:
        parse_mapping(text, "own", where="own.yml")
    assert refusal.value.line().startswith("own.yml:")


def test_a_mapping_file_is_named_after_its_file_and_keeps_text_as_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "similarweb.yml"
    path.write_text(
        "dataset: web_traffic\nconstants: {app: 007, period_end: 2024-10-31}\n"
        "units: {visits: 1e4}\nsheet: Data\n"
    )
    mapping = load_mapping(path)
    assert (mapping.name, mapping.dataset.name, mapping.sheet) == (
        "similarweb",
        "web_traffic",
        "Data",
    )
    assert mapping.constants == {"app": "007", "period_end": "2024-10-31"}
    assert mapping.multipliers == {"visits": Decimal(10_000)}


def test_a_mapping_that_is_absent_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "gone.yml")
    (tmp_path / "bytes.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        load_mapping(tmp_path / "bytes.yml")


def test_a_mapping_and_its_file_must_agree(read: Reader) -> None:
    content = "pair,day,rate\nUSDCNY,2024-10-31,7.1\n"
    for mapping, message in (
        ("dataset: fx_fixings\ncolumns: {days: fixing_date}\n", "did you mean 'day'"),
        (
            "dataset: fx_fixings\ncolumns: {day: fixing_date}\nconstants: {rate: 7}\n",
            "a constant",
        ),
        ("dataset: fx_fixings\ncolumns: {day: rate}\n", "'day' and 'rate' both give rate"),
        ("dataset: fx_fixings\n", "fixing_date"),
    ):
        with pytest.raises(FileRefusedError, match=message):
            read("x.csv", content, mapping=mapping)
    with pytest.raises(FileRefusedError, match="is for fx_fixings, not funds"):
        read("x.csv", content, mapping="dataset: fx_fixings\n", dataset="funds")


A_SHARE = r"\d{6}\.(SH|SZ|BJ)"


@pytest.mark.parametrize(
    ("value", "pattern", "rule", "repaired"),
    [
        ("1", A_SHARE, "a_share", "000001.SZ"),
        ("300750", A_SHARE, "a_share", "300750.SZ"),
        ("688981", A_SHARE, "a_share", "688981.SH"),
        ("430047", A_SHARE, "a_share", "430047.BJ"),
        ("920002", A_SHARE, "a_share", "920002.BJ"),
        ("900901", A_SHARE, "a_share", "900901.SH"),
        ("510300", A_SHARE, "a_share", "510300.SH"),
        ("159819", A_SHARE, "a_share", "159819.SZ"),
        ("1.SZ", A_SHARE, None, "000001.SZ"),
        ("700001", A_SHARE, "a_share", "700001"),
        ("1234567", A_SHARE, "a_share", "1234567"),
        ("600519.SH", A_SHARE, "a_share", "600519.SH"),
        ("5962", r"\d{6}\.OF", "fund", "005962.OF"),
        ("700", r"\d{4,5}\.HK", "hk", "0700.HK"),
        ("5.HK", r"\d{4,5}\.HK", None, "0005.HK"),
        ("10301", r"\d{6}", "a_share", "010301"),
        ("NVDA", A_SHARE, "a_share", "NVDA"),
    ],
)
def test_a_code_is_repaired_only_into_a_valid_one(
    value: str, pattern: str, rule: str | None, repaired: str
) -> None:
    assert repair_code(value, pattern, pad=True, suffix_rule=rule) == repaired
