"""From a file's rows to a dataset's rows: notes left out, weeks split, columns to rows.

What is left out is reported; everything else goes on to the checks, with the row of the file
that it came from.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.columns import headers_hint, nearest
from yanbao.inbox.days import week_days
from yanbao.inbox.findings import shown
from yanbao.inbox.mapping import Mapping, Week, Wide
from yanbao.inbox.received import BrokenRow, Received

_MOST_NAMED = 10


def reshaped_headers(path: Path, headers: tuple[str, ...], mapping: Mapping) -> tuple[str, ...]:
    """The headers after weeks and wide columns are taken apart; refuses where they cannot."""
    gone: list[str] = []
    added: list[str] = []
    if mapping.week:
        if mapping.week.header not in headers:
            raise _missing(path, headers, mapping, mapping.week.header)
        gone.append(mapping.week.header)
        added += [mapping.week.start, mapping.week.end]
    for header, pattern in mapping.split.items():
        if header not in headers:
            raise _missing(path, headers, mapping, header)
        if header not in mapping.columns:
            gone.append(header)
        added += pattern.groupindex
    for header in mapping.skip_where:
        if header not in headers:
            raise _missing(path, headers, mapping, header)
    if mapping.wide:
        wide = [header for header in headers if mapping.wide.headers.fullmatch(header)]
        if not wide:
            raise _missing(path, headers, mapping, mapping.wide.headers.pattern)
        gone += wide
        added += [*mapping.wide.groups, mapping.wide.value]
    kept = [header for header in headers if header not in gone]
    for name in added:
        if name in kept:
            raise FileRefusedError.of(
                path,
                f"the file has a column {name}, which mapping {mapping.name} makes itself",
                "rename it in the file",
            )
    return (*kept, *added)


def reshaped(path: Path, received: Received, mapping: Mapping) -> Received:
    """The rows under ``reshaped_headers``."""
    if mapping.skip_rows:
        received = _without_notes(received, mapping.skip_rows)
    for header, pattern in mapping.skip_where.items():
        received = _without_cells(received, header, pattern)
    if mapping.week:
        received = replace(received, table=_split_week(received.table, mapping.week))
    for header, pattern in mapping.split.items():
        table = _split_cells(received.table, header, pattern, keep=header in mapping.columns)
        received = replace(received, table=table)
    if mapping.wide:
        received = _to_rows(path, received, mapping.wide, mapping.empty)
    return received


def _missing(
    path: Path, headers: tuple[str, ...], mapping: Mapping, what: str
) -> FileRefusedError:
    near = nearest(what, headers)
    return FileRefusedError.of(
        path,
        f"the file has no column {what!r}, which mapping {mapping.name} names",
        f"did you mean {shown(near)!r}?" if near else headers_hint(headers),
    )


def _without_notes(received: Received, patterns: tuple[re.Pattern[str], ...]) -> Received:
    """Leave out rows whose first filled cell is a note; the rows are named by number."""

    def is_note(text: str | None) -> bool:
        return text is not None and any(pattern.search(text) for pattern in patterns)

    texts = [column.cast(pa.string()) for column in received.table.columns]
    first = pc.coalesce(*texts) if texts else pa.chunked_array([[]], pa.string())
    notes = pa.array([is_note(text) for text in first.to_pylist()], pa.bool_())
    skipped = received.numbers.filter(notes).to_pylist()
    kept: list[BrokenRow] = []
    for row in received.broken:
        if is_note(next((cell.strip() for cell in row.cells if cell.strip()), None)):
            skipped.append(row.finding.row)
        else:
            kept.append(row)
    return _left_out(replace(received, broken=tuple(kept)), notes, skipped, "note rows")


def _without_cells(received: Received, header: str, pattern: re.Pattern[str]) -> Received:
    """Leave out rows by their cell in one column; an empty cell is an empty text."""
    cells = received.table.column(header).cast(pa.string()).to_pylist()
    unwanted = pa.array([bool(pattern.search(cell or "")) for cell in cells], pa.bool_())
    skipped = received.numbers.filter(unwanted).to_pylist()
    return _left_out(received, unwanted, skipped, f"rows by {header}")


def _left_out(
    received: Received, unwanted: pa.Array, skipped: list[int], what: str
) -> Received:
    """The other rows; those that were left out are named by number."""
    if not skipped:
        return received
    numbers = ", ".join(str(row) for row in sorted(skipped)[:_MOST_NAMED])
    more = ", …" if len(skipped) > _MOST_NAMED else ""
    warning = f"{len(skipped):,} {what} were skipped (rows {numbers}{more})"
    good = pc.invert(unwanted)
    return replace(
        received,
        table=received.table.filter(good),
        numbers=received.numbers.filter(good),
        warnings=(*received.warnings, warning),
    )


def _split_week(table: pa.Table, week: Week) -> pa.Table:
    """A label that is no week fills both columns as it stands, for the checks to refuse."""
    labels = table.column(week.header).cast(pa.string()).to_pylist()
    known = {label: week_days(label) or (label, label) for label in set(labels) - {None}}
    known[None] = (None, None)
    table = table.drop_columns([week.header])
    for position, name in enumerate((week.start, week.end)):
        days = [known[label][position] for label in labels]
        table = table.append_column(name, pa.array(days, pa.string()))
    return table


def _split_cells(
    table: pa.Table, header: str, pattern: re.Pattern[str], *, keep: bool
) -> pa.Table:
    """A cell that the pattern does not know fills all columns as it stands."""
    cells = table.column(header).cast(pa.string()).to_pylist()
    matches = {cell: pattern.search(cell) for cell in set(cells) if cell is not None}
    if not keep:
        table = table.drop_columns([header])
    for name in pattern.groupindex:
        texts = [
            None if cell is None else match[name] if (match := matches[cell]) else cell
            for cell in cells
        ]
        table = table.append_column(name, pa.array(texts, pa.string()))
    return table


def _to_rows(path: Path, received: Received, wide: Wide, empty: tuple[str, ...]) -> Received:
    """One row per filled cell of the wide columns, in the order of the file."""
    no_value = pa.array(empty, pa.string())
    table = received.table
    matches = {name: wide.headers.fullmatch(name) for name in table.column_names}
    kept = table.select([name for name, match in matches.items() if match is None])
    parts, rows, places = [], [], []
    for position, (name, match) in enumerate(matches.items()):
        if match is None:
            continue
        cells = table.column(name)
        if empty and cells.type == pa.string():
            cells = pc.if_else(pc.is_in(cells, value_set=no_value), None, cells)
        filled = pc.is_valid(cells)
        part = kept.filter(filled)
        for group, text in match.groupdict().items():
            part = part.append_column(group, pa.repeat(pa.scalar(text, pa.string()), len(part)))
        parts.append(part.append_column(wide.value, cells.filter(filled)))
        rows.append(received.numbers.filter(filled).to_numpy(zero_copy_only=False))
        places.append(np.full(len(part), position))
    origins = np.concatenate(rows)
    order = np.lexsort((np.concatenate(places), origins))
    try:
        long = pa.concat_tables(parts, promote_options="permissive").take(pa.array(order))
    except pa.ArrowException as error:
        raise FileRefusedError.of(
            path,
            f"the columns that give {wide.value} hold different kinds of cells",
            "store them all as numbers",
        ) from error
    count = len(origins)
    # Broken rows keep a place of their own behind the others.
    broken = tuple(
        replace(row, finding=replace(row.finding, row=count + position))
        for position, row in enumerate(received.broken, start=1)
    )
    headers = list(matches)
    made = [
        (int(origins[at]), headers[position])
        for at, position in zip(order, np.concatenate(places)[order])
    ]
    made += [(row.finding.row, "") for row in received.broken]
    left = sum(1 for match in matches.values() if match) * table.num_rows - count
    warnings = received.warnings
    if left:
        warnings += (f"{left:,} empty cells of the wide columns hold no row",)
    return Received(
        long,
        pa.array(np.arange(1, count + 1, dtype="int64")),
        broken,
        warnings,
        origins=tuple(made),
    )
