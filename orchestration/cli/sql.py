"""``yanbao sql``: a query on a release; nothing can be written and no file is reached."""

from __future__ import annotations

import argparse

from orchestration.cli.output import print_rows
from orchestration.cli.words import add_format_argument
from orchestration.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument("--release", default="current", help="read this release")
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    import duckdb

    from orchestration.releases.shelf import Shelf
    from orchestration.settings import load_settings
    from orchestration.warehouse.adhoc import attached

    settings = load_settings(arguments.home)
    release = Shelf(settings.releases).release(arguments.release)
    with attached(release) as connection:
        try:
            connection.execute("use warehouse")
            result = connection.execute(arguments.query)
            columns = [column[0] for column in result.description or []]
            rows = result.fetchall()
        except duckdb.Error as error:
            raise UsageError(
                " ".join(str(error).split())[:300],
                hint="schemas are core, report and meta; the connection is read-only",
            ) from None
    print_rows(columns, rows, arguments.format)
    return 0
