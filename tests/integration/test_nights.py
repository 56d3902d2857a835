"""Twenty nights one by one give what one full refresh gives."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.intake.landing import land_file
from yanbao.nightly.steps import NightlySteps
from yanbao.raw.load import StoredLoad
from yanbao.warehouse.content_hashes import combine, core_partitions, hash_table, tables_in
from yanbao.warehouse.store import Parameters

pytestmark = [pytest.mark.slow]

NIGHTS = 20
DAILY = {
    "a_share_bars": "trade_date",
    "us_stock_bars": "trade_date",
    "index_bars": "trade_date",
    "fund_navs": "nav_date",
    "fx_fixings": "fixing_date",
    "government_yields": "date",
}
MADE_UP = PROJECT_ROOT / "sample_data" / "made_up"


class CoreNight(NightlySteps):
    """A night that leaves the report marts out. Each is made whole from core, so that of
    twenty nights only the last one's marts can be compared."""

    def _selection(self, loads: Sequence[StoredLoad], is_rebuild: bool) -> list[str]:
        words = super()._selection(loads, is_rebuild)
        assert is_rebuild or "marts.report" in words
        return [word for word in words if word != "marts.report"]


def rows_of(dataset: str) -> tuple[list[str], list[dict[str, str]]]:
    with (MADE_UP / f"{dataset}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    return list(reader.fieldnames or []), rows


def write(folder: Path, dataset: str, header: list[str], rows: list[dict[str, str]]) -> Path:
    path = folder / f"{dataset}.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    return path


def night_files(folder: Path) -> Iterator[tuple[date, list[Path]]]:
    """The history before the last twenty sessions as one drop, then a drop per session."""
    _, calendar = rows_of("trading_days")
    sessions = sorted({r["trade_date"] for r in calendar if r["trade_date"] <= "2024-10-31"})
    days = sessions[-NIGHTS:]
    whole = [path for path in sorted(MADE_UP.glob("*.csv")) if path.stem not in DAILY]
    history = list(whole)
    for dataset, column in DAILY.items():
        header, rows = rows_of(dataset)
        before = [row for row in rows if row[column] < days[0]]
        history.append(write(folder / "history", dataset, header, before))
    yield date.fromisoformat(sessions[-NIGHTS - 1]), history
    for position, day in enumerate(days):
        until = days[position + 1] if position + 1 < NIGHTS else "9999"
        drops = []
        for dataset, column in DAILY.items():
            header, rows = rows_of(dataset)
            new = [row for row in rows if day <= row[column] < until]
            if new:
                drops.append(write(folder / day, dataset, header, new))
        yield date.fromisoformat(day), drops


def land(night: NightlySteps, paths: list[Path]) -> None:
    """Land files as good: the gates have tests of their own."""
    for path in paths:
        stored = land_file(night.settings, path).stored
        assert stored.status == "ungated", (path, stored.reason)
        night.zone.record_verdict(
            stored.load.load_id, {"outcome": "pass", "messages": [], "results": []}
        )


def content(night: NightlySteps) -> dict[str, Any]:
    """Every core table's and every mart's content hash."""
    with night.store.connect() as connection:
        core = {
            f"core.{table}": combine((month, parts[1]) for month, parts in months.items())
            for table, months in core_partitions(connection).items()
        }
        marts = {
            f"report.{mart}": hash_table(connection, "report", mart)
            for mart in tables_in(connection, "report")
        }
    return core | marts


def start(home: Path) -> tuple[NightlySteps, NightlySteps]:
    """The night before the last ones, and the last."""
    settings = Settings(home)
    settings.claim_mode("import")
    night = NightlySteps(settings, "import")
    night.recover()
    return CoreNight(settings, "import"), night


def test_twenty_nights_give_the_hashes_of_one_full_refresh(tmp_path: Path) -> None:
    drops = list(night_files(tmp_path / "drops"))
    assert len(drops) == NIGHTS + 1
    before_last, nightly = start(tmp_path / "nightly")
    for position, (day, paths) in enumerate(drops):
        night = nightly if position == NIGHTS else before_last
        land(night, paths)
        is_rebuild = night.prepare_models()
        night.transform(Parameters(day), is_rebuild=is_rebuild)
    by_night = content(nightly)

    nightly.store.discard()
    nightly.store.prepare()
    last = drops[-1][0]
    assert nightly.prepare_models()
    nightly.transform(Parameters(last), is_rebuild=True)
    refreshed = content(nightly)
    different = [name for name in refreshed if refreshed[name] != by_night.get(name)]
    assert different == []
    assert refreshed["report.company_changes"] != "empty"
