"""Which dataset a file is, and what happens to columns that do not fit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import DATASETS
from yanbao.inbox.columns import dataset_of_stem, nearest
from yanbao.inbox.reading import ReadFile

Reader = Callable[..., ReadFile]
FX = "pair,fixing_date,rate\nUSDCNY,2024-10-31,7.1\n"


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("a_share_bars", "a_share_bars"),
        ("a_share_bars_2024-10-31", "a_share_bars"),
        ("index_bars.part2", "index_bars"),
        ("Fund_Sizes (3)", None),
        ("fund_sizes 3", "fund_sizes"),
        ("funds-2024", "funds"),
        ("trading_days2025", "trading_days"),
        ("sw_industry_codes", "sw_industry_codes"),
        ("fundsheet", None),
        ("my_funds", None),
    ],
)
def test_the_file_name_gives_the_dataset_when_it_begins_with_it(
    stem: str, name: str | None
) -> None:
    found = dataset_of_stem(stem)
    if stem == "Fund_Sizes (3)":
        assert found is not None
        assert found.name == "fund_sizes"
    else:
        assert (found.name if found else None) == name


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_dataset_is_found_by_its_own_name_and_has_a_required_key(
    dataset: object,
) -> None:
    assert dataset in DATASETS
    assert dataset_of_stem(dataset.name) is dataset  # type: ignore[attr-defined]
    required = dataset.required_columns  # type: ignore[attr-defined]
    assert set(required) & set(dataset.key)  # type: ignore[attr-defined]


def test_a_header_that_fits_one_dataset_gives_it(read: Reader) -> None:
    assert read("导出.csv", FX).dataset.name == "fx_fixings"


def test_a_header_that_fits_several_datasets_refuses_and_lists_them(read: Reader) -> None:
    content = "code,trade_date,close,volume_shares\n600519.SH,2024-10-31,1,1\n"
    with pytest.raises(FileRefusedError, match="fit several datasets: a_share_bars"):
        read("export.csv", content)


def test_a_header_that_fits_nothing_refuses_and_lists_the_nearest(read: Reader) -> None:
    with pytest.raises(FileRefusedError, match=r"fit no dataset \(nearest: fx_fixings"):
        read("export.csv", "pair,fixing_date,mid\nUSDCNY,2024-10-31,7.1\n")


def test_an_unknown_column_is_ignored_with_one_warning_naming_the_nearest(
    read: Reader,
) -> None:
    content = "code,trade_date,close,Volume,备注\n600519.SH,2024-10-31,1,100,x\n"
    result = read("a_share_bars.csv", content)
    assert result.ignored_columns == ("Volume", "备注")
    assert result.table.column_names == ["code", "trade_date", "close", "_row"]
    assert result.warnings == (
        "columns that a_share_bars does not have are ignored:"
        " 'Volume' (nearest: volume_shares), '备注'",
    )


@pytest.mark.parametrize(
    "header", ["volume_shares (万股)", "Volume_Shares", "volume shares(mn)"]
)
def test_our_own_column_in_another_writing_refuses_and_says_how_to_name_it(
    read: Reader, header: str
) -> None:
    content = f"code,trade_date,close,{header}\n600519.SH,2024-10-31,1,100\n"
    with pytest.raises(FileRefusedError) as refusal:
        read("a_share_bars.csv", content)
    line = refusal.value.line()
    assert (
        f"column {header!r} is volume_shares in another writing → name it volume_shares" in line
    )


def test_a_missing_required_column_refuses_and_suggests_the_received_one(
    read: Reader,
) -> None:
    with pytest.raises(FileRefusedError) as refusal:
        read("a_share_bars.csv", "Code,trade_date,Close Price\n600519.SH,2024-10-31,1\n")
    line = refusal.value.line()
    assert "code (did you mean 'Code'?)" in line
    assert "close (did you mean 'Close Price'?)" in line


def test_columns_without_a_name_are_ignored(read: Reader) -> None:
    result = read("rates.csv", "pair,fixing_date,rate,,\nUSDCNY,2024-10-31,7.1,,\n")
    assert result.table.column_names == ["pair", "fixing_date", "rate", "_row"]
    assert result.warnings == ()


def test_the_explicit_dataset_wins_over_the_name(read: Reader) -> None:
    assert read("a_share_bars.csv", FX, dataset="fx_fixings").dataset.name == "fx_fixings"


def test_nearest_ignores_case_and_separators() -> None:
    assert nearest("Trade Date", ["trade_date", "close"]) == "trade_date"
    assert nearest("zzz", ["trade_date", "close"]) is None
