"""``yanbao new dataset NAME``: the files that a dataset has, ready to be edited."""

from __future__ import annotations

import argparse
import re

from orchestration.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("dataset",))
    parser.add_argument("name", metavar="NAME", help="plural, lower case, with underscores")
    parser.add_argument("--label", default="", help="Chinese label")


def handle(arguments: argparse.Namespace) -> int:
    from orchestration.datasets import BY_NAME
    from orchestration.scaffold.new_dataset import write_new_dataset
    from orchestration.settings import PROJECT_ROOT

    name = arguments.name
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", name):
        raise UsageError(
            f"{name!r} is not a dataset name",
            hint="use lower case, for example etf_holdings",
        )
    if name in BY_NAME:
        raise UsageError(f"{name} exists already", hint="choose another name")
    for path in write_new_dataset(name, arguments.label or name):
        print(path.relative_to(PROJECT_ROOT))
    print(
        "edit the declaration first, then the models; docs/add_a_dataset.md says what is what"
    )
    return 0
