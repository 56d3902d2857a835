"""A release of two rows, published by the real protocol, for tests of its readers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from yanbao.base.check_result import CheckResult
from yanbao.releases.publish import Contents
from yanbao.releases.words import Words
from yanbao.warehouse.content_hashes import refresh_partitions
from yanbao.warehouse.store import Parameters, WorkStore, set_run_parameters

SMALL_MART = "small_list"
SMALL_SQL = """
select
    parameters.as_of_date,
    parameters.known_at,
    notes.code,
    notes.name,
    notes.share,
    notes.amount,
    notes.noted_on,
    notes.noted_on = parameters.as_of_date as is_new
from "warehouse"."core"."notes" as notes
cross join run_parameters as parameters
where notes.noted_on <= parameters.as_of_date
"""
CORE = """
create schema core;
create schema report;
create table core.notes as
select code, name, share, amount, noted_on, noted_on as available_on,
    timestamp '2024-10-31 10:00:00' as first_seen_at, 'load-1' as load_id, 1 as version
from (values
    ('000001.SZ', '=HYPERLINK("http://example.invalid")', 0.125, 3.5e9, date '2024-10-30'),
    ('000002.SZ', '样例乙', null, -1.0, date '2024-10-31')
) as notes (code, name, share, amount, noted_on);
"""
WORDS = Words(
    tables={SMALL_MART: "One row per note."},
    columns={(SMALL_MART, "share"): "占比：Share of the whole."},
    shared={"code": "代码：Share code."},
    metrics=[
        {
            "mart": SMALL_MART,
            "column_name": "share",
            "label_zh": "占比",
            "unit": "",
            "definition": "Share of the whole.",
        }
    ],
    version="words-1",
)
PASSED = CheckResult("release", SMALL_MART, "rows", "pass", "error", "2", "2", 0, (), "rows")


def small_contents(**changes: object) -> Contents:
    """What a night would hand over with the small store."""
    fields: dict[str, object] = {
        "parameters": Parameters(date(2024, 10, 31)),
        "source_mode": "sample",
        "code_version": "0123456789abcdef",
        "run_id": "run-1",
        "compiled": {f"report/{SMALL_MART}": SMALL_SQL},
        "lineage": [(SMALL_MART, "notes")],
        "loads": [],
        "checks": [PASSED],
        "words": WORDS,
    }
    return Contents(**{**fields, **changes})  # type: ignore[arg-type]


def small_work_store(home: Path) -> WorkStore:
    """A work store with one core table and one report mart, built and hashed."""
    store = WorkStore(home / "work")
    store.prepare()
    with store.connect() as connection:
        connection.execute(CORE)
        set_run_parameters(connection, Parameters(date(2024, 10, 31)))
        connection.execute(f"create table report.{SMALL_MART} as {SMALL_SQL}")
        refresh_partitions(connection, None)
    return store
