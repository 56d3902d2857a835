"""A run that finds nothing new builds nothing; all that a release is made from counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from dagster import DagsterRunStatus
from yanbao_dagster.home import dagster_instance

from tests.conftest import RunCli
from yanbao.base.settings import SAMPLE_AS_OF, Settings
from yanbao.nightly.last_run import files_read, read_last_run, what_changed
from yanbao.nightly.steps import NightlySteps
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.store import Parameters

pytestmark = [pytest.mark.slow]

SAME_DAY = Parameters(date.fromisoformat(SAMPLE_AS_OF))
Change = Callable[[Settings], object]


def news(home: Path, parameters: Parameters = SAME_DAY) -> str | None:
    settings = Settings(home)
    return what_changed(NightlySteps(settings, "sample"), parameters, files_read(settings))


def write(name: str, text: str) -> Change:
    return lambda settings: (settings.home / name).write_text(text, encoding="utf-8")


def without_a_pack_file(settings: Settings) -> None:
    next(settings.reports.glob("r*/*.xlsx")).unlink()


def with_a_cut_pack_file(settings: Settings) -> None:
    next(settings.reports.glob("r*/*.html")).write_text("cut")


def without_a_file_of_the_release(settings: Settings) -> None:
    folder = ReleaseStore(settings.releases).current().path
    folder.chmod(0o755)
    (folder / "quality.html").unlink()


def without_the_work_store(settings: Settings) -> None:
    store = NightlySteps(settings, "sample").store
    store.discard()
    store.prepare()


def with_a_rejected_load(settings: Settings) -> None:
    zone = RawZone(settings.raw)
    zone.record_decision(zone.loads("funds")[0].load.load_id, "reject", "a wrong file")


def with_a_load_that_no_gate_has_judged(settings: Settings) -> None:
    zone = RawZone(settings.raw)
    load = zone.loads("funds")[0].load
    zone.append(replace(load, load_id=zone.new_load_id("funds"), function="another"))


def with_a_failed_load(settings: Settings) -> None:
    zone = RawZone(settings.raw)
    load = replace(
        zone.loads("funds")[0].load,
        load_id=zone.new_load_id("funds"),
        outcome="unavailable",
        error="no answer",
    )
    zone.append(load)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (write("redistribution.yml", "inbox: {permission: allowed, reason: ours}"), "redistri"),
        (write("house.yml", "watermark: 草稿"), "the house style"),
        (write("settings.yml", "packs: []"), "settings.yml"),
        (without_a_pack_file, "a printed file"),
        (with_a_cut_pack_file, "a printed file"),
        (without_a_file_of_the_release, "the current release"),
        (without_the_work_store, "the work store"),
        (with_a_rejected_load, "the loads"),
        (with_a_load_that_no_gate_has_judged, "the loads"),
        (with_a_failed_load, "what is stale"),
        (lambda settings: (settings.work / "last_run.json").unlink(), "no run has finished"),
    ],
)
def test_what_a_release_is_made_from_counts_as_new(
    sample_home: Path, change: Change, named: str
) -> None:
    assert news(sample_home) is None
    change(Settings(sample_home))
    assert named in (news(sample_home) or "nothing")


@pytest.mark.parametrize(
    "parameters",
    [
        replace(SAME_DAY, as_of=date(2024, 10, 30)),
        replace(SAME_DAY, known_at=date(2024, 10, 31)),
        replace(SAME_DAY, knowledge="seen"),
    ],
)
def test_another_day_or_knowledge_counts_as_new(
    sample_home_template: Path, parameters: Parameters
) -> None:
    assert news(sample_home_template, parameters) == "the day"


def test_a_file_that_the_house_style_names_counts_as_new_when_it_changes(
    sample_home: Path,
) -> None:
    home = Settings(sample_home)
    home.own_house.write_text("logo: {file: logo.svg}", encoding="utf-8")
    (home.home / "logo.svg").write_text("<svg/>")
    before = files_read(home)
    (home.home / "logo.svg").write_text("<svg></svg>")
    after = files_read(home)
    assert {name for name in before if before[name] != after[name]} == {"the house style"}


def test_second_run_builds_nothing_and_ends_with_the_release_that_stands(
    sample_home: Path, run_cli: RunCli
) -> None:
    def traces() -> tuple[list[str], list[Path], int]:
        released = ReleaseStore(sample_home / "releases").ids()
        printed = sorted((sample_home / "reports").rglob("*"))
        return released, printed, len(RawZone(sample_home / "raw").loads())

    before, last = traces(), read_last_run(sample_home / "work")
    again = run_cli("run", home=sample_home)
    assert again.code == 0, again.err
    assert traces() == before
    assert read_last_run(sample_home / "work") == last
    assert [line.split()[:2] for line in again.out.splitlines()] == [
        ["release", "r000001"],
        ["pack", "html"],
        ["pack", "xlsx"],
    ]
    assert "nothing changed" in again.out.splitlines()[0]
    assert all(line.lstrip()[0].isdigit() for line in again.err.splitlines()), again.err
    folder = Settings(sample_home)
    with dagster_instance(folder) as instance:
        runs = instance.get_runs(limit=1)
    assert runs[0].status is DagsterRunStatus.SUCCESS


def test_a_second_build_gives_the_same_hashes_and_the_packs_that_the_settings_name(
    sample_home: Path, run_cli: RunCli
) -> None:
    store = ReleaseStore(sample_home / "releases")
    first = store.current()
    (sample_home / "settings.yml").write_text("packs: [{name: huafu-weekly, formats: [csv]}]")
    done = run_cli("run", "-q", home=sample_home)
    assert done.code == 0, done.err
    second = store.current()
    assert second.release_id > first.release_id
    assert second.manifest["marts"] == first.manifest["marts"]
    assert second.manifest["core"] == first.manifest["core"]
    printed = [path.name for path in (sample_home / "reports" / "r000002").iterdir()]
    assert printed == ["huafu-weekly-2024-10-31-internal-csv"]
    last = json.loads((sample_home / "work" / "last_run.json").read_text(encoding="utf-8"))
    assert [(one["pack"], one["format"]) for one in last["files"]] == [("huafu-weekly", "csv")]
