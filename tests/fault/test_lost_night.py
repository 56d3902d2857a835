"""A night that never ran: no wrong return after it, and a back-fill heals it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import MadeOnce
from yanbao.base.settings import Settings
from yanbao.catalog import BY_NAME
from yanbao.intake.backfill import History, fill
from yanbao.intake.landing import land_file
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.data_gaps import MART as DATA_GAPS
from yanbao.quality.data_gaps import gaps_of
from yanbao.quality.data_through import rows_of
from yanbao.quality.gating import gate_pending
from yanbao.sources import akshare_client
from yanbao.sources.akshare_library import Library
from yanbao.warehouse.content_hashes import hash_table, tables_in

from .live_nights import live_nights
from .lost_nights import Compared, compare, marts_by_day

pytestmark = [pytest.mark.slow]

# The last session of a week, which the next one counts from, and three of that.
FRIDAY, MONDAY, LOST, LAST = (date(2024, 11, day) for day in (1, 4, 5, 6))
BARS = ("trading_days", "a_share_bars", "etf_bars", "index_bars", "hk_stock_bars")
CODES = ("000065.SZ", "600000.SH")
CORE = ("daily_bars", "index_bars", "adjustment_factors", "trading_days")


@dataclass(frozen=True)
class Weeks:
    """Two state folders of one week: every night ran, or one did not."""

    whole: Path
    lost: Path


@pytest.fixture(scope="module")
def week(
    library: Library,
    live_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    made_once: MadeOnce,
) -> Weeks:
    def make(draft: Path) -> None:
        draft.mkdir()
        for name, days in (
            ("whole", (FRIDAY, MONDAY, LOST, LAST)),
            ("lost", (FRIDAY, MONDAY, LAST)),
        ):
            home = copy_home(live_home_template, draft / name)
            with live_nights(library) as nights:
                for day in days:
                    nights.evening_of(day)
                    nights.to_gate(home, BARS)

    place = made_once("lost_night", make)
    return Weeks(place / "whole", place / "lost")


def compared(week: Weeks, *days: date) -> Compared:
    return compare(marts_by_day(week.whole, days), marts_by_day(week.lost, days))


def test_after_a_lost_night_every_return_is_right_or_blank(week: Weeks) -> None:
    found = compared(week, LOST, LAST)
    assert found.wrong == []
    assert found.counts["right"] > 0
    assert found.counts["blank"] > 0


def test_a_lost_night_is_named_until_it_is_filled(week: Weeks) -> None:
    marts_by_day(week.lost, [LAST])
    stale = {one.dataset: one for one in NightlySteps(Settings(week.lost), "live").stale(LAST)}
    for dataset in ("a_share_bars", "etf_bars"):
        assert f"{LOST} → yanbao backfill {dataset} --from " in stale[dataset].reason
        assert not stale[dataset].is_over


def test_a_back_fill_from_the_source_brings_the_returns_back(
    week: Weeks, library: Library, copy_home: Callable[[Path, Path], Path], tmp_path: Path
) -> None:
    home = copy_home(week.lost, tmp_path / "home")
    steps = NightlySteps(Settings(home), "live")
    with live_nights(library) as nights:
        nights.evening_of(LAST)
        client = akshare_client.AkshareClient()
        filled = fill(steps, client, History("a_share_bars", LOST, LOST, CODES))
        assert filled.missing == ()
        gate_pending(steps.zone, steps.store, steps.progress)
    assert weekly_changes(home) == weekly_changes(week.whole)


def weekly_changes(home: Path) -> list[float]:
    rows = marts_by_day(home, [LAST])[LAST]["company_changes"]
    return [rows[(code,)]["change_week"] for code in CODES]


def test_a_file_with_the_lost_day_heals_to_the_hashes_of_a_week_without_a_loss(
    week: Weeks, copy_home: Callable[[Path, Path], Path], tmp_path: Path
) -> None:
    home = copy_home(week.lost, tmp_path / "home")
    steps = NightlySteps(Settings(home), "live")
    marts_by_day(week.whole, [LAST])
    for dataset in ("a_share_bars", "etf_bars"):
        path = tmp_path / f"{dataset}.csv"
        write_lost_day(week.whole, dataset, path)
        land_file(steps.settings, path)
    gate_pending(steps.zone, steps.store, steps.progress)
    marts_by_day(home, [LAST])
    assert hashes(home) == hashes(week.whole)
    with steps.store.connect() as connection:
        assert LOST not in gaps_of(rows_of(connection, DATA_GAPS))["etf_bars"].days


def write_lost_day(home: Path, dataset: str, path: Path) -> None:
    """The bars of the lost day as a desk would export them, in our import format."""
    columns = ", ".join(
        f"{merged} as {name}" if merged != name else name
        for name in BY_NAME[dataset].column_names
        if (merged := name.removesuffix("_cny")) not in ("source_note", "adjustment")
    )
    with NightlySteps(Settings(home), "live").store.connect() as connection:
        connection.execute(
            f"copy (select {columns} from core.daily_bars where trade_date = '{LOST}'"
            " and load_id in (select load_id from built_loads where dataset = ?))"
            f" to '{path}' (header)",
            [dataset],
        )


def hashes(home: Path) -> dict[str, str]:
    """The content hash of every core table that holds bars, and of every report mart."""
    with NightlySteps(Settings(home), "live").store.connect() as connection:
        tables = [("core", name) for name in CORE]
        tables += [("report", name) for name in tables_in(connection, "report")]
        return {name: hash_table(connection, schema, name) for schema, name in tables}
