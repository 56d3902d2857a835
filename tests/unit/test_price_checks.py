"""A source's prices beside the stored ones: corrections pass, a new basis is refused."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import BY_NAME
from yanbao.quality.price_checks import stored_price_checks
from yanbao.raw.load import Load, StoredLoad
from yanbao.raw.zone import RawZone

DAYS = 20


def judged(
    tmp_path: Path,
    restated: int,
    factor: float,
    label: str = "none",
    name: str = "a_share_bars",
) -> list[CheckResult]:
    """An answer over stored days, some of whose closes are times a factor."""
    answer = Load(f"1-{name}", "source", name, "f", "ok", "", "")
    stored = StoredLoad(answer, tmp_path, "ungated")
    dataset = BY_NAME[name]
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"""
            create schema core; create schema staging;
            create table core.daily_bars as
            select '600001.SH' as code, date '2024-10-01' + n::integer as trade_date,
                10.0 as open, 10.0 as high, 10.0 as low, 10.0 + n / 10 as close,
                null::double as reference_close, '{label}' as adjustment, 1 as version
            from range({DAYS}) as days(n);
            create table staging.stg_source__{name} as
            select *, null as adjusted_close, row_number() over () as arrival_row
            from (select * replace (
                case when trade_date < date '2024-10-01' + {restated} then close * {factor}
                else close end as close
            ) from core.daily_bars);
        """)
        zone = RawZone(tmp_path / "raw")
        subject = Subject("raw", name, name)
        return [*stored_price_checks(connection, zone, stored, dataset, subject)]


@pytest.mark.parametrize(
    ("restated", "is_refused"), [(0, False), (1, False), (4, False), (5, True), (20, True)]
)
def test_a_source_may_correct_closes_and_not_change_its_basis(
    tmp_path: Path, restated: int, is_refused: bool
) -> None:
    found = judged(tmp_path, restated, 0.5)
    assert [one.outcome for one in found if one.blocks] == ["fail"] * is_refused


@pytest.mark.parametrize(
    ("label", "name"), [("forward_ratio", "a_share_bars"), ("split", "us_stock_bars")]
)
def test_an_adjusted_series_of_a_source_is_restated_with_each_action(
    tmp_path: Path, label: str, name: str
) -> None:
    (result,) = judged(tmp_path, 20, 0.5, label, name)
    assert result.outcome == "pass"


def test_a_source_that_prints_fewer_digits_restates_nothing(tmp_path: Path) -> None:
    (result,) = judged(tmp_path, 20, 1.000001)
    assert (result.outcome, result.failing_rows) == ("pass", 0)


def is_held(tmp_path: Path, stored: float, new: float) -> bool:
    """Whether a file with a close of a stored day would wait for a person."""
    load = Load("1-index_bars", "inbox", "index_bars", "f", "ok", "", "")
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"""
            create schema core; create schema staging;
            create table built_loads (load_id varchar);
            create table core.index_bars as
            select '000300.SH' as index_code, date '2024-10-31' as trade_date,
                {stored} as close,
                null::double as open, null::double as high, null::double as low, 1 as version;
            create table staging.stg_inbox__index_bars as
            select * replace ({new}::double as close), 2 as arrival_row from core.index_bars;
        """)
        found = [
            *stored_price_checks(
                connection,
                RawZone(tmp_path / "raw"),
                StoredLoad(load, tmp_path, "ungated"),
                BY_NAME["index_bars"],
                Subject("raw", "index_bars", "index_bars"),
            )
        ]
    return any(one.blocks for one in found)


@pytest.mark.parametrize(
    ("stored", "new"), [(10.245, 10.24), (10.245, 10.25), (3419.7267, 3419.73), (453.2, 453)]
)
def test_the_same_price_with_fewer_digits_is_no_contradiction(
    tmp_path: Path, stored: float, new: float
) -> None:
    assert not is_held(tmp_path, stored, new)


@pytest.mark.parametrize(
    ("stored", "new"), [(0.053, 0.05), (1.4, 1), (1.234, 1.23), (10.24, 10.25)]
)
def test_a_digit_too_few_that_moves_a_return_is_held(
    tmp_path: Path, stored: float, new: float
) -> None:
    assert is_held(tmp_path, stored, new)
