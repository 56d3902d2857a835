"""State files that a crash, a full disk or a backup left torn: commands go on, repair mends."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yanbao.base import state_file
from yanbao.cli.main import main
from yanbao.raw.zone import RawZone
from yanbao.releases.release_files import remove_folder
from yanbao.releases.release_store import ReleaseStore

pytestmark = pytest.mark.slow

READING = (
    ["show", "index_changes"],
    ["sources"],
    ["hold", "list"],
    ["release", "list"],
    ["gc"],
)
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda old: old[: len(old) // 2],
    "no text": lambda _: b"\x00\xff{",
    "another shape": lambda _: b"[1, 2]",
}
FILES = (
    "raw/.sequence",
    "raw/.index.json",
    "raw/loads/sample/fund_navs/*/manifest.json",
    "raw/verdicts/*-fund_navs.json",
    "raw/decisions/torn.json",
    "releases/pins.json",
    "releases/r000001/manifest.json",
    "releases/r000001/warehouse.duckdb",
    "source_mode.json",
    "work/built.json",
    "work/files_read.json",
    "work/last_run.json",
)
LITTER = (
    "raw/loads/.DS_Store",
    "raw/loads/sample/.DS_Store",
    "raw/loads/sample/fund_navs/.DS_Store",
    "raw/verdicts/Thumbs.db",
    "releases/desktop.ini",
)


@pytest.fixture(scope="module")
def shared_home(
    sample_home_template: Path,
    copy_home: Callable[[Path, Path], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    """A finished night with a second release, which is a copy of the first."""
    home = copy_home(sample_home_template, tmp_path_factory.mktemp("torn") / "home")
    for folder in (home / "raw", home / "releases"):
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755)
    second = home / "releases" / "r000002"
    shutil.copytree(home / "releases" / "r000001", second)
    manifest = (second / "manifest.json").read_text(encoding="utf-8")
    (second / "manifest.json").write_text(manifest.replace("r000001", "r000002"), "utf-8")
    (home / "raw" / "decisions").mkdir(exist_ok=True)
    return home


@pytest.fixture
def home(shared_home: Path) -> Path:
    state_file.say_once.cache_clear()
    ReleaseStore(shared_home / "releases").point_to("r000001")
    return shared_home


def run(home: Path, *words: str) -> int:
    return main(["--home", str(home), *words])


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", FILES)
def test_torn_file_ends_no_reading_command_and_is_mended(
    home: Path, name: str, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = next(home.glob(name), home / name)
    old = path.read_bytes() if path.exists() else b"{}"
    before = RawZone(home / "raw").loads()
    path.write_bytes(DAMAGE[damage](old))
    for words in READING:
        assert run(home, *words) == 0, words
    assert run(home, "doctor", "--repair") in (0, 1)
    capsys.readouterr()
    for words in READING:
        assert run(home, *words) == 0, words
    assert "torn" not in capsys.readouterr().err
    aside = path.parent.parent / "r000001.damaged"
    if aside.exists():
        aside.rename(path.parent)
    path.write_bytes(old) if old != b"{}" else path.unlink(missing_ok=True)
    assert RawZone(home / "raw").loads() == before


@pytest.mark.parametrize("name", LITTER)
def test_litter_of_file_managers_is_passed_over(home: Path, name: str) -> None:
    (home / name).write_bytes(b"Bud1")
    for words in READING:
        assert run(home, *words) == 0, words
    (home / name).unlink()


def test_damaged_release_is_passed_over_and_the_reader_is_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = home / "releases" / "r000001" / "warehouse.duckdb"
    old = warehouse.read_bytes()
    warehouse.write_bytes(old[:4096])
    assert run(home, "show", "index_changes") == 0
    told = capsys.readouterr().err
    assert "release r000001 is damaged: reading r000002 →" in told
    assert "held by release r000002" in told
    warehouse.write_bytes(old)


def test_backup_that_copied_the_pointer_as_a_folder_is_read_and_mended(home: Path) -> None:
    releases = home / "releases"
    (releases / "current").unlink()
    shutil.copytree(releases / "r000001", releases / "current")
    assert ReleaseStore(releases).current().release_id == "r000001"
    assert run(home, "doctor", "--repair") in (0, 1)
    assert (releases / "current").readlink() == Path("r000001")


def test_copy_of_a_release_becomes_the_release_where_there_is_no_other(tmp_path: Path) -> None:
    store = ReleaseStore(tmp_path / "releases")
    copy = store.root / "current"
    copy.mkdir(parents=True)
    (copy / "a.txt").write_bytes(b"a")
    (copy / "manifest.json").write_text(
        '{"release_id": "r000007", "files": {"a.txt": {"bytes": 1}}}', encoding="utf-8"
    )
    assert store.current_or_none() is None
    assert store.recover() == ["releases/current is a link to r000007 again"]
    assert store.current().release_id == "r000007"


def test_lost_pointer_is_the_newest_whole_release(home: Path) -> None:
    store = ReleaseStore(home / "releases")
    (store.root / "current").unlink()
    assert store.current().release_id == "r000002"
    assert store.recover() == ["releases/current was lost; current is r000002 again"]


def test_ids_never_go_back_over_a_release_that_was_set_aside(home: Path) -> None:
    store = ReleaseStore(home / "releases")
    kept = store.root / "r000009.damaged"
    kept.mkdir()
    assert store.next_id() == "r000010"
    remove_folder(kept)


def test_where_pins_are_torn_no_release_may_go(home: Path) -> None:
    store = ReleaseStore(home / "releases")
    pins = store.root / "pins.json"
    old = pins.read_bytes()
    pins.write_bytes(b"")
    assert {*store.pins()} == {"r000001", "r000002"}
    store.pin("r000002", "cited")
    assert store.pins() == {
        "r000001": "pins.json was torn",
        "r000002": "pins.json was torn; cited",
    }
    pins.write_bytes(old)


@pytest.mark.parametrize("name", ["../releases/r000001", ".", "r000001/", ""])
def test_release_is_a_name_and_no_path(home: Path, name: str) -> None:
    assert run(home, "show", "pool", "--release", name) == 1
