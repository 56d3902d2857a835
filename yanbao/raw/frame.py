"""The frame of a load: its content hash, and how it is written with its landing columns."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.raw.load import Load

LANDING_PREFIX = "_"
RECORD = b"yanbao_load"


def content_sha256(frame: pa.Table) -> str:
    """The hash of a frame's own columns, independent of how it was chunked or landed."""
    names = [name for name in frame.column_names if not name.startswith(LANDING_PREFIX)]
    digest = hashlib.sha256()
    sink = _HashSink(digest)
    plain = frame.select(names).combine_chunks().replace_schema_metadata(None)
    with pa.ipc.new_stream(pa.PythonFile(sink, mode="w"), plain.schema) as writer:
        writer.write_table(plain, max_chunksize=65_536)
    return digest.hexdigest()


class _HashSink(io.RawIOBase):
    """A write-only file that keeps a hash and no bytes."""

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._digest.update(data)
        return len(data)


def write_frame(frame: pa.Table, load: Load, path: Path) -> None:
    """Write a load's frame with its landing columns, and its record beside the schema."""
    landed = _with_landing_columns(frame, load)
    record = json.dumps(load.as_record(), ensure_ascii=False, default=str)
    pq.write_table(landed.replace_schema_metadata({RECORD: record}), path)


def load_of(path: Path) -> Load | None:
    """The record that a frame carries; None of a frame that is torn, lost, or has none."""
    try:
        record = (pq.read_schema(path).metadata or {}).get(RECORD)
    except (OSError, pa.ArrowInvalid):
        return None
    return Load(**json.loads(record)) if record else None


def _with_landing_columns(frame: pa.Table, load: Load) -> pa.Table:
    count = frame.num_rows
    if "_row" not in frame.column_names:
        frame = frame.append_column("_row", pa.array(range(1, count + 1), pa.int64()))
    landed = datetime.fromisoformat(load.finished_at).astimezone(UTC).replace(tzinfo=None)
    constants = {
        "_load_id": pa.array([load.load_id]).cast(pa.string()),
        "_landed_at": pa.array([landed], pa.timestamp("us")),
        "_arguments": pa.array([json.dumps(load.arguments, ensure_ascii=False)]),
    }
    for name, one in constants.items():
        frame = frame.append_column(name, pa.repeat(one[0], count))
    return frame
