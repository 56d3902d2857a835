"""Reads one release folder: manifest, metric dictionary, report tables.

An ad-hoc build with another as-of date is such a folder as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base.clock import SHANGHAI
from yanbao.base.errors import ReleaseError
from yanbao.reporting.reading.freshness import Freshness
from yanbao.reporting.reading.origins import Origins

DATA_THROUGH = "data_through"


@dataclass(frozen=True)
class StaleDataset:
    """A dataset that serves older data than it should: the newest batch did not pass, or none
    came."""

    dataset: str
    last_good: str
    reason: str


@dataclass(frozen=True)
class Manifest:
    """The description of a release. ``known_at`` is empty for everything known."""

    release_id: str
    as_of: date
    known_at: str
    source_mode: str
    created_at: datetime
    stale: tuple[StaleDataset, ...] = ()
    fallback_notes: tuple[str, ...] = ()

    @property
    def created_text(self) -> str:
        """When the release was made, to the minute, as a clock in Beijing shows it."""
        return f"{self.created_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}（北京时间）"

    @classmethod
    def from_json(cls, content: Mapping[str, Any], where: str) -> Manifest:
        try:
            return cls(
                release_id=str(content["release_id"]),
                as_of=date.fromisoformat(str(content["as_of_date"])[:10]),
                known_at=str(content.get("known_at") or ""),
                source_mode=str(content["source_mode"]),
                created_at=datetime.fromisoformat(content["created_at"]),
                stale=tuple(
                    StaleDataset(
                        one["dataset"],
                        one.get("last_good") or "",
                        one.get("reason_zh") or one.get("reason") or "",
                    )
                    for one in content.get("stale") or ()
                ),
                fallback_notes=tuple(
                    str(entry["note"]) for entry in content.get("fallbacks") or ()
                ),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ReleaseError(
                f"the manifest cannot be understood ({type(error).__name__}: {error})",
                where=where,
                hint="verify the release, or publish a new one",
            ) from error


@dataclass(frozen=True)
class Metric:
    """One column of one mart in the dictionary: the only home of labels and units.

    ``definition`` is in Chinese, empty where the dictionary has none; ``missing`` says why a
    number of the column can be missing.
    """

    mart: str
    column: str
    label: str
    unit: str
    decimals: int
    display: str
    definition: str
    missing: str
    version: str


class MetricDictionary:
    """Metrics by mart and column, from the release's table of them."""

    def __init__(self, rows: Iterable[Mapping[str, Any]]) -> None:
        self._metrics = {
            (row["mart"], row["column_name"]): Metric(
                mart=row["mart"],
                column=row["column_name"],
                label=row["label_zh"],
                unit=row["unit"] or "",
                decimals=row["decimals"] or 0,
                display=row["display"] or "text",
                definition=row["definition_zh"] or "",
                missing=row["missing_zh"] or "",
                version=str(row["version"] or ""),
            )
            for row in rows
        }

    def find(self, mart: str, column: str) -> Metric | None:
        return self._metrics.get((mart, column))

    def get(self, mart: str, column: str) -> Metric:
        metric = self.find(mart, column)
        if metric is None:
            known = [name for home, name in self._metrics if home == mart]
            near = get_close_matches(column, known, n=1)
            raise ReleaseError(
                f"the metric dictionary has no entry for {mart}.{column}",
                where="meta/metrics",
                hint=f"nearest: {near[0]}" if near else "add the metric, then publish again",
            )
        return metric


class ReleaseReader:
    """A release folder, read-only. Files are opened on first use and never kept open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if not (path / "manifest.json").is_file():
            raise ReleaseError(
                "no release is here (manifest.json is missing)",
                where=path.name,
                hint="run `yanbao run` first, or see `yanbao release list`",
            )

    @cached_property
    def manifest(self) -> Manifest:
        text = (self.path / "manifest.json").read_text(encoding="utf-8")
        try:
            content = json.loads(text)
        except json.JSONDecodeError as error:
            raise ReleaseError(
                f"manifest.json is not JSON (line {error.lineno})",
                where=self.path.name,
                hint="verify the release",
            ) from error
        return Manifest.from_json(content, self.path.name)

    @cached_property
    def metrics(self) -> MetricDictionary:
        return MetricDictionary(self._read("meta", "metrics").to_pylist())

    @cached_property
    def value_labels(self) -> Mapping[tuple[str, str], str]:
        """Label by column and id, from the seeds."""
        rows = self._meta("value_labels")
        return {(row["column_name"], row["value"]): row["label_zh"] for row in rows}

    @cached_property
    def origins(self) -> Origins:
        """What stands behind each mart."""
        return Origins(self._meta("mart_sources"), self._meta("loads"))

    @cached_property
    def freshness(self) -> Freshness:
        """What is late behind each mart; nothing where an older release did not judge it."""
        parts = []
        if self._file("report", DATA_THROUGH).is_file():
            parts = self.table(DATA_THROUGH).to_pylist()
        return Freshness(parts, self._meta("lineage"))

    def table(self, mart: str) -> pa.Table:
        """The whole report mart of this release."""
        return self._read("report", mart)

    def datasets_not_loaded(self, mart: str) -> tuple[str, ...]:
        """The datasets behind a mart of which no row ever came; empty where unknown."""
        loaded = {row["dataset"] for row in self._meta("loads") if row["rows"]}
        behind = {row["dataset"] for row in self._meta("lineage") if row["mart"] == mart}
        return tuple(sorted(behind - loaded))

    def _meta(self, name: str) -> list[dict[str, Any]]:
        """The rows of a table about the release; none where an older one lacks the table."""
        if not self._file("meta", name).is_file():
            return []
        rows: list[dict[str, Any]] = self._read("meta", name).to_pylist()
        return rows

    def _file(self, schema: str, name: str) -> Path:
        return self.path / "parquet" / schema / f"{name}.parquet"

    def _read(self, schema: str, name: str) -> pa.Table:
        file = self._file(schema, name)
        if not file.is_file():
            known = sorted(path.stem for path in file.parent.glob("*.parquet"))
            near = get_close_matches(name, known, n=1)
            raise ReleaseError(
                f"the release holds no {schema}.{name}",
                where=self.path.name,
                hint=f"did you mean {near[0]}?" if near else "publish a release with it",
            )
        try:
            return pq.ParquetFile(file).read()
        except (pa.ArrowInvalid, OSError) as error:
            raise ReleaseError(
                f"{schema}/{name}.parquet cannot be read",
                where=self.path.name,
                hint="the release is damaged; verify it and publish again",
            ) from error
