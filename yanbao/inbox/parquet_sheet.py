"""Parquet files: the columns with the types in which they were received."""

from __future__ import annotations

from collections import Counter
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.received import Received, Sheet, tidy_text

PARQUET_ERRORS = (pa.ArrowException, OSError)


class ParquetSheet(Sheet):
    """One Parquet file. Text is stripped as in CSV; numbers and dates stay as they are."""

    encoding = "parquet"

    def __init__(self, data: bytes) -> None:
        self._file = parquet_file(pa.BufferReader(data))
        self.headers = tuple(name.strip() for name in self._file.schema_arrow.names)
        repeated = [name for name, times in Counter(self.headers).items() if times > 1]
        if repeated:
            raise FileRefusedError(
                f"column {repeated[0]!r} occurs more than once",
                "give each column a name of its own",
            )

    def load(self) -> Received:
        """All rows, numbered from 1; a damaged page refuses the file."""
        try:
            table = self._file.read()
            # Invalid UTF-8 and wrong offsets show here, not later in the middle of a rule.
            table.validate(full=True)
        except PARQUET_ERRORS as error:
            raise damaged_parquet(error) from error
        if table.num_rows == 0:
            raise FileRefusedError("the file has no data rows", "export it again")
        columns = [_plain(column) for column in table.columns]
        numbers = pa.array(np.arange(1, table.num_rows + 1, dtype="int64"))
        return Received(pa.Table.from_arrays(columns, list(self.headers)), numbers, ())


def parquet_file(source: BinaryIO | pa.BufferReader) -> pq.ParquetFile:
    """An opened file, whose rows are still to be read."""
    try:
        return pq.ParquetFile(source)
    except PARQUET_ERRORS as error:
        raise damaged_parquet(error) from error


def damaged_parquet(error: Exception) -> FileRefusedError:
    """The refusal of a file that cannot be read, with the reader's first words."""
    reason = str(error).strip().split("\n")[0].split(". ")[0]
    return FileRefusedError(
        f"the Parquet file is truncated or damaged ({reason})", "copy or export it again"
    )


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Without dictionary encoding, and tidy where it is text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string_view(kind):
        column = column.cast(pa.large_string())
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return tidy_text(column)
    return column
