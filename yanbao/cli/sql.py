"""``yanbao sql``: a query on a release; nothing can be written and no file is reached."""

from __future__ import annotations

import argparse

from yanbao.base.errors import UsageError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument, add_release_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY")
    add_release_argument(parser)
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    import duckdb

    from yanbao.releases.adhoc import attached
    from yanbao.releases.release_store import ReleaseStore

    release = ReleaseStore(arguments.settings.releases).release(arguments.release)
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
