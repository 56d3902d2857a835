"""Contract tests run akshare's real parsers; nothing leaves this process."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import responses
from pytest_socket import disable_socket, enable_socket

from yanbao.base.settings import PROJECT_ROOT
from yanbao.intake.landing import land_reply
from yanbao.raw.zone import RawZone
from yanbao.sources import fetches_for
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library
from yanbao.sources.call import Arguments, Fetch, Reply, Request
from yanbao.sources.traffic import Pace
from yanbao.warehouse.raw_relations import point_at

from ..dbt_macros import as_dbt_renders
from .case import SESSION
from .in_process import InProcess

os.environ["TQDM_DISABLE"] = "1"  # read once, when the library is imported
UNHURRIED = Pace(seconds=0, jitter=0, backoff_seconds=0)


@pytest.fixture(autouse=True)
def no_network_and_no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real request fails at once, and the library's own pauses cost nothing."""
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    disable_socket()
    yield
    enable_socket()


@pytest.fixture(scope="session")
def library() -> Library:
    return Library(UNHURRIED)


@pytest.fixture
def client(library: Library) -> AkshareClient:
    return AkshareClient(runner=InProcess(library))


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def index_fetch() -> Fetch:
    return fetches_for("index_bars")[0]


@pytest.fixture
def arguments(index_fetch: Fetch) -> Arguments:
    request = Request("index_bars", SESSION, symbols=("930713.CSI",))
    (only,) = index_fetch.plan(request)
    return only


Staged = Callable[[list[Reply]], duckdb.DuckDBPyRelation]


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    """Lands replies in a raw zone and runs the staging model of their dataset over it."""
    zone = RawZone(tmp_path / "raw")
    connection = duckdb.connect()
    connection.execute("create schema raw")

    def run(replies: list[Reply]) -> duckdb.DuckDBPyRelation:
        loads = [land_reply(zone, reply, partition=None) for reply in replies]
        point_at(connection, loads)
        return connection.sql(rendered(replies[0].source, replies[0].dataset))

    return run


def rendered(source: str, dataset: str) -> str:
    """The staging model's SQL with its relation in place of dbt's ``source``."""
    path = PROJECT_ROOT / "models" / "staging" / source / f"stg_{source}__{dataset}.sql"
    relation: dict[str, Any] = {
        "source": lambda name, table: f"raw.{json.dumps(f'{name}__{table}')}"
    }
    return as_dbt_renders(path.read_text(encoding="utf-8"), **relation)
