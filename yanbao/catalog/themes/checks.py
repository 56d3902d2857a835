"""What may not be said in the files of pools and taxonomies, row by row.

Whether a code is listed at all is known to the warehouse alone: the dbt test
``taxonomy_codes_are_known`` asks it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from yanbao.base.errors import ThemesRefusedError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog.declaration import INDEX_CODE, LISTED_CODE
from yanbao.catalog.market_facts import CODE_RANGES
from yanbao.catalog.themes.tables import COLUMNS, Entry, Fault, read_table

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"
FOR_EVER = date.max
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SELECTORS: Mapping[str, tuple[str, str]] = {
    "sw_industry": (r"\d{2}|\d{4}|\d{6}", "2, 4 or 6 digits of a Shenwan code, such as 71"),
    "index": (INDEX_CODE, "an index code with suffix, such as 930713.CSI"),
    "concept": (r".+", "the code or the name of a concept board"),
    "own_list": (r"", "nothing; its companies stand in pool_additions.csv"),
}
FLAGS = ("excludes_beijing", "excludes_st", "includes_unlisted")
OPTIONAL = {"valid_to", "selector", "pools.taxonomy", "pool_additions.valid_from"}

Tables = Mapping[str, list[Entry]]


def theme_faults(folder: Path = SEEDS) -> list[Fault]:
    """Everything that is wrong, file by file in the order of the rows."""
    tables, faults = {}, []
    for table in COLUMNS:
        tables[table], unreadable = read_table(folder, table)
        faults += unreadable
    for rule in RULES:
        faults += rule(tables)
    order = {f"{table}.csv": place for place, table in enumerate(COLUMNS)}
    return sorted(dict.fromkeys(faults), key=lambda fault: (order[fault.file], fault.row))


def require_sound_themes(folder: Path = SEEDS) -> None:
    """Raise ThemesRefusedError for the first fault, with the number of the others."""
    faults = theme_faults(folder)
    if faults:
        first, others = faults[0], len(faults) - 1
        raise ThemesRefusedError.of(
            first.rule, where=first.place, hint=first.hint, others=others
        )


def nothing_is_blank(tables: Tables) -> Iterator[Fault]:
    for table, entries in tables.items():
        for entry in entries:
            for column, value in entry.cells.items():
                if not value and not {column, f"{table}.{column}"} & OPTIONAL:
                    yield entry.fault(column, "the cell is empty", "fill it in")


def names_are_defined(tables: Tables) -> Iterator[Fault]:
    taxonomies = {entry["taxonomy"] for entry in tables["taxonomies"]}
    places = _by_taxonomy(tables["taxonomy_sub_industries"], "sub_industry")
    pools = {entry["pool"] for entry in tables["pools"]}
    for table in ("taxonomy_sub_industries", "taxonomy_members", "pools"):
        for entry in tables[table]:
            if entry["taxonomy"] and entry["taxonomy"] not in taxonomies:
                yield entry.unknown("taxonomy", "taxonomy", taxonomies)
    for entry in tables["taxonomy_members"]:
        known = places.get(entry["taxonomy"], set())
        if entry["taxonomy"] in taxonomies and entry["sub_industry"] not in known:
            yield entry.unknown("sub_industry", "sub-industry in this taxonomy", known)
    for entry in tables["pool_additions"]:
        if entry["pool"] not in pools:
            yield entry.unknown("pool", "pool", pools)


def names_are_defined_once(tables: Tables) -> Iterator[Fault]:
    keys = {
        "taxonomies": ("taxonomy",),
        "taxonomy_sub_industries": ("taxonomy", "sub_industry"),
        "pools": ("pool",),
        "pool_additions": ("pool", "code", "valid_from"),
    }
    for table, key in keys.items():
        first: dict[tuple[str, ...], int] = {}
        for entry in tables[table]:
            row = first.setdefault(tuple(entry[column] for column in key), entry.row)
            if row != entry.row:
                yield entry.fault(key[-1], f"it stands in row {row} already", "keep one row")


def codes_can_exist(tables: Tables) -> Iterator[Fault]:
    for table in ("taxonomy_members", "pool_additions"):
        for entry in tables[table]:
            if not re.fullmatch(LISTED_CODE, entry["code"]):
                exchange = entry["code"].rpartition(".")[2]
                first = CODE_RANGES["a_share"].get(exchange, [])
                hint = "write six digits and the exchange, such as 600519.SH"
                hint += f"; shares of {exchange} begin with {', '.join(first)}" * bool(first)
                yield entry.fault("code", "this is not a share code", hint)


def dates_are_dates(tables: Tables) -> Iterator[Fault]:
    dated = ("taxonomy_sub_industries", "taxonomy_members", "pool_additions")
    for entry in (entry for table in dated for entry in tables[table]):
        for column in ("valid_from", "valid_to"):
            if entry[column] and _day(entry[column]) is None:
                yield entry.fault(column, "this is not a date", "write it as 2024-10-31")
        since, until = _life(entry)
        if since and until and until <= since:
            hint = "valid_to is the first day on which the row no longer holds"
            yield entry.fault("valid_to", f"it is not after valid_from {since}", hint)


def companies_have_one_place(tables: Tables) -> Iterator[Fault]:
    """At any time a company stands in one sub-industry of a taxonomy, once."""
    rows = defaultdict(list)
    for entry in tables["taxonomy_members"]:
        since, until = _life(entry)
        if since and until and since < until:
            rows[entry["taxonomy"], entry["code"]].append((since, until, entry))
    for lives in rows.values():
        lives.sort(key=lambda life: (life[0], life[2].row))
        _, last_until, last = lives[0]
        for since, until, entry in lives[1:]:
            if since < last_until:
                yield _overlap(entry, last, since)
            if until > last_until:
                last_until, last = until, entry


def sub_industries_outlive_their_members(tables: Tables) -> Iterator[Fault]:
    lives = {
        (entry["taxonomy"], entry["sub_industry"]): _life(entry)
        for entry in tables["taxonomy_sub_industries"]
    }
    for entry in tables["taxonomy_members"]:
        place = lives.get((entry["taxonomy"], entry["sub_industry"]))
        since, until = _life(entry)
        if not (place and place[0] and place[1] and since and until):
            continue
        if since < place[0]:
            rule = f"{entry['sub_industry']} begins on {place[0]} only"
            yield entry.fault("valid_from", rule, "begin the row on that day or later")
        if until > place[1]:
            rule = f"{entry['sub_industry']} ends on {place[1]}"
            yield entry.fault("valid_to", rule, "end the row there and give the next place")


def pools_can_be_made(tables: Tables) -> Iterator[Fault]:
    for entry in tables["pools"]:
        kind = entry["kind"]
        if kind not in SELECTORS:
            yield entry.unknown("kind", "kind of pool", set(SELECTORS))
        elif not re.fullmatch(SELECTORS[kind][0], entry["selector"]):
            rule = f"this does not select a pool of kind {kind}"
            yield entry.fault("selector", rule, f"write {SELECTORS[kind][1]}")
        for flag in FLAGS:
            if entry[flag] not in ("true", "false"):
                yield entry.fault(flag, "neither true nor false", "write one of them")


def orders_are_numbers(tables: Tables) -> Iterator[Fault]:
    for entry in tables["taxonomy_sub_industries"]:
        if not re.fullmatch(r"\d{1,4}", entry["sort_order"]):
            yield entry.fault("sort_order", "this is not a whole number", "write 1, 2, 3 …")


RULES: tuple[Callable[[Tables], Iterable[Fault]], ...] = (
    nothing_is_blank,
    names_are_defined,
    names_are_defined_once,
    codes_can_exist,
    dates_are_dates,
    companies_have_one_place,
    sub_industries_outlive_their_members,
    pools_can_be_made,
    orders_are_numbers,
)


def _overlap(entry: Entry, earlier: Entry, since: date) -> Fault:
    if entry["sub_industry"] == earlier["sub_industry"]:
        rule = f"the validity overlaps that of row {earlier.row}"
    else:
        rule = (
            f"in {entry['sub_industry']} from {since} while row {earlier.row} has it in"
            f" {earlier['sub_industry']}"
        )
    if entry["valid_from"] == earlier["valid_from"]:
        hint = "keep one of the two rows"
    else:
        hint = f"end row {earlier.row} with valid_to {since}, or delete one of the two"
    return entry.fault("code", rule, hint)


def _by_taxonomy(entries: Iterable[Entry], column: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        found[entry["taxonomy"]].add(entry[column])
    return found


def _life(entry: Entry) -> tuple[date | None, date | None]:
    """First day, and first day after it; None where a cell is not a date."""
    until = _day(entry["valid_to"]) if entry["valid_to"] else FOR_EVER
    return _day(entry["valid_from"]), until


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None
