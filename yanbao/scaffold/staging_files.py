"""Staging of files and of the sources whose declarations say what becomes of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from textwrap import indent

from yanbao.base.errors import UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import BY_NAME, DATASETS, Column, Dataset
from yanbao.catalog.declaration import SOURCE_NOTE, Columns
from yanbao.scaffold.generated import sql_file
from yanbao.sources import SOURCES
from yanbao.sources.call import Fetch, stamp

STAGING = PROJECT_ROOT / "models" / "staging"
INBOX = "inbox"
LONG = 60  # a longer expression stands on a line of its own
ARRIVAL = ("_load_id as load_id", "_landed_at as landed_at", "_row as arrival_row")


def staging_files() -> dict[Path, str]:
    """The generated models of staging; those of other sources are written by hand."""
    found = {
        _path(INBOX, dataset): sql_file(f"yanbao/catalog: {dataset.name}", inbox_sql(dataset))
        for dataset in DATASETS
    }
    for (source, name), fetches in live_relations().items():
        if is_declared(fetches):
            origin = f"yanbao/sources/{source}.py: {name}"
            found[_path(source, BY_NAME[name])] = sql_file(origin, live_sql(fetches))
    return found


def _path(source: str, dataset: Dataset) -> Path:
    return STAGING / source / f"stg_{source}__{dataset.name}.sql"


def live_relations() -> dict[tuple[str, str], list[Fetch]]:
    """The fetches that fill each raw relation, by source and dataset."""

    def relation(fetch: Fetch) -> tuple[str, str]:
        return fetch.source, fetch.dataset

    ordered = sorted(SOURCES, key=relation)
    return {key: list(fetches) for key, fetches in groupby(ordered, key=relation)}


def is_declared(fetches: Iterable[Fetch]) -> bool:
    """Whether the declarations of a relation say which columns become ours."""
    return any(f.computed or any(c.becomes for c in f.columns) for f in fetches)


def columns_not_carried(dataset: Dataset, source: str) -> Columns:
    """The columns of core that a source does not have: as declared, else those not given."""
    fetches = live_relations().get((source, dataset.name), [])
    if source in dataset.not_carried or not is_declared(fetches):
        return dataset.not_carried.get(source, ())
    given = {
        *dataset.key,
        SOURCE_NOTE.name,
        *(name for fetch in fetches for name in _given(fetch)),
    }
    return tuple(dataset.core_column(n) for n in dataset.column_names if n not in given)


def _given(fetch: Fetch) -> dict[str, str]:
    """SQL by the column of ours that it gives; a column that is not ours is refused."""
    plain = {column.becomes: _quoted(column.name) for column in fetch.columns if column.becomes}
    dataset = BY_NAME[fetch.dataset]
    for name in (*plain, *fetch.computed):
        dataset.column(name)
    stamped = {name: stamp(name) for name in fetch.plan.stamps if name in dataset.column_names}
    return {**stamped, **plain, **fetch.computed}


def inbox_sql(dataset: Dataset) -> str:
    return _select(INBOX, dataset, (_cast(c.name, c) for c in dataset.columns))


def live_sql(fetches: Sequence[Fetch]) -> str:
    """One query over the replies of all fetches: what one of them lacks, another gives."""
    source, dataset = fetches[0].source, BY_NAME[fetches[0].dataset]
    given = [_given(fetch) for fetch in fetches]
    query = _select(source, dataset, (_filled(column, given) for column in dataset.columns))
    days = [_days(fetch, dataset) for fetch in fetches if "since" in fetch.plan.stamps]
    if days:
        first, *others = dict.fromkeys(days)
        day = f"coalesce({', '.join([first, *others])})" if others else first
        query += f'where {{{{ in_asked_window("{day}") }}}}\n'
    conditions = " and ".join(dict.fromkeys(fetch.keeps for fetch in fetches if fetch.keeps))
    if not conditions:
        return query
    return f"""\
with renamed as (

{indent(query, "    ")}
)

select * from renamed
where {conditions}
"""


def _days(fetch: Fetch, dataset: Dataset) -> str:
    return _cast(_given(fetch)[dataset.date_column], dataset.column(dataset.date_column))


def _filled(column: Column, given: Sequence[dict[str, str]]) -> str:
    """A column of ours out of what the fetches give for it; null where none does."""
    found = dict.fromkeys(ours[column.name] for ours in given if column.name in ours)
    if len(found) > 1 and any(sql.startswith("'") for sql in found):
        raise UsageError(
            f"{column.name} is a constant for some replies and another value for others",
            hint="write this staging by hand, with the condition that tells the replies apart",
        )
    casts = [_cast(sql, column) for sql in found or ("null",)]
    if len(casts) == 1:
        return casts[0]
    return "coalesce(\n    " + ",\n    ".join(casts) + "\n)"


def _cast(sql: str, column: Column) -> str:
    if column.is_prose and not (sql == "null" or sql.startswith("'") or "{{" in sql):
        words = f"cast({sql} as {column.sql_type})"
        quote = "'" if '"' in words else '"'
        return f"{{{{ plain_words({quote}{words}{quote}) }}}}"
    if len(sql) > LONG:
        return f"cast(\n    {sql} as {column.sql_type}\n)"
    return f"cast({sql} as {column.sql_type})"


def _select(source: str, dataset: Dataset, values: Iterable[str]) -> str:
    named = [f"{value} as {column.name}" for value, column in zip(values, dataset.columns)]
    columns = indent(",\n".join([*named, *ARRIVAL]), "    ")
    return f"""\
select
{columns}
from {{{{ source('{source}', '{dataset.name}') }}}}
"""


def _quoted(name: str) -> str:
    return name if name.isidentifier() else f'"{name}"'
