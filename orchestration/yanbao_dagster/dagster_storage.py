"""Dagster's own SQLite files, whose connections are kept instead of made for each statement.

A night stores a few hundred events. Dagster's SQLite storages make a database engine for
every statement of theirs, which costs several times the statement. Files, tables and locks
here are Dagster's: other processes use them at the same time, and a folder can go back to
``storage: sqlite`` at any moment. ``dagster.yaml`` names ``KeptSqliteStorage``.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dagster import StringSource
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.legacy_storage import CompositeStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import (
    SqliteScheduleStorage,
)
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine

KEPT_FILES = 8  # a web server looks at many runs, each of which is a file


class Engines:
    """One engine per file, each with one connection that stays open.

    More threads than one get further connections, which are closed after use. A file that
    was not used for long is closed too.
    """

    def __init__(self, keep: int = KEPT_FILES) -> None:
        self._keep = keep
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: str) -> Engine:
        with self._lock:
            engine = self._engines.pop(address, None) or create_engine(
                address,
                pool_size=1,
                max_overflow=-1,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS},
            )
            self._engines[address] = engine
            while len(self._engines) > self._keep:
                self._engines.popitem(last=False)[1].dispose()
        return engine

    def close(self) -> None:
        with self._lock:
            while self._engines:
                self._engines.popitem()[1].dispose()


class KeptEventLog(SqliteEventLogStorage):
    """The event log: a file of each run, and one over all runs."""

    def __init__(self, base_dir: str) -> None:
        self._engines = Engines()
        self._tables: set[str] = set()
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.get(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Asked with every event that carries tags; a table that is there stays there."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def wipe(self) -> None:
        self._engines.close()
        super().wipe()

    def dispose(self) -> None:
        super().dispose()
        self._engines.close()


class KeptRuns(SqliteRunStorage):
    """The runs, their tags and snapshots."""

    def __init__(
        self, conn_string: str, inst_data: ConfigurableClassData | None = None
    ) -> None:
        self._engines = Engines()
        super().__init__(conn_string, inst_data)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        with self._engines.get(self._conn_string).begin() as connection:
            yield connection

    def dispose(self) -> None:
        super().dispose()
        self._engines.close()


class KeptSqliteStorage(CompositeStorage):
    """Dagster's storage in ``base_dir``, laid out as ``storage: sqlite`` lays it out."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        history = Path(base_dir) / "history"
        super().__init__(
            KeptRuns.from_local(str(history)),
            KeptEventLog(str(history / "runs")),
            SqliteScheduleStorage.from_local(str(Path(base_dir) / "schedules")),
            inst_data=inst_data,
        )

    @classmethod
    def config_type(cls) -> dict[str, Any]:
        return {"base_dir": StringSource}

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptSqliteStorage:
        return cls(config_value["base_dir"], inst_data)
