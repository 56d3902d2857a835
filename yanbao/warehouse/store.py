"""The work store's file, its run parameters and what it has built so far."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import duckdb

Knowledge = Literal["announced", "seen"]


@dataclass(frozen=True)
class Parameters:
    """The one row that a report mart is a query over: which day, as known on which day.

    ``known_at`` None means everything known; ``knowledge`` says whether being announced
    or having been seen counts as known.
    """

    as_of: date
    known_at: date | None = None
    knowledge: Knowledge = "announced"

    def slug(self) -> str:
        known = self.known_at.isoformat() if self.known_at else "all"
        return f"{self.as_of.isoformat()}_{known}_{self.knowledge}"


def set_run_parameters(
    connection: duckdb.DuckDBPyConnection,
    parameters: Parameters,
    *,
    temporary: bool = False,
) -> None:
    """Write the one-row relation that every report mart reads."""
    kind = "temporary table" if temporary else "table"
    connection.execute(
        f"create or replace {kind} run_parameters as select"
        " ?::date as as_of_date, ?::date as known_at, ?::varchar as knowledge",
        [parameters.as_of, parameters.known_at, parameters.knowledge],
    )


def run_parameters(connection: duckdb.DuckDBPyConnection) -> Parameters:
    """What the report marts that stand are built for."""
    row = connection.execute(
        "select as_of_date, known_at, knowledge from run_parameters"
    ).fetchall()[0]
    return Parameters(*row)


def begin_build(connection: duckdb.DuckDBPyConnection, load_ids: Iterable[str]) -> bool:
    """Note the loads that a build takes in; returns whether an earlier one was cut short.

    Rows that a killed build left of loads it never acknowledged are taken back first: two
    versions of one key among them would otherwise be told apart again, and added twice.
    """
    left = [row[0] for row in connection.execute("select load_id from building").fetchall()]
    connection.execute("begin")
    if left:
        tables = connection.execute(
            "select table_name from information_schema.columns"
            " where table_schema = 'core' and column_name = 'load_id'"
        ).fetchall()
        for (table,) in tables:
            connection.execute(
                f'delete from core."{table}" where list_contains(?::varchar[], load_id)', [left]
            )
    connection.execute("delete from building")
    connection.execute("delete from built_marts")
    connection.execute("insert into building select unnest(?::varchar[])", [[*load_ids]])
    connection.execute("commit")
    return bool(left)


def has_table(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether a table has been built."""
    row = connection.execute(
        "select count(*) from information_schema.tables"
        " where table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return bool(row and row[0])


# A hundred tables of a few rows each leave blocks of the usual 256 KiB nearly empty, in this
# store and in every release of it; millions of rows load and scan faster in those.
SMALL_BLOCKS = 16 * 1024
FEW_ROWS = 1_000_000
BOOKKEEPING = """
create schema if not exists raw;
create schema if not exists meta;
create table if not exists built_loads (load_id varchar primary key, dataset varchar);
create table if not exists building (load_id varchar primary key);
create table if not exists built_marts (parameters varchar, results varchar);
create table if not exists code_version (version varchar primary key);
create table if not exists prepared_version (version varchar primary key);
"""


class WorkStore:
    """``work/warehouse.duckdb``: its catalog is called warehouse, as every release's is."""

    def __init__(self, work: Path) -> None:
        self.folder = work
        self.path = work / "warehouse.duckdb"
        self.log = work / "warehouse.duckdb.wal"
        self.kept = work / "kept"

    @contextmanager
    def connect(self, block_size: int = 0) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection; ``block_size`` in bytes is of a file that is not there yet."""
        import duckdb  # noqa: PLC0415 - the command line starts without it

        self.folder.mkdir(parents=True, exist_ok=True)
        chosen: dict[str, Any] = {"default_block_size": block_size} if block_size else {}
        connection = duckdb.connect(str(self.path), config=chosen)
        try:
            connection.execute("set timezone = 'UTC'")
            yield connection
        finally:
            connection.close()

    def prepare(self, rows: int = 0) -> None:
        """Create the bookkeeping tables of a new store, which is to hold so many raw rows."""
        block_size = 0 if self.path.exists() or rows >= FEW_ROWS else SMALL_BLOCKS
        with self.connect(block_size) as connection:
            connection.execute(BOOKKEEPING)

    def built_loads(self) -> set[str]:
        """The loads that core holds; none where the store was thrown away."""
        with self.connect() as connection:
            if not has_table(connection, "main", "built_loads"):
                return set()
            rows = connection.execute("select load_id from built_loads").fetchall()
        return {row[0] for row in rows}

    def mark_built(
        self,
        loads: Sequence[tuple[str, str]],
        version: str,
        marts: tuple[Parameters, str] | None = None,
    ) -> None:
        """Acknowledge loads, after every model has succeeded with them.

        ``marts`` are the parameters of the report marts that stand and the results of their
        build as JSON; None where a test of theirs did not pass.
        """
        with self.connect() as connection:
            connection.execute("begin")
            load_ids, datasets = zip(*loads, strict=True) if loads else ((), ())
            connection.execute(
                "insert or ignore into built_loads"
                " select unnest(?::varchar[]), unnest(?::varchar[])",
                [[*load_ids], [*datasets]],
            )
            connection.execute("delete from building")
            connection.execute("delete from code_version")
            connection.execute("insert into code_version values (?)", [version])
            if marts is not None:
                parameters, results = marts
                connection.execute(
                    "insert into built_marts values (?, ?)", [parameters.slug(), results]
                )
            connection.execute("commit")

    def marts_built_for(self, parameters: Parameters) -> str | None:
        """The results of the build whose report marts stand, if it was for these parameters."""
        return self._one(
            "select results from built_marts where parameters = ?", parameters.slug()
        )

    def built_version(self) -> str | None:
        return self._one("select version from code_version")

    def prepared_version(self) -> str | None:
        """The code version whose staging views the store holds, built or not."""
        return self._one("select version from prepared_version")

    def _one(self, query: str, *values: str) -> str | None:
        with self.connect() as connection:
            row = connection.execute(query, [*values]).fetchone()
        return row[0] if row else None

    def mark_prepared(self, version: str) -> None:
        with self.connect() as connection:
            connection.execute("delete from prepared_version")
            connection.execute("insert into prepared_version values (?)", [version])

    def discard(self) -> None:
        """Throw the store away; raw holds everything that is needed to build it again."""
        for file in (self.path, self.log):
            file.unlink(missing_ok=True)

    def keep(self) -> None:
        """Keep a copy of the store as it is now, for ``put_back``; nobody is connected."""
        self.forget_kept()
        self.kept.mkdir()
        for file in (self.path, self.log):
            if file.exists():
                shutil.copyfile(file, self.kept / file.name)

    def put_back(self) -> None:
        """Make the store what it was when it was kept."""
        self.discard()
        for file in self.kept.iterdir():
            shutil.copyfile(file, self.folder / file.name)

    def forget_kept(self) -> None:
        if self.kept.exists():
            shutil.rmtree(self.kept)

    def set_aside(self, reason: str) -> Path:
        """Keep a damaged store under another name, with its write-ahead log."""
        number = len(list(self.folder.glob("damaged-*")))
        place = self.folder / f"damaged-{number:03d}"
        place.mkdir()
        for file in (self.path, self.log):
            if file.exists():
                file.rename(place / file.name)
        (place / "reason.txt").write_text(reason, encoding="utf-8")
        return place
