"""The dbt models of a dataset: union of sources, core and its contract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from textwrap import indent, wrap

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import DATASETS, MERGED, Column, Dataset
from yanbao.catalog.core_labels import core_label
from yanbao.catalog.declaration import Columns
from yanbao.scaffold.generated import sql_file, yaml_file
from yanbao.scaffold.staging_files import INBOX, columns_not_carried
from yanbao.sources import SOURCES

LANDING_COLUMNS = (
    ("available_on", "date", "Day on which a reader in Beijing could know the row."),
    ("first_seen_at", "timestamp", "When this warehouse first saw the version, UTC."),
    ("load_id", "varchar", "The raw load that brought the version."),
    ("version", "integer", "1 for the first version of the key, then 2 and so on."),
)
ARRIVAL = ("landed_at", "load_id", "arrival_row")


def model_files() -> dict[Path, str]:
    """The models behind staging of every declaration, and the keys that macros read them by."""
    models = PROJECT_ROOT / "models"
    keys = PROJECT_ROOT / "dbt_project" / "macros" / "domain" / "core_key.sql"
    found = {keys: sql_file("yanbao/catalog", core_key_macro())}
    for table in core_tables():
        union = models / "intermediate" / f"int_{table.name}_unioned.sql"
        core = models / "marts" / "core" / f"{table.name}.sql"
        found[union] = sql_file(origin(table), union_sql(table))
        found[core] = sql_file(origin(table), core_sql(table))
        found[core.with_suffix(".yml")] = yaml_file(origin(table), core_contract(table))
    return found


def core_key_macro() -> str:
    """The macro that gives the key of a core table, its columns separated by commas."""
    keys = "\n".join(f"        '{t.name}': '{','.join(t.key)}'," for t in core_tables())
    return f"""\
{{% macro core_key(table) -%}}
    {{{{ {{
{keys}
    }}[table] }}}}
{{%- endmacro %}}
"""


def origin(dataset: Dataset) -> str:
    return f"yanbao/catalog: {dataset.name}"


def core_tables() -> tuple[Dataset, ...]:
    """The declarations of core tables: of a dataset each, and those that several fill."""
    return (*MERGED, *(dataset for dataset in DATASETS if not dataset.merges_into))


def upstreams(dataset: Dataset) -> list[str]:
    """Where rows of a dataset come from: files, then every source that fetches it."""
    return [INBOX, *sorted({f.source for f in SOURCES if f.dataset == dataset.name})]


def union_sql(table: Dataset) -> str:
    """Every source of a core table in one shape, one below the other."""
    parts = [dataset for dataset in DATASETS if dataset.core_table == table.name]
    steps = {
        part.name if table in MERGED else "unioned": _union_all(
            _branch(part, source, has_missing=bool(partial(table)))
            for source in upstreams(part)
        )
        for part in parts
    }
    if table in MERGED:
        last = _union_all(_as_merged(part, table) for part in parts)
    elif table.share_names:
        spelled = ", ".join(f"'{name}': share_name('{name}')" for name in table.share_names)
        last = f"select {{{{ star_with('unioned', {{{spelled}}}) }}}}\nfrom unioned"
    else:
        last = "select * from unioned"
    if table.filled:
        steps["filled"] = _filled(table)
        last = "select * from filled"
    if table.entities:
        last = _with_entity_ids(table, "filled" if table.filled else "unioned")
    ctes = ",\n\n".join(f"{n} as (\n\n{indent(sql, '    ')}\n\n)" for n, sql in steps.items())
    return f"with {ctes}\n\n{last}\n"


def _branch(dataset: Dataset, source: str, *, has_missing: bool) -> str:
    columns = ["*", f"'{source}' as source_name"]
    if has_missing:
        columns.append(f"{_not_carried(columns_not_carried(dataset, source))} as not_carried")
    return f"""\
select
{_listed(columns, 4)}
from {{{{ ref('stg_{source}__{dataset.name}') }}}}"""


def _not_carried(columns: Columns) -> str:
    if isinstance(columns, Mapping):
        cases = [f"    when {when} then {_words(names)}" for when, names in columns.items()]
        return "\n".join(["case", *cases, "end"])
    return _words(columns) if columns else "cast(null as string)"


def _words(names: Iterable[str]) -> str:
    """Names as one SQL text, which long ones break into lines."""
    return "\n|| ' ".join(f"{line}'" for line in wrap(f"'{' '.join(names)}", 76))


def partial(table: Dataset) -> list[str]:
    """The columns of a core table that some source does not carry."""
    missing: set[str] = set()
    for dataset in DATASETS:
        if dataset.core_table == table.name:
            for source in upstreams(dataset):
                columns = columns_not_carried(dataset, source)
                groups = columns.values() if isinstance(columns, Mapping) else [columns]
                missing.update(*groups)
    unknown = missing - {*table.column_names}
    if unknown:
        table.column(min(unknown))
    return [name for name in table.column_names if name in missing]


def _as_merged(dataset: Dataset, table: Dataset) -> str:
    """The columns of a merged table as a dataset fills them; null where it has none."""
    columns = []
    for column in table.columns:
        given = column.name if column.name in dataset.column_names else ""
        sql = dataset.as_merged.get(column.name, given or f"cast(null as {column.sql_type})")
        columns.append(sql if sql == column.name else f"{sql} as {column.name}")
    columns += [*ARRIVAL, "source_name", *(["not_carried"] if partial(table) else [])]
    return f"select\n{_listed(columns, 4)}\nfrom {dataset.name}"


def _filled(table: Dataset) -> str:
    columns = [
        f"coalesce({name}, {table.filled[name]}) as {name}" if name in table.filled else name
        for name in (*table.column_names, *ARRIVAL)
    ]
    return f"select\n{_listed(columns, 4)}\nfrom unioned"


def _with_entity_ids(table: Dataset, relation: str) -> str:
    kinds = ", ".join(f"'{name}': '{kind}'" for name, kind in table.entities)
    return f"""\
{{{{ with_entity_ids(
    '{relation}',
    {{{kinds}}},
    day='{table.entity_day or f"named.{table.date_column}"}',
    aliases=ref('entity_aliases')
) }}}}"""


def entity_ids(table: Dataset) -> list[tuple[str, str, str]]:
    """Name, type and description of the id beside each column that names an entity."""
    return [
        (f"{name}_id", "varchar", f"Id of {name} by the names of the day; unlisted:… if none.")
        for name, _ in table.entities
    ]


def core_sql(table: Dataset) -> str:
    ids = [name for name, _, _ in entity_ids(table)]
    attributes = [name for name in table.column_names if name not in table.key]
    columns = [*table.key, *attributes, *ids]
    available_on = table.available_on or table.date_column or "cast(null as date)"
    candidates = [
        *columns,
        f"{available_on} as available_on",
        "landed_at as first_seen_at",
        "load_id",
        "arrival_row",
        *(["not_carried"] if partial(table) else []),
    ]
    first = "available_on"
    if table.first_available_on:
        first = (
            "case\n"
            f"    when version = 1 then {table.first_available_on} else available_on\n"
            "end as available_on"
        )
    period = [table.date_column] if table.date_column in table.key else []
    arguments = ["'candidates'", _names("key", table.key), _names("attributes", attributes)]
    arguments += [f"period='{name}'" for name in period]
    if partial(table):
        arguments.append(_names("partial", partial(table)))
    if ids:
        arguments.append(_names("derived", ids))
    order = [*period, *(name for name in table.key if name not in period), "version"]
    return f"""\
with unioned as (

    select * from {{{{ ref('int_{table.name}_unioned') }}}}

),

candidates as (

    select
{_listed(candidates, 8)}
    from unioned

),

{{{{ new_versions(
{_listed(arguments, 4)}
) }}}}

select
{_listed([*columns, first, "first_seen_at", "load_id", "version"], 4)}
from versions
order by {", ".join(order)}
"""


def _names(argument: str, names: Iterable[str]) -> str:
    return f"{argument}=[\n{_listed([repr(name) for name in names], 4)}\n]"


def _listed(items: Iterable[str], depth: int) -> str:
    return indent(",\n".join(items), " " * depth)


def _union_all(queries: Iterable[str]) -> str:
    return "\nunion all\n".join(queries)


def core_contract(table: Dataset) -> dict[str, object]:
    ordered = [table.column(name) for name in table.key]
    ordered += [column for column in table.columns if column.name not in table.key]
    unique = {"unique_on": {"arguments": {"columns": [*table.key, "version"]}}}
    model = {
        "name": table.name,
        "description": f"One row per version of {table.grain}. {table.label}.",
        "config": {"meta": {"label_zh": table.label}},
        "data_tests": [unique],
        "columns": [
            *(_contract_column(column) for column in ordered),
            *(
                {"name": name, "data_type": sql_type, **_words_of(name, description)}
                for name, sql_type, description in (*entity_ids(table), *LANDING_COLUMNS)
            ),
        ],
    }
    return {"version": 2, "models": [model]}


def _contract_column(column: Column) -> dict[str, object]:
    entry: dict[str, object] = {
        "name": column.name,
        "data_type": column.sql_type,
        **_words_of(column.name, column.description, column.unit),
    }
    if column.required:
        entry["constraints"] = [{"type": "not_null"}]
    if column.allowed:
        values = {"arguments": {"values": [*column.allowed]}}
        entry["data_tests"] = [{"accepted_values": values}]
    return entry


def _words_of(name: str, description: str, unit: str = "") -> dict[str, object]:
    """Description and meta of a column: label and unit stand in both, as in report marts."""
    label = core_label(name)
    meta = {key: word for key, word in (("label_zh", label), ("unit", unit)) if word}
    words = (f"{label}：" if label else "") + description + (f" Unit: {unit}." if unit else "")
    return {"description": words, **({"config": {"meta": meta}} if meta else {})}
