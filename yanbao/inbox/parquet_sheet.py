"""Parquet files: the columns with the types in which they were received."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base.errors import FileRefusedError
from yanbao.inbox.intake import Content, damaged_parquet
from yanbao.inbox.received import Received, tidy_text


class ParquetSheet:
    """One Parquet file. Text is stripped as in CSV; numbers and dates stay as they are."""

    encoding = "parquet"
    title: tuple[str, ...] = ()

    def __init__(self, content: Content) -> None:
        self._path = content.path
        try:
            self._file = pq.ParquetFile(pa.BufferReader(content.data))
        except (pa.ArrowException, OSError) as error:
            raise damaged_parquet(self._path, error) from error
        self._received_names = tuple(self._file.schema_arrow.names)
        self.headers = tuple(name.strip() for name in self._received_names)
        repeated = [name for name, times in Counter(self.headers).items() if times > 1]
        if repeated:
            raise FileRefusedError.of(
                self._path,
                f"column {repeated[0]!r} occurs more than once",
                "give each column a name of its own",
            )

    def load(self) -> Received:
        """All rows, numbered from 1; a damaged page refuses the file."""
        try:
            table = self._file.read()
            # Invalid UTF-8 and wrong offsets show here, not later in the middle of a rule.
            table.validate(full=True)
        except (pa.ArrowException, OSError) as error:
            raise damaged_parquet(self._path, error) from error
        if table.num_rows == 0:
            raise FileRefusedError.of(
                self._path, "the file has no data rows", "export it again"
            )
        columns = [_plain(column) for column in table.columns]
        numbers = pa.array(np.arange(1, table.num_rows + 1, dtype="int64"))
        return Received(pa.Table.from_arrays(columns, list(self.headers)), numbers, ())


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
