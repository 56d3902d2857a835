"""One run of the nightly job in this process, on the state folder's own Dagster instance."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from yanbao.base.errors import GateBlockedError, YanbaoError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings, SourceMode
from yanbao.nightly.evidence import read_checks
from yanbao.nightly.steps import require_passed
from yanbao.raw.sessions import default_as_of
from yanbao.raw.zone import RawZone
from yanbao.releases.release_store import ReleaseStore
from yanbao_dagster.collecting import seldom_collecting

DAGSTER_YAML = """\
# One run at a time: the warehouse has one writer.
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
telemetry:
  enabled: false
# Dagster's own SQLite files, with the connections kept; storage: sqlite would read them too.
storage:
  custom:
    module: yanbao_dagster.dagster_storage
    class: KeptSqliteStorage
    config:
      base_dir:
        env: DAGSTER_HOME
"""

logger = logging.getLogger("yanbao")


@dataclass(frozen=True)
class NightlyRequest:
    """What ``yanbao run`` was asked to do."""

    settings: Settings
    mode: SourceMode
    as_of: date | None = None
    known_at: date | None = None
    knowledge: str = "announced"
    threads: int = 1


@dataclass(frozen=True)
class Outcome:
    """What a successful night leaves: its release, its pack, and what is stale."""

    release_id: str
    release_path: Path
    pack_files: dict[str, Path]
    stale: tuple[str, ...]


def run_night(request: NightlyRequest) -> Outcome:
    """Run the whole job; raises YanbaoError for every failure a user can act on."""
    settings = request.settings
    settings.claim_mode(request.mode)
    settings.make_folders()
    with (
        writer_lock(settings.work, "yanbao run"),
        dagster_home(settings) as home,
        seldom_collecting(),
    ):
        if request.as_of is None and request.mode in ("import", "replay"):
            default_as_of(request.mode, RawZone(settings.raw))
        result = _execute(request, home)
    if not result.success:
        raise _reason(result, settings.work)
    last = json.loads((settings.work / "last_run.json").read_text(encoding="utf-8"))
    release = ReleaseStore(settings.releases).current()
    folder = settings.reports / release.release_id
    files = {path.suffix[1:]: path for path in sorted(folder.iterdir()) if path.is_file()}
    return Outcome(release.release_id, release.path, files, tuple(last["stale"]))


@contextmanager
def dagster_home(settings: Settings) -> Iterator[Path]:
    """The state folder's Dagster home, configured once."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(DAGSTER_YAML, encoding="utf-8")
    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(home)
    try:
        yield home
    finally:
        if before is None:
            del os.environ["DAGSTER_HOME"]
        else:
            os.environ["DAGSTER_HOME"] = before


def _execute(request: NightlyRequest, home: Path) -> Any:
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "yes")
    os.environ["YANBAO_HOME"] = str(request.settings.home)  # the graph parses dbt there
    from dagster import DagsterInstance  # noqa: PLC0415

    logger.info("loading the asset graph")
    from yanbao_dagster.definitions import defs  # noqa: PLC0415

    job = defs.resolve_job_def("nightly")
    with DagsterInstance.from_config(str(home)) as instance:
        return job.execute_in_process(
            run_config=run_config(request), instance=instance, raise_on_error=False
        )


def run_config(request: NightlyRequest) -> dict[str, Any]:
    """The run configuration of the nightly job, as the Dagster UI would show it."""
    config = {
        "as_of": request.as_of.isoformat() if request.as_of else "",
        "known_at": request.known_at.isoformat() if request.known_at else "",
        "knowledge": request.knowledge,
    }
    return {
        "ops": {
            "raw": {"config": {"day": config["as_of"]}},
            "warehouse": {"config": config},
        },
        "resources": {
            "state": {
                "config": {
                    "home": str(request.settings.home),
                    "mode": request.mode,
                    "threads": request.threads,
                }
            }
        },
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }


def _reason(result: Any, work: Path) -> YanbaoError:
    """The error that a user can act on: a step's own, else a gate's, else the step's name."""
    failures = [event for event in result.all_events if event.is_step_failure]
    for event in failures:
        found = _expected(event.step_failure_data.error)
        if found is not None:
            return found
    is_blocked = any(
        event.event_type_value == "ASSET_CHECK_EVALUATION"
        and not event.event_specific_data.passed
        and event.event_specific_data.severity.value == "ERROR"
        for event in result.all_events
    )
    if is_blocked:
        try:
            require_passed(read_checks(work, result.run_id, "release"))
        except GateBlockedError as blocked:
            return blocked
    if failures:
        error = failures[0].step_failure_data.error
        return YanbaoError(
            error.message.strip().splitlines()[0][:400],
            where=f"step {failures[0].step_key}",
            hint="the last release stays current; make dev shows the step's log",
        )
    return YanbaoError("the run ended without a release", hint="make dev shows its log")


def _expected(error: Any) -> YanbaoError | None:
    """A YanbaoError somewhere in the chain of causes, rebuilt with its exit code."""
    while error is not None:
        if error.cls_name and error.cls_name.endswith("Error") and "→" in error.message:
            text = error.message.split(": ", 1)[1] if ": " in error.message else error.message
            found = _class_named(error.cls_name)
            if found is not None:
                what, _, hint = text.strip().partition(" → ")
                return found(what, hint=hint)
        error = error.cause
    return None


def _class_named(name: str) -> type[YanbaoError] | None:
    waiting = [YanbaoError]
    while waiting:
        candidate = waiting.pop()
        if candidate.__name__ == name:
            return candidate
        waiting += candidate.__subclasses__()
    return None
