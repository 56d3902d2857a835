"""A load's prices against those that are stored for the same keys.

A price that was quoted stands. A file that says otherwise is held, for nobody but a person
knows which of the two is wrong: the vendor's day, the adjustment, or the history. A source
may correct single closes, which are versions; where many differ, its basis has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from yanbao.base.check_result import CheckResult, Subject
from yanbao.catalog import Dataset
from yanbao.quality.stored_rows import STORED, provide_stored_rows, rows_of, staging_of, within
from yanbao.raw.load import StoredLoad
from yanbao.raw.zone import RawZone
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    import duckdb

BASIS, PRICES, MOVES = "stored_basis", "stored_prices", "price_moves"
PRICE_CHECKS = frozenset({BASIS, PRICES, MOVES})
LABEL = "adjustment"
CLOSE = "close"
ENOUGH_TO_MOVE = 3  # closes that stand still together are those of another day
UNADJUSTED = "none"
_UNLABELLED = f"'{UNADJUSTED}'"
# A price that is printed with fewer digits is the same within half of its last one, and never
# further away than this: half a cent of five yuan.
ROUNDING = 0.001
DIGITS = 6  # of a fraction; what comes after them is noise of binary numbers
LOOK_BACK_DAYS = 40  # for the last price before a load; few were suspended for longer
FEED_SHARE = 0.2  # of the keys that a feed restates; fewer are corrections
FEED_ROWS = 5
SAME_BASIS = (
    "export the file on the basis of the stored history, or say its adjustment in the mapping;"
    " to change the basis, take the stored files back with yanbao hold retract and import the"
    " whole history anew"
)
WHICH_IS_RIGHT = (
    "compare both with the exchange: accept the file with a reason if the stored prices are"
    " wrong, else correct its columns, day or adjustment and import it again; of an adjusted"
    " series import the whole history"
)


def stored_price_checks(
    connection: duckdb.DuckDBPyConnection,
    zone: RawZone,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> Iterator[CheckResult]:
    """The checks of a load that the raw relation of its dataset points at."""
    prices = dataset.price_columns
    if not prices or not (stored.is_file or _restates(connection, stored, dataset)):
        return
    is_labelled = LABEL in dataset.column_names
    label = {LABEL: dataset.as_merged[LABEL]} if is_labelled else {}
    columns = (*dataset.key, *prices)
    given = (connection, zone, stored, dataset, columns)
    provide = partial(provide_stored_rows, *given, derived=label)
    if not provide(where=within(connection, stored, dataset, before=LOOK_BACK_DAYS)):
        return
    listed = ", ".join(columns)
    connection.execute(
        f"create or replace temporary table price_rows as select arrival_row, {listed},"
        f" {label.get(LABEL, _UNLABELLED)} as basis from {staging_of(stored)}"
    )
    # Few entities have no price in the look-back: theirs are looked for in all of history.
    held = f"select {listed}, {LABEL if is_labelled else _UNLABELLED} as basis from {STORED}"
    connection.execute(f"create or replace temporary table price_stored as {held}")
    entity = ", ".join(name for name in dataset.key if name != dataset.date_column)
    if _find_without_base(connection, dataset, entity):
        among = f"({entity}) in (select ({entity}) from without_base)"
        provide(where=among)
        connection.execute(f"delete from price_stored where {among}")
        connection.execute(f"insert into price_stored {held}")
    if stored.is_file and is_labelled:
        yield _basis_check(connection, dataset, subject)
    yield _price_check(connection, stored, dataset, subject)
    if stored.is_file and CLOSE in prices:
        yield _moves_check(connection, dataset, subject)


def _restates(
    connection: duckdb.DuckDBPyConnection, stored: StoredLoad, dataset: Dataset
) -> bool:
    """Whether a source gives so many keys other prices that it may have changed its basis: a
    look that costs a night little, for most answers bring new keys alone.
    """
    if not has_table(connection, "core", dataset.core_table):
        return False
    differs = " or ".join(f"f.{name} <> s.{name}" for name in dataset.price_columns)
    restated = _one(
        connection,
        f"select count(*) from {staging_of(stored)} as f inner join core.{dataset.core_table}"
        f" as s on {_same('f', 's', dataset.key)} where {differs}",
    )
    return restated >= FEED_ROWS


def _find_without_base(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, entity: str
) -> bool:
    """Whether the look-back lacks a price of some entities by their first row."""
    day = dataset.date_column
    connection.execute(
        f"create or replace temporary table without_base as"
        f" select {entity} from (select {entity}, min({day}) as first_on from price_rows"
        f" group by {entity}) as told"
        f" left join (select {entity}, min({day}) as stored_on from price_stored"
        f" group by {entity}) as held using ({entity})"
        f" where stored_on is null or stored_on > first_on"
    )
    return bool(_one(connection, "select count(*) from without_base"))


def _basis_check(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, subject: Subject
) -> CheckResult:
    """Each row beside the stored one of its entity: of its day, else of the last before it,
    else of the first after it.
    """
    day = dataset.date_column
    entity = [name for name in dataset.key if name != day]
    names = ", ".join(entity)
    found = rows_of(
        connection,
        f"""
        with before as (
            select f.*, s.basis as stored_basis, s.{day} as stored_on
            from price_rows as f
            asof left join price_stored as s
                on {_same("f", "s", entity)} and f.{day} >= s.{day}
        ),
        first as (
            select {names}, min({day}) as first_on, min_by(basis, {day}) as first_basis
            from price_stored group by {names}
        )
        select before.arrival_row as row, {_listed("before", dataset.key)},
            before.basis as adjustment,
            coalesce(before.stored_basis, first.first_basis) as stored_basis,
            coalesce(before.stored_on, first.first_on) as stored_on
        from before inner join first on {_same("before", "first", entity)}
        where before.basis <> coalesce(before.stored_basis, first.first_basis)
        order by before.arrival_row
        """,
    )
    return subject.rows_found(
        BASIS,
        found,
        f"{_key_words(dataset)} {{adjustment}}, stored {{stored_basis}} on {{stored_on}}",
        otherwise="none that differs",
        expected="prices adjusted as the stored history of each code is",
        hint=SAME_BASIS,
    )


def _price_check(
    connection: duckdb.DuckDBPyConnection,
    stored: StoredLoad,
    dataset: Dataset,
    subject: Subject,
) -> CheckResult:
    """Prices of the same key and basis that differ by more than rounding.

    An adjusted series of a source is restated with each action; that of a file shows a person
    that two downloads do not fit together.
    """
    of_source = "" if stored.is_file else f" and f.basis = '{UNADJUSTED}'"
    pairs = " union all ".join(
        f"select f.arrival_row, {_listed('f', dataset.key)}, '{name}' as price,"
        f" s.{name} as before, f.{name} as after"
        f" from price_rows as f inner join price_stored as s on {_same('f', 's', dataset.key)}"
        f" where f.basis = s.basis{of_source}"
        for name in dataset.price_columns
    )
    fraction = f"length(rtrim(split_part(format('{{:.{DIGITS}f}}', %s), '.', 2), '0'))"
    found = rows_of(
        connection,
        f"""
        with pairs as ({pairs}),
        differing as (
            select *,
                least(
                    max({fraction % "before"}) over (partition by price),
                    max({fraction % "after"}) over (partition by price)
                ) as digits
            from pairs where before <> after
        )
        select arrival_row as row, {", ".join(dataset.key)}, price,
            before as stored, after as new
        from differing
        where abs(after - before) > 0.50001 * 10.0 ** -digits
            or abs(after - before) > {ROUNDING} * abs(before)
        order by arrival_row, price
        """,
    )
    restated = len({one["row"] for one in found})
    compared = _one(
        connection,
        "select count(*) from price_rows as f inner join price_stored as s"
        f" on {_same('f', 's', dataset.key)} where f.basis = s.basis",
    )
    is_many = restated >= FEED_ROWS and restated > FEED_SHARE * compared
    return subject.rows_found(
        PRICES,
        found,
        f"{_key_words(dataset)} {{price}} stored {{stored:.10g}}, new {{new:.10g}}",
        otherwise=f"{compared:,} prices in agreement",
        expected="the stored prices of the same day, but for rounding",
        hint=WHICH_IS_RIGHT,
        fails=bool(found) and (stored.is_file or is_many),
    )


def _moves_check(
    connection: duckdb.DuckDBPyConnection, dataset: Dataset, subject: Subject
) -> CheckResult:
    """The first new close of each entity beside its last stored one: where none moved, the
    column holds the previous close, or yesterday's sheet stands under today's date.
    """
    day = dataset.date_column
    entity = [name for name in dataset.key if name != day]
    seen, standing = connection.execute(
        f"""
        with first as (
            select f.*, s.{CLOSE} as before
            from price_rows as f
            asof inner join price_stored as s
                on {_same("f", "s", entity)} and f.{day} > s.{day}
            where ({_listed("f", dataset.key)}) not in
                (select ({", ".join(dataset.key)}) from price_stored)
            qualify row_number() over (
                partition by {_listed("f", entity)} order by f.{day}
            ) = 1
        )
        select count(*), count(*) filter (where {CLOSE} = before) from first
        """
    ).fetchall()[0]
    stands = seen >= ENOUGH_TO_MOVE and standing == seen
    return subject.result(
        MOVES,
        "fail" if stands else "pass",
        observed=f"the close of each of {seen} codes is that of its last stored session"
        if stands
        else f"{seen - standing} of {seen} moved",
        expected="closes of the day of their rows",
        hint="map the close of the day, not the previous close; accept the file with a reason"
        " if nothing was traded",
        failing_rows=standing if stands else 0,
    )


def _key_words(dataset: Dataset) -> str:
    return " ".join(f"{{{name}}}" for name in dataset.key)


def _same(left: str, right: str, names: tuple[str, ...] | list[str]) -> str:
    return " and ".join(f"{left}.{name} = {right}.{name}" for name in names)


def _listed(relation: str, names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"{relation}.{name}" for name in names)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0
