"""``yanbao``: parse the words, then import only what the chosen command needs."""

from __future__ import annotations

import argparse
import codecs
import importlib
import io
import locale
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

COMMANDS = {
    "run": ("run", "the nightly job: ingest, marts, gate, release, pack"),
    "backfill": ("backfill", "history of a dataset into raw, from where the last one stopped"),
    "import": ("import_files", "files → raw (the same code as the inbox)"),
    "show": ("show", "a mart for any day, as known on any day"),
    "report": ("report", "print a pack"),
    "release": ("release", "list, current or verify releases"),
    "hold": ("hold", "batches and files that wait for a decision, and taking one back"),
    "sql": ("sql", "a read-only query on a release"),
    "gc": ("gc", "what may go, with sizes"),
    "sources": ("sources", "datasets: last load, rows, staleness, next due"),
    "doctor": ("doctor", "environment, fonts, versions, disk, locks, calendar"),
    "new": ("new", "scaffold a dataset, a theme, or a mapping for a file"),
}


class OneLineParser(argparse.ArgumentParser):
    """A parser whose errors are one line, as every error of Yanbao is."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message} → see {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def build_parser(chosen: str | None) -> argparse.ArgumentParser:
    """The parser; only the chosen command's module is imported to fill in its words."""
    parser = OneLineParser(
        prog="yanbao",
        description="研报 Yanbao: report-ready tables, every number traceable.",
    )
    parser.add_argument("--home", help="state folder (default: YANBAO_HOME, else ./data)")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name, (module, summary) in COMMANDS.items():
        command = subparsers.add_parser(name, help=summary, description=summary)
        command.add_argument("--home", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        if name == chosen:
            found = importlib.import_module(f"yanbao.cli.{module}")
            found.add_arguments(command)
            command.set_defaults(handler=found.handle)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    from yanbao.base.disk import disk_full
    from yanbao.base.errors import EXIT_USAGE, YanbaoError
    from yanbao.base.settings import load_settings

    if argv is None:
        _read_files_as_utf8()
    _write_anywhere()
    words = list(sys.argv[1:] if argv is None else argv)
    chosen = next((word for word in words if word in COMMANDS), None)
    parser = build_parser(chosen)
    arguments = parser.parse_args(words)
    if not arguments.command:
        parser.print_help()
        return EXIT_USAGE
    try:
        arguments.settings = load_settings(arguments.home)
        return int(arguments.handler(arguments) or 0)
    except YanbaoError as error:
        print(f"yanbao: {error.line()}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # The reader (head, less) has gone; no one reads on.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("yanbao: stopped; the last release stays current", file=sys.stderr)
        return 130
    except Exception as error:
        full = disk_full(error, _existing(arguments.settings.home))
        if full is None:
            raise
        print(f"yanbao: {full.line()}", file=sys.stderr)
        return full.exit_code


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _read_files_as_utf8() -> None:
    """Begin anew in UTF-8 mode where the locale's encoding is another one.

    dbt reads its files as the locale says. The terminal keeps its own encoding.
    """
    preferred = locale.getpreferredencoding(do_setlocale=False)
    if sys.flags.utf8_mode or codecs.lookup(preferred).name == "utf-8":
        return
    os.environ.setdefault("PYTHONIOENCODING", sys.stdout.encoding)
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, "-m", "yanbao.cli.main", *sys.argv[1:]])  # noqa: S606


def _write_anywhere() -> None:
    """A character that the terminal's encoding lacks is written as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
