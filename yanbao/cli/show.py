"""``yanbao show``: a table for any day, from the release or an ad-hoc build on it."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from yanbao.base.errors import UsageError
from yanbao.cli.output import print_rows
from yanbao.cli.words import (
    add_day_arguments,
    add_format_argument,
    add_release_argument,
    knowledge_of,
    require_not_negative,
)

if TYPE_CHECKING:
    import duckdb

    from yanbao.releases.release_store import Release
    from yanbao.warehouse.store import Parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("mart", metavar="MART")
    add_day_arguments(parser)
    parser.add_argument("--where", metavar="SQL", help="a condition on the mart's columns")
    parser.add_argument("--limit", type=int, help="at most so many rows")
    add_release_argument(parser)
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    import duckdb

    from yanbao.quality.staleness import line_of
    from yanbao.releases.adhoc import AdHocBuilder, released_parameters, report_marts
    from yanbao.releases.release_store import ReleaseStore

    require_not_negative(arguments.limit)
    release = ReleaseStore(arguments.settings.releases).release(arguments.release)
    parameters = _parameters(arguments, released_parameters(release))
    is_released = parameters == released_parameters(release)
    stale: list[dict[str, object]] = []
    if arguments.mart in report_marts(release):
        builder = AdHocBuilder(arguments.settings.work / "builds", release, parameters)
        path = str(builder.parquet(arguments.mart))
        stale = builder.stale_behind(arguments.mart)
    else:
        path, is_released = _other_table(release, arguments.mart), True
    scan = path.replace("'", "''")
    connection = duckdb.connect(":memory:")
    connection.execute(f"create table \"{arguments.mart}\" as from read_parquet('{scan}')")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    print_rows(*_query(connection, arguments), arguments.format)
    origin = "held by" if is_released else "built on"
    known = f", known at {parameters.known_at}" if parameters.known_at else ""
    print(
        f"{arguments.mart} as of {parameters.as_of}{known}: {origin} release"
        f" {release.release_id} ({release.manifest['source_mode']})",
        file=sys.stderr,
    )
    for one in stale:
        print(line_of(one), file=sys.stderr)
    return 0


def _parameters(arguments: argparse.Namespace, released: Parameters) -> Parameters:
    """What was asked; a day alone means everything known, not the release's known_at."""
    if arguments.as_of is None and arguments.known_at is None and not arguments.strict:
        return released
    return replace(
        released,
        as_of=arguments.as_of or released.as_of,
        known_at=arguments.known_at,
        knowledge=knowledge_of(arguments),
    )


def _other_table(release: Release, name: str) -> str:
    """Core and meta tables are read as they are; they take no as-of day."""
    from yanbao.catalog.marts import report_marts as catalog_marts

    parquet = release.path / "parquet"
    by_schema = {
        schema: sorted({path.stem for path in (parquet / schema).iterdir()})
        for schema in ("report", "core", "meta")
    }
    for schema in ("core", "meta"):
        if name in by_schema[schema]:
            file = parquet / schema / f"{name}.parquet"
            return str(file if file.exists() else parquet / schema / name / "*.parquet")
    if name in catalog_marts():
        raise UsageError(
            f"release {release.release_id} is older than {name}",
            hint="this version prints it; the next yanbao run adds it",
        )
    every = [name for names in by_schema.values() for name in names]
    error = UsageError.unknown_name("mart", name, every)
    if error.hint.startswith("known:"):
        listed = (f"{schema}: {', '.join(names)}" for schema, names in by_schema.items())
        raise UsageError(error.what, hint="; ".join(listed))
    raise error


def _query(
    connection: duckdb.DuckDBPyConnection, arguments: argparse.Namespace
) -> tuple[list[str], list[tuple[object, ...]]]:
    import duckdb

    where = f" where ({arguments.where})" if arguments.where else ""
    limit = f" limit {arguments.limit}" if arguments.limit is not None else ""
    try:
        relation = connection.execute(f'select * from "{arguments.mart}"{where}{limit}')
    except duckdb.Error as error:
        missing = re.search(r'Referenced column "(.+?)" (?:was )?not found', str(error))
        if missing:
            columns = connection.execute(f'from "{arguments.mart}" limit 0').description or []
            raise UsageError(
                f"{arguments.mart} has no column {missing[1]!r}",
                where="--where",
                hint=f"its columns: {', '.join(column[0] for column in columns)};"
                " text stands in 'single quotes'",
            ) from None
        raise UsageError(
            str(error).splitlines()[0],
            where="--where",
            hint="a condition such as \"code = '0700.HK'\" on the mart's columns",
        ) from None
    return [column[0] for column in relation.description], relation.fetchall()
