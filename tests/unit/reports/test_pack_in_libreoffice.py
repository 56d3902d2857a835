"""LibreOffice recalculates the live workbook from its formulas alone: the same numbers."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]
import pytest

from tests.limits import HANG_SECONDS
from yanbao.reporting.build import build_pack
from yanbao.reporting.reading.release_reader import ReleaseReader

pytestmark = pytest.mark.libreoffice

# A desk's own setting: recalculate on load, whatever the file carries.
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
FORMULA_CELL = re.compile(rb"(<f>[^<]*</f><v>)[^<]*(</v>)")


def without_values(book: Path, target: Path) -> int:
    """A copy in which every formula shows 0; returns how many there are."""
    found = 0
    with zipfile.ZipFile(book) as read, zipfile.ZipFile(target, "w") as write:
        for name in read.namelist():
            content = read.read(name)
            if name.startswith("xl/worksheets/"):
                content, changed = FORMULA_CELL.subn(rb"\g<1>0\g<2>", content)
                found += changed
            write.writestr(name, content)
    return found


def recalculated(book: Path, folder: Path) -> Any:
    """The workbook as LibreOffice computes it."""
    (folder / "profile" / "user").mkdir(parents=True)
    (folder / "profile" / "user" / "registrymodifications.xcu").write_text(PROFILE)
    subprocess.run(
        [
            str(shutil.which("soffice")),
            "--headless",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            str(book),
        ],
        check=True,
        capture_output=True,
        timeout=HANG_SECONDS,
    )
    return openpyxl.load_workbook(folder / "out" / book.name, data_only=True)


def plain(value: Any) -> Any:
    return value / timedelta(days=1) if isinstance(value, timedelta) else value


def test_libreoffice_computes_the_numbers_that_the_workbook_shows(
    module_release: Callable[..., ReleaseReader], tmp_path: Path
) -> None:
    book = build_pack("galaxy-weekly", module_release(), tmp_path, ("xlsx",))["xlsx"]
    blank = tmp_path / "blank.xlsx"
    formulas = without_values(book, blank)
    assert formulas > 250
    shown = openpyxl.load_workbook(book, data_only=True)
    source, computed = openpyxl.load_workbook(book), recalculated(blank, tmp_path)
    compared = 0
    for sheet in source.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                expected = plain(shown[sheet.title][cell.coordinate].value)
                found = plain(computed[sheet.title][cell.coordinate].value)
                assert math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12), (
                    f"{sheet.title}!{cell.coordinate} {cell.value}"
                )
                compared += 1
    assert compared == formulas
