"""``yanbao import``: files into the raw zone; bad rows are quarantined, never lost."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from yanbao.base.errors import EXIT_FAILED, FileRefusedError, UsageError, YanbaoError
from yanbao.cli.words import add_format_argument

if TYPE_CHECKING:
    from yanbao.base.settings import Settings
    from yanbao.catalog import Dataset
    from yanbao.intake.landing import Landed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--dataset", help="the dataset, where the file's name does not say")
    parser.add_argument(
        "--mapping", help="YAML that maps a vendor's columns, or the name of a known mapping"
    )
    parser.add_argument(
        "--preview",
        action="store_true",
        help="load nothing; say what would change: keys, stored values, report tables, cells",
    )
    add_format_argument(parser)


def handle(arguments: argparse.Namespace) -> int:
    from yanbao.base.disk import WORKING_ROOM, require_room
    from yanbao.base.lock import writer_lock
    from yanbao.catalog import BY_NAME
    from yanbao.intake.inbox_folder import recover

    settings = arguments.settings
    dataset = None
    if arguments.dataset:
        if arguments.dataset not in BY_NAME:
            raise UsageError.unknown_name("dataset", arguments.dataset, BY_NAME)
        dataset = BY_NAME[arguments.dataset]
    if arguments.format != "table" and not arguments.preview:
        raise UsageError("--format is for a preview", hint="add --preview")
    if arguments.preview:
        form = arguments.format
        return _preview(settings, arguments.paths, dataset, arguments.mapping, form)
    settings.claim_mode("import")
    settings.make_folders()
    given = [path for path in arguments.paths if path.is_file()]
    require_room(settings.home, WORKING_ROOM + 4 * sum(path.stat().st_size for path in given))
    with writer_lock(settings.work, "yanbao import"):
        recover(settings)
        dropped, others = _sorted_out(settings, arguments.paths)
        refused = _take_dropped(settings, dropped, dataset, arguments.mapping)
        for path in others:
            refused += _import_one(settings, path, dataset, arguments.mapping)
    return EXIT_FAILED if refused else 0


def _preview(
    settings: Settings,
    paths: list[Path],
    dataset: Dataset | None,
    mapping: str | None,
    form: str,
) -> int:
    """Say what the import would change; 1 where a file would be refused, as the import has."""
    import logging
    from contextlib import redirect_stdout

    from yanbao.cli.import_preview import print_preview
    from yanbao.cli.progress import show_progress
    from yanbao.inbox.known import named_mapping
    from yanbao.nightly.import_preview import preview_import

    show_progress(quiet=False)
    with redirect_stdout(sys.stdout if form == "table" else sys.stderr):
        dropped, others = _sorted_out(settings, paths)
    named = named_mapping(mapping, settings.mappings) if mapping else None
    preview = preview_import(
        settings,
        [*(settings.inbox / name for name in dropped), *others],
        dataset=dataset,
        mapping=named,
        progress=logging.getLogger("yanbao.progress").info,
    )
    print_preview(preview, form)
    return EXIT_FAILED if any(file.error for file in preview.files) else 0


def _take_dropped(
    settings: Settings, names: list[str], dataset: Dataset | None, mapping: str | None
) -> int:
    """Files of the watched folder go the way that the sensor sends them."""
    from yanbao.inbox.known import named_mapping
    from yanbao.intake.inbox_folder import take_stable

    if not names:
        return 0
    named = named_mapping(mapping, settings.mappings) if mapping else None
    refused = 0
    for taken in take_stable(settings, names, dataset=dataset, mapping=named):
        if taken.landed is None:
            print(f"yanbao: {taken.error}", file=sys.stderr)
            refused += 1
        else:
            _print_landed(taken.name, taken.landed)
        print(f"  {taken.name} is now {taken.kept}")
    return refused


def _import_one(
    settings: Settings, path: Path, dataset: Dataset | None, mapping: str | None
) -> int:
    from yanbao.base.file_names import readable
    from yanbao.inbox.known import named_mapping
    from yanbao.intake.landing import land_or_refuse

    try:
        named = named_mapping(mapping, settings.mappings) if mapping else None
        landed = land_or_refuse(settings, path, dataset=dataset, mapping=named)
    except YanbaoError as error:
        print(f"yanbao: {error.line()}", file=sys.stderr)
        return 1
    _print_landed(readable(path), landed)
    return 0


def _print_landed(name: str, landed: Landed) -> None:
    load = landed.stored.load
    if landed.stored.status != "repeat":
        mapping_used = f", mapping {load.mapping}" if load.mapping else ""
        collapsed = f", {load.rows_collapsed} repeated" if load.rows_collapsed else ""
        print(
            f"{name}: {load.dataset}: {load.rows_in} rows in = {load.rows} loaded"
            f" + {load.rows_quarantined} quarantined{collapsed} ({load.encoding}{mapping_used})"
            f"  load {load.load_id}"
        )
    for line in landed.lines:
        print(f"  {line}" if landed.stored.status != "repeat" else line)
    if landed.stored.status == "held" and not load.rows:
        print(
            f"  on hold: {landed.stored.reason}; no row of the file can be loaded → correct"
            " the mapping or the file and import it again"
        )
    elif landed.stored.status == "held":
        print(
            f"  on hold: {landed.stored.reason} → yanbao hold accept {load.load_id}"
            " --reason TEXT, or drop a corrected file"
        )
    if landed.quarantine_file:
        print(f"  bad rows: {landed.quarantine_file}")


def _sorted_out(settings: Settings, paths: list[Path]) -> tuple[list[str], list[Path]]:
    """Names of files in the watched folder, and the files elsewhere; folders by their files.

    What holds no table is passed over, with a word. A path that is missing is refused.
    """
    from yanbao.base.file_names import readable
    from yanbao.intake.passed_over import files_of, is_litter

    names: list[str] = []
    others: list[Path] = []
    for path in paths:
        if is_litter(path):
            print(f"{readable(path)}: passed over, a program keeps it for itself")
            continue
        if path.is_dir():
            found, words = files_of(path)
            print("".join(f"{word}\n" for word in words), end="")
        elif path.exists() or path.is_symlink():
            found = [path]
        else:
            raise FileRefusedError(
                "there is no such file", "check the path", where=readable(path)
            )
        for one in found:
            if one.parent.resolve() == settings.inbox:
                names.append(one.name)
            else:
                others.append(one)
    return names, others
