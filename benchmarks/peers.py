"""The raw full refresh's work by other tools: dbt alone, SQLMesh, and plain pandas.

Each finds a database with what is small (seeds, calendars), reads the same files, makes the
same core tables and, but for pandas, runs the same SQL of every report mart in its own way of
building: no gates, versions, hashes or releases.

Each project and database is written before; the tools' own commands are measured. They live
in environments apart from the product's, which ``make bench`` makes: one for each major version
of DuckDB. A tool that does not work on one is said to fail there.

Usage of what pandas does: ``python -m benchmarks.peers HISTORY_FOLDER TARGET_FOLDER``
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd

from benchmarks.measure import BenchmarkError, Cost, module, run
from benchmarks.raw_floor import FILES, LOADED
from yanbao.base.settings import PROJECT_ROOT

STORE = "warehouse.duckdb"
ENGINES = {"DuckDB 1": "duckdb-1", "DuckDB 2": "duckdb-2"}
PANDAS = "plain pandas (core tables alone)"
RELATION = re.compile(r'"warehouse"\."(\w+)"\."(\w+)"')
DBT_PROJECT = """\
name: peer
profile: peer
model-paths: [models]
macro-paths: [macros]
flags: {send_anonymous_usage_stats: false}
models:
  peer:
    +materialized: table
    core: {+schema: core}
    intermediate: {+schema: intermediate, +materialized: view}
    report: {+schema: report}
"""
DBT_PROFILE = """\
peer:
  target: peer
  outputs:
    peer:
      type: duckdb
      path: {store}
      threads: 1
      settings: {{TimeZone: UTC, disabled_optimizers: common_subplan}}
"""
DBT_SCHEMAS = """\
{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name }}{% endmacro %}
"""
SQLMESH_PROJECT = """\
gateways:
  peer:
    connection:
      type: duckdb
      database: {store}
      connector_config: {{TimeZone: UTC, disabled_optimizers: common_subplan}}
default_gateway: peer
model_defaults: {{dialect: duckdb, start: "2024-01-01"}}
"""


@dataclass(frozen=True)
class Work:
    """What there is to do: models by schema and name, over the tables of a built store."""

    built: Path
    sql: Path
    history: Path
    as_of: date

    def models(self) -> dict[tuple[str, str], str]:
        """The SQL of core tables that are loaded, of shared steps and of report marts."""
        found = {}
        for table, rows in LOADED.items():
            files = str(self.history / FILES.get(table, ""))
            typed = f"select * from warehouse.shape.{table} union all by name "
            found["core", table] = typed + rows.replace("?", f"'{files}'")
        for schema in ("intermediate", "report"):
            for path in sorted((self.sql.parent / schema).glob("*.sql")):
                found[schema, path.stem] = path.read_text(encoding="utf-8")
        return found

    def prepare_store(self, store: Path) -> None:
        """The small tables, the day, and the columns of what is loaded."""
        with duckdb.connect(str(store)) as connection:
            connection.execute(f"attach '{self.built}' as built (read_only)")
            connection.execute("create schema core; create schema shape")
            connection.execute(
                "create table run_parameters as select ?::date as as_of_date,"
                " null::date as known_at, 'announced' as knowledge",
                [self.as_of],
            )
            tables = connection.execute(
                "select table_name from duckdb_tables()"
                " where database_name = 'built' and schema_name = 'core'"
            ).fetchall()
            for (table,) in tables:
                schema, rows = ("shape", " limit 0") if table in LOADED else ("core", "")
                connection.execute(
                    f'create table {schema}."{table}" as from built.core."{table}"{rows}'
                )


def compare(work: Work, folder: Path, log: Path) -> Iterator[tuple[str, str, Cost | None]]:
    """Tool, engine and cost of each build; None where the tool fails on that engine."""
    tools: dict[str, Callable[[Work, Path, Path], Sequence[str]]] = {
        "raw": _raw,
        "dbt alone": write_dbt,
        "SQLMesh": write_sqlmesh,
    }
    for engine, name in ENGINES.items():
        programs = PROJECT_ROOT / ".bench" / name / "bin"
        for tool, write in tools.items():
            if not programs.exists() or (tool == "raw" and engine == "DuckDB 1"):
                continue  # the product's own environment measures the raw floor of its engine
            place = folder / f"{tool} {engine}".replace(" ", "_")
            shutil.rmtree(place, ignore_errors=True)
            words = write(work, place, programs)
            try:
                yield tool, engine, run(words, log)
            except BenchmarkError as error:
                print(error.line(), file=sys.stderr)
                yield tool, engine, None
            shutil.rmtree(place)
    target = folder / "pandas"
    yield PANDAS, "DuckDB 1", module("peers", str(work.history), str(target), log=log)
    shutil.rmtree(target)


def _raw(work: Work, folder: Path, programs: Path) -> list[str]:
    folder.mkdir(parents=True)
    read = (str(work.built), str(work.sql), str(folder / "published.duckdb"))
    words = ("-m", "benchmarks.raw_floor", "full", *read)
    return [str(programs / "python"), *words, work.as_of.isoformat(), str(work.history)]


def write_dbt(work: Work, folder: Path, programs: Path) -> list[str]:
    """A project of dbt alone; returns the words of the command that builds it."""
    models = work.models()
    _write(folder / "dbt_project.yml", DBT_PROJECT)
    _write(folder / "profiles.yml", DBT_PROFILE.format(store=folder / STORE))
    _write(folder / "macros" / "schemas.sql", DBT_SCHEMAS)
    for (schema, name), sql in models.items():
        read = sorted({one for one in _read(sql) if one in models})
        known = [f"-- depends_on: {{{{ ref('{parent}') }}}}\n" for _, parent in read]
        text = f"{''.join(known)}{{% raw %}}{sql}{{% endraw %}}\n"
        _write(folder / "models" / schema / f"{name}.sql", text)
    work.prepare_store(folder / STORE)
    place = ("--project-dir", str(folder), "--profiles-dir", str(folder))
    return [str(programs / "dbt"), "--quiet", "run", *place]


def write_sqlmesh(work: Work, folder: Path, programs: Path) -> list[str]:
    """A project of SQLMesh; returns the words of the command that builds it."""
    _write(folder / "config.yaml", SQLMESH_PROJECT.format(store=folder / STORE))
    for (schema, name), sql in work.models().items():
        kind = "VIEW" if schema == "intermediate" else "FULL"
        head = f"MODEL (name {schema}.{name}, kind {kind}, optimize_query FALSE);\n\n"
        _write(folder / "models" / schema / f"{name}.sql", head + sql)
    work.prepare_store(folder / STORE)
    return [
        str(programs / "sqlmesh"),
        "-p",
        str(folder),
        "plan",
        "--auto-apply",
        "--no-prompts",
    ]


def _read(sql: str) -> list[tuple[str, str]]:
    """Schemas and names that a query reads, as compiled SQL and our own SQL write them."""
    return [*RELATION.findall(sql), *re.findall(r"from (core)\.(\w+)", sql)]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def plain_pandas(history: Path, target: Path) -> None:
    """The core tables alone, as Parquet: nobody wrote the marts a second time in pandas."""
    bars = _frame(history, "a_share_bars_*.parquet").rename(columns={"amount_cny": "amount"})
    bars = _versioned(bars.assign(market="CN", available_on=bars["trade_date"]))
    bars = bars.sort_values(["trade_date", "code"], ignore_index=True)
    navs = _frame(history, "fund_navs_*.parquet")
    next_day = pd.to_datetime(navs["nav_date"]) + pd.Timedelta(days=1)
    navs = _versioned(navs.assign(available_on=next_day))
    navs = navs.sort_values(["nav_date", "fund_code"], ignore_index=True)
    # In order of days, as the bars stand: the row before is the session before.
    before = bars.groupby("code", sort=False)[["close", "trade_date"]].shift()
    is_step = before["close"].notna() & (before["close"] != bars["reference_close"])
    steps = bars.loc[is_step, ["code", "trade_date", "reference_close", "available_on"]]
    steps = _versioned(
        steps.assign(
            close_before=before["close"],
            close_on=before["trade_date"],
            factor_step=(before["close"] / bars["reference_close"]).round(10),
        ).rename(columns={"trade_date": "ex_date"})
    )
    target.mkdir(parents=True, exist_ok=True)
    for name, frame in (("bars", bars), ("navs", navs), ("steps", steps)):
        frame.to_parquet(target / f"{name}.parquet", index=False)


def _frame(history: Path, files: str) -> pd.DataFrame:
    return pd.concat(map(pd.read_parquet, sorted(history.glob(files))), ignore_index=True)


def _versioned(frame: pd.DataFrame) -> pd.DataFrame:
    now = pd.Timestamp.now()
    return frame.assign(first_seen_at=now, load_id="plain-pandas", version=1)


if __name__ == "__main__":
    plain_pandas(Path(sys.argv[1]), Path(sys.argv[2]))
