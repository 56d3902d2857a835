"""``yanbao new``: a dataset's files, a theme's rows or a file's mapping, to be edited."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.base.file_names import readable


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("dataset", "mapping", "theme"))
    parser.add_argument(
        "name", metavar="NAME", help="lower case, with underscores; a mapping: the file to map"
    )
    parser.add_argument("--label", default="", help="Chinese label")
    parser.add_argument("--dataset", help="mapping: the dataset that the file holds")
    pool = parser.add_mutually_exclusive_group()
    pool.add_argument("--industry", metavar="DIGITS", help="theme: a Shenwan code's 2, 4 or 6")
    pool.add_argument("--index", metavar="CODE", help="theme: the members of an index")
    pool.add_argument("--concept", metavar="NAME", help="theme: a concept board's members")


def handle(arguments: argparse.Namespace) -> int:
    name = arguments.name
    if arguments.kind == "mapping":
        return _mapping(arguments)
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", name):
        raise UsageError(
            f"{name!r} is not a {arguments.kind} name",
            hint="use lower case, for example etf_holdings",
        )
    if arguments.kind == "theme":
        return _theme(arguments)
    if arguments.industry or arguments.index or arguments.concept:
        raise UsageError("a dataset has no pool", hint="say yanbao new theme")
    return _dataset(name, arguments.label)


def _dataset(name: str, label: str) -> int:
    from yanbao.catalog import BY_NAME
    from yanbao.scaffold.new_dataset import write_new_dataset

    if name in BY_NAME:
        raise UsageError(f"{name} exists already", hint="choose another name")
    for path in write_new_dataset(name, label or name):
        print(path)
    print("edit the declaration, then make generate; docs/add_a_dataset.md explains it")
    return 0


def _mapping(arguments: argparse.Namespace) -> int:
    """Propose a mapping, in the folder whose mappings files are compared with."""
    from yanbao.catalog import BY_NAME
    from yanbao.inbox.mapping_file import unsettled
    from yanbao.scaffold.new_mapping import propose_mapping

    if arguments.dataset and arguments.dataset not in BY_NAME:
        raise UsageError.unknown_name("dataset", arguments.dataset, BY_NAME)
    path = Path(arguments.name)
    if not path.exists():
        raise FileRefusedError("there is no such file", "check the path", where=readable(path))
    text, dataset = propose_mapping(path, BY_NAME.get(arguments.dataset or ""))
    folder = arguments.settings.mappings
    stem = re.sub(r"[^\w-]+", "_", Path(readable(path)).stem).strip("_")
    target = folder / f"{stem}.yml"
    if target.exists():
        raise UsageError(
            "there is such a mapping already", where=str(target), hint="edit it or move it away"
        )
    folder.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(text, end="")
    todo = len(unsettled(text))
    follow = f"settle its {todo} TODO line{'s' * (todo > 1)}" if todo else "read it through"
    print(f"\nwrote {target} for {dataset.name}: {follow}, then yanbao import {path}")
    return 0


def _theme(arguments: argparse.Namespace) -> int:
    from yanbao.base.settings import PROJECT_ROOT
    from yanbao.scaffold.new_theme import write_new_theme

    given = {
        "sw_industry": arguments.industry,
        "index": arguments.index,
        "concept": arguments.concept,
    }
    kind, selector = next(((k, v) for k, v in given.items() if v), ("own_list", ""))
    label = arguments.label or arguments.name
    for path in write_new_theme(arguments.name, label, kind, selector):
        print(path.relative_to(PROJECT_ROOT))
    print("name the sub-industries, place the companies; docs/taxonomies.md explains it")
    return 0
