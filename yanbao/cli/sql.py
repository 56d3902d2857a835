"""``yanbao sql``: a query on a release; nothing can be written and no file is reached."""

from __future__ import annotations

import argparse

from yanbao.base.errors import UsageError
from yanbao.cli.output import print_rows
from yanbao.cli.words import add_format_argument


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument("--release", default="current", help="read this release")
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    import duckdb

    from yanbao.base.settings import load_settings
    from yanbao.releases.adhoc import attached
    from yanbao.releases.release_store import ReleaseStore

    settings = load_settings(arguments.home)
    release = ReleaseStore(settings.releases).release(arguments.release)
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
