"""Frames as received: their logical kinds, their way into Arrow, and their contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa

from yanbao.base.errors import SourceSchemaError
from yanbao.catalog.cell_rules import BAD_CELL_SHARE
from yanbao.sources.call import RawColumn, RawKind, Reply

if TYPE_CHECKING:
    from yanbao.sources.call import Fetch

BLANKS = ("", "-", "--", "None", "nan", "NaT")
EMPTY_TYPES = {"text": "string", "number": "float64", "date": "datetime64[ns]"}


class RejectedReplyError(SourceSchemaError):
    """A reply that is not the declared contract; it carries the reply, to be kept."""

    reply: Reply


class IncompleteReplyError(RejectedReplyError):
    """The list moved or was cut while its pages were read; worth asking once more."""


def logical_kind(column: pd.Series) -> RawKind | None:
    """text, number or date; None where every cell is missing.

    Library and pandas versions disagree about physical types (object, str, int64,
    float64 for the same reply), so contracts are stated in logical ones.
    """
    kind = pd.api.types.infer_dtype(column, skipna=True)
    if column.isna().all():
        return None
    if kind in ("integer", "floating", "mixed-integer-float", "decimal"):
        return "number"
    if kind in ("date", "datetime", "datetime64"):
        return "date"
    return "text"


def to_arrow(frame: pd.DataFrame, kinds: Mapping[str, RawKind]) -> pa.Table:
    """The frame as an Arrow table without changing what it says.

    Two things that Arrow cannot hold are settled: a column that mixes numbers with words
    becomes text, and a declared column without any value gets its declared type, so that
    loads can be read together.
    """
    frame = frame.set_axis([str(name) for name in frame.columns], axis=1)
    prepared = {}
    for name in frame.columns:
        column = frame[name]
        if logical_kind(column) is None:
            dtype = EMPTY_TYPES[kinds.get(name, "text")]
            prepared[name] = pd.Series([None] * len(column), dtype=dtype)
        elif _is_mixed(column):
            prepared[name] = column.map(str, na_action="ignore").reset_index(drop=True)
        else:
            prepared[name] = column.reset_index(drop=True)
    return pa.Table.from_pandas(pd.DataFrame(prepared), preserve_index=False)


def _is_mixed(column: pd.Series) -> bool:
    if column.dtype != object:
        return False
    types = {type(value) for value in column.dropna()}
    return len(types) > 1 and not types <= {int, float}


def check_contract(fetch: Fetch, reply: Reply) -> Reply:
    """Compare a reply with its declaration; added columns become warnings on the reply.

    Raises RejectedReplyError where a declared column is missing, holds another kind of
    value, or holds text that cannot be read as declared, and IncompleteReplyError for a reply
    that is short or repeats rows.
    """
    received = [str(name) for name in reply.frame.columns]
    required = {column.name for column in fetch.columns if not column.is_optional}
    missing = required - set(received)
    try:
        if missing:
            raise RejectedReplyError.missing_columns(fetch.label, missing, received)
        for column in fetch.columns:
            if column.is_read and column.name in received:
                _check_column(fetch, column, reply.frame[column.name])
        _check_complete(fetch, reply)
    except RejectedReplyError as error:
        error.reply = reply
        raise
    declared = {column.name for column in fetch.columns}
    added = [name for name in received if name not in declared and not fetch.is_open]
    warnings = tuple(f"{fetch.label}: column {name} is new" for name in added)
    return replace(reply, warnings=warnings)


def _check_complete(fetch: Fetch, reply: Reply) -> None:
    """Refuse a reply that is short, or in which rows repeat because the list moved.

    Repeated rows are never dropped: as many others are missing then.
    """
    rows, announced, key = len(reply.frame), reply.announced_total, fetch.unique_by
    repeated = int(reply.frame[key].duplicated().sum()) if key else 0
    if fetch.whole_market and announced is not None and rows != announced:
        what = f"{rows} rows came of {announced} announced"
    elif repeated:
        what = f"{repeated} rows repeat a {key}"
    else:
        return
    hint = "asked once more; then the last good data serve"
    raise IncompleteReplyError(what, where=fetch.label, hint=hint)


def _check_column(fetch: Fetch, column: RawColumn, cells: pd.Series) -> None:
    found = logical_kind(cells)
    if found not in (None, column.kind):
        example = next(iter(cells.dropna()), "")
        raise RejectedReplyError(
            f"column {column.name} is {found}, expected {column.kind} (saw {example})",
            where=fetch.label,
            hint="the upstream changed; the reply is kept as rejected",
        )
    if column.is_day_in_words and found is not None:
        _check_days(fetch, column, cells)


def _check_days(fetch: Fetch, column: RawColumn, cells: pd.Series) -> None:
    words = cells.dropna().astype(str).str.strip()
    words = words[~words.isin(BLANKS)]
    bad = words[pd.to_datetime(words, errors="coerce", format="mixed").isna()]
    if len(bad) > BAD_CELL_SHARE * max(len(words), 1):
        raise RejectedReplyError(
            f"{len(bad)} of {len(words)} cells of {column.name} cannot be read as a date"
            f" (for example {bad.iloc[0]})",
            where=fetch.label,
            hint="the upstream changed; the reply is kept as rejected",
        )
