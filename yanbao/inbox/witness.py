"""A printed change beside the prices that it was computed of: a second witness of each row."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import pyarrow as pa

from yanbao.inbox.columns import missing_header
from yanbao.inbox.findings import BadCell
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.units import split_header

RULE = "printed_change"
_PERCENT = Decimal("0.01")


def contradicted(
    rows: pa.Table, cells: pa.Table, numbers: pa.Array, mapping: Mapping
) -> dict[int, BadCell]:
    """Rows whose close ÷ reference price − 1 is not the change that the file prints.

    ``rows`` are under our names, ``cells`` the same rows as received. Neither witness is
    trusted more than the other: the row is set aside with both numbers. What is printed is
    rounded: the change to as many places as any of its cells has, and so are both prices.
    """
    header = mapping.printed_change
    if header is None:
        return {}
    if header not in cells.column_names:
        raise missing_header(header, tuple(cells.column_names), mapping)
    if not {"close", "reference_close"} <= set(rows.column_names):
        return {}
    texts = [str(cell or "") for cell in cells.column(header).to_pylist()]
    closes = [_number(cell) for cell in rows.column("close").to_pylist()]
    references = [_number(cell) for cell in rows.column("reference_close").to_pylist()]
    printed = [_number(text.replace(",", "").removesuffix("%")) for text in texts]
    half_change, half_close = _half_step(printed), _half_step([*closes, *references])
    found: dict[int, BadCell] = {}
    for number, text, close, reference, change in zip(
        numbers.to_pylist(), texts, closes, references, printed, strict=True
    ):
        if close is None or change is None or not reference:
            continue
        computed = close / reference - 1
        scales = (_PERCENT,) if _is_percent(header, text) else (_PERCENT, Decimal(1))
        slack = half_close * (1 + close / reference) / reference
        if not any(
            abs(computed - change * scale) <= half_change * scale + slack for scale in scales
        ):
            found[number] = BadCell(
                number,
                "close",
                str(close),
                RULE,
                f"{close} ÷ {reference} - 1 is {computed:+.2%}, where {split_header(header)[0]}"
                f" says {text}: correct the wrong one of the three",
            )
    return found


def _is_percent(header: str, text: str) -> bool:
    return text.endswith("%") or split_header(header)[1] == "%"


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
