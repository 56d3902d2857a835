"""Words reach the release and rebuild nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.unit.small_release import SMALL_MART, WORDS, small_contents
from yanbao.base.settings import PROJECT_ROOT
from yanbao.releases.publish import publish
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.releases.words import project_words
from yanbao.warehouse.code_version import code_version, without_words, words_version
from yanbao.warehouse.store import WorkStore

CONTRACT = """\
models:
  - name: shares
    description: >
      One row per share.

      As listed.
    data_tests:
      - unique_on: {arguments: {columns: [code]}}
    columns:
      - name: code
        description: 'Share code,
          with suffix.'
        data_type: varchar
      - {name: held, data_type: date, description: Day of it.}
      - {name: odd, description: 'a: b', data_type: date}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what both versions read."""
    for place in ("models", "dbt_project"):
        shutil.copytree(PROJECT_ROOT / place, tmp_path / place)
    shutil.copy(PROJECT_ROOT / "dbt_project.yml", tmp_path)
    return tmp_path


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_words_are_left_out_of_yaml_and_nothing_else_is() -> None:
    kept = yaml.safe_load("\n".join(without_words(CONTRACT)))
    assert kept == {
        "models": [
            {
                "name": "shares",
                "data_tests": [{"unique_on": {"arguments": {"columns": ["code"]}}}],
                "columns": [
                    {"name": "code", "data_type": "varchar"},
                    {"name": "held", "data_type": "date"},
                    {"name": "odd", "description": "a: b", "data_type": "date"},
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("models/marts/report/index_changes.yml", "本周涨跌幅", "当周涨跌幅"),
        ("models/marts/report/_contracts.yml", "本周涨跌幅", "当周涨跌幅"),
        ("models/marts/report/common_columns.yml", "报告日", "基准日"),
        ("dbt_project/seeds/_seeds.yml", "Theme id.", "Id of the theme."),
        ("models/marts/meta/release.yml", "发布编号", "编号"),
    ],
)
def test_changed_word_is_another_words_version_of_the_same_code(
    checkout: Path, file: str, old: str, new: str
) -> None:
    before = code_version(checkout), words_version(checkout)
    changed(checkout / file, old, new)
    assert code_version(checkout) == before[0]
    assert words_version(checkout) != before[1]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("models/marts/report/_contracts.yml", "data_type: date", "data_type: timestamp"),
        ("models/marts/report/_contracts.yml", "type: not_null", "type: unique"),
        ("models/marts/report/index_changes.sql", "select", "select distinct"),
        ("dbt_project/seeds/indices.csv", "上证综指", "上证指数"),
        ("dbt_project.yml", "schema: report", "schema: reports"),
    ],
)
def test_whatever_decides_contents_is_another_code_version(
    checkout: Path, file: str, old: str, new: str
) -> None:
    before = code_version(checkout)
    changed(checkout / file, old, new)
    assert code_version(checkout) != before


def test_tables_and_columns_of_a_release_carry_their_words(small_release: Release) -> None:
    with duckdb.connect(str(small_release.warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'report'"
        ).fetchall()
        columns = connection.execute(
            "select column_name, comment from duckdb_columns()"
            " where table_name = ? and comment is not null order by 1",
            [SMALL_MART],
        ).fetchall()
    assert tables == [(SMALL_MART, "One row per note.")]
    assert columns == [("code", "代码：Share code."), ("share", "占比：Share of the whole.")]
    assert small_release.manifest["words_version"] == WORDS.version


def test_data_package_carries_the_words_of_a_mart(small_release: Release) -> None:
    package = json.loads((small_release.path / "datapackage.json").read_text(encoding="utf-8"))
    (mart,) = package["resources"]
    fields = {field["name"]: field for field in mart["schema"]["fields"]}
    assert mart["description"] == "One row per note."
    assert (fields["share"]["title"], fields["code"].get("title")) == ("占比", None)


def test_comments_change_no_hash(small_store: WorkStore, store: ReleaseStore) -> None:
    first = publish(store, small_store, small_contents())
    second = publish(store, small_store, small_contents(words=project_words()))
    for part in ("core", "marts", "core_hash"):
        assert first.manifest[part] == second.manifest[part]


def test_metric_dictionary_has_a_row_per_column_of_each_mart() -> None:
    rows = {(row["mart"], row["column_name"]): row for row in project_words().metrics}
    close = rows["index_changes", "close"]
    assert (close["label_zh"], close["unit"], close["version"]) == ("收盘点位", "points", 1)
    assert len(rows) == len(project_words().metrics)
