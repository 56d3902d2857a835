"""What must hold among the numbers of printed packs, told as a list of faults.

The checks read printed cells and sentences, and recompute nothing with the code that made
them: a fact is compared with the rows of the table that prints the same rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from yanbao.reporting.grammar.fact_spec import COMPARISONS, FactSpec
from yanbao.reporting.grammar.item_spec import ItemSpec, SentenceSpec, TableSpec
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.printed.cell import Cell, Trace
from yanbao.reporting.printed.pack import (
    PrintedChart,
    PrintedItem,
    PrintedPack,
    PrintedRow,
    PrintedSentence,
    PrintedTable,
)

# Columns that name a thing, and measures that say the same of it in whatever mart.
NAMES = ("code", "index_code", "fund_code")
MEASURES = frozenset(
    {"close", "change_week", "change_month", "change_ytd", "market_cap", "change_this_month",
     "change_this_year", "return_3m"}
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?::\d\d)*")
_LISTED = re.compile(r"(?:^|、)(.+?)（([^（）]+)）(?=、|$)")


@dataclass(frozen=True)
class Print:
    """A pack as declared and as printed."""

    spec: PackSpec
    pack: PrintedPack


def digits(text: str) -> str:
    """The digits of a printed number, without sign, unit, word or mark.

    A name may hold digits of its own: 跑赢沪深300 13.7个百分点.
    """
    number = text.rpartition(" ")[2] if text.endswith("百分点") else text
    found = _NUMBER.search(number.replace(",", ""))
    return found[0] if found else text


def traces(pack: PrintedPack) -> Iterator[Trace]:
    for item in pack.items:
        if isinstance(item, PrintedTable):
            cells = [cell for row in item.rows for cell in row.cells]
        elif isinstance(item, PrintedChart):
            cells = [cell for point in item.points for cell in (point.cell, *point.extras)]
        else:
            yield from item.traces
            continue
        for cell in cells:
            if cell.trace is not None:
                # What is on the page, not what the trace says was on it.
                yield Trace(**{**vars(cell.trace), "text": cell.text})


def differing_prints(prints: Iterable[Print]) -> list[str]:
    """One row and column of a mart printed with two values, in one pack or in two."""
    seen: dict[tuple[str, str, str], dict[str, str]] = defaultdict(dict)
    for one in prints:
        for trace in traces(one.pack):
            key = (trace.mart, trace.row_key, trace.column)
            if not trace.row_key.startswith(("count(", "share(")):
                seen[key].setdefault(digits(trace.text), one.pack.name)
    return [f"{key}: {values}" for key, values in seen.items() if len(values) > 1]


def differing_marts(prints: Iterable[Print]) -> list[str]:
    """One company, index or fund with two values of one measure in two tables."""
    seen: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for one in prints:
        for table in one.pack.tables:
            columns = [header.column for header in table.headers]
            named = next((columns.index(name) for name in NAMES if name in columns), None)
            for place, column in enumerate(columns):
                if named is None or column not in MEASURES:
                    continue
                for row in table.rows:
                    who, cell = row.cells[named], row.cells[place]
                    if cell.number is not None and who.raw and not row.cells[0].mark:
                        where = f"{one.pack.name} {table.caption}"
                        seen[str(who.raw), column].setdefault(digits(cell.text), where)
    return [f"{key}: {values}" for key, values in seen.items() if len(values) > 1]


def wrong_totals(one: Print) -> tuple[list[str], int]:
    """Total rows that are not the sum of the unrounded rows above them; how many were added."""
    faults, checked = [], 0
    for table in one.pack.tables:
        if any("列出前" in note for note in table.notes):
            continue
        for total in (row for row in table.rows if row.is_total):
            parts = [row for row in table.rows if not row.is_total and _same_sum(row, total)]
            for place, header in enumerate(table.headers):
                cell = total.cells[place]
                if cell.number is None or header.column == "change_ratio":
                    continue
                numbers = [row.cells[place].number for row in parts]
                added = sum((number for number in numbers if number is not None), Decimal(0))
                checked += 1
                if abs(added - cell.number) > Decimal("0.00001"):
                    faults.append(f"{table.caption} {header.column}: {cell.number} ≠ {added}")
    return faults, checked


def _same_sum(row: PrintedRow, total: PrintedRow) -> bool:
    """Caps are added by basis, currency and dates: all of the key but company and code."""
    keys = [
        next((cell.trace.row_key for cell in line.cells if cell.trace), "").split("|")
        for line in (row, total)
    ]
    return keys[0][0].startswith("count(") or keys[0][2:] == keys[1][2:]


def wrong_partitions(one: Print) -> tuple[list[str], int]:
    """Classes that do not add up to their pool; how many partitions were added."""
    faults, checked = [], 0
    for table in one.pack.tables:
        columns = [header.column for header in table.headers]
        if table.mart != "company_growth_distribution" or not table.rows:
            continue
        sums = [row.cells[columns.index("companies")].number or 0 for row in table.rows]
        members = {row.cells[columns.index("members")].number for row in table.rows}
        shares = [row.cells[columns.index("share")].number or 0 for row in table.rows]
        checked += 1
        if members != {sum(sums)} or abs(sum(shares) - 100) > Decimal("0.001"):
            faults.append(f"{table.caption}: {sum(sums)} of {members}, {sum(shares)} %")
    return faults, checked


def wrong_sentences(one: Print) -> tuple[list[str], int]:
    """Facts that do not follow from the table of the same rows; how many were compared."""
    faults: list[str] = []
    checked = 0
    tables = [
        (spec, printed)
        for spec, printed in pairs(one)
        if isinstance(spec, TableSpec) and isinstance(printed, PrintedTable)
    ]
    for spec, printed in pairs(one):
        if not isinstance(spec, SentenceSpec) or not isinstance(printed, PrintedSentence):
            continue
        said = said_facts(spec, printed.text)
        for fact in spec.facts.values():
            for table, rows in _tables_of(tables, fact):
                fault = _fault(fact, said.get(fact.name, ""), rows)
                checked += fault is not None
                if fault:
                    faults.append(f"{table.caption}: {{{fact.name}}} says {fault}")
    return faults, checked


def pairs(one: Print) -> Iterator[tuple[ItemSpec, PrintedItem]]:
    """Each item as declared and as printed; those printed once per value are left out."""
    for spec, printed in zip(one.spec.sections, one.pack.sections, strict=True):
        rest = list(printed.items)
        repeated = [item for item in spec.items if getattr(item, "each", "")]
        assert len(repeated) <= 1, "with two, nobody knows which table is whose"
        for item in spec.items:
            if item in repeated:
                del rest[: len(printed.items) - len(spec.items) + 1]
            else:
                yield item, rest.pop(0)
        assert not rest


def said_facts(spec: SentenceSpec, text: str) -> dict[str, str]:
    """The words that stand in the places of the facts; none for a sentence without rows."""
    pieces = re.split(r"\{([^{}]*)\}", spec.template)
    pattern = "".join(
        "(.*?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)
    )
    found = re.fullmatch(pattern, text)
    return {} if found is None else dict(zip(pieces[1::2], found.groups(), strict=True))


Named = dict[str, Cell]


def _tables_of(
    tables: list[tuple[TableSpec, PrintedTable]], fact: FactSpec
) -> Iterator[tuple[PrintedTable, list[Named]]]:
    """Whole tables that print the fact's rows, or more rows and the columns to tell them."""
    asked = fact.selection
    wanted = dict((*asked.filters, *asked.among))
    for spec, table in tables:
        theirs = spec.selection
        own = dict((*theirs.filters, *theirs.among))
        columns = [header.column for header in table.headers]
        if (
            theirs.mart != asked.mart
            or any("列出前" in note for note in table.notes)
            or any(wanted.get(name) != values for name, values in own.items())
            or asked.latest not in (theirs.latest, theirs.same_period)
            or (theirs.prefer != asked.prefer)
            or asked.distinct
            or spec.count_by
            or spec.across
        ):
            continue
        rest = {name: values for name, values in wanted.items() if name not in own}
        needed = {fact.column.name, *rest} | ({fact.by.name} if fact.by else set())
        needed |= {theirs.same_period} - {""}
        if not needed <= {*columns}:
            continue
        rows = [dict(zip(columns, row.cells)) for row in table.rows if not row.is_total]
        if theirs.same_period:
            last = max(row[asked.latest].text for row in rows)
            rows = [row for row in rows if row[asked.latest].text == last]
        yield (
            table,
            [
                row
                for row in rows
                if all(row[name].raw in values for name, values in rest.items())
            ],
        )


def _fault(fact: FactSpec, said: str, rows: list[Named]) -> str | None:
    """What is wrong; empty where all is well, None where the kind says nothing to compare."""
    if not said or fact.kind not in _EXPECTED:
        return None
    expected = _EXPECTED[fact.kind](fact, said, rows)
    return None if expected is None else "" if expected == said else f"{said}, not {expected}"


def _names(fact: FactSpec, said: str, rows: list[Named]) -> str:
    assert fact.by is not None
    met = [row[fact.column.name].text for row in rows if _holds(fact, row[fact.by.name])]
    return said if sorted(said.split("、")) == sorted(met or ["无"]) else "、".join(met)


def _value(fact: FactSpec, said: str, rows: list[Named]) -> str | None:
    cells = [row[fact.column.name] for row in rows]
    if len(cells) != 1 or cells[0].number is None:
        return None
    return said if digits(said) == digits(cells[0].text) else cells[0].text


def _count(fact: FactSpec, said: str, rows: list[Named]) -> str:
    return str(sum(_holds(fact, row[fact.column.name]) for row in rows))


def _share(fact: FactSpec, said: str, rows: list[Named]) -> str:
    present = sum(row[fact.column.name].raw is not None for row in rows)
    return f"{Decimal(_count(fact, said, rows)) / Decimal(present or 1) * 100:.1f}%"


def _ranking(fact: FactSpec, said: str, rows: list[Named]) -> str:
    by = fact.by.name if fact.by else ""
    met = [row for row in rows if row[by].number is not None and _holds(fact, row[by])]
    met.sort(key=lambda row: row[by].number or Decimal(0), reverse=fact.kind == "top")
    best = [row[by].number for row in met[: fact.count]]
    listed = [] if said == "无" else _LISTED.findall(said)
    cells = {(row[fact.column.name].text, digits(row[by].text)): row[by].number for row in met}
    found = [cells.get((name, digits(value))) for name, value in listed]
    return said if found == best else f"the ranking {best}"


_EXPECTED: dict[str, Callable[[FactSpec, str, list[Named]], str | None]] = {
    "top": _ranking,
    "bottom": _ranking,
    "names_where": _names,
    "value": _value,
    "move": _value,
    "count_where": _count,
    "share_where": _share,
}


def _holds(fact: FactSpec, cell: Cell) -> bool:
    condition = fact.condition
    if not condition.test:
        return True
    if condition.test in ("present", "missing"):
        return (cell.raw is None) == (condition.test == "missing")
    if condition.test in ("true", "false"):
        return cell.raw is (condition.test == "true")
    if cell.number is None:
        return False
    return COMPARISONS[condition.test](cell.number.scaleb(-cell.style.power), condition.bound)
