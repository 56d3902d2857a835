"""The page of import formats says what the declarations say."""

from __future__ import annotations

import re

import pytest

from yanbao.catalog import DATASETS, Dataset
from yanbao.catalog.formats_page import PAGE, render
from yanbao.catalog.read_by import report_marts_of


def _section(page: str, name: str) -> str:
    """From a dataset's heading to the next heading."""
    return re.split(r"\n##", page.split(f"\n### {name}\n")[1])[0]


def test_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == render()


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_section_lists_every_column_in_declared_order(dataset: Dataset) -> None:
    section = _section(render(), dataset.name)
    listed = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert listed == list(dataset.column_names)
    assert f"{dataset.label}. Grain: {dataset.grain}." in section
    assert dataset.notes in section


def test_every_table_row_has_as_many_cells_as_its_header() -> None:
    rows = [line for line in render().splitlines() if line.startswith("|")]
    unescaped = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert unescaped == {8}


def test_required_unit_and_allowed_values_are_printed() -> None:
    section = _section(render(), "market_caps")
    assert "| `market_cap` | decimal | currency | yes |" in section
    assert "`all_classes`, `a_share_price_all_shares`, `free_float`" in section


def test_bounds_are_printed_in_words() -> None:
    assert "0 to 100 |" in _section(render(), "index_constituents")
    assert "at least 0 |" in _section(render(), "web_traffic")


@pytest.mark.parametrize(
    ("dataset", "marts"),
    [
        ("web_traffic", ("unlisted_names", "web_traffic_series", "web_traffic_week")),
        ("llm_scores", ("llm_benchmark", "llm_leaderboard", "unlisted_names")),
        ("model_prices", ("unlisted_names",)),
        ("index_valuations", ()),
    ],
)
def test_the_marts_that_read_a_dataset_are_named(dataset: str, marts: tuple[str, ...]) -> None:
    assert report_marts_of()[dataset] == marts


def test_a_dataset_that_a_macro_or_another_mart_reads_is_read_too() -> None:
    marts = report_marts_of()
    assert "index_changes" in marts["index_bars"], "through the macro of index returns"
    assert "pool" in marts["income_statements"], "through single quarters"
    assert {*marts} == {dataset.name for dataset in DATASETS}
