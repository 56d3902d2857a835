"""Tiny releases, written to disk in the layout of a real one, and a page reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from tests.unit.reports.pack_rows import AS_OF, MARTS, Rows, Tables, dictionary, seed_labels
from yanbao.reporting.grammar.pack_loader import parse_pack
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.reading.release_reader import ReleaseReader


@dataclass
class Page(HTMLParser):
    """What a browser would show: captions, table cells, scripts and all visible text."""

    captions: list[str] = field(default_factory=list)
    tables: list[list[list[str]]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    text: str = ""
    _stack: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._stack.append(tag)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
        elif tag in ("caption", "figcaption"):
            self.captions.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._stack and self._stack.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if {"script", "style"} & set(self._stack):
            return
        self.text += data
        if {"td", "th"} & set(self._stack) and "sup" not in self._stack:
            self.tables[-1][-1][-1] += data
        if {"caption", "figcaption"} & set(self._stack):
            self.captions[-1] += data


def write_release(
    folder: Path,
    tables: Tables,
    *,
    source_mode: str = "import",
    metrics: Rows | None = None,
    manifest: Mapping[str, Any] | None = None,
    schemas: Mapping[str, pa.Schema] | None = None,
    redistribution: str | Mapping[str, str] = "internal",
) -> ReleaseReader:
    """Writes a release folder and opens it; every mart gets as_of_date and known_at.

    ``redistribution`` is the word of every source, or by mart; each mart has a dataset of
    its own name, of one load.
    """
    for mart, rows in tables.items():
        framed = [{"as_of_date": AS_OF, "known_at": None, **row} for row in rows]
        target = folder / "parquet" / "report" / f"{mart}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        schema = (schemas or {}).get(mart)
        pq.write_table(pa.Table.from_pylist(framed, schema=schema), target)
    target = folder / "parquet" / "meta" / "metrics.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(dictionary() if metrics is None else metrics), target)
    labels = target.with_name("value_labels.parquet")
    pq.write_table(pa.Table.from_pylist(seed_labels()), labels)
    for name, rows in meta_rows(tables, redistribution).items():
        pq.write_table(pa.Table.from_pylist(rows), target.with_name(f"{name}.parquet"))
    content = {
        "release_id": "20241018T200000-abc123",
        "as_of_date": AS_OF.isoformat(),
        "known_at": None,
        "source_mode": source_mode,
        "created_at": "2024-10-18T20:00:00+08:00",
        "stale": [],
        "marts": {mart: {"rows": len(rows)} for mart, rows in tables.items()},
        **(manifest or {}),
    }
    (folder / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return ReleaseReader(folder)


def meta_rows(tables: Tables, redistribution: str | Mapping[str, str]) -> Tables:
    """What a release says of the sources behind its marts."""
    words = {
        mart: redistribution if isinstance(redistribution, str) else redistribution[mart]
        for mart in tables
    }
    note = "（inbox：文件未声明可对外分发）"
    return {
        "mart_sources": [
            {"mart": mart, "dataset": mart, "sources": "inbox", "redistribution": word,
             "dataset_label": mart, "redistribution_note": f"{mart}{note}"}
            for mart, word in words.items()
        ],
        "loads": [
            {"load_id": f"load-{mart}", "source": "inbox", "dataset": mart,
             "function": "read_file", "finished_at": "2024-10-18 12:00:00", "rows": 3,
             "sha256": "ab" * 32, "original_name": f"{mart}.csv", "redistribution": word,
             "redistribution_reason": "文件未声明可对外分发", "licence": ""}
            for mart, word in words.items()
        ],
    }  # fmt: skip


# One sentence, one table, one chart: enough for tests that need a page, quick to draw.
SMALL_PACK = """
title: 试验
keys: {index_changes: [index_code]}
sections:
  - title: 指数
    items:
      - {sentence: '截至{as_of_cn}'}
      - table: index_changes
        title: 指数
        columns: [index_name, index_code, close, change_this_week, pe_ttm]
      - {chart: bar, mart: index_changes, title: 指数本周, x: index_name, y: change_this_week}
"""


@pytest.fixture
def small_pack(tmp_path: Path) -> str:
    path = tmp_path / "small.yml"
    path.write_text(SMALL_PACK, encoding="utf-8")
    return str(path)


@pytest.fixture
def tables() -> Tables:
    """Fresh rows of all ten marts; a test may change them before it writes a release."""
    return {mart: rows() for mart, rows in MARTS.items()}


@pytest.fixture
def make_release(tmp_path: Path) -> Callable[..., ReleaseReader]:
    def make(tables: Tables, **settings: Any) -> ReleaseReader:
        return write_release(tmp_path / "release", tables, **settings)

    return make


@pytest.fixture(scope="module")
def module_release(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., ReleaseReader]:
    """As ``make_release``, for fixtures that build a whole pack once for many tests."""

    def make(tables: Tables | None = None, **settings: Any) -> ReleaseReader:
        rows = tables or {mart: rows() for mart, rows in MARTS.items()}
        return write_release(tmp_path_factory.mktemp("release"), rows, **settings)

    return make


@pytest.fixture
def release(make_release: Callable[..., ReleaseReader], tables: Tables) -> ReleaseReader:
    return make_release(tables)


@pytest.fixture(scope="session")
def make_pack() -> Callable[[str], PackSpec]:
    """A pack of one section from the YAML of its items and keys."""

    def make(text: str) -> PackSpec:
        content = yaml.safe_load(text)
        section = {"title": "试验", "items": content.pop("items")}
        return parse_pack({"title": "试验", "sections": [section], **content}, "trial")

    return make


@pytest.fixture(scope="session")
def read_page() -> Callable[[Path], Page]:
    def read(path: Path) -> Page:
        page = Page()
        page.feed(path.read_text(encoding="utf-8"))
        return page

    return read
