"""Argument types that several commands share."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from yanbao.base.errors import UsageError

if TYPE_CHECKING:
    from yanbao.warehouse.store import Knowledge


def iso_day(text: str) -> date:
    """A date as the command line takes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a date; write it as 2024-10-31"
        ) from None


def add_day_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-of", type=iso_day, help="day of the report, 2024-10-31")
    parser.add_argument(
        "--known-at",
        type=iso_day,
        help="nothing announced later enters (default: all known)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="known means seen by this warehouse, not merely announced",
    )


def add_format_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("table", "csv", "json"), default="table")


def add_release_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--release", default="current", help="read this release")


def add_quiet_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-q", "--quiet", action="store_true", help="print the result alone")


def knowledge_of(arguments: argparse.Namespace) -> Knowledge:
    return "seen" if arguments.strict else "announced"


def require_not_negative(limit: int | None) -> None:
    if limit is not None and limit < 0:
        raise UsageError(f"--limit {limit} is negative", hint="give a number of rows")
