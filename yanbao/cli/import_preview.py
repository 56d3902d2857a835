"""``yanbao import --preview``: what an import would change, in words or as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from yanbao.base.file_names import readable
from yanbao.cli.output import print_rows, shown

if TYPE_CHECKING:
    from yanbao.nightly.import_preview import FilePreview, ImportPreview
    from yanbao.releases.mart_changes import CellChange

MOST_LINES = 20  # of one kind; the rest is counted
COLUMNS = ("kind", "place", "key", "column", "before", "after")


def print_preview(preview: ImportPreview, form: str) -> None:
    """Files, stored values, report tables, printed cells: each counted, the first shown. As
    rows (csv, json) all of them, without what was read of the files.
    """
    if form != "table":
        print_rows(COLUMNS, [*_rows(preview)], form)
        return
    for file in preview.files:
        _print_file(file)
    for table in preview.tables:
        print(
            f"core.{table.table}: {table.new_keys:,} new keys,"
            f" {table.restated_keys:,} stored keys with other values"
        )
        _print_some(
            [
                f"{one.key} {one.column}: {_cell(one.stored)} → {_cell(one.new)}"
                for one in table.values
            ]
        )
    if preview.tables and preview.release is None:
        print("nothing is released yet: there is no report table and no printed cell to change")
    elif preview.tables and preview.release is not None:
        manifest = preview.release.manifest
        day = f"as of {manifest['as_of_date']}, beside {preview.release.release_id}"
        _print_marts(preview, day)
        counted = f"{len(preview.printed):,} would change"
        if preview.not_compared:
            counted = f"not compared, run once with this version first: {preview.not_compared}"
        print(f"printed cells, {day}: {counted}")
        _print_some(
            [
                f"{one.pack} {one.exhibit} · {one.cell}:"
                f" {one.before or '(none)'} → {one.after or '(none)'}"
                for one in preview.printed
            ]
        )
    for line in preview.trouble:
        print(f"the next run would be stopped: {line}")
    print("preview: nothing was loaded, nothing has changed")


def _print_file(file: FilePreview) -> None:
    """What was read of a file and what would become of it."""
    name = readable(file.path)
    if file.landed is None or file.stored is None:
        print(f"{name}: would be refused: {file.error}")
        return
    load, stored = file.stored.load, file.stored
    if stored.status == "repeat":
        print(file.landed.lines[0])
        return
    collapsed = f", {load.rows_collapsed} repeated" if load.rows_collapsed else ""
    print(
        f"{name}: {load.dataset}: {load.rows_in} rows in = {load.rows} to load"
        f" + {load.rows_quarantined} to quarantine{collapsed}"
        f" ({load.encoding}, {f'mapping {load.mapping}' if load.mapping else 'no mapping'})"
    )
    for line in file.landed.lines:
        print(f"  {line}")
    for reason in file.reasons:
        print(f"  would wait for a person: {reason}")
    if file.reasons:
        print("  what follows is what accepting it would do")
    if stored.status == "held" and not load.rows:
        print(f"  would wait for a person, and no row is good: {stored.reason}")
    elif stored.status == "rejected":
        print(f"  would be rejected: {stored.reason}")
    elif stored.status == "ungated":
        print("  could not be judged: it stays as it came until the next run")


def _print_marts(preview: ImportPreview, day: str) -> None:
    kinds = _by_kind(preview.cells)
    counts = ", ".join(f"{len(ones):,} {kind}" for kind, ones in kinds.items())
    print(f"report tables, {day}: values that would change: {counts}")
    for kind, ones in kinds.items():
        _print_some(
            [
                f"{kind}: {one.mart} {one.key} {one.column}:"
                f" {_cell(one.before)} → {_cell(one.after)}"
                for one in ones
            ]
        )


def _by_kind(cells: Iterable[CellChange]) -> dict[str, list[CellChange]]:
    """What vanishes first: a blank where a number was is what a reader misses; returns before
    the rest.
    """
    ordered = sorted(cells, key=lambda one: not one.is_return)
    return {
        "vanish": [one for one in ordered if one.after is None],
        "move": [one for one in ordered if one.before is not None and one.after is not None],
        "appear": [one for one in ordered if one.before is None],
    }


def _rows(preview: ImportPreview) -> Iterable[tuple[Any, ...]]:
    for file in preview.files:
        status = str(file.stored.status) if file.stored else "refused"
        if file.reasons:
            status = "held"
        reason = "; ".join(file.reasons) or (file.stored.reason if file.stored else file.error)
        yield "file", readable(file.path), None, status, None, reason or None
    for table in preview.tables:
        yield "new keys", f"core.{table.table}", None, None, None, table.new_keys
        for one in table.values:
            yield (
                "stored value",
                f"core.{table.table}",
                one.key,
                one.column,
                one.stored,
                one.new,
            )
    for cell in preview.cells:
        place = f"report.{cell.mart}"
        yield "report value", place, cell.key, cell.column, cell.before, cell.after
    for print_ in preview.printed:
        place = f"{print_.pack} {print_.exhibit}"
        yield "printed cell", place, print_.cell, None, print_.before, print_.after
    if preview.not_compared:
        yield "printed cells not compared", None, None, None, None, preview.not_compared
    for line in preview.trouble:
        yield "trouble", None, None, None, None, line


def _print_some(lines: Sequence[str]) -> None:
    for line in lines[:MOST_LINES]:
        print(f"  {line}")
    if len(lines) > MOST_LINES:
        print(f"  … and {len(lines) - MOST_LINES:,} more: --format json lists all")


def _cell(value: Any) -> str:
    return "–" if value is None else shown(value)
