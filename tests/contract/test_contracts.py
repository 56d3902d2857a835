"""Every source function: the real parser on a hand-made reply, then the staging model."""

from __future__ import annotations

import duckdb
import pytest
import responses

from yanbao.catalog import BY_NAME
from yanbao.sources import SOURCES
from yanbao.sources.akshare_client import AkshareClient
from yanbao.warehouse.raw_relations import point_at

from .case import Case
from .cases import CASES
from .conftest import Staged, rendered

LANDING_TYPES = [
    ("load_id", "VARCHAR"),
    ("landed_at", "TIMESTAMP"),
    ("arrival_row", "BIGINT"),
]

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


@each_case
def test_reply_holds_exactly_the_declared_columns(
    case: Case,
    client: AkshareClient,
    wire: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case.register(wire, monkeypatch)
    reply = client.call(case.fetch, case.chosen())
    assert reply.warnings == ()
    due = {column.name for column in case.fetch.columns if not column.is_optional}
    assert due <= set(reply.frame.columns)
    assert reply.requests == case.requests
    assert reply.announced_total == case.announced
    assert reply.host.split(".")[-2:] == case.fetch.host.split(".")[-2:]


@each_case
def test_staging_gives_the_import_format_in_its_units(
    case: Case,
    client: AkshareClient,
    wire: responses.RequestsMock,
    monkeypatch: pytest.MonkeyPatch,
    staged: Staged,
) -> None:
    case.register(wire, monkeypatch)
    relation = staged([client.call(case.fetch, case.chosen())])
    declared = [(c.name, c.sql_type.upper()) for c in BY_NAME[case.dataset].columns]
    found = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types)]
    assert found == [*declared, *LANDING_TYPES]
    rows = (
        relation.filter(case.where)
        .project(", ".join(f'"{name}"' for name in case.columns))
        .fetchall()
    )
    assert sorted(rows, key=str) == sorted(case.staged, key=str)


RELATIONS = sorted({(fetch.source, fetch.dataset) for fetch in SOURCES})


@pytest.mark.parametrize(("source", "dataset"), RELATIONS)
def test_staging_of_nothing_is_empty_and_typed(source: str, dataset: str) -> None:
    """Most nights most relations hold no pending load; their models must still build."""
    connection = duckdb.connect()
    connection.execute("create schema raw")
    point_at(connection, [])
    relation = connection.sql(rendered(source, dataset))
    declared = [(c.name, c.sql_type.upper()) for c in BY_NAME[dataset].columns]
    found = [(name, str(kind)) for name, kind in zip(relation.columns, relation.types)]
    assert found == [*declared, *LANDING_TYPES]
    assert relation.fetchall() == []


def test_every_fetch_has_a_contract_case() -> None:
    covered = {(case.dataset, case.fetch.source, case.function) for case in CASES}
    declared = {(fetch.dataset, fetch.source, fetch.function) for fetch in SOURCES}
    assert declared - covered == set()


def test_every_live_dataset_names_its_upstreams_in_fallback_order() -> None:
    for name, dataset in BY_NAME.items():
        sources = {fetch.source for fetch in SOURCES if fetch.dataset == name}
        assert sources == set(dataset.upstream), name
