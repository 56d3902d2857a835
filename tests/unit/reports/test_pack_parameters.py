"""One pack for any theme and universe: parameters, their labels and their refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.unit.reports.conftest import write_release
from tests.unit.reports.pack_rows import Tables
from yanbao.base.errors import PackError, UsageError
from yanbao.reporting.build import build_pack
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_spec import PackSpec
from yanbao.reporting.printed.pack import PrintedTable
from yanbao.reporting.reading.release_reader import ReleaseReader

Make = Callable[[str], PackSpec]
PACK = """
keys: {pool: [pool, code], web_traffic_week: [app]}
parameters: {pool: computer, app: Kimi}
items:
  - table: pool
    title: '{pool}股票池'
    filter: {pool: '{pool}'}
    columns: [pool, code]
  - sentence: '{n}家，{who}'
    facts:
      n: {count_where: code, is: present, mart: pool, where: {pool: '{pool}'}}
      who: {value: app, mart: web_traffic_week, where: {app: '{app}'}}
"""


@pytest.fixture
def two_pools(tables: Tables, tmp_path: Path) -> ReleaseReader:
    """Six companies of ``computer`` and one of ``semiconductor``."""
    other = {**tables["pool"][0], "pool": "semiconductor", "code": "900999.SH"}
    tables["pool"].append(other)
    return write_release(tmp_path / "release", tables)


def printed(release: ReleaseReader, make_pack: Make, **given: str) -> tuple[PrintedTable, str]:
    table, sentence = compose(make_pack(PACK), release, given).items
    assert isinstance(table, PrintedTable)
    return table, sentence.text  # type: ignore[union-attr]


def test_filter_title_and_sentence_follow_the_parameter(
    two_pools: ReleaseReader, make_pack: Make
) -> None:
    table, sentence = printed(two_pools, make_pack)
    assert (table.title, len(table.rows), sentence) == ("计算机行业股票池", 6, "6家，Kimi")
    table, sentence = printed(two_pools, make_pack, pool="semiconductor", app="Bing")
    assert (table.title, len(table.rows), sentence) == ("半导体行业股票池", 1, "1家，Bing")
    assert table.rows[0].cells[0].text == "半导体行业"


def test_first_value_that_the_release_holds_serves_under_its_own_name(
    two_pools: ReleaseReader, make_pack: Make
) -> None:
    pack = make_pack(PACK.replace("pool: computer,", "pool: [electronics, semiconductor],"))
    table, _ = compose(pack, two_pools).items
    assert isinstance(table, PrintedTable)
    assert (table.title, len(table.rows)) == ("半导体行业股票池", 1)


def test_without_any_of_the_values_the_first_is_said_to_be_missing(
    two_pools: ReleaseReader, make_pack: Make
) -> None:
    pack = make_pack(PACK.replace("pool: computer,", "pool: [electronics, ai_index],"))
    table, _ = compose(pack, two_pools).items
    assert isinstance(table, PrintedTable)
    assert table.notes == ("本期无数据：没有股票池为 电子行业 的行。",)


def test_label_comes_from_the_release_and_not_from_the_code(
    tables: Tables, tmp_path: Path, make_pack: Make
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables["pool"] = [{**row, "pool": "robots"} for row in tables["pool"]]
    release = write_release(tmp_path / "release", tables)
    label = {"column_name": "pool", "value": "robots", "label_zh": "机器人行业"}
    labels = tmp_path / "release" / "parquet" / "meta" / "value_labels.parquet"
    pq.write_table(pa.Table.from_pylist([label]), labels)
    table, _ = printed(release, make_pack, pool="robots")
    assert (table.title, table.rows[0].cells[0].text) == ("机器人行业股票池", "机器人行业")


def test_pool_of_the_seeds_without_rows_prints_an_empty_table(
    two_pools: ReleaseReader, make_pack: Make
) -> None:
    table, _ = printed(two_pools, make_pack, pool="electronics")
    assert (table.title, table.rows) == ("电子行业股票池", ())
    assert table.notes == ("本期无数据：没有股票池为 电子行业 的行。",)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"pool": "semi"}, r"set pool: no pool is called 'semi' → .*tor \(半导体行业\)"),
        ({"app": "Kimmi"}, r"no app is called 'Kimmi' → known: Bing, Canva, .*Kimi"),
        ({"pol": "computer"}, r"has no parameter 'pol' → known: pool, app"),
    ],
)  # fmt: skip
def test_unknown_parameter_or_value_lists_the_known_ones(
    two_pools: ReleaseReader, make_pack: Make, given: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        printed(two_pools, make_pack, **given)


def test_pack_s_own_value_must_be_known_too(two_pools: ReleaseReader, make_pack: Make) -> None:
    with pytest.raises(UsageError, match=r"parameters.pool: no pool is called 'compter'"):
        compose(make_pack(PACK.replace("pool: computer", "pool: compter")), two_pools)


def test_filter_may_name_declared_parameters_only(make_pack: Make) -> None:
    with pytest.raises(PackError, match=r"filter.pool: no parameter is called 'pol'"):
        make_pack(PACK.replace("'{pool}'}\n    columns", "'{pol}'}\n    columns"))


def test_parameter_may_not_take_the_name_of_a_built_in_word(make_pack: Make) -> None:
    with pytest.raises(PackError, match=r"parameters.month: 'month' is a built-in word"):
        make_pack(PACK.replace("app: Kimi", "month: Kimi"))


def test_files_name_the_values_that_were_set(two_pools: ReleaseReader, tmp_path: Path) -> None:
    content = yaml.safe_load(PACK)
    section = {"title": "试验", "items": content.pop("items")}
    pack = tmp_path / "trial.yml"
    pack.write_text(yaml.safe_dump({"title": "试验", "sections": [section], **content}))
    files = build_pack(
        str(pack), two_pools, tmp_path / "out", ("csv",), given={"pool": "electronics"}
    )
    assert files["csv"].name == "trial-electronics-2024-10-18-internal-csv"
