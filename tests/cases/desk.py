"""A desk's state folder without nightly runs: files go in, rows of marts come out.

A file passes the real reader, the raw gate and the SQL that dbt compiled for core and the
report marts; only dbt, the release gate and the release are left out, which take seconds.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from yanbao.base.settings import Settings
from yanbao.catalog import BY_NAME
from yanbao.inbox.known import named_mapping
from yanbao.intake.landing import Landed, land_file
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.compiled_sql import relations_behind
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.store import Parameters, WorkStore, set_run_parameters

FILES = Path(__file__).parent / "files"
Row = dict[str, Any]


def prepare(home: Path) -> None:
    """A folder that holds no data yet, with every model built once over nothing."""
    steps = NightlySteps(Settings(home), "import")
    steps.recover()
    steps.prepare_models()
    steps.dbt.run("seed")
    steps.dbt.run("run", "--exclude", "staging")


@dataclass(frozen=True)
class Taken:
    """What became of a file: its load after the raw gate, and its rows in raw."""

    landed: Landed
    stored: StoredLoad

    @property
    def status(self) -> str:
        return str(self.stored.status)

    @property
    def reason(self) -> str:
        """Why it is held; empty for a good load."""
        return self.stored.reason

    @property
    def lines(self) -> str:
        """What the desk is told of the rows that were set aside, and the warnings."""
        return "\n".join(self.landed.lines)

    @property
    def rows(self) -> list[Row]:
        """The rows as they stand in raw, without the bookkeeping of their arrival."""
        if not self.stored.frame_path.exists():
            return []
        table = duckdb.read_parquet(str(self.stored.frame_path)).to_arrow_table()
        return [
            {name: value for name, value in row.items() if name[0] != "_"}
            for row in table.to_pylist()
        ]


class Desk:
    """``take`` files, then read ``rows`` of a core table or a report mart."""

    def __init__(self, home: Path, prepared: Path) -> None:
        shutil.copytree(prepared, home)
        self.settings = Settings(home)
        self.zone = RawZone(self.settings.raw)
        self.store = WorkStore(self.settings.work)
        self.settings.claim_mode("import")
        self._files = 0
        compiled = self.store.folder / "dbt" / "compiled" / "yanbao" / "models"
        self._sql = {
            layer: {
                path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")
            }
            for layer in ("marts/core", "marts/report", "intermediate")
            if (folder := compiled / layer)
        }

    def take(
        self, file: str | Path, dataset: str | None = None, mapping: str | None = None
    ) -> Taken:
        """Import a file as ``yanbao import`` does, gate it, and build core with it if good.

        ``file`` is a path or the name of one in files/; ``mapping`` likewise, or the name of
        a shipped mapping. Raises FileRefusedError for a file that cannot be read.
        """
        known = mapping and (str(FILES / mapping) if (FILES / mapping).exists() else mapping)
        landed = land_file(
            self.settings,
            FILES / file,
            dataset=BY_NAME[dataset] if dataset else None,
            mapping=named_mapping(known, self.settings.mappings) if known else None,
        )
        self.gate()
        self.build()
        return Taken(landed, self.zone.load(landed.stored.load.load_id))

    def gate(self) -> None:
        """Judge what has landed and was not judged yet."""
        gate_pending(self.zone, self.store, lambda _: None)

    def take_rows(self, dataset: str, rows: Sequence[Mapping[str, Any]]) -> Taken:
        """Import rows in a dataset's import format, as a CSV file of its name."""
        return self.take(self.write(dataset, rows))

    def write(self, dataset: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        """A CSV file of a dataset's name with these rows in its import format."""
        self._files += 1
        folder = self.settings.home / "files" / str(self._files)
        folder.mkdir(parents=True)
        names = [*dict.fromkeys(name for row in rows for name in row)]
        lines = [",".join(names)]
        lines += [",".join(str(row.get(name, "")) for name in names) for row in rows]
        path = folder / f"{dataset}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def build(self) -> None:
        """Build the core tables of the good loads anew, as a full refresh does."""
        loads, built = self.zone.loads(), self.store.built_loads()
        good = [stored for stored in loads if stored.status == "good"]
        # What was built and is good no more was taken back: its rows go.
        gone = [stored for stored in loads if stored.load.load_id in built]
        touched = {BY_NAME[stored.load.dataset].core_table for stored in (*good, *gone)}
        core = self._sql["marts/core"]
        steps = self._sql["intermediate"]
        behind = {
            name: {other for _, other in relations_behind(sql, steps)}
            for name, sql in core.items()
        }
        derived = [name for name in core if behind[name] & core.keys()]
        with self.store.connect() as connection:
            point_at(connection, good)
            for table in [*(t for t in core if t not in derived), *derived]:
                if table in touched or behind[table] & touched:
                    connection.execute(f'delete from core."{table}"')
                    connection.execute(f'insert into core."{table}" {core[table]}')
            connection.execute("delete from built_loads")
            for stored in good:
                connection.execute(
                    "insert into built_loads values (?, ?)",
                    [stored.load.load_id, stored.load.dataset],
                )
            point_at(connection, [])

    def rows(
        self,
        mart: str,
        as_of: str,
        known_at: str | None = None,
        seeds: Mapping[str, Sequence[Row]] | None = None,
    ) -> list[Row]:
        """The rows of a report mart for one day; ``seeds`` stand instead of the project's."""
        known = date.fromisoformat(known_at) if known_at else None
        with self.store.connect() as connection:
            set_run_parameters(connection, Parameters(date.fromisoformat(as_of), known))
            connection.execute("begin")
            for seed, given in (seeds or {}).items():
                connection.execute(f'delete from core."{seed}"')
                for row in given:
                    names = ", ".join(f'"{name}"' for name in row)
                    marks = ", ".join("?" * len(row))
                    connection.execute(
                        f'insert into core."{seed}" ({names}) values ({marks})', [*row.values()]
                    )
            table = connection.execute(self._sql["marts/report"][mart]).to_arrow_table()
            connection.execute("rollback")
        return table.to_pylist()

    def core(self, table: str) -> list[Row]:
        """The rows of a core table."""
        with self.store.connect() as connection:
            return connection.execute(f'from core."{table}"').to_arrow_table().to_pylist()


def changes(desk: Desk, as_of: str, code: str) -> Row:
    """The row of one company in ``company_changes``."""
    (row,) = [row for row in desk.rows("company_changes", as_of) if row["code"] == code]
    return row


def bars(code: str, closes: dict[str, float], **fields: Any) -> list[Row]:
    """Rows of bars of one code, by day."""
    return [
        {"code": code, "trade_date": day, "close": close, **fields}
        for day, close in closes.items()
    ]
