"""Prints one table: headers from the dictionary, cells, marks, notes and sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from yanbao.base.errors import PackError
from yanbao.reporting.composing.compose_counts import COUNT_HEADER, counted_rows
from yanbao.reporting.composing.context import (
    PackContext,
    dash_note,
    date_span_text,
    distinct_text,
    header_text,
    listed,
)
from yanbao.reporting.composing.facts import compute_facts
from yanbao.reporting.composing.found import Found
from yanbao.reporting.composing.selection import Row, is_missing, row_key
from yanbao.reporting.grammar.item_spec import TableSpec
from yanbao.reporting.grammar.row_spec import ColumnSpec
from yanbao.reporting.grammar.templating import fill
from yanbao.reporting.printed.cell import Cell, Header
from yanbao.reporting.printed.pack import PrintedRow, PrintedTable
from yanbao.reporting.styling.formatting import NumberStyle, plain_text
from yanbao.reporting.styling.vocabulary import MISSING, REPORTED_WORDS, basis_word, unit_word

STALE_MARK = "*"
REPORTED_MARK = "†"
EARLIER = "数据早于本期"
NOT_LISTED = "来源未列该项"
_WHOLE_TABLE_BASES = ("price_basis", "cap_basis")
Values = tuple[str, ...]


def print_table(context: PackContext, spec: TableSpec, number: int) -> PrintedTable:
    found = Found(context, spec.selection)
    words = compute_facts(context, spec.facts.values())[0] | spec.words
    if spec.count_by:
        names = (ColumnSpec(column=name) for name in spec.count_by)
        headers = (*(_header(found, name, NumberStyle()) for name in names), COUNT_HEADER)
        rows = counted_rows(found, spec)
    elif spec.value:
        headers, rows = _across(found, spec, spec.value)
    else:
        columns = [(column, found.style(column)) for column in _with_currency(found, spec)]
        headers = tuple(_header(found, column, style) for column, style in columns)
        rows = tuple(_row(found, columns, row) for row in found.rows)
    written = (fill(note, words) for note in spec.notes)
    return PrintedTable(
        number=number,
        mart=found.mart,
        title=context.title(spec.title, words, found.mart, found.rows),
        headers=headers,
        rows=rows,
        notes=(*_notes(found, spec, headers, rows), *written),
        sources=distinct_text(row.get("source_note") for row in found.rows),
        sample=context.sample_mark(found.rows),
    )


def _across(
    found: Found, spec: TableSpec, value: ColumnSpec
) -> tuple[tuple[Header, ...], tuple[PrintedRow, ...]]:
    """Models down, benchmarks across: one row per value of ``columns``, one column per value
    of ``across``, as first seen."""
    names = [column.name for column in spec.columns]
    cells: dict[Values, dict[Values, Row]] = {}
    heads: dict[Values, list[Row]] = {}
    for row in found.rows:
        side, head = _values(row, names), _values(row, spec.across)
        if head in cells.setdefault(side, {}):
            raise PackError(
                f"two rows of {found.mart} share the cell {' '.join(side)} × {' '.join(head)}",
                where=spec.path,
                hint="name more columns, or filter",
            )
        cells[side][head] = row
        heads.setdefault(head, []).append(row)
    styles = {head: found.style(value, rows) for head, rows in heads.items()}
    headers = (
        *(Header(name, found.label(name), NumberStyle()) for name in names),
        *(
            Header(
                column=value.name,
                text=header_text(" ".join(head), _unit(found, styles[head], rows)),
                style=styles[head],
                definition=found.metric(value.name).definition,
            )
            for head, rows in heads.items()
        ),
    )
    printed = []
    for by_head in cells.values():
        first = next(iter(by_head.values()))
        left = [found.cell(name, NumberStyle(), first) for name in names]
        right = [
            found.cell(value.name, style, by_head[head])
            if head in by_head
            else Cell(MISSING, style)
            for head, style in styles.items()
        ]
        remarks = (NOT_LISTED,) if len(by_head) < len(heads) else ()
        key = row_key(first, found.key)
        printed.append(PrintedRow((*left, *right), remarks=remarks, key=key))
    return headers, tuple(printed)


def _values(row: Row, names: Iterable[str]) -> Values:
    return tuple(plain_text(row[name]) for name in names)


def _unit(found: Found, style: NumberStyle, rows: Sequence[Row]) -> str:
    """The unit of a column, where its rows name just one."""
    if style.unit not in found.columns:
        return style.unit
    units = {unit_word(str(row[style.unit])) for row in rows if row[style.unit]}
    return units.pop() if len(units) == 1 else ""


def _with_currency(found: Found, spec: TableSpec) -> Iterator[ColumnSpec]:
    """Amounts in several currencies never stand without a currency column."""
    names = {column.name for column in spec.columns}
    for column in spec.columns:
        source = found.currency_column(column.name)
        if len(found.currencies(column.name)) > 1 and source not in names:
            names.add(source)
            yield ColumnSpec(column=source)
        yield column


def _header(found: Found, column: ColumnSpec, style: NumberStyle) -> Header:
    """A date stands in the header only where every row has that one date."""
    on = date_span_text(row[column.dated] for row in found.rows) if column.dated else ""
    by_row = not {f"{column.name}_unit", style.unit}.isdisjoint(found.columns)
    return Header(
        column=column.name,
        text=header_text(
            found.label(column.name),
            "" if by_row else style.unit,
            on if " " not in on else "",
            dated=found.label(column.dated) if column.dated else "",
            style=found.context.house.header_style,
        ),
        style=style,
        definition=found.metric(column.name).definition,
    )


def _row(
    found: Found, columns: Sequence[tuple[ColumnSpec, NumberStyle]], row: Row
) -> PrintedRow:
    cells = [_cell(found, column.name, style, row) for column, style in columns]
    if _is_old(found, row):
        cells[0] = replace(cells[0], mark=STALE_MARK)
    return PrintedRow(
        cells=tuple(cells),
        is_total=row.get("is_total") is True,
        remarks=tuple(_remarks(found, (column for column, _ in columns), row)),
        key=row_key(row, found.key),
    )


def _is_old(found: Found, row: Row) -> bool:
    """Whether a row is of an earlier period than the report, or rests on old data."""
    return row.get("is_stale") is True or bool(found.late_reason(row))


def _cell(found: Found, column: str, style: NumberStyle, row: Row) -> Cell:
    cell = found.cell(column, style, row)
    if column.endswith("_unit") and cell.raw:
        return replace(cell, text=unit_word(str(cell.raw)))
    if is_missing(cell.raw) and row.get("is_total") is True:
        return replace(cell, text="")  # a total has no code, and not every column adds up
    if cell.number is not None and _is_reported(column, row):
        return replace(cell, mark=REPORTED_MARK)
    return cell


def _is_reported(column: str, row: Row) -> bool:
    return row.get(f"{column}_basis") == "reported"


def _remarks(found: Found, columns: Iterable[ColumnSpec], row: Row) -> Iterator[str]:
    """Why this row carries a mark or a dash, as far as the mart knows."""
    if _is_old(found, row):
        reason = found.late_reason(row)
        yield f"数据未更新（{reason}）" if reason else EARLIER
    for column in columns:
        reason = found.missing_reason(column.name, row)
        if _is_reported(column.name, row):
            reason = REPORTED_WORDS
        if reason:
            yield f"{found.label(column.name)}：{reason}"
    if row.get("stale_reason") and row.get("is_stale") is not True:
        yield str(row["stale_reason"])


def _notes(
    found: Found, spec: TableSpec, headers: Sequence[Header], rows: Sequence[PrintedRow]
) -> Iterator[str]:
    if not rows:
        yield found.context.no_rows(found.selection)
        return
    for reason in found.context.late(found.mart).beside:
        yield f"{reason}。"
    if found.selected.total > len(found.rows):
        yield f"共 {found.selected.total} 行，列出前 {len(found.rows)} 行。"
    for name in _WHOLE_TABLE_BASES:
        words = distinct_text(basis_word(str(row[name])) for row in found.rows if row.get(name))
        if words and not spec.count_by:
            yield f"{found.label(name)}：{words}。"
    yield from _bases_by_column(found, spec)
    for column in spec.columns:
        span = date_span_text(row[column.dated] for row in found.rows) if column.dated else ""
        if " " in span:
            yield f"{found.label(column.dated)}逐行不同：{span}。"
    yield from _mark_notes(headers, rows)


def _bases_by_column(found: Found, spec: TableSpec) -> Iterator[str]:
    """On which basis the values of a column stand, where the mart says it in words."""
    columns: dict[str, list[str]] = {}
    for column in spec.columns:
        present = [row for row in found.rows if not is_missing(row[column.name])]
        bases = [str(row.get(f"{column.name}_basis") or "") for row in present]
        for basis in dict.fromkeys(bases):
            if basis and basis_word(basis) == basis:
                pairs = zip(present, bases, strict=True)
                first = spec.columns[0].name
                whom = [plain_text(row[first]) for row, own in pairs if own == basis]
                some = f"（{listed(whom)}）" if len(whom) < len(present) else ""
                columns.setdefault(basis, []).append(f"{found.label(column.name)}{some}")
    for basis, names in columns.items():
        yield f"{basis}：{'、'.join(names)}。"


def _mark_notes(headers: Sequence[Header], rows: Sequence[PrintedRow]) -> Iterator[str]:
    """What each mark in the table means, and whom it concerns, by reason."""
    by = _naming_column(headers, rows)
    stale = [row for row in rows if row.cells[0].mark == STALE_MARK]
    reasons = dict.fromkeys(row.remarks[0] for row in stale)
    for reason in reasons:
        names = [_name(row, by) for row in stale if row.remarks[0] == reason]
        whom = "全表" if len(names) == len(rows) else listed(names)
        yield f"{STALE_MARK} {reason}：{whom}。"
    if any(cell.mark == REPORTED_MARK for row in rows for cell in row.cells):
        yield f"{REPORTED_MARK} 采用来源所报数值，非由上期水平计算。"
    hidden = {cell.text for row in rows for cell in row.cells if cell.style.hides(cell.raw)}
    for text in sorted(hidden):
        yield f"市盈率为负时以“{text}”表示。"
    dashed = [
        row
        for row in rows
        if any(cell.text == MISSING and not cell.style.hides(cell.raw) for cell in row.cells)
    ]
    if dashed:
        pairs = [
            (_name(row, by), remark)
            for row in dashed
            for remark in row.remarks
            if remark not in reasons and REPORTED_WORDS not in remark
        ]
        yield dash_note(pairs, len(rows))


def _naming_column(headers: Sequence[Header], rows: Sequence[PrintedRow]) -> int | None:
    """The column whose texts tell the rows apart: the company and not its segment, a name
    rather than a code."""
    telling = [
        (header.column.endswith("code"), place)
        for place, header in enumerate(headers)
        if all(row.cells[place].style.kind == "text" and row.cells[place].raw for row in rows)
        and len({row.cells[place].text for row in rows}) == len(rows)
    ]
    return min(telling)[1] if telling else None


def _name(row: PrintedRow, by: int | None) -> str:
    """What a note calls a row; without a telling column its first text, no rank or day."""
    if by is not None:
        return row.cells[by].text
    texts = (cell.text for cell in row.cells if cell.style.kind == "text" and cell.raw)
    return next(texts, row.cells[0].text)
