"""What dbt made, as Dagster shows it: rows, a preview, and dbt's own log in the run's log."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dagster import AssetExecutionContext, AssetKey, AssetMaterialization, MetadataValue

from yanbao.base.settings import Settings
from yanbao.warehouse.dbt_runner import NodeResult
from yanbao.warehouse.store import WorkStore
from yanbao_dagster.dbt_specs import made_with_the_models

if TYPE_CHECKING:
    import duckdb

PREVIEW_ROWS = 10
LONGEST_CELL = 60


def watching(
    context: AssetExecutionContext,
) -> Callable[[str, Sequence[NodeResult], Sequence[str]], None]:
    """Puts dbt's log into the run's, and marks seeds and staging views that were made."""

    def watch(command: str, nodes: Sequence[NodeResult], log: Sequence[str]) -> None:
        context.log.info("\n".join((f"dbt {command}", *log)))
        outside = made_with_the_models()
        for node in nodes:
            if node.unique_id in outside and node.status == "success":
                seconds = {"seconds": round(node.seconds, 3)}
                key = outside[node.unique_id].key
                context.log_event(AssetMaterialization(key, metadata=seconds))

    return watch


def facts_of(
    settings: Settings, store: WorkStore, keys: Iterable[AssetKey]
) -> dict[AssetKey, dict[str, Any]]:
    """Metadata of tables as they stand in the work store, by asset."""
    current = settings.releases / "current"
    links = {
        "current release": MetadataValue.path(current),
        "quality page": MetadataValue.path(current / "quality.html"),
    }
    with store.connect() as connection:
        return {key: {**_facts(connection, *key.path), **links} for key in keys}


def _facts(connection: "duckdb.DuckDBPyConnection", schema: str, table: str) -> dict[str, Any]:
    name = f'"{schema}"."{table}"'
    rows = connection.execute(f"select count(*) from {name}").fetchall()[0][0]
    first = connection.execute(f"select * from {name} limit {PREVIEW_ROWS}")
    columns = [column[0] for column in first.description or ()]
    return {
        "dagster/row_count": rows,
        "preview": MetadataValue.md(_markdown(columns, first.fetchall())),
    }


def _markdown(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    short = text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
    return short.replace("|", "\\|")
