"""A made-up market in the import format: daily bars, fund NAVs and a trading calendar.

The same seed, symbols and years give the same files. The market is smooth enough to pass
the raw gate and rough enough to compress like prices: 1 % of bars are missing (suspended),
and once a year a share goes ex dividend, so that its reference price is below its last close.

Usage: ``python -m benchmarks.market FOLDER --symbols 5500 --years 5``
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

SEED = 20241031
NEW_DAY = date(2024, 10, 31)
LAST_CALENDAR_DAY = date(2025, 12, 31)
DAYS_PER_YEAR = 365.25
SUSPENDED_SHARE = 0.01
SESSIONS_PER_YEAR = 261
EX_DIVIDEND_STEP = 0.98
Days = list[date]
Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


@dataclass(frozen=True)
class Files:
    """Where a generated market lies: its history, and the night's new day apart from it."""

    folder: Path

    @property
    def history(self) -> list[Path]:
        return sorted((self.folder / "history").iterdir())

    @property
    def new_day(self) -> list[Path]:
        return [self.bars_of_new_day, self.navs_of_new_day]

    @property
    def bars_of_new_day(self) -> Path:
        return self.folder / "new_day" / f"a_share_bars_{NEW_DAY}.parquet"

    @property
    def navs_of_new_day(self) -> Path:
        return self.folder / "new_day" / f"fund_navs_{NEW_DAY}.parquet"


def weekdays(first: date, last: date) -> Days:
    """Every weekday from ``first`` to ``last``: the calendar of a market without holidays."""
    span = (last - first).days + 1
    days = (first + timedelta(days=n) for n in range(span))
    return [day for day in days if day.weekday() < 5]


def day_before_new_day() -> date:
    return NEW_DAY - timedelta(days=1)


def share_codes(count: int) -> list[str]:
    """Two fifths in Shanghai, the others in Shenzhen."""
    shanghai = count * 2 // 5
    return [
        *(f"{600000 + n:06d}.SH" for n in range(shanghai)),
        *(f"{1 + n:06d}.SZ" for n in range(count - shanghai)),
    ]


def fund_codes(count: int) -> list[str]:
    return [f"{1 + n:06d}.OF" for n in range(count)]


def write_market(folder: Path, symbols: int, years: float) -> Files:
    """Write calendar, one file per year and dataset, and the new day's two files."""
    files = Files(folder)
    for part in ("history", "new_day"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    first = NEW_DAY - timedelta(days=round(years * DAYS_PER_YEAR))
    days = weekdays(first, NEW_DAY)
    pq.write_table(_calendar(first), folder / "history" / "trading_days.parquet")
    rng = np.random.default_rng(SEED)
    for name, table in (
        ("a_share_bars", bars(rng, share_codes(symbols), days)),
        ("fund_navs", navs(rng, fund_codes(symbols), days)),
    ):
        _write_by_year(files, name, table)
    return files


def bars(rng: np.random.Generator, codes: list[str], days: Days) -> pa.Table:
    """Bars sorted by day and code; the amount lies between low and high times volume."""
    shape = (len(days), len(codes))
    close = np.round(_walk(rng, shape, level=12.0, step=0.02), 2)
    reference = np.vstack([close[:1], close[:-1]])
    is_ex_day = rng.random(shape) < 1 / SESSIONS_PER_YEAR
    reference = np.where(is_ex_day, np.round(reference * EX_DIVIDEND_STEP, 2), reference)
    open_ = np.round(reference * (1 + 0.005 * rng.standard_normal(shape)), 2)
    high = np.round(np.maximum(open_, close) * (1 + 0.01 * rng.random(shape)) + 0.01, 2)
    low = np.round(np.minimum(open_, close) * (1 - 0.01 * rng.random(shape)) - 0.01, 2)
    volume = np.round(rng.lognormal(15, 1, shape) / 100) * 100 + 100
    amount = np.round(volume * (low + (high - low) * rng.random(shape)), 0)
    table = pa.table(
        {
            **_keys("code", codes, "trade_date", days),
            "open": open_.ravel(),
            "high": high.ravel(),
            "low": low.ravel(),
            "close": close.ravel(),
            "volume_shares": volume.ravel(),
            "amount_cny": amount.ravel(),
            "adjustment": pa.repeat(pa.scalar("none"), close.size),
            "reference_close": reference.ravel(),
        }
    )
    return table.filter(pa.array(rng.random(close.size) >= SUSPENDED_SHARE))


def navs(rng: np.random.Generator, codes: list[str], days: Days) -> pa.Table:
    """One NAV per fund and day, and the NAV with what was paid out before."""
    nav = np.round(_walk(rng, (len(days), len(codes)), level=1.2, step=0.01), 4)
    paid = np.round(rng.random(len(codes)) * 0.5, 2)
    return pa.table(
        {
            **_keys("fund_code", codes, "nav_date", days),
            "nav": nav.ravel(),
            "nav_cumulative": np.round(nav + paid, 4).ravel(),
        }
    )


def _walk(
    rng: np.random.Generator, shape: tuple[int, int], *, level: float, step: float
) -> Numbers:
    """Prices that wander around each symbol's own level; a pull keeps them from zero."""
    prices = np.empty(shape)
    log_price = np.zeros(shape[1])
    levels = level * np.exp(0.6 * rng.standard_normal(shape[1])) + 1
    for row in range(shape[0]):
        log_price = 0.995 * log_price + step * rng.standard_normal(shape[1])
        prices[row] = levels * np.exp(log_price)
    return prices


def _keys(
    code_column: str, codes: list[str], day_column: str, days: Days
) -> dict[str, pa.Array]:
    code = pa.DictionaryArray.from_arrays(
        np.tile(np.arange(len(codes), dtype=np.int32), len(days)), pa.array(codes)
    )
    numbers = np.repeat(np.array(days, dtype="datetime64[D]"), len(codes))
    return {code_column: code.cast(pa.string()), day_column: pa.array(numbers)}


def _calendar(first: date) -> pa.Table:
    days = weekdays(first, LAST_CALENDAR_DAY)
    return pa.table({"market": ["CN"] * len(days), "trade_date": pa.array(days, pa.date32())})


def _write_by_year(files: Files, name: str, table: pa.Table) -> None:
    day = table.column(1)
    is_new = pc.equal(day, pa.scalar(NEW_DAY, pa.date32()))
    target = files.folder / "new_day" / f"{name}_{NEW_DAY}.parquet"
    pq.write_table(table.filter(is_new), target)
    history = table.filter(pc.invert(is_new))
    for year, rows in _years(history):
        pq.write_table(rows, files.folder / "history" / f"{name}_{year}.parquet")


def _years(table: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Slices of a table that is sorted by day, its second column."""
    years = pc.year(table.column(1)).to_numpy()
    for year in np.unique(years):
        first, last = np.searchsorted(years, [year, year + 1])
        yield int(year), table.slice(int(first), int(last - first))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a made-up market.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--symbols", type=int, default=5500)
    parser.add_argument("--years", type=float, default=5.0)
    arguments = parser.parse_args()
    write_market(arguments.folder, arguments.symbols, arguments.years)


if __name__ == "__main__":
    main()
