"""Building: whole outputs or none, the same bytes twice, clear refusals."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.reports.pack_rows import Tables
from yanbao.base.errors import ReleaseError, UsageError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.reporting.build import NotPrintedError, build_pack
from yanbao.reporting.formats import FORMATS, RENDERERS
from yanbao.reporting.pages import csv_out
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.workbook import render_xlsx


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_build_says_where_each_format_is(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    lines: list[str] = []
    files = build_pack(small_pack, release, tmp_path / "out", progress=lines.append)
    assert set(files) == {"html", "xlsx", "csv"}
    assert files["html"].name == "small-2024-10-18-internal.html"
    assert files["csv"].is_dir()
    assert "small: 1 tables, 1 charts" in lines
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(
        path.name for path in files.values()
    )


def test_same_release_gives_the_same_bytes(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    build_pack(small_pack, release, tmp_path / "one")
    build_pack(small_pack, release, tmp_path / "two")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_building_again_replaces_every_output(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    files = build_pack(small_pack, release, tmp_path / "out")
    (files["csv"] / "left-over.csv").write_text("old")
    files["html"].write_text("old")
    build_pack(small_pack, release, tmp_path / "out")
    assert not (files["csv"] / "left-over.csv").exists()
    assert files["html"].read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("broken", "failed"),
    [((render_xlsx, "write_working_paper"), "xlsx"), ((csv_out, "inert"), "csv")],
)
def test_format_that_fails_keeps_its_earlier_output_and_stops_no_other(
    release: ReleaseReader,
    small_pack: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: tuple[object, str],
    failed: str,
) -> None:
    files = build_pack(small_pack, release, tmp_path / "out")
    others = set(files) - {failed}
    for name in others & {"html", "xlsx"}:
        files[name].write_text("old")
    before = contents(tmp_path / "out")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*broken, fail)
    with pytest.raises(NotPrintedError) as refusal:
        build_pack(small_pack, release, tmp_path / "out")
    after = contents(tmp_path / "out")
    assert set(refusal.value.files) == others
    assert f"not printed: {failed}: OSError: [Errno 28] No space left" in refusal.value.line()
    assert {name for name in after if after[name] != before[name]} == {
        files[name].name for name in others & {"html", "xlsx"}
    }
    assert set(after) == set(before)


def test_unknown_format_offers_the_nearest_name(
    release: ReleaseReader, small_pack: str, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=r"no format is called 'xslx'.*did you mean xlsx"):
        build_pack(small_pack, release, tmp_path / "out", ("xslx",))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_renderer(name: str) -> None:
    assert callable(RENDERERS[name].load())


def test_importing_the_builder_loads_no_renderer() -> None:
    heavy = {"weasyprint", "resvg_py", "xlsxwriter", "jinja2"}
    code = f"import sys, yanbao.reporting.build; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# What each package may not import: a pack goes from declaration to numbers to pages.
FORBIDDEN = {
    "grammar": ("composing", "charts", "pages", "office", "workbook"),
    "styling": ("composing", "charts", "pages", "office", "workbook"),
    "composing": ("charts", "pages", "office", "workbook"),
    "charts": ("composing", "pages", "office", "workbook"),
    "pages": ("composing", "workbook"),
    "office": ("composing", "pages", "workbook"),
    "workbook": ("composing", "pages", "office"),
}


@pytest.mark.parametrize("package", FORBIDDEN)
def test_a_package_of_reports_imports_nothing_that_comes_after_it(package: str) -> None:
    folder = PROJECT_ROOT / "yanbao" / "reporting" / package
    later = re.compile(
        rf"(?:from|import) yanbao\.reporting\.({'|'.join(FORBIDDEN[package])})\b"
    )
    found = {
        path.name: match[0]
        for path in folder.glob("*.py")
        if (match := later.search(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert list(folder.glob("*.py"))


def test_folder_without_a_manifest_is_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no release is here"):
        ReleaseReader(tmp_path)


def test_manifest_that_is_not_json_is_refused(release: ReleaseReader) -> None:
    (release.path / "manifest.json").write_text('{"release_id": ')
    with pytest.raises(ReleaseError, match="is not JSON"):
        _ = ReleaseReader(release.path).manifest


@pytest.mark.parametrize("key", ["release_id", "as_of_date", "source_mode", "created_at"])
def test_manifest_without_a_fact_is_refused(release: ReleaseReader, key: str) -> None:
    path = release.path / "manifest.json"
    content = json.loads(path.read_text())
    del content[key]
    path.write_text(json.dumps(content))
    with pytest.raises(ReleaseError, match=f"cannot be understood.*{key}"):
        _ = ReleaseReader(release.path).manifest


def test_damaged_mart_is_a_release_error(release: ReleaseReader) -> None:
    path = release.path / "parquet" / "report" / "pool.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ReleaseError, match=r"report/pool\.parquet cannot be read"):
        release.table("pool")


def test_unknown_mart_offers_the_nearest_name(release: ReleaseReader) -> None:
    with pytest.raises(ReleaseError, match=r"no report\.pol → did you mean pool"):
        release.table("pol")


def test_release_may_be_read_only(
    make_release: Callable[..., ReleaseReader], tables: Tables, small_pack: str, tmp_path: Path
) -> None:
    release = make_release(tables)
    before = contents(release.path)
    build_pack(small_pack, release, tmp_path / "out", ("csv",))
    assert contents(release.path) == before
