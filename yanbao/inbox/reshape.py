"""From a file's rows to a dataset's rows: notes left out, weeks split, columns to rows.

What is left out is reported; everything else goes on to the checks, with the row of the file
that it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, reduce

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.columns import missing_header
from yanbao.inbox.days import week_days
from yanbao.inbox.findings import shown
from yanbao.inbox.mapping import Mapping, Wide
from yanbao.inbox.received import BrokenRow, Received

_MOST_NAMED = 10
# No header of a file holds a line feed alone.
_NUMBER = "\n"


def reshaped_headers(headers: tuple[str, ...], mapping: Mapping) -> tuple[str, ...]:
    """The headers after weeks and wide columns are taken apart; refuses where they cannot."""
    empty = pa.table({header: pa.array([], pa.string()) for header in headers})
    nothing = Received(empty, pa.array([], pa.int64()), ())
    return tuple(reshaped(nothing, mapping).table.column_names)


def reshaped(received: Received, mapping: Mapping) -> Received:
    """The rows under ``reshaped_headers``."""
    headers = tuple(received.table.column_names)
    week, wide = mapping.week, mapping.wide
    # A week in the headers is taken apart once it is a column.
    is_wide = bool(week and wide and week.header in wide.groups)
    own = [week.header] if week and not is_wide else []
    for header in (*own, *mapping.split, *mapping.skip_where):
        if header not in headers:
            raise missing_header(header, headers, mapping)
    if wide and not any(map(wide.headers.fullmatch, headers)):
        raise missing_header(wide.headers.pattern, headers, mapping)
    if mapping.skip_rows:
        received = _without_notes(received, mapping.skip_rows)
    for header, pattern in mapping.skip_where.items():
        received = _without_cells(received, header, pattern)
    table = received.table
    if week and not is_wide:
        table = _split(table, mapping, week.header, (week.start, week.end), week_days)
    for header, pattern in mapping.split.items():
        names = tuple(pattern.groupindex)
        table = _split(table, mapping, header, names, partial(_parts_by, pattern))
    received = replace(received, table=table)
    if wide:
        received = _to_rows(received, mapping, wide)
    if week and is_wide:
        days = _split(received.table, mapping, week.header, (week.start, week.end), week_days)
        received = replace(received, table=days)
    return received


def _require_free(names: Sequence[str], table: pa.Table, mapping: Mapping) -> None:
    for name in names:
        if name in table.column_names:
            raise FileRefusedError(
                f"the file has a column {name}, which mapping {mapping.name} makes itself",
                "rename it in the file",
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


def _split(
    table: pa.Table,
    mapping: Mapping,
    header: str,
    names: Sequence[str],
    parts_of: Callable[[str], Sequence[str] | None],
) -> pa.Table:
    """Fill columns with the parts of one column's cells.

    A cell that has none fills them all as it stands, for the checks to refuse.
    """
    cells = table.column(header).cast(pa.string()).to_pylist()
    known: dict[str | None, Sequence[str | None]] = {None: [None] * len(names)}
    known |= {cell: parts_of(cell) or [cell] * len(names) for cell in set(cells) - {None}}
    if header not in mapping.columns:
        table = table.drop_columns([header])
    _require_free(names, table, mapping)
    for position, name in enumerate(names):
        texts = [known[cell][position] for cell in cells]
        table = table.append_column(name, pa.array(texts, pa.string()))
    return table


def _parts_by(pattern: re.Pattern[str], cell: str) -> list[str] | None:
    match = pattern.search(cell)
    return [match[name] for name in pattern.groupindex] if match else None


def _blocks(table: pa.Table, wide: Wide) -> dict[tuple[str | None, ...], dict[str, str]]:
    """The headers of each kind of row that the wide columns make: by column, by groups."""
    blocks: dict[tuple[str | None, ...], dict[str, str]] = {}
    for name in table.column_names:
        match = wide.headers.fullmatch(name)
        if match is None:
            continue
        target = wide.target(name)
        if target is None:
            raise FileRefusedError(
                f"header {shown(name)!r} is a measure that wide.values does not name",
                "name it there, or leave it out of wide.headers",
            )
        block = blocks.setdefault(tuple(match[group] for group in wide.groups), {})
        if target in block:
            raise FileRefusedError(
                f"columns {shown(block[target])!r} and {shown(name)!r} both give {target} of"
                " the same rows",
                "leave one of them out of the file or of the mapping",
            )
        block[target] = name
    return blocks


def _to_rows(received: Received, mapping: Mapping, wide: Wide) -> Received:
    """One row per block of wide columns of which a cell is filled, in the order of the file."""
    table = received.table
    blocks = _blocks(table, wide)
    used = {name for block in blocks.values() for name in block.values()}
    kept = table.select([name for name in table.column_names if name not in used])
    _require_free([*wide.groups, *wide.targets], kept, mapping)
    kept = kept.append_column(_NUMBER, received.numbers)
    parts, headers = [], []
    for texts, block in blocks.items():
        cells = {
            target: _emptied(table.column(name), mapping) for target, name in block.items()
        }
        filled = reduce(pc.or_, map(pc.is_valid, cells.values()))
        part = kept.filter(filled)
        for group, text in zip(wide.groups, texts, strict=True):
            part = part.append_column(group, pa.repeat(pa.scalar(text, pa.string()), len(part)))
        for target, column in cells.items():
            part = part.append_column(target, column.filter(filled))
        parts.append(part)
        headers += [" and ".join(block.values())] * len(part)
    try:
        long = pa.concat_tables(parts, promote_options="permissive")
    except pa.ArrowException as error:
        raise FileRefusedError(
            f"the columns that give {' and '.join(wide.targets)} hold different kinds of cells",
            "store them all as numbers",
        ) from error
    # A stable sort: the cells of one row stay in the order of their columns.
    order = np.argsort(long.column(_NUMBER).to_numpy(), kind="stable")
    long = long.take(pa.array(order))
    left = len(parts) * table.num_rows - len(long)
    warnings = received.warnings
    if left:
        warnings += (f"{left:,} empty cells of the wide columns hold no row",)
    return replace(
        received,
        table=long.drop_columns([_NUMBER]),
        numbers=long.column(_NUMBER),
        warnings=warnings,
        cell_headers=tuple(headers[at] for at in order),
    )


def _emptied(cells: pa.ChunkedArray, mapping: Mapping) -> pa.ChunkedArray:
    """The cells without those that the mapping calls empty."""
    if not mapping.empty or cells.type != pa.string():
        return cells
    is_empty = pc.is_in(cells, value_set=pa.array(mapping.empty, pa.string()))
    return pc.if_else(is_empty, None, cells)
