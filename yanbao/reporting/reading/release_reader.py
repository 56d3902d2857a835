"""Reads one release folder: manifest, metric dictionary, report tables.

Renderers see a release only through ``ReportTables``, so that an ad-hoc build with
another as-of date serves as well as a published release does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from yanbao.base.errors import ReleaseError
from yanbao.reporting.reading.origins import Origins

BEIJING = ZoneInfo("Asia/Shanghai")
ANY_MART = ("", "*")


@dataclass(frozen=True)
class StaleDataset:
    """A dataset that kept its last good data because the newest batch did not pass."""

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
    created_at: str
    stale: tuple[StaleDataset, ...] = ()
    fallback_notes: tuple[str, ...] = ()
    marts: tuple[str, ...] = ()

    @property
    def created_text(self) -> str:
        """When the release was made, to the minute, as a clock in Beijing shows it."""
        try:
            moment = datetime.fromisoformat(self.created_at)
        except ValueError:
            return self.created_at
        if moment.tzinfo is None:
            return f"{moment:%Y-%m-%d %H:%M}"
        return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}（北京时间）"

    @classmethod
    def from_json(cls, content: Mapping[str, Any], where: str) -> Manifest:
        try:
            return cls(
                release_id=str(content["release_id"]),
                as_of=date.fromisoformat(str(content["as_of_date"])[:10]),
                known_at=str(content.get("known_at") or ""),
                source_mode=str(content["source_mode"]),
                created_at=str(content["created_at"]),
                stale=tuple(
                    StaleDataset(
                        str(entry["dataset"]),
                        str(entry.get("last_good") or ""),
                        str(entry.get("reason") or ""),
                    )
                    for entry in content.get("stale") or ()
                ),
                fallback_notes=tuple(
                    str(entry["note"]) for entry in content.get("fallbacks") or ()
                ),
                marts=tuple(sorted(content.get("marts") or {})),
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

    ``definition`` is in Chinese where the dictionary has it so; ``missing`` says why a
    number of the column can be missing.
    """

    mart: str
    column: str
    label: str
    unit: str
    decimals: int | None
    display: str
    definition: str
    missing: str
    version: str


class MetricDictionary:
    """Metrics by mart and column; a row without a mart serves every mart."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = {(metric.mart, metric.column): metric for metric in metrics}

    def find(self, mart: str, column: str) -> Metric | None:
        for home in (mart, *ANY_MART):
            if (home, column) in self._metrics:
                return self._metrics[home, column]
        return None

    def get(self, mart: str, column: str) -> Metric:
        metric = self.find(mart, column)
        if metric is None:
            known = [name for home, name in self._metrics if home in (mart, *ANY_MART)]
            near = get_close_matches(column, known, n=1)
            raise ReleaseError(
                f"the metric dictionary has no entry for {mart}.{column}",
                where="meta/metrics",
                hint=f"nearest: {near[0]}" if near else "add the metric, then publish again",
            )
        return metric

    @classmethod
    def from_table(cls, table: pa.Table) -> MetricDictionary:
        return cls(_metric(row) for row in table.to_pylist())


def _metric(row: Mapping[str, Any]) -> Metric:
    decimals = row.get("decimals")
    return Metric(
        mart=str(row.get("mart") or ""),
        column=str(row["column_name"]),
        label=str(row["label_zh"]),
        unit=str(row.get("unit") or ""),
        decimals=None if decimals is None else int(decimals),
        display=str(row.get("display") or "text"),
        definition=str(row.get("definition_zh") or row.get("definition") or ""),
        missing=str(row.get("missing_zh") or ""),
        version=str(row.get("version") or ""),
    )


class ReportTables(Protocol):
    """What the renderers need of a release or of an ad-hoc build."""

    @property
    def manifest(self) -> Manifest: ...

    @property
    def metrics(self) -> MetricDictionary: ...

    @property
    def value_labels(self) -> Mapping[tuple[str, str], str]: ...

    @property
    def origins(self) -> Origins: ...

    def table(self, mart: str) -> pa.Table: ...

    def datasets_not_loaded(self, mart: str) -> tuple[str, ...]: ...


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
        return MetricDictionary.from_table(self._read("meta", "metrics"))

    @cached_property
    def value_labels(self) -> Mapping[tuple[str, str], str]:
        """Label by column and id, from the seeds; none in a release that carries no labels."""
        if not (self.path / "parquet" / "meta" / "value_labels.parquet").is_file():
            return {}
        rows = self._read("meta", "value_labels").to_pylist()
        return {(row["column_name"], row["value"]): row["label_zh"] for row in rows}

    @cached_property
    def origins(self) -> Origins:
        """What stands behind each mart; empty in a release without the record."""
        folder = self.path / "parquet" / "meta"
        names = ("mart_sources", "loads")
        tables = [
            self._read("meta", name).to_pylist()
            if (folder / f"{name}.parquet").is_file()
            else []
            for name in names
        ]
        return Origins(tables[0], tables[1])

    @cached_property
    def marts(self) -> tuple[str, ...]:
        folder = self.path / "parquet" / "report"
        return tuple(sorted(path.stem for path in folder.glob("*.parquet")))

    def table(self, mart: str) -> pa.Table:
        """The whole report mart of this release."""
        return self._read("report", mart)

    def datasets_not_loaded(self, mart: str) -> tuple[str, ...]:
        """The datasets behind a mart of which no row ever came; empty where unknown."""
        if not (self.path / "parquet" / "meta" / "lineage.parquet").is_file():
            return ()
        loaded = {row["dataset"] for row in self._meta("loads") if row["rows"]}
        behind = {row["dataset"] for row in self._meta("lineage") if row["mart"] == mart}
        return tuple(sorted(behind - loaded))

    def _meta(self, name: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._read("meta", name).to_pylist()
        return rows

    def _read(self, schema: str, name: str) -> pa.Table:
        file = self.path / "parquet" / schema / f"{name}.parquet"
        if not file.is_file():
            near = get_close_matches(name, self.marts, n=1)
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
