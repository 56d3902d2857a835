"""The workbooks of every pack on the sample: live numbers are the printed ones."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.conftest import RunCli
from tests.unit.reports.sheet_formulas import Calculator, shown
from yanbao.releases.release_store import ReleaseStore
from yanbao.reporting.build import build_pack
from yanbao.reporting.grammar.pack_loader import pack_names
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import HouseStyle

pytestmark = [pytest.mark.slow]


@pytest.fixture(scope="module")
def release(sample_home_template: Path) -> ReleaseReader:
    return ReleaseReader(ReleaseStore(sample_home_template / "releases").current().path)


def plain(value: Any) -> Any:
    return value / timedelta(days=1) if isinstance(value, timedelta) else value


@pytest.mark.parametrize("pack", pack_names())
def test_every_pack_is_live_and_shows_what_it_prints(
    pack: str, release: ReleaseReader, tmp_path: Path
) -> None:
    book = build_pack(pack, release, tmp_path, ("xlsx",))["xlsx"]
    formulas, values = (
        openpyxl.load_workbook(book, data_only=is_value) for is_value in (False, True)
    )
    calculator, recalculated = Calculator(formulas), 0
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found = calculator.cell(sheet.title, cell.coordinate)
                    value = plain(values[sheet.title][cell.coordinate].value)
                    where = f"{sheet.title}!{cell.coordinate} {cell.value}"
                    assert math.isclose(found, value, rel_tol=1e-12, abs_tol=1e-12), where
                    recalculated += 1
    lines = list(values["底稿"].iter_rows(values_only=True))
    compared = 0
    for line in lines[1:]:
        traced = dict(zip(map(str, lines[0]), line))
        if str(traced["所在"]).startswith("句"):
            continue
        sheet_name, _, place = str(traced["单元格"]).rpartition("!")
        cell = values[sheet_name][place]
        assert shown(cell.value, cell.number_format) == str(traced["印出"]), traced
        assert traced["算法"] != "原值", traced
        assert traced["装载编号（按数据表）"], traced
        assert traced["来源"] == "sample", traced
        compared += 1
    assert recalculated > compared > 50


def test_the_sample_may_leave_the_house_and_an_import_may_not(
    release: ReleaseReader, tmp_path: Path
) -> None:
    """Terms that the night wrote into the release decide, not the pack."""
    for mart in ("index_changes", "web_traffic_week", "theme_fund_returns"):
        origin = release.origins.of(mart)
        assert origin.may_leave, origin
        assert {load.redistribution for load in origin.loads} == {"allowed"}
    house = HouseStyle(audience="external")
    book = build_pack("galaxy-weekly", release, tmp_path, ("xlsx",), house=house)["xlsx"]
    workbook = openpyxl.load_workbook(book)
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if "来源不允许对外分发" in str(cell.value)]
    assert not [name for name in workbook.sheetnames if name.startswith("数据 ")]


def test_the_command_line_says_for_whom(
    run_cli: RunCli, sample_home: Path, tmp_path: Path
) -> None:
    for audience in ("internal", "external"):
        out = tmp_path / audience
        done = run_cli(
            "report", "huafu-weekly", f"--{audience}", "--formats", "xlsx", "--out", str(out),
            "-q", home=sample_home,
        )  # fmt: skip
        assert done.code == 0, done.err
        (book,) = out.iterdir()
        assert book.name == f"huafu-weekly-2024-10-31-{audience}.xlsx"
        has_data = any(n.startswith("数据 ") for n in openpyxl.load_workbook(book).sheetnames)
        assert has_data is (audience == "internal")
