"""Packs of past days on the public data print the numbers of the reports of those days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.release_store import Release
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack import PrintedPack, PrintedSentence, PrintedTable
from yanbao.reporting.reading.release_reader import Manifest, ReleaseReader
from yanbao.warehouse.store import Parameters

pytestmark = [pytest.mark.slow, pytest.mark.real_data]

Printed = Callable[[str], list[dict[str, str]]]
Pack = Callable[..., PrintedPack]


class PastDay(ReleaseReader):
    """The release as of another day; a mart is built when a pack asks for it."""

    def __init__(self, release: Release, builds: Path, as_of: str, known_at: str) -> None:
        super().__init__(release.path)
        known = date.fromisoformat(known_at) if known_at else None
        parameters = Parameters(date.fromisoformat(as_of), known)
        self._builder = AdHocBuilder(builds, release, parameters)
        ours = ReleaseReader(release.path).manifest
        days = {"as_of": date.fromisoformat(as_of), "known_at": known_at}
        self.manifest = Manifest(**{**vars(ours), **days})  # type: ignore[misc]
        self._tables: dict[str, pa.Table] = {}

    def table(self, mart: str) -> pa.Table:
        if mart not in self._tables:
            self._tables[mart] = self._builder.table(mart)
        return self._tables[mart]


@pytest.fixture(scope="module")
def pack(real_release: Release, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    builds = tmp_path_factory.mktemp("builds")
    made: dict[tuple[str, ...], PrintedPack] = {}

    def make(name: str, as_of: str, known_at: str = "") -> PrintedPack:
        asked = (name, as_of, known_at)
        if asked not in made:
            tables = PastDay(real_release, builds, as_of, known_at)
            made[asked] = compose(load_pack(name), tables)
        return made[asked]

    return make


def table_of(pack: PrintedPack, mart: str) -> PrintedTable:
    return next(table for table in pack.tables if table.mart == mart and table.rows)


def cells(table: PrintedTable, key: str) -> dict[str, dict[str, str]]:
    """Printed texts by the text of the key column, then by column."""
    columns = [header.column for header in table.headers]
    rows = [dict(zip(columns, (cell.text for cell in row.cells))) for row in table.rows]
    return {row[key]: row for row in rows}


def sentences(pack: PrintedPack) -> str:
    return "\n".join(item.text for item in pack.items if isinstance(item, PrintedSentence))


@pytest.mark.parametrize(
    ("as_of", "table"),
    [("2024-10-31", "001_theme_funds"), ("2024-07-31", "003_theme_funds")],
)
def test_thirty_fund_returns_of_each_month_are_printed(
    pack: Pack, printed: Printed, as_of: str, table: str
) -> None:
    funds = table_of(pack("galaxy-monthly", as_of, as_of), "theme_fund_returns")
    ours = {code[:6]: row for code, row in cells(funds, "fund_code").items()}
    compared = 0
    for line in printed(table):
        row = ours[line["fund_code"][:6]]
        if row["nav"] == "–":
            continue
        assert row["nav"] == line["close_cny"]
        for months in (1, 3, 6):
            assert row[f"return_{months}m"].lstrip("+") == line[f"return_{months}m_pct"]
            compared += 1
    assert compared == 30


def test_the_pool_of_337_companies_is_said(pack: Pack) -> None:
    monthly = pack("galaxy-monthly", "2024-10-31", "2024-10-31")
    assert "申万计算机股票池337家" in sentences(monthly)


def test_third_quarter_of_2022_is_printed_as_its_readers_knew_it(pack: Pack) -> None:
    monthly = pack("galaxy-monthly", "2022-10-31", "2022-10-31")
    (first, *_) = cells(table_of(monthly, "industry_quarter"), "report_period").values()
    assert first["report_period"] == "2022Q3"
    assert first["companies"] == "308"
    assert (first["revenue"], first["revenue_growth_yoy"]) == ("2712.01", "+2.10")
    assert first["net_profit_attributable"] == "73.66"
    assert "营业总收入2712.01亿元，同比增长2.10%" in sentences(monthly)


def test_three_third_quarters_stand_side_by_side(pack: Pack) -> None:
    monthly = pack("galaxy-monthly", "2022-10-31", "2022-10-31")
    table = table_of(monthly, "industry_quarter")
    assert [row.cells[0].text for row in table.rows] == ["2022Q3", "2021Q3", "2020Q3"]
    chart = next(chart for chart in monthly.charts if chart.mart == "industry_quarter")
    drawn = {(point.category, point.text) for point in chart.points}
    printed = cells(table, "report_period")
    assert {(quarter, row["revenue"]) for quarter, row in printed.items()} <= drawn


def test_american_indices_of_the_week_are_the_printed_ones(
    pack: Pack, printed: Printed
) -> None:
    table = table_of(pack("galaxy-weekly", "2024-04-19"), "index_changes")
    ours = cells(table, "index_code")
    lines = [line for line in printed("000_index_weekly_change") if line["index_code"] in ours]
    assert {line["index_code"] for line in lines} == {"SPX.GI", "IXIC.GI"}
    for line in lines:
        row = ours[line["index_code"]]
        assert row["change_this_week"] == line["change_this_week_pct"]
        assert row["change_month"] == line["change_this_month_pct"]


def test_yield_and_fixing_of_the_week_are_the_printed_ones(pack: Pack) -> None:
    rates = cells(table_of(pack("galaxy-weekly", "2024-04-19"), "rates_fx"), "series")
    assert rates["美国10年期国债利率"]["level"].startswith("4.62")
    assert float(rates["美国10年期国债利率"]["change"]) == 12
    assert rates["美元兑人民币中间价"]["level"] == "7.1046"
    assert float(rates["美元兑人民币中间价"]["change"]) == 79


def test_benchmark_of_the_relative_performance_is_the_printed_one(
    pack: Pack, printed: Printed
) -> None:
    (line,) = [
        line for line in printed("002_relative_performance") if line["index_name"] == "沪深300"
    ]
    table = table_of(pack("huaxin-weekly", "2024-10-21", "2024-10-20"), "relative_performance")
    row = cells(table, "index_name")["沪深300"]
    for months in (1, 3, 12):
        assert row[f"return_{months}m"].lstrip("+") == line[f"change_{months}m_pct"]
