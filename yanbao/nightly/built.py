"""What the transform step of a run produced."""

from __future__ import annotations

from dataclasses import dataclass

from yanbao.warehouse.dbt_runner import NodeResult
from yanbao.warehouse.store import Parameters, WorkStore

SHOWN_ROWS = 5


@dataclass(frozen=True)
class Built:
    """What the transform step produced."""

    parameters: Parameters
    nodes: tuple[NodeResult, ...]
    loads: tuple[str, ...]
    code_version: str
    is_full_refresh: bool


def failing_rows(store: WorkStore, node: NodeResult) -> list[dict[str, str]]:
    """The first rows that failed a test of dbt."""
    if not node.failing_sql:
        return []
    with store.connect() as connection:
        result = connection.execute(f"select * from ({node.failing_sql}\n) limit {SHOWN_ROWS}")
        names = [column[0] for column in result.description]
        return [
            {name: str(value) for name, value in zip(names, row, strict=True)}
            for row in result.fetchall()
        ]
