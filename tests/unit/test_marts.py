"""A mart's key and words stand once, beside its SQL; everything else is derived from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanbao.catalog.marts import COMMON, MartError, report_marts
from yanbao.reporting.grammar.pack_loader import parse_pack

COMMON_WORDS = """\
as_of_date: {label_zh: 报告日, display: date, definition: Day of the report., required: true}
known_at: {label_zh: 已知日, display: date, definition: Nothing later enters.}
share_code: {label_zh: 代码, label_en: Code, definition: Share code.}
"""
WORDS = """\
description: One row per share.
key: [code]
columns:
  code: {like: share_code}
  change_week: {label_zh: 本周涨跌幅, display: percent, definition: Change of the week.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of one mart, ``shares``, and the columns that marts share."""
    (tmp_path / "shares.sql").write_text("select 1")
    (tmp_path / "shares.yml").write_text(WORDS, encoding="utf-8")
    (tmp_path / COMMON).write_text(COMMON_WORDS, encoding="utf-8")
    return tmp_path


def refusal(folder: Path, words: str) -> str:
    (folder / "shares.yml").write_text(words, encoding="utf-8")
    with pytest.raises(MartError) as refused:
        report_marts(folder)
    return refused.value.line()


def test_column_takes_shared_words_and_the_defaults_of_its_display(folder: Path) -> None:
    columns = report_marts(folder)["shares"].columns
    assert [*columns] == ["as_of_date", "known_at", "code", "change_week"]
    assert columns["as_of_date"].description == "报告日：Day of the report."
    assert (columns["as_of_date"].type, columns["as_of_date"].required) == ("date", True)
    assert (columns["code"].label_en, columns["code"].type) == ("Code", "varchar")
    change = columns["change_week"]
    assert (change.label_en, change.type, change.decimals) == ("Change week", "double", 2)
    assert change.description == "本周涨跌幅：Change of the week. Unit: fraction."


def test_column_says_only_what_differs_from_the_shared_words(folder: Path) -> None:
    own = WORDS.replace("like: share_code", "like: share_code, definition: Fund code.")
    (folder / "shares.yml").write_text(own, encoding="utf-8")
    assert report_marts(folder)["shares"].columns["code"].description == "代码：Fund code."


def test_mart_without_yaml_is_refused(folder: Path) -> None:
    (folder / "shares.yml").unlink()
    with pytest.raises(MartError, match=r"shares\.yml: .* → add the file"):
        report_marts(folder)


@pytest.mark.parametrize(
    ("good", "bad", "line"),
    [
        ("key: [code]\n", "", "shares.yml: the key 'key' is missing → add it"),
        ("key: [code]", "key: [cod]", "key: no column is called 'cod' → did you mean code?"),
        (
            "label_zh: 本周涨跌幅, ",
            "",
            "columns.change_week: the key 'label_zh' is missing → add it",
        ),
        (", definition: Change of the week.", "", "the key 'definition' is missing → add it"),
        ("percent", "precent", "no display is called 'precent' → did you mean percent?"),
        (
            "label_zh: 本周",
            "lable_zh: x, label_zh: 本周",
            "no key is called 'lable_zh' → did you mean label_zh?",
        ),
        ("percent,", "percent, above: -1, at_most: 10,", "change_week: two kinds of bounds"),
        ("share_code", "code_of_share", "no shared column is called 'code_of_share'"),
        ("  code:", "  code:\n  code:", "'code' is given twice"),
        ("One row per", "All rows by", "description: "),
    ],
)
def test_mart_that_lacks_something_says_what_to_add(
    folder: Path, good: str, bad: str, line: str
) -> None:
    assert good in WORDS
    assert line in refusal(folder, WORDS.replace(good, bad))


@pytest.mark.parametrize(
    ("mart", "key"),
    [
        ("sub_industry_quarter", ("pool", "sub_industry", "report_period")),
        ("web_traffic_week", ("app",)),
    ],
)
def test_pack_names_rows_by_the_key_or_by_what_people_read(
    mart: str, key: tuple[str, ...]
) -> None:
    section = {"title": "x", "items": [{"table": mart, "title": "x", "columns": [key[0]]}]}
    assert parse_pack({"title": "x", "sections": [section]}, "x").keys == {mart: key}
