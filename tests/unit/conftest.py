"""The small release, as a store to publish from and as a state folder to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.small_release import small_contents, small_work_store
from yanbao.base.settings import Settings
from yanbao.releases.publish import publish
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.warehouse.store import WorkStore


@pytest.fixture
def small_store(tmp_path: Path) -> WorkStore:
    return small_work_store(tmp_path / "small")


@pytest.fixture
def store(small_store: WorkStore) -> ReleaseStore:
    return ReleaseStore(small_store.folder.parent / "releases")


@pytest.fixture
def small_release(small_store: WorkStore, store: ReleaseStore) -> Release:
    return publish(store, small_store, small_contents())


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder in sample mode whose current release is the small one; only read it."""
    home = tmp_path_factory.mktemp("small_home")
    publish(ReleaseStore(home / "releases"), small_work_store(home), small_contents())
    Settings(home).claim_mode("sample")
    return home
