"""The built wheel is whole: it runs from an empty folder, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from yanbao.base.settings import PROJECT_ROOT
from yanbao.releases.release_store import ReleaseStore

pytestmark = [pytest.mark.slow]

PACKAGES = {"yanbao", "yanbao_dagster", "yanbao_gx"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's content in a folder that stands before the checkout on the path."""
    out = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    done = subprocess.run(build, cwd=PROJECT_ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = out.glob("*.whl")
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def contents(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(p.relative_to(folder)) for p in files if "__pycache__" not in p.parts}


def test_wheel_installs_no_package_with_a_generic_name(site: Path) -> None:
    assert {p.name for p in site.iterdir() if p.suffix != ".dist-info"} == PACKAGES


def test_wheel_holds_every_model_seed_and_pack(site: Path) -> None:
    packed = contents(site / "yanbao" / "project")
    for folder in ("models", "dbt_project", "reports"):
        ours = contents(PROJECT_ROOT / folder)
        assert {name for name in packed if name.startswith(f"{folder}/")} == {
            f"{folder}/{name}" for name in ours
        }


def test_installed_wheel_publishes_a_release_and_a_pack_from_an_empty_folder(
    site: Path, tmp_path: Path
) -> None:
    before = contents(site)
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("YANBAO", "DAGSTER"))}
    done = subprocess.run(
        [sys.executable, "-m", "yanbao.cli.main", "run"],
        cwd=tmp_path,
        env={**inherited, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    release = ReleaseStore(tmp_path / "data" / "releases").current()
    assert release.manifest["source_mode"] == "sample"
    pack = tmp_path / "data" / "reports" / release.release_id
    assert {path.suffix for path in pack.iterdir()} == {".html", ".xlsx"}
    assert {path.name for path in tmp_path.iterdir()} == {"data"}
    assert contents(site) == before
