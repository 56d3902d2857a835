"""What the ids that marts hold print as: ``meta.value_labels``, from the seeds of the release.

A pool, theme or universe is a row of a seed. Its Chinese label travels with the release, so
that a new one prints its name without a line of code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yanbao.warehouse.content_hashes import tables_in

if TYPE_CHECKING:
    import duckdb

# The column that marts hold → the seed, the seed's id and its label.
LABELLED = {
    "pool": ("pools", "pool", "label_zh"),
    "rule": ("pool_rules", "rule", "label_zh"),
    "theme": ("fund_themes", "theme", "label_zh"),
    "universe": ("universes", "universe", "label_zh"),
    "comparison": ("index_comparisons", "comparison", "label_zh"),
    "taxonomy": ("taxonomies", "taxonomy", "label_zh"),
    "peer_list": ("peer_lists", "peer_list", "label_zh"),
    "benchmark_index": ("indices", "index_code", "index_name"),
}


def value_labels(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    """Records of ``meta.value_labels`` from the seeds in ``core``."""
    tables = set(tables_in(connection, "core"))
    return [
        {"column_name": column, "value": value, "label_zh": text}
        for column, (table, identity, label) in LABELLED.items()
        if table in tables
        for value, text in connection.execute(
            f'select distinct "{identity}", "{label}" from core."{table}"'
            f' where "{label}" is not null order by all'
        ).fetchall()
    ]
