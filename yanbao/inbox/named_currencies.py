"""The currency that a header or a unit names, against the one that each row says.

A table of several currencies has a column for them: where a header says USD as well, one of the
two is wrong of every other row.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.findings import shown
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.stated import meant, stated
from yanbao.inbox.units import currency_of
from yanbao.inbox.words import Words

CURRENCY = "currency"


def require_named_currencies(
    mapping: Mapping, words: Words, rows: pa.Table, numbers: pa.Array
) -> None:
    """Refuse a file of which a row is in another currency than its column is said to be.

    ``rows`` stand under our names, ``numbers`` are those of the file.
    """
    if CURRENCY not in rows.column_names or CURRENCY in mapping.constants:
        return
    currencies = rows.column(CURRENCY).to_pylist()
    for ours, place, codes in _named(mapping, words):
        if ours not in rows.column_names:
            continue
        cells = rows.column(ours).to_pylist()
        for number, cell, currency in zip(numbers.to_pylist(), cells, currencies, strict=True):
            if cell is not None and currency is not None and currency not in codes:
                raise FileRefusedError(
                    f"{place}, but its row {number} is in {currency} by its column"
                    f" {shown(_header_of(mapping, words))!r}",
                    "correct the wrong one, or export one column or file per currency; where"
                    f" the word is not meant as a currency, units: {{{ours}: NUMBER}}",
                )


def _named(mapping: Mapping, words: Words) -> Iterator[tuple[str, str, set[str]]]:
    """Our columns of the row's currency that say one themselves, where, and which."""
    known = mapping.dataset.column_names
    for header in words.headers:
        ours = mapping.target(header)
        if ours not in known or mapping.unit_words.get(ours, "")[:1].isdigit():
            continue
        if meant(mapping.dataset, mapping.dataset.column(ours)).get(CURRENCY) != CURRENCY:
            continue
        said = [one for one in stated(header) if one.about == CURRENCY]
        if codes := {code for one in said for code in one.allowed}:
            place = words.place_of(header)
            yield ours, f"header {shown(header)!r} ({place}) says {' or '.join(codes)}", codes
        elif code := currency_of(mapping.unit_words.get(ours, "")):
            word = mapping.unit_words[ours]
            yield ours, f"mapping {mapping.name} gives {ours} the unit {word!r}", {code}


def _header_of(mapping: Mapping, words: Words) -> str:
    return next((one for one in words.headers if mapping.target(one) == CURRENCY), CURRENCY)
