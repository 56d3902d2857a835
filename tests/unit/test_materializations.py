"""Tables and views are replaced in one statement, tables if they keep their contract."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from dbt.cli.main import dbtRunner

from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse.dbt_runner import _release_connections

MACROS = PROJECT_ROOT / "dbt_project" / "macros" / "materializations"
PROJECT = {
    "name": "small",
    "profile": "small",
    "macro-paths": ["macros"],
    "models": {"small": {"+materialized": "table"}},
    "flags": {"send_anonymous_usage_stats": False},
}
PROFILE = {
    "small": {
        "target": "duckdb",
        "outputs": {"duckdb": {"type": "duckdb", "path": "", "threads": 1}},
    }
}
GOOD = "select 'a' as code, 1.5::decimal(9, 2) as price"
# What becomes of each model in the second run, and the words of its error.
BROKEN = {
    "other_type": ("select 'a' as code, 1.5::double as price", "DOUBLE"),
    "column_missing": ("select 'a' as code", "missing in definition"),
    "column_added": (f"{GOOD}, 1 as more", "missing in contract"),
    "other_order": ("select 1.5::decimal(9, 2) as price, 'a' as code", "another order"),
    "null_where_not_null": (
        "select null::varchar as code, 1.5::decimal(9, 2) as price",
        "NOT NULL constraint failed",
    ),
    "query_fails": (f"{GOOD} where cast('x' as int) = 1", "Could not convert"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Runs a small project's models, given as name → SQL; returns name → dbt's result."""
    folder = tmp_path_factory.mktemp("small")
    store = folder / "warehouse.duckdb"
    (folder / "models").mkdir()
    (folder / "macros").symlink_to(MACROS)
    PROFILE["small"]["outputs"]["duckdb"]["path"] = str(store)  # type: ignore[index]
    (folder / "dbt_project.yml").write_text(json.dumps(PROJECT), encoding="utf-8")
    (folder / "profiles.yml").write_text(json.dumps(PROFILE), encoding="utf-8")

    def invoke(models: dict[str, str], contracts: dict[str, Any]) -> dict[str, Any]:
        for name, sql in models.items():
            (folder / "models" / f"{name}.sql").write_text(sql, encoding="utf-8")
        listed = [{"name": name, **contracts} for name in models]
        (folder / "models" / "models.yml").write_text(
            json.dumps({"version": 2, "models": listed}), encoding="utf-8"
        )
        words = ["run", "--project-dir", str(folder), "--profiles-dir", str(folder)]
        words += ["--select", *models]
        try:
            done = dbtRunner().invoke([*words, "--log-level", "none", "--quiet"])
        finally:
            _release_connections()
        assert done.exception is None
        return {result.node.name: result for result in done.result.results}

    invoke.store = store  # type: ignore[attr-defined]
    return invoke


CONTRACT = {
    "config": {"contract": {"enforced": True}},
    "columns": [
        {"name": "code", "data_type": "varchar", "constraints": [{"type": "not_null"}]},
        {"name": "price", "data_type": "decimal(9, 2)"},
    ],
}


@pytest.fixture(scope="module")
def second_run(run: Any) -> dict[str, Any]:
    """The results of a run that breaks every model but one, after one that built them all."""
    names = [*BROKEN, "kept"]
    first = run(dict.fromkeys(names, GOOD), CONTRACT)
    assert {result.status for result in first.values()} == {"success"}
    broken = {name: sql for name, (sql, _) in BROKEN.items()}
    results: dict[str, Any] = run({**broken, "kept": f"{GOOD} union all {GOOD}"}, CONTRACT)
    return results


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_contract_is_named_and_leaves_the_table_as_it_was(
    name: str, run: Any, second_run: dict[str, Any]
) -> None:
    result = second_run[name]
    assert result.status == "error"
    assert BROKEN[name][1] in result.message
    with duckdb.connect(str(run.store), read_only=True) as connection:
        rows = connection.execute(f"select code, price::varchar from {name}").fetchall()
    assert rows == [("a", "1.50")]


def test_a_table_has_the_new_rows_the_contract_s_types_and_its_constraints(
    run: Any, second_run: dict[str, Any]
) -> None:
    assert second_run["kept"].status == "success"
    with duckdb.connect(str(run.store), read_only=True) as connection:
        columns = connection.execute("describe kept").fetchall()
        count = connection.execute("select count(*) from kept").fetchone()
    assert [column[:3] for column in columns] == [
        ("code", "VARCHAR", "NO"),
        ("price", "DECIMAL(9,2)", "YES"),
    ]
    assert count == (2,)


def test_no_second_table_is_left(run: Any, second_run: dict[str, Any]) -> None:
    with duckdb.connect(str(run.store), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    assert {table for (table,) in tables} == set(second_run)


def test_a_model_may_turn_from_table_to_view_and_back(run: Any) -> None:
    for kind, expected in (("view", "VIEW"), ("table", "BASE TABLE"), ("view", "VIEW")):
        sql = f"{{{{ config(materialized='{kind}') }}}} {GOOD}"
        result = run({"turning": sql}, {})["turning"]
        assert result.status == "success", result.message
        with duckdb.connect(str(run.store), read_only=True) as connection:
            kinds = connection.execute(
                "select table_type from information_schema.tables where table_name = 'turning'"
            ).fetchall()
        assert kinds == [(expected,)]
