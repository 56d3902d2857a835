"""Ephemeral models are put where dbt puts them, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from dbt import compilation
from dbt.contracts.graph.nodes import InjectedCTE

from yanbao.base.settings import PROJECT_ROOT
from yanbao.warehouse import dbt_ctes

CTES = (" __dbt__cte__a as (\nselect 1 as x\n)", " __dbt__cte__b as (\nselect ';' as y\n)")
MODELS = sorted(
    path for path in (PROJECT_ROOT / "models").rglob("*.sql") if "staging" not in path.parts
)


def body(model: Path) -> str:
    """A model's text as SQL: without what jinja takes out."""
    text = model.read_text(encoding="utf-8")
    return re.sub(r"\{%.*?%\}|\{#.*?#\}|\{\{ config\(.*?\) \}\}", "", text, flags=re.DOTALL)


def by_dbt(sql: str) -> str:
    """dbt's own answer, whatever an earlier test has installed."""
    installed = compilation.inject_ctes_into_sql
    theirs = getattr(installed, "replaced", installed)
    return str(theirs(sql, [InjectedCTE(id=str(n), sql=cte) for n, cte in enumerate(CTES)]))


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_every_model_reads_as_dbt_would_write_it(model: Path) -> None:
    sql = body(model)
    injected = dbt_ctes.inject_ctes(sql, CTES)
    assert injected is None or injected == by_dbt(sql)


def test_only_a_model_that_begins_with_another_word_takes_a_parser() -> None:
    starts = {model.stem: body(model).lstrip().startswith(("with", "--")) for model in MODELS}
    placed = {
        model.stem: dbt_ctes.inject_ctes(body(model), CTES) is not None for model in MODELS
    }
    assert placed == starts


@pytest.mark.parametrize(
    "sql",
    [
        "with own as (select 1) select * from own",
        "\n\n  WITH own as (select 1)\nselect * from own\n",
        "-- with a word before\nwith own as (select 1) select * from own",
        "/* with\nlines */ with own as (select 1) select * from own -- and after",
        "with recursive own as (select 1) select * from own",
        "with\n  RECURSIVE own as (select 1) select * from own",
        "with own as (select ';' as a -- it's here; or there\n) select * from own /* ; */",
        "with recursively as (select 1) select * from recursively",
    ],
)
def test_the_first_with_is_found_behind_comments(sql: str) -> None:
    assert dbt_ctes.inject_ctes(sql, CTES) == by_dbt(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select 1",
        "within as (select 1)",
        "(with own as (select 1) select * from own)",
        "with own as (select 1) select * from own; select 2",
    ],
)
def test_what_takes_a_parser_is_left_to_dbt(sql: str) -> None:
    assert dbt_ctes.inject_ctes(sql, CTES) is None
    dbt_ctes.install()
    ctes = [InjectedCTE(id="a", sql=cte) for cte in CTES]
    assert compilation.inject_ctes_into_sql(sql, ctes) == by_dbt(sql)


def test_installing_twice_replaces_dbts_function_once() -> None:
    dbt_ctes.install()
    installed = compilation.inject_ctes_into_sql
    dbt_ctes.install()
    assert compilation.inject_ctes_into_sql is installed
