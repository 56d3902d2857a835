"""How a lost night comes back, from sources and from files, and what the warehouse holds then.

Two state folders are the same where the content hashes of every report mart are, and of every
core table as known now. Hashes are those of a release (``content_hashes``), which leave out
``first_seen_at`` and ``load_id``: a back-fill comes later, in loads of its own. Of core the
last version of each key is hashed without its ``version``: a night that came from a source
and then whole from a file was told twice, and both tellings are kept. An ``available_on`` that
is no more than the day on which the row was first seen is left out as ``first_seen_at`` is:
no source says when it was published, and a back-fill cannot make it known earlier than it was.
Nothing else is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fault.live_nights import LiveNights
from yanbao.base.settings import Settings
from yanbao.catalog import DATASETS, MERGED
from yanbao.catalog.marts import report_marts
from yanbao.intake.landing import land_file
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.raw.load import StoredLoad
from yanbao.warehouse.content_hashes import VOLATILE, hash_table, tables_in
from yanbao.warehouse.store import Parameters, set_run_parameters

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]
Marts = Mapping[str, Mapping[tuple[Any, ...], Row]]
KEYS = {one.name: one.key for one in (*DATASETS, *MERGED)} | {
    "adjustment_factors": ("code", "ex_date")
}
KNOWN_WHEN_SEEN = {one.core_table for one in DATASETS if "landed_at" in one.available_on}
SEEN_ON = "cast(first_seen_at + interval 8 hour as date)"  # stored in UTC, told in Beijing
KNOWN_NOW = "known_now"
LONGEST = 160  # of what the command says of one thing


@dataclass
class Content:
    """What a state folder says: its report marts by day, and hashes of them and of core."""

    marts: dict[date, Marts] = field(default_factory=dict)
    mart_hashes: dict[tuple[date, str], str] = field(default_factory=dict)
    core_hashes: dict[str, str] = field(default_factory=dict)

    def unequal_marts(self, whole: Content) -> list[tuple[date, str]]:
        return [
            key for key, found in self.mart_hashes.items() if found != whole.mart_hashes[key]
        ]

    def unequal_core(self, whole: Content) -> list[str]:
        names = whole.core_hashes.keys() | self.core_hashes.keys()
        return sorted(
            one for one in names if self.core_hashes.get(one) != whole.core_hashes.get(one)
        )


def open_steps(home: Path) -> NightlySteps:
    return NightlySteps(Settings(home), "live")


def build(home: Path) -> NightlySteps:
    """Take in all that is in raw, by the models of a night without their tests."""
    steps = open_steps(home)
    steps.recover()
    is_rebuild = steps.prepare_models()
    loads = [(one.load.load_id, one.load.dataset) for one in steps.pending()]
    if not loads:
        return steps
    if is_rebuild:
        steps.dbt.run("seed")
    steps.build_core()
    if is_rebuild:
        steps.dbt.run("run", "--select", "intermediate")
    steps.store.mark_built(loads, steps.code_version, None)
    return steps


def content(home: Path, days: Sequence[date]) -> Content:
    """Core, and every report mart for each day, after one build of all that is in raw."""
    steps = build(home)
    compiled = steps.dbt.compiled("marts/report")
    found = Content()
    with steps.store.connect() as connection:
        for table in KEYS.keys() & {*tables_in(connection, "core")}:
            told = known_now(table)
            connection.execute(f"create or replace temp table {KNOWN_NOW} as {told}")
            found.core_hashes[table] = hash_table(connection, "temp", KNOWN_NOW)
        for day in days:
            set_run_parameters(connection, Parameters(day))
            found.marts[day] = {}
            for mart, sql in compiled.items():
                connection.execute(f"create or replace temp table {mart} as {sql}")
                found.mart_hashes[day, mart] = hash_table(connection, "temp", mart)
                found.marts[day][mart] = _rows(connection, mart)
                connection.execute(f"drop table temp.{mart}")
    return found


def known_now(table: str, of: str = "") -> str:
    """SQL of the last version of each key of a core table, without what tells how it came."""
    told = f"select * exclude (version, {', '.join(sorted(VOLATILE))})"
    if table in KNOWN_WHEN_SEEN:
        told += f" replace (nullif(available_on, {SEEN_ON}) as available_on)"
    told += f" from {of}core.{table}"
    key = ", ".join(KEYS[table])
    return f"{told} qualify row_number() over (partition by {key} order by version desc) = 1"


def _rows(connection: duckdb.DuckDBPyConnection, mart: str) -> dict[tuple[Any, ...], Row]:
    rows = connection.execute(f"select * from temp.{mart}").to_arrow_table().to_pylist()
    return {tuple(row[name] for name in report_marts()[mart].key): row for row in rows}


def night_of(home: Path, day: date) -> list[StoredLoad]:
    """What the night of a day brought in."""
    return [one for one in open_steps(home).zone.loads() if one.load.partition == f"{day}"]


def fill_from_sources(
    nights: LiveNights, home: Path, day: date, datasets: Collection[str]
) -> dict[str, str]:
    """``yanbao backfill`` of a day for each dataset; its words where it brought nothing."""
    said = {}
    for name in sorted(datasets):
        words = ("backfill", name, "--from", f"{day}", "--to", f"{day}", "-q")
        code, out, error = nights.command(home, *words)
        if code or "calls failed" in out:
            said[name] = (error or out).strip()[:LONGEST]
    _gate(home)
    return said


def fill_from_files(
    whole: Path, home: Path, day: date, tables: Collection[str], folder: Path
) -> list[str]:
    """A file per dataset of these core tables with all that the night of a day brought.

    Of a key that two loads of the night told, the file has the later telling.

    Returns what did not pass, with its reason.
    """
    night = [one.load for one in night_of(whole, day)]
    landed = []
    with open_steps(whole).store.connect() as connection:
        for dataset in (one for one in DATASETS if one.core_table in tables):
            loads = [load.load_id for load in night if load.dataset == dataset.name]
            names = ", ".join(
                f"{dataset.core_column(name)} as {name}" for name in dataset.column_names
            )
            path = folder / f"{day}-{dataset.name}.csv"
            count = connection.execute(
                f"copy (select {names} from core.{dataset.core_table}"
                f" where list_contains(?::varchar[], load_id) qualify row_number() over"
                f" (partition by {', '.join(KEYS[dataset.core_table])} order by version desc)"
                f" = 1) to '{path}' (header)",
                [loads],
            ).fetchone()
            if count and count[0]:
                file = land_file(Settings(home), path, dataset=dataset)
                landed.append(file.stored.load.load_id)
    _gate(home)
    return [
        f"{one.load.dataset}: {one.status}, {one.reason}"
        for one in open_steps(home).zone.loads()
        if one.load.load_id in landed and one.status != "good"
    ]


def _gate(home: Path) -> None:
    steps = open_steps(home)
    gate_pending(steps.zone, steps.store, steps.progress)


def differing(whole: Path, home: Path, table: str) -> dict[str, tuple[int, int]]:
    """Of a core table as known now: column → values that are blank here, and that are others.

    Under ``rows`` are the keys that are missing here, and those that are missing there.
    """
    key = KEYS[table]
    same = " and ".join(f"ours.{name} is not distinct from theirs.{name}" for name in key)
    with open_steps(home).store.connect() as connection:
        connection.execute(f"attach '{open_steps(whole).store.path}' as whole (read_only)")
        connection.execute(f"create or replace temp table ours as {known_now(table)}")
        connection.execute(
            f"create or replace temp table theirs as {known_now(table, of='whole.')}"
        )
        names = [one[0] for one in connection.execute("select * from ours limit 0").description]
        rows = connection.execute(
            f"select count(*) filter (where not exists (select 1 from ours where {same}))"
            " from theirs union all select count(*) filter (where not exists"
            f" (select 1 from theirs where {same})) from ours"
        ).fetchall()
        found = {"rows": (rows[0][0], rows[1][0])}
        for name in names:
            row = connection.execute(
                f"select count(*) filter (where ours.{name} is null),"
                f" count(*) filter (where ours.{name} is not null)"
                f" from ours join theirs on {same}"
                f" where ours.{name} is distinct from theirs.{name}"
            ).fetchone()
            assert row is not None
            found[name] = (row[0], row[1])
        connection.execute("detach whole")
    return {name: counts for name, counts in found.items() if any(counts)}


def morning_after(nights: LiveNights, last: date, past: int) -> None:
    """Set the market to a day after the last night, when sources tell so many sessions back."""
    nights.market.day, nights.market.past = last, past
    nights.at(f"{last + timedelta(days=1)}T08:00:00")
