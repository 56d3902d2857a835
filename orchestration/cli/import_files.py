"""``yanbao import``: files into the raw zone; bad rows are quarantined, never lost."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from orchestration.errors import EXIT_FAILED, FileRefusedError, UsageError, YanbaoError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--dataset", help="the dataset, where the file's name does not say")
    parser.add_argument(
        "--mapping", help="YAML that maps a vendor's columns, or the name of a known mapping"
    )


def handle(arguments: argparse.Namespace) -> int:
    from orchestration.datasets import BY_NAME
    from orchestration.settings import load_settings
    from orchestration.warehouse.lock import writer_lock

    settings = load_settings(arguments.home)
    dataset = None
    if arguments.dataset:
        if arguments.dataset not in BY_NAME:
            raise UsageError.unknown_name("dataset", arguments.dataset, BY_NAME)
        dataset = BY_NAME[arguments.dataset]
    settings.claim_mode("import")
    settings.make_folders()
    refused = 0
    with writer_lock(settings.work, "yanbao import"):
        for path in _files(arguments.paths):
            refused += _import_one(settings, path, dataset, arguments.mapping)
    return EXIT_FAILED if refused else 0


def _import_one(settings: object, path: Path, dataset: object, mapping: str | None) -> int:
    from orchestration.inbox.known import named_mapping
    from orchestration.landing import land_file

    try:
        landed = land_file(
            settings,  # type: ignore[arg-type]
            path,
            dataset=dataset,  # type: ignore[arg-type]
            mapping=named_mapping(mapping, settings.mappings) if mapping else None,  # type: ignore[attr-defined]
        )
    except YanbaoError as error:
        print(f"yanbao: {error.line()}", file=sys.stderr)
        return 1
    load = landed.stored.load
    if landed.stored.status != "repeat":
        mapping_used = f", mapping {load.mapping}" if load.mapping else ""
        collapsed = f", {load.rows_collapsed} repeated" if load.rows_collapsed else ""
        print(
            f"{path.name}: {load.dataset}: {load.rows_in} rows in = {load.rows} loaded"
            f" + {load.rows_quarantined} quarantined{collapsed} ({load.encoding}{mapping_used})"
            f"  load {load.load_id}"
        )
    for line in landed.lines:
        print(f"  {line}" if landed.stored.status != "repeat" else line)
    if landed.stored.status == "held":
        print(
            f"  on hold: {landed.stored.reason} → yanbao hold accept {load.load_id}"
            " --reason TEXT, or drop a corrected file"
        )
    if landed.quarantine_file:
        print(f"  bad rows: {landed.quarantine_file}")
    return 0


def _files(paths: list[Path]) -> list[Path]:
    """Files as given, folders by their files; a missing one is refused with a hint."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if p.is_file() and p.name[0] != ".")
        elif path.exists() or path.is_symlink():
            found.append(path)
        else:
            raise FileRefusedError.of(path, "there is no such file", "check the path")
    return found
