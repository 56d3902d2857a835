"""A printed change beside the prices that it was computed of: a second witness of each row."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pyarrow as pa

from yanbao.inbox.findings import BadCell

RULE = "printed_change"
_WITNESSES = ("close", "reference_close", "change_ratio")


def contradicted(rows: pa.Table, numbers: pa.Array) -> dict[int, BadCell]:
    """Rows whose close ÷ reference price − 1 is not the change that the file prints.

    No witness is trusted more than another: the row is set aside with all three numbers. What
    is printed is rounded: the change to as many places as any of its cells has, and so are the
    prices. ``numbers`` are those of the rows, which stand under our names and in our units.
    """
    if not set(_WITNESSES) <= set(rows.column_names):
        return {}
    close, reference, change = (
        [_number(cell) for cell in rows.column(name).to_pylist()] for name in _WITNESSES
    )
    half_change, half_price = _half_step(change), _half_step([*close, *reference])
    found: dict[int, BadCell] = {}
    for number, price, before, printed in zip(
        numbers.to_pylist(), close, reference, change, strict=True
    ):
        if price is None or printed is None or not before:
            continue
        computed = price / before - 1
        slack = half_change + half_price * (1 + abs(price / before)) / abs(before)
        if abs(computed - printed) > slack:
            found[number] = BadCell(
                number,
                "close",
                str(price),
                RULE,
                f"{price} ÷ {before} - 1 is {computed:+.2%}, where the file prints"
                f" {printed:+.2%}: correct the wrong one of the three, or its column or unit in"
                " the mapping",
            )
    return found


def _number(cell: object) -> Decimal | None:
    try:
        number = Decimal(str(cell))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _half_step(numbers: list[Decimal | None]) -> Decimal:
    """Half of the last place that any of the numbers is printed to."""
    places = [-int(number.as_tuple().exponent) for number in numbers if number is not None]
    return Decimal(10) ** -max([0, *places]) / 2
