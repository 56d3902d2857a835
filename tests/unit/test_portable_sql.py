"""Core and report marts keep to the SQL that DuckDB and Spark share.

What the two do not share stands in ``dbt_project/macros/engine``, once for each of them. No
engine is asked here: a list of patterns says what must not stand elsewhere, each with a line
that breaks it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from yanbao.base.settings import PROJECT_ROOT

MACROS = PROJECT_ROOT / "dbt_project" / "macros"
COMMENTS = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
TEXTS = re.compile(r"'[^']*'")
DISPATCHED = re.compile(r"adapter\.dispatch\('(\w+)'")


@dataclass(frozen=True)
class Unportable:
    """A pattern of SQL that one of the engines refuses or reads in another way."""

    pattern: str
    instead: str
    example: str

    def found_in(self, sql: str) -> list[str]:
        return [match.group().strip() for match in re.finditer(self.pattern, sql)]


UNPORTABLE = (
    Unportable(
        r"\b(max|min|arg_max|arg_min)_by\(", "value_at_max, value_at_min", "max_by(a, b)"
    ),
    Unportable(r"\barg_(max|min)\(", "value_at_max, value_at_min", "arg_max(a, b)"),
    Unportable(r"\b(string_agg|listagg|group_concat)\(", "joined_texts", "string_agg(a, ',')"),
    Unportable(r"\b(date_?diff)\(", "days_between", "date_diff('day', a, b)"),
    Unportable(r"\bunnest\(|\bexplode\(", "each_of", "select unnest([a, b])"),
    Unportable(r"\bstruct_pack\(|\bnamed_struct\(", "boxed", "struct_pack(a := b)"),
    Unportable(
        r"\.?\* (exclude|except|replace) \(", "star_with, star_without", "a.* exclude (b)"
    ),
    Unportable(r"\bignore nulls\b", "last_given", "last_value(a ignore nulls)"),
    Unportable(r"\bas (not )?materialized\b", "materialized", "with a as materialized (b)"),
    Unportable(r"\bregexp_(replace|matches|full_match)\(", "all_replaced", "regexp_replace(a)"),
    Unportable(r"\bregexp_extract_all\(", "all_matches", "regexp_extract_all(a, b)"),
    Unportable(r"\bmedian\(\{\{ exact", "exact_median", "median({{ exact_multiple(a, b) }})"),
    Unportable(r"\bconcat\(", "|| or concat_ws, which skips nulls", "concat(a, b)"),
    Unportable(r"\bas (varchar|text|hugeint|int\d)\b", "string, bigint", "cast(a as varchar)"),
    Unportable(r"\b(list|array)_\w+\(", "a dispatched macro", "list_contains(a, b)"),
    Unportable(r"\[[\w.]+, [\w.]+\](?!\s*[)}%,~|])", "each_of", "select [a, b] as c"),
    Unportable(r"\b(range|generate_series|sequence)\(", "numbers", "from range(5)"),
    Unportable(r"\b(strftime|strptime|date_format|to_date)\(", "a macro", "strftime(a, b)"),
    Unportable(r"\bstarts_with\(|\bends_with\(", "like", "starts_with(a, 'b')"),
    Unportable(r"\b(asof|positional|pivot|unpivot)\b", "plain joins", "asof join b"),
    Unportable(r"\(\s*from\b", "select … from", "(from a)"),
    Unportable(r"\bin \(select \(", "a list of columns", "(a, b) in (select (a, b) from c)"),
    Unportable(r"(\bas |[.])[\u4e00-\u9fff]", "double quotes", "select a as 名称"),
)


def shared_sql() -> list[Path]:
    """What both engines read: the steps, the marts, and the macros of the domain."""
    models = PROJECT_ROOT / "models"
    folders = (models / "intermediate", models / "marts", MACROS / "domain")
    return sorted(path for folder in folders for path in folder.rglob("*.sql"))


def sql_alone(text: str) -> str:
    """Without comments, and without the texts that a query compares or prints."""
    return TEXTS.sub("''", COMMENTS.sub("", text))


@pytest.mark.parametrize("rule", UNPORTABLE, ids=lambda rule: rule.example)
def test_models_hold_no_sql_of_one_engine(rule: Unportable) -> None:
    found = {
        str(path.relative_to(PROJECT_ROOT)): hits
        for path in shared_sql()
        if (hits := rule.found_in(sql_alone(path.read_text(encoding="utf-8"))))
    }
    assert not found, f"use {rule.instead}: {found}"


@pytest.mark.parametrize("rule", UNPORTABLE, ids=lambda rule: rule.example)
def test_each_pattern_finds_its_example(rule: Unportable) -> None:
    assert rule.found_in(sql_alone(rule.example))


def test_every_dispatched_macro_is_written_for_both_engines() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in MACROS.rglob("*.sql"))
    names = set(DISPATCHED.findall(text))
    assert names
    for engine in ("default", "spark"):
        lacking = [name for name in names if f"macro {engine}__{name}(" not in text]
        assert not lacking, f"write {engine}__… of {sorted(lacking)}"
