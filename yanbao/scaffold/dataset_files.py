"""The files that a dataset has, from its declaration (see docs/add_a_dataset.md).

``yanbao new dataset`` writes them once; from then on they are edited by hand.
"""

from __future__ import annotations

from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.declaration import SQL_TYPES, Column, Dataset

LANDING_COLUMNS = (
    ("available_on", "date", "Day on which a reader in Beijing could know the row."),
    ("first_seen_at", "timestamp", "When this warehouse first saw the version, UTC."),
    ("load_id", "varchar", "The raw load that brought the version."),
    ("version", "integer", "1 for the first version of the key, then 2 and so on."),
)


def dataset_places(name: str) -> dict[str, Path]:
    """Every place that a dataset occupies besides its declaration, by purpose."""
    models = PROJECT_ROOT / "models"
    return {
        "staging model": models / "staging" / "inbox" / f"stg_inbox__{name}.sql",
        "staging docs": models / "staging" / "inbox" / f"stg_inbox__{name}.yml",
        "union of sources": models / "intermediate" / f"int_{name}_unioned.sql",
        "core model": models / "marts" / "core" / f"{name}.sql",
        "core contract": models / "marts" / "core" / f"{name}.yml",
    }


def staging_sql(dataset: Dataset) -> str:
    casts = "\n".join(f"        {_cast(column)}," for column in dataset.columns)
    return f"""\
with source as (

    select * from {{{{ source('inbox', '{dataset.name}') }}}}

),

renamed as (

    select
{casts}
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
"""


def _cast(column: Column) -> str:
    if column.name == "source_note" or column.kind in ("text", "code"):
        return f"cast({column.name} as varchar) as {column.name}"
    return f"cast({column.name} as {SQL_TYPES[column.kind]}) as {column.name}"


def staging_yml(dataset: Dataset) -> str:
    keys = "\n".join(
        f"""      - name: {name}
        description: {_quoted(dataset.column(name).description)}"""
        for name in dataset.key
    )
    return f"""\
version: 2

sources:
  - name: inbox
    schema: raw
    description: Files in import format, from analysts or from the sample.
    tables:
      - name: {dataset.name}
        identifier: inbox__{dataset.name}
        description: {_quoted(f"{dataset.label}. Pending loads of the import format.")}

models:
  - name: stg_inbox__{dataset.name}
    description: >
      One row per {dataset.grain}, as it arrived in a file; not yet versioned.
    columns:
{keys}
"""


def union_sql(dataset: Dataset) -> str:
    return f"""\
-- {dataset.label}: every source of the dataset in its import format, one below the other.
with inbox as (

    select * from {{{{ ref('stg_inbox__{dataset.name}') }}}}

)

select * from inbox
"""


def core_sql(dataset: Dataset, available_on: str | None = None) -> str:
    attributes = [c.name for c in dataset.columns if c.name not in dataset.key]
    columns = [*dataset.key, *attributes]
    period = f", period='{dataset.date_column}'" if dataset.date_column in dataset.key else ""
    order = ", ".join(
        ([dataset.date_column] if dataset.date_column in dataset.key else [])
        + [name for name in dataset.key if name != dataset.date_column]
    )
    available = available_on or default_available_on(dataset)
    indent = ",\n        "
    return f"""\
with unioned as (

    select * from {{{{ ref('int_{dataset.name}_unioned') }}}}

),

candidates as (

    select
        {indent.join(columns)},
        {available} as available_on,
        landed_at as first_seen_at,
        load_id,
        arrival_row
    from unioned

),

{{{{ new_versions(
    'candidates',
    key={_names(dataset.key)},
    attributes={_names(attributes)}{period}
) }}}}

select
    {("," + chr(10) + "    ").join(columns)},
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by {order}, version
"""


def default_available_on(dataset: Dataset) -> str:
    """The dated column of a fact; null for undated reference rows, which were always known."""
    return dataset.date_column or "cast(null as date)"


def core_yml(dataset: Dataset) -> str:
    lines = []
    for name in (
        *dataset.key,
        *(c.name for c in dataset.columns if c.name not in dataset.key),
    ):
        column = dataset.column(name)
        unit = f" Unit: {column.unit}." if column.unit else ""
        lines += [
            f"      - name: {name}",
            f"        data_type: {column.sql_type}",
            f"        description: {_quoted(column.description + unit)}",
        ]
        if column.required:
            lines.append("        constraints: [{type: not_null}]")
    for name, sql_type, description in LANDING_COLUMNS:
        lines += [
            f"      - name: {name}",
            f"        data_type: {sql_type}",
            f"        description: {_quoted(description)}",
        ]
    keys = ", ".join((*dataset.key, "version"))
    return f"""\
version: 2

models:
  - name: {dataset.name}
    description: >
      One row per version of {dataset.grain}. {dataset.label}.
    data_tests:
      - unique_on:
          arguments: {{columns: [{keys}]}}
    columns:
{chr(10).join(lines)}
"""


def render(dataset: Dataset, available_on: str | None = None) -> dict[Path, str]:
    places = dataset_places(dataset.name)
    return {
        places["staging model"]: staging_sql(dataset),
        places["staging docs"]: staging_yml(dataset),
        places["union of sources"]: union_sql(dataset),
        places["core model"]: core_sql(dataset, available_on),
        places["core contract"]: core_yml(dataset),
    }


def _names(names: tuple[str, ...] | list[str]) -> str:
    return "[\n        " + ",\n        ".join(f"'{name}'" for name in names) + "\n    ]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
