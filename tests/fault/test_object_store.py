"""Nights over an object store: killed anywhere, gone on with elsewhere, two at once."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from tests.limits import HANG_SECONDS
from yanbao.base.settings import Settings
from yanbao.intake.landing import land_file
from yanbao.nightly.bucket import Bucket, StoreError
from yanbao.nightly.object_store import POINTER, ObjectStore
from yanbao.nightly.steps import NightlySteps
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore

from .killed_nights import KILLED, RunNight, current, hashes

pytestmark = pytest.mark.slow

KEYS = "AWS_ACCESS_KEY_ID=desk\nAWS_SECRET_ACCESS_KEY=geheim\nAWS_REGION=us-east-1\n"
# Numbers of puts or reads that a run lives for: every stretch between two kills is short.
LIFE = 7
BARS = "index_code,trade_date,close,source_note\n998001.SH,2024-10-31,{close},样例\n"

CopyHome = Callable[[Path, Path], Path]
Machine = Callable[[Path], Path]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3-compatible server in this process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def machine(server: str, request: pytest.FixtureRequest) -> Machine:
    """Gives a state folder the setting of this test's own bucket."""
    name = f"bucket-{abs(hash(request.node.name))}"
    requests.put(f"{server}/{name}", timeout=HANG_SECONDS).raise_for_status()

    def with_setting(home: Path) -> Path:
        home.mkdir(exist_ok=True)
        address = f"YANBAO_STORE=s3://{name}/research\nAWS_ENDPOINT_URL={server}\n"
        (home / ".env").write_text(address + KEYS, encoding="utf-8")
        return home

    return with_setting


@pytest.fixture
def two(
    machine: Machine, sample_home_template: Path, copy_home: CopyHome, tmp_path: Path
) -> tuple[Path, Path]:
    """Two machines that stand at the same release, which is in the store."""
    first = machine(copy_home(sample_home_template, tmp_path / "first"))
    exchange(first)
    return first, copy_home(first, tmp_path / "second")


def steps_of(home: Path) -> NightlySteps:
    return NightlySteps(Settings(home), "sample")


def exchange(home: Path) -> None:
    steps = steps_of(home)
    steps.recover()
    steps.take_over()
    steps.hand_over()


def published(home: Path) -> str | None:
    """The id of the release in the store, after every file of it was found there."""
    bucket = Bucket(Settings(home))
    name = bucket.read(POINTER)
    if name is None:
        return None
    folder = f"releases/{name.decode()}"
    manifest = bucket.read(f"{folder}/manifest.json")
    assert manifest is not None
    sizes = {f"{folder}/{n}": one["bytes"] for n, one in json.loads(manifest)["files"].items()}
    assert sizes.items() <= bucket.listed(folder).items()
    return name.decode().partition("-")[0]


def loads(home: Path) -> list[tuple[str, str]]:
    return [(one.load.load_id, one.status) for one in RawZone(home / "raw").loads()]


def land(home: Path, folder: Path, close: str) -> str:
    path = folder / "index_bars.csv"
    path.write_text(BARS.format(close=close), encoding="utf-8")
    return land_file(Settings(home), path, source="sample").stored.load.load_id


def publish_next(home: Path) -> str:
    """A next release, made without a build: the last one under another id."""
    store = ReleaseStore(home / "releases")
    last, release_id = store.current(), store.next_id()
    shutil.copytree(last.path, store.root / release_id)
    manifest = store.root / release_id / "manifest.json"
    manifest.chmod(0o644)
    text = json.dumps({**last.manifest, "release_id": release_id, "run_id": str(home)})
    manifest.write_text(text, encoding="utf-8")
    store.point_to(release_id)
    return release_id


def test_night_that_is_killed_again_and_again_goes_on_on_another_machine(
    machine: Machine,
    night: RunNight,
    sample_home_template: Path,
    copy_home: CopyHome,
    tmp_path: Path,
) -> None:
    first = machine(copy_home(sample_home_template, tmp_path / "first"))
    undisturbed, release_id = hashes(current(first)), current(first).release_id
    kills = 0
    while night(first, "exchange", f"store.before_put:{LIFE}") == KILLED:
        assert published(first) is None
        kills += 1
    assert kills > 10
    assert published(first) == release_id

    second = machine(tmp_path / "second")
    for _ in range(10):
        assert night(second, "exchange", f"store.before_read:{LIFE}") == KILLED
    assert night(second, "exchange", "store.before_pointer") == KILLED
    assert not (second / "releases" / "current").exists()
    assert night(second, "exchange") == 0
    assert loads(second) == loads(first)
    assert hashes(current(second)) == undisturbed

    # What the second makes of raw alone is the same, and the first goes on from it.
    assert night(second, "build") == 0
    assert night(second, "publish", f"store.before_put:{LIFE}") == KILLED
    assert published(first) == release_id
    assert night(second, "exchange") == 0
    assert current(second).release_id > release_id
    assert published(first) == current(second).release_id
    assert night(first, "exchange") == 0
    assert current(first).path.name == current(second).path.name
    assert hashes(current(first)) == hashes(current(second)) == undisturbed


def test_second_of_two_machines_that_publish_at_once_is_refused(
    two: tuple[Path, Path], machine: Machine, tmp_path: Path
) -> None:
    first, second = two
    release_id = publish_next(first)
    assert publish_next(second) == release_id
    own = land(second, tmp_path, "100.0")
    exchange(first)
    theirs = Bucket(Settings(first)).read(POINTER)
    with pytest.raises(StoreError) as refused:
        steps_of(second).hand_over()
    assert refused.value.line() == (
        f"YANBAO_STORE: another machine has published {release_id}, which this state folder"
        " does not hold → go on in an empty state folder: it begins from the store, which has"
        " all of raw"
    )
    assert Bucket(Settings(first)).read(POINTER) == theirs
    late = land(second, tmp_path, "101.0")
    with pytest.raises(StoreError, match="go on in an empty state folder"):
        exchange(second)
    third = machine(tmp_path / "third")
    exchange(third)
    assert {own, late} <= {load_id for load_id, _ in loads(third)}
    assert ReleaseStore(third / "releases").current().manifest["run_id"] == str(first)


class Interrupted(Bucket):
    """A bucket in which another machine publishes just before a manifest is put."""

    other: Callable[[], None] | None = None

    def put(self, key: str, content: Path | bytes) -> None:
        other, self.other = self.other, None
        if other is not None:
            other()
        super().put(key, content)


def test_machine_that_publishes_between_look_and_swap_wins(two: tuple[Path, Path]) -> None:
    first, second = two
    publish_next(first)
    publish_next(second)
    slow = ObjectStore(Settings(second), RawZone(second / "raw"))
    slow.bucket = Interrupted(Settings(second))
    slow.bucket.other = lambda: exchange(first)
    with pytest.raises(StoreError, match="another machine has published r000002"):
        list(slow.push())
    name = Bucket(Settings(first)).read(POINTER)
    manifest = Bucket(Settings(first)).read(f"releases/{(name or b'').decode()}/manifest.json")
    assert json.loads(manifest or b"{}")["run_id"] == str(first)


def test_step_that_goes_on_alone_hands_over_without_a_look_first(
    two: tuple[Path, Path],
) -> None:
    first, _ = two
    release_id = publish_next(first)
    steps_of(first).hand_over()
    assert published(first) == release_id


def test_decisions_of_two_machines_about_one_load_are_kept_both(
    machine: Machine, tmp_path: Path
) -> None:
    first, second = machine(tmp_path / "first"), machine(tmp_path / "second")
    load_id = land(first, tmp_path, "100.0")
    exchange(first)
    exchange(second)
    RawZone(first / "raw").record_decision(load_id, "reject", "the first")
    RawZone(second / "raw").record_decision(load_id, "reject", "the other")
    for home in (first, second, first):
        exchange(home)
    for home in (first, second):
        decision = RawZone(home / "raw").decision(load_id) or {}
        assert [one["reason"] for one in decision["history"]] == ["the first", "the other"]
        assert decision["reason"] == "the other"


def test_load_from_before_what_is_built_makes_the_store_begin_anew(
    two: tuple[Path, Path],
    machine: Machine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = two
    built = steps_of(first).store.built_loads()
    land(second, tmp_path, "100.0")
    exchange(second)
    exchange(first)
    assert steps_of(first).store.built_loads() == built
    third = machine(tmp_path / "third")
    monkeypatch.setenv("YANBAO_CLOCK", "2020-01-01T00:00:00")
    early = land(third, tmp_path, "99.0")
    steps_of(third).hand_over()
    monkeypatch.delenv("YANBAO_CLOCK")
    exchange(first)
    assert early == loads(first)[0][0] < min(built)
    assert steps_of(first).store.built_version() is None


def test_folder_of_another_kind_of_data_is_refused(machine: Machine, tmp_path: Path) -> None:
    first, other = machine(tmp_path / "first"), machine(tmp_path / "other")
    Settings(first).claim_mode("sample")
    Settings(other).claim_mode("import")
    land(first, tmp_path, "100.0")
    land(other, tmp_path, "100.0")
    exchange(first)
    with pytest.raises(StoreError) as refused:
        steps_of(other).hand_over()
    assert refused.value.line() == (
        "YANBAO_STORE: the store holds sample data, this state folder import data → begin with"
        " an empty folder and --source sample, or another store"
    )


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("YANBAO_STORE=geheim", "the address or its keys are incomplete"),
        ("YANBAO_STORE=gs://geheim/x", "the address or its keys are incomplete"),
        ("YANBAO_STORE=s3://nobody-has-this", "GenericError"),
        ("AWS_ENDPOINT_URL=http://desk:geheim@127.0.0.1:1", "GenericError"),
    ],
)
def test_store_that_does_not_answer_is_named_without_its_keys(
    machine: Machine, tmp_path: Path, setting: str, why: str
) -> None:
    home = machine(tmp_path / "home")
    (home / ".env").write_text((home / ".env").read_text() + setting, encoding="utf-8")
    land(home, tmp_path, "100.0")
    with pytest.raises(StoreError) as refused:
        exchange(home)
    line = refused.value.line()
    assert line.startswith("YANBAO_STORE: ")
    assert why in line
    assert "→" in line
    assert "geheim" not in line
