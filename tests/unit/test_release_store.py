"""The store of releases: one atomic pointer, no id twice, nothing cited is cleaned up."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from yanbao.base import clock
from yanbao.base.errors import ReleaseError
from yanbao.base.settings import Settings
from yanbao.releases.clean_up import Removable, nightly_pin, removable, remove
from yanbao.releases.release_files import SHARED, fingerprint, is_shared, make_read_only, share
from yanbao.releases.release_store import ReleaseStore

KEEP = 7


def put(store: ReleaseStore, release_id: str) -> None:
    """A tiny release whose every file names it."""
    folder = store.root / release_id
    folder.mkdir(parents=True)
    for name in ("warehouse.duckdb", "mart.parquet"):
        (folder / name).write_text(release_id, encoding="utf-8")
    files = {path.name: fingerprint(path) for path in folder.iterdir()}
    manifest = {
        "release_id": release_id,
        "files": files,
        "core_hash": release_id,
        "as_of_date": "2024-10-31",
        "known_at": None,
        "created_at": clock.now().isoformat(),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    make_read_only(folder)


@pytest.fixture
def tiny(tmp_path: Path) -> ReleaseStore:
    return ReleaseStore(tmp_path / "releases")


def with_releases(store: ReleaseStore, count: int) -> ReleaseStore:
    for _ in range(count):
        release_id = store.next_id()
        put(store, release_id)
        store.point_to(release_id)
    return store


def test_readers_always_find_a_whole_release_while_twenty_are_published(
    tiny: ReleaseStore,
) -> None:
    with_releases(tiny, 1)
    seen: list[str] = []
    torn: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            try:
                folder = (tiny.root / "current").resolve(strict=True)
                content = (folder / "warehouse.duckdb").read_text(encoding="utf-8")
            except OSError as error:
                torn.append(str(error))
                continue
            if content != folder.name:
                torn.append(f"{folder.name} holds {content}")
            seen.append(folder.name)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    with_releases(tiny, 20)
    is_over.set()
    for reader in readers:
        reader.join()
    assert torn == []
    assert len({*seen}) > 1, "the readers read while releases were published"
    assert tiny.current().release_id == "r000021"


def test_reader_of_an_old_release_never_sees_ids_go_back(tiny: ReleaseStore) -> None:
    with_releases(tiny, 1)
    seen: list[str] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.append(tiny.current().release_id)

    reader = threading.Thread(target=read)
    reader.start()
    with_releases(tiny, 20)
    is_over.set()
    reader.join()
    assert seen == sorted(seen)


@pytest.mark.parametrize("name", ["warehouse.duckdb", "mart.parquet"])
def test_one_flipped_byte_is_found(tiny: ReleaseStore, name: str) -> None:
    release = with_releases(tiny, 1).current()
    assert tiny.damaged_files(release) == []
    path = release.path / name
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    assert tiny.damaged_files(release) == [name]


def test_missing_and_cut_files_are_found(tiny: ReleaseStore) -> None:
    release = with_releases(tiny, 1).current()
    release.path.chmod(0o755)
    (release.path / "mart.parquet").unlink()
    database = release.path / "warehouse.duckdb"
    database.chmod(0o644)
    database.write_bytes(database.read_bytes()[:-1])
    assert sorted(tiny.damaged_files(release)) == ["mart.parquet", "warehouse.duckdb"]


@pytest.mark.parametrize("asked", [0, 1, KEEP])
def test_newest_seven_are_never_removable(tiny: ReleaseStore, asked: int) -> None:
    with_releases(tiny, 10)
    removable = [release.release_id for release in tiny.removable(asked)]
    assert removable == ["r000001", "r000002", "r000003"]


def test_more_are_kept_where_more_are_asked_for(tiny: ReleaseStore) -> None:
    with_releases(tiny, 10)
    assert [release.release_id for release in tiny.removable(9)] == ["r000001"]


def test_current_and_pinned_releases_are_never_removable(tiny: ReleaseStore) -> None:
    with_releases(tiny, 12)
    tiny.point_to("r000002")
    tiny.pin("r000004", "cited by galaxy-weekly")
    removable = [release.release_id for release in tiny.removable(0)]
    assert removable == ["r000001", "r000003", "r000005"]


def test_pins_add_up_and_keep_their_reasons(tiny: ReleaseStore) -> None:
    with_releases(tiny, 2)
    tiny.pin("r000001", "first")
    tiny.pin("r000002", "second")
    assert ReleaseStore(tiny.root).pins() == {"r000001": "first", "r000002": "second"}


def test_ids_go_on_from_the_newest_release_whatever_is_current(tiny: ReleaseStore) -> None:
    with_releases(tiny, 3)
    tiny.point_to("r000001")
    assert tiny.next_id() == "r000004"


def test_ids_sort_as_they_count(tiny: ReleaseStore) -> None:
    put(tiny, "r000099")
    put(tiny, "r000100")
    assert tiny.ids() == ["r000099", "r000100"]
    assert tiny.next_id() == "r000101"


def test_drafts_of_killed_runs_are_removed_and_releases_are_not(tiny: ReleaseStore) -> None:
    with_releases(tiny, 2)
    draft = tiny.root / "r000003.tmp"
    (draft / "parquet" / "core").mkdir(parents=True)
    (draft / "parquet" / "core" / "2024-10.parquet").write_bytes(b"half")
    make_read_only(draft)
    (tiny.root / ".current.tmp").symlink_to("r000003")
    assert tiny.recover() == ["removed the unfinished release r000003.tmp"]
    left = sorted(path.name for path in tiny.root.iterdir())
    assert left == ["current", "r000001", "r000002"]
    assert tiny.current().release_id == "r000002"


def test_draft_is_no_release(tiny: ReleaseStore) -> None:
    with_releases(tiny, 1)
    (tiny.root / "r000002.tmp").mkdir()
    assert tiny.ids() == ["r000001"]


def test_release_without_a_manifest_is_refused(tiny: ReleaseStore) -> None:
    (tiny.root / "r000001").mkdir(parents=True)
    with pytest.raises(ReleaseError, match="there is no release r000001"):
        tiny.release("r000001")


def test_empty_shelf_has_no_current_release(tiny: ReleaseStore) -> None:
    assert (tiny.ids(), tiny.next_id(), tiny.current_or_none()) == ([], "r000001", None)
    with pytest.raises(ReleaseError, match="yanbao run"):
        tiny.current()


def test_published_folder_is_read_only_to_the_last_file(tiny: ReleaseStore) -> None:
    release = with_releases(tiny, 1).current()
    modes = {path.name: path.stat().st_mode & 0o222 for path in release.path.rglob("*")}
    assert {*modes.values(), release.path.stat().st_mode & 0o222} == {0}


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def test_pin_of_a_night_holds_for_its_days_and_as_long_as_its_packs_are_there(
    tiny: ReleaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_releases(tiny, 12)
    settings = Settings(tiny.root.parent)
    for release_id in ("r000001", "r000002"):
        tiny.pin(release_id, nightly_pin(release_id))
    tiny.pin("r000003", "cited by galaxy-weekly as of 2024-10-31")
    (settings.reports / "r000002").mkdir(parents=True)
    found = removable(settings, days=0)
    assert found.pins == ("r000001", "r000002")
    found = removable(settings, days=1)
    assert (found.pins, found.releases) == (("r000001",), ())
    monkeypatch.setenv("YANBAO_CLOCK", in_days(1.5))
    found = removable(settings, days=1)
    assert found.pins == ("r000001", "r000002")
    assert found.releases == ("r000001", "r000002", "r000004", "r000005")
    remove(settings, found)
    assert [*tiny.pins()] == ["r000003"]
    assert removable(settings, days=1) == Removable((), (), ())


def test_removed_release_is_named_with_how_to_print_its_day_again(tiny: ReleaseStore) -> None:
    with_releases(tiny, 8)
    settings = Settings(tiny.root.parent)
    remove(settings, removable(settings, days=0))
    with pytest.raises(ReleaseError, match="removed release r000001 on 20") as refused:
        tiny.release("r000001")
    assert "yanbao report PACK --as-of 2024-10-31 prints" in refused.value.line()
    with pytest.raises(ReleaseError, match="there is no release r000009"):
        tiny.release("r000009")


@pytest.fixture
def without_hard_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError("Operation not supported")

    monkeypatch.setattr("os.link", refuse)


@pytest.mark.usefixtures("without_hard_links")
def test_without_hard_links_shared_files_are_there_once_until_no_release_refers_to_them(
    tiny: ReleaseStore,
) -> None:
    with_releases(tiny, 9)
    for this, following in pairwise(tiny.ids()[:4]):
        kept, target = (tiny.root / one / "mart.parquet" for one in (this, following))
        target.parent.chmod(0o755)
        target.unlink()
        share(kept, target, tiny.root, fingerprint(kept)["sha256"])
        assert is_shared(target)
        assert target.read_text(encoding="utf-8") == "r000001"
    (stored,) = (tiny.root / SHARED).iterdir()
    settings = Settings(tiny.root.parent)
    tiny.pin("r000004", "cited by industry")
    remove(settings, removable(settings, days=0))
    assert tiny.ids()[0] == "r000003", "the newest seven"
    with_releases(tiny, 8)
    remove(settings, removable(settings, days=0))
    assert tiny.ids()[0] == "r000004"
    assert (tiny.root / "r000004" / "mart.parquet").read_text(encoding="utf-8") == "r000001"
    tiny.unpin({"r000004": "cited by industry"})
    remove(settings, removable(settings, days=0))
    assert not stored.exists()


def test_builds_go_after_a_week(tiny: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(tiny.root.parent)
    build = settings.work / "builds" / "one"
    build.mkdir(parents=True)
    assert removable(settings, days=14).paths == ()
    monkeypatch.setenv("YANBAO_CLOCK", in_days(8))
    assert removable(settings, days=14).paths == (build,)


def test_release_that_a_night_and_a_person_cite_stays_for_the_person(home: Path) -> None:
    settings = Settings(home)
    store = ReleaseStore(settings.releases)
    store.root.mkdir()
    for reason in (nightly_pin("r000001"), "cited by industry", nightly_pin("r000001")):
        store.pin("r000001", reason)
    assert store.pins() == {"r000001": "cited by reports/r000001; cited by industry"}
    remove(settings, removable(settings, days=14))
    assert store.pins() == {"r000001": "cited by industry"}
