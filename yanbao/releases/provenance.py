"""Which source served each part of a dataset, and where two sources disagree.

A release carries both: ``meta.sources_served`` and ``meta.mart_sources`` say what stands
behind a mart, ``meta.source_differences`` what two sources say differently about one key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import BY_NAME
from yanbao.raw.load import StoredLoad
from yanbao.sources import sources_of_parts
from yanbao.sources.call import WHOLE
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

Record = dict[str, Any]
LOOK_BACK_DAYS = 40
CHECK = "cross_source"


def sources_served(loads: Iterable[StoredLoad]) -> list[Record]:
    """One record per dataset and part: the newest load that serves it, and its first choice.

    ``loads`` are those that core was built from, in order of arrival.
    """
    newest: dict[tuple[str, str], StoredLoad] = {}
    for stored in loads:
        for part in ("",) if stored.is_file else stored.load.answers or (WHOLE,):
            place = (stored.load.dataset, part)
            before = newest.get(place)
            if before is None or _day(before) <= _day(stored):
                newest[place] = stored
    records = []
    for (dataset, part), stored in sorted(newest.items()):
        load, day = stored.load, _day(stored)
        first = _planned(dataset, day).get(part, (load.source,))[0]
        records.append(
            {
                "dataset": dataset,
                "part": part or "file",
                "source": load.source,
                "function": load.function,
                "first_choice": first,
                "is_fallback": load.source != first,
                "served_on": day or None,
                "rows": load.rows,
                "load_id": load.load_id,
            }
        )
    return records


def mart_sources(
    served: Sequence[Mapping[str, Any]],
    lineage: Sequence[tuple[str, str]],
    terms: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Record]:
    """One record per mart and dataset behind it: its sources, whether one stood in, and
    whether its numbers may be passed on (``terms`` by dataset)."""
    by_dataset = _by_dataset(served)
    records = []
    for mart, dataset in lineage:
        behind = by_dataset.get(dataset, [])
        if behind:
            stood_in = [one for one in behind if one["is_fallback"]]
            records.append(
                {
                    "mart": mart,
                    "dataset": dataset,
                    "sources": _joined(behind, "source", ", "),
                    "is_fallback": bool(stood_in),
                    "served_on": max(one["served_on"] or "" for one in behind) or None,
                    "note": note(dataset, stood_in) if stood_in else None,
                    **(terms or {}).get(dataset, {}),
                }
            )
    return records


def note(dataset: str, stood_in: Sequence[Mapping[str, Any]]) -> str:
    """What a pack prints of a dataset whose first choice did not answer."""
    parts = [str(one["part"]) for one in stood_in if one["part"] != WHOLE]
    some = f"（{'、'.join(parts[:3])}{'等' if len(parts) > 3 else ''}）" if parts else ""
    sources, first = _joined(stood_in, "source", "、"), _joined(stood_in, "first_choice", "、")
    day = max(str(one["served_on"]) for one in stood_in)
    return f"{BY_NAME[dataset].label}{some} {day} 取自备用来源 {sources}，首选 {first} 未提供"


def fallbacks(served: Sequence[Mapping[str, Any]]) -> list[Record]:
    """What a manifest says: per dataset of which a part is served by a second choice."""
    return [
        {
            "dataset": dataset,
            "source": _joined(ones, "source", ", "),
            "first_choice": _joined(ones, "first_choice", ", "),
            "parts": [one["part"] for one in ones],
            "note": note(dataset, ones),
        }
        for dataset, ones in sorted(
            _by_dataset(one for one in served if one["is_fallback"]).items()
        )
    ]


def _by_dataset(ones: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for one in ones:
        found.setdefault(str(one["dataset"]), []).append(one)
    return found


def _joined(ones: Iterable[Mapping[str, Any]], name: str, separator: str) -> str:
    return separator.join(sorted({str(one[name]) for one in ones}))


def source_differences(
    connection: duckdb.DuckDBPyConnection, loads: Iterable[StoredLoad], as_of: date
) -> list[Record]:
    """Keys of the last forty days about which two sources differ beyond the tolerance.

    The newest version of a key is held against the last one that another source gave.
    """
    of_load = [[s.load.load_id, s.load.source, s.load.dataset] for s in loads]
    sources = {source for _, source, _ in of_load}
    if len(sources) < 2 or not has_table(connection, "meta", "source_tolerances"):
        return []
    connection.execute(
        "create or replace temporary table load_sources as select item[1] as load_id,"
        " item[2] as source, item[3] as dataset from (select unnest(?::varchar[][]) as item)",
        [of_load],
    )
    tolerances = connection.execute(
        "select core_table, dataset, column_name, tolerance, kind from meta.source_tolerances"
    ).fetchall()
    found = [one for row in tolerances for one in _differences(connection, row, as_of)]
    connection.execute("drop table load_sources")
    return found


def _differences(
    connection: duckdb.DuckDBPyConnection,
    tolerance: tuple[str, str, str, float, str],
    as_of: date,
) -> list[Record]:
    table, dataset, column, limit, kind = tolerance
    declared = BY_NAME[dataset]
    key = ", ".join(declared.key)
    words = " || ' ' || ".join(f"cast({name} as varchar)" for name in declared.key)
    base = "abs(earlier_value)" if kind == "relative" else "1"
    found: list[Record] = (
        connection.execute(
            f"""
            with versions as (
                select {key}, cast({column} as double) as value, fact.version, loads.source
                from core.{table} as fact
                inner join load_sources as loads using (load_id)
                where loads.dataset = $dataset
                    and fact.{declared.date_column} > $as_of::date - $days
            ),
            newest as (
                select * from versions
                where version > 1
                qualify row_number() over (partition by {key} order by version desc) = 1
            ),
            earlier as (
                select {key}, versions.value as earlier_value,
                    versions.source as earlier_source
                from versions inner join newest using ({key})
                where versions.source <> newest.source
                qualify row_number() over (
                    partition by {key} order by versions.version desc
                ) = 1
            )
            select $dataset as dataset, {words} as key, $column as column_name,
                source, value, earlier_source, earlier_value,
                $limit::double as tolerance, $kind as kind
            from newest inner join earlier using ({key})
            where abs(value - earlier_value) > $limit * {base}
            order by key
            """,
            {
                "dataset": dataset,
                "as_of": as_of,
                "days": LOOK_BACK_DAYS,
                "column": column,
                "limit": limit,
                "kind": kind,
            },
        )
        .to_arrow_table()
        .to_pylist()
    )
    return found


def difference_checks(differences: Sequence[Mapping[str, Any]]) -> list[CheckResult]:
    """A warning per dataset about which sources disagree; a pass where none do."""
    by_dataset = _by_dataset(differences)
    if not by_dataset:
        return [_check("all datasets", [], "no key with two answers beyond tolerance")]
    return [
        _check(dataset, ones, f"{len(ones)} values, such as {shown(ones[0])}")
        for dataset, ones in sorted(by_dataset.items())
    ]


def shown(one: Mapping[str, Any]) -> str:
    return (
        f"{one['column_name']} of {one['key']}: {one['value']:g} ({one['source']}),"
        f" {one['earlier_value']:g} ({one['earlier_source']})"
    )


def _check(dataset: str, ones: Sequence[Mapping[str, Any]], observed: str) -> CheckResult:
    return Subject("release", dataset, dataset).result(
        CHECK,
        "fail" if ones else "pass",
        severity="warn",
        observed=observed,
        expected="two sources agree within meta.source_tolerances",
        hint="the newest answer serves: compare both with the publisher",
        failing_rows=len(ones),
        sample=[{name: str(cell) for name, cell in one.items()} for one in ones],
    )


@cache
def _planned(dataset: str, day: str) -> dict[str, tuple[str, ...]]:
    return sources_of_parts(dataset, date.fromisoformat(day)) if day else {}


def _day(stored: StoredLoad) -> str:
    return stored.load.partition or ""
