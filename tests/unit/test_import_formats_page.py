"""The page of import formats says what the declarations say."""

from __future__ import annotations

import re

import pytest

from yanbao.catalog import DATASETS, Dataset
from yanbao.scaffold.formats_page import PAGE, page_files

PRINTED = page_files([("pool", "securities"), ("peers", "securities")])[PAGE]


def _section(page: str, name: str) -> str:
    """From a dataset's heading to the next heading."""
    return re.split(r"\n##", page.split(f"\n### {name}\n")[1])[0]


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_section_lists_every_column_in_declared_order(dataset: Dataset) -> None:
    section = _section(PRINTED, dataset.name)
    listed = re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE)
    assert listed == list(dataset.column_names)
    assert f"{dataset.label}. Grain: {dataset.grain}." in section
    assert dataset.notes in section


def test_every_table_row_has_as_many_cells_as_its_header() -> None:
    rows = [line for line in PRINTED.splitlines() if line.startswith("|")]
    unescaped = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
    assert unescaped == {8}


def test_required_unit_and_allowed_values_are_printed() -> None:
    section = _section(PRINTED, "market_caps")
    assert "| `market_cap` | decimal | currency | yes |" in section
    assert "`all_classes`, `a_share_price_all_shares`, `free_float`" in section


def test_bounds_are_printed_in_words() -> None:
    assert "0 to 100 |" in _section(PRINTED, "index_constituents")
    assert "at least 0 |" in _section(PRINTED, "web_traffic")


def test_marts_that_read_a_dataset_are_named() -> None:
    assert "Read by: `pool`, `peers`." in _section(PRINTED, "securities")
    assert "Read by no report mart" in _section(PRINTED, "model_prices")
