"""docs/packs.md: its examples load, its grammar is whole, its table says where things are."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest
import yaml

from yanbao.base.settings import PROJECT_ROOT
from yanbao.reporting.grammar.fact_spec import FACT_KINDS
from yanbao.reporting.grammar.item_spec import ChartKind, SentenceSpec
from yanbao.reporting.grammar.pack_loader import load_pack, pack_names, parse_pack
from yanbao.reporting.grammar.row_spec import Selection
from yanbao.reporting.styling.vocabulary import MOVES, SCALES

PAGE = (PROJECT_ROOT / "docs" / "packs.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
PRINTED = PROJECT_ROOT / "sample_data" / "printed_tables"
# Tables that a mapping is named after, and those that none loads.
TABLES = {
    *(path.stem.partition("--")[0] for path in PRINTED.glob("*.yml") if path.stem != "tables"),
    *yaml.safe_load((PRINTED / "tables.yml").read_text(encoding="utf-8")),
}
LEFT_OUT = "–"


def coverage() -> list[list[str]]:
    """Rows of the last table: what, transcription, pack, section, mart or reason."""
    last = PAGE.rpartition("| printed |")[2].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in last if line]


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_loads(example: str) -> None:
    assert list(parse_pack(yaml.safe_load(example), "example").items)


@pytest.mark.parametrize(
    "words",
    [FACT_KINDS, get_args(ChartKind), tuple(MOVES), tuple(SCALES), pack_names(),
     {field.name for field in fields(Selection)} - {"mart", "filters", "among"}],
    ids=["facts", "charts", "moves", "scales", "packs", "selection"],
)  # fmt: skip
def test_every_word_of_the_grammar_is_on_the_page(words: tuple[str, ...]) -> None:
    assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", PAGE)] == []


def test_every_transcribed_table_is_printed_or_left_out_with_a_reason() -> None:
    named = {row[1] for row in coverage() if row[1]}
    assert named == TABLES


def test_no_code_knows_the_pack_of_another_industry() -> None:
    marts = PROJECT_ROOT / "models" / "marts" / "report"
    code = [*(PROJECT_ROOT / "yanbao" / "reporting").rglob("*.py"), *marts.glob("*.sql")]
    knowing = [path.name for path in code if "semiconductor" in path.read_text("utf-8")]
    assert knowing == []
    monthly = {section.title for section in load_pack("galaxy-monthly").sections}
    own = {section.title for section in load_pack("semiconductor").sections}
    assert len(monthly & own) >= 5


def test_what_is_printed_stands_in_that_section_of_that_pack() -> None:
    for what, _, pack, title, mart in coverage():
        if pack == LEFT_OUT:
            assert len(mart) > 10, what
            continue
        (section,) = [s for s in load_pack(pack).sections if s.title == title]
        marts = {
            selection.mart
            for item in section.items
            for selection in (
                *(fact.selection for fact in item.facts.values()),
                *(() if isinstance(item, SentenceSpec) else (item.selection,)),
            )
        }
        assert mart in marts, what


@pytest.mark.real_data
def test_every_figure_of_the_reports_is_printed_or_left_out(shared_data: Path) -> None:
    import csv

    path = shared_data / "reference" / "report_tables" / "figures_inventory.csv"
    with path.open(encoding="utf-8", newline="") as file:
        figures = [(row["report"], row["figure"]) for row in csv.DictReader(file)]
    named: set[tuple[str, str]] = set()
    for row in coverage():
        report, _, places = row[0].partition(" ")
        for place in places.split(", "):
            first, dash, last = place.partition("–")
            if dash and first[:1] == "图":
                word = first.rstrip("0123456789")
                numbers = range(int(first[len(word) :]), int(last[len(word) :]) + 1)
                named |= {(report, f"{word}{number}") for number in numbers}
            named.add((report, place))
    assert [figure for figure in figures if figure not in named] == []
