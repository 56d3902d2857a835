"""Dagster's home in the state folder: its configuration, and its history through it.

``python -m yanbao_dagster.home COMMAND…`` prepares it and becomes the command: the web server,
the daemon and the code location of a deployment start so.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, NoReturn

from yanbao.base.errors import YanbaoError
from yanbao.base.settings import Settings, load_settings, secret

if TYPE_CHECKING:
    from dagster import DagsterInstance

DATABASE = "YANBAO_DAGSTER_DATABASE"
OURS = "# Written by yanbao at each start; without this line the file is yours.\n"
CONFIGURATION = (
    OURS
    + """\
concurrency:
  # Runs that write to the state folder go one by one: it has one writer.
  pools:
    granularity: run
    default_limit: 1
run_monitoring:
  enabled: true
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 3
      started: 30
      failure: 90
      success: 90
telemetry:
  enabled: false
nux:
  enabled: false
"""
)
POSTGRES = f"""\
storage:
  postgres:
    postgres_url:
      env: {DATABASE}
"""
# What earlier versions wrote. The storage class below it is no more; its files are SQLite's.
EARLIER = """\
# One run at a time: the warehouse has one writer.
concurrency:
  runs:
    max_concurrent_runs: 1
run_monitoring:
  enabled: true
telemetry:
  enabled: false
"""
EARLIER_STORAGE = """\
# Dagster's own SQLite files, with the connections kept; storage: sqlite would read them too.
storage:
  custom:
    module: {module}
    class: KeptSqliteStorage
    config:
      base_dir:
        env: DAGSTER_HOME
"""
EARLIER_MODULES = ("orchestration.dagster_storage", "yanbao_dagster.dagster_storage")


class HistoryError(YanbaoError):
    """Dagster's history cannot be read or written."""


@contextmanager
def dagster_home(settings: Settings) -> Iterator[Path]:
    """The state folder's Dagster home with its configuration, and the environment for it."""
    ours = _prepared(settings)
    before = {name: os.environ.get(name) for name in ours}
    os.environ.update(ours)
    try:
        yield settings.dagster_home
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def dagster_instance(settings: Settings) -> Iterator[DagsterInstance]:
    """Dagster's history of the state folder."""
    from dagster import DagsterInstance  # noqa: PLC0415

    with dagster_home(settings) as home:
        with _answering(settings):
            instance = DagsterInstance.from_config(str(home))
            instance.get_runs_count()
        with instance:
            yield instance


@contextmanager
def _answering(settings: Settings) -> Iterator[None]:
    """Say what to do where the database of the history does not answer; its own words may
    hold the address."""
    try:
        yield
    except Exception as error:
        if not secret(settings, DATABASE):
            raise
        is_there = find_spec("dagster_postgres") is not None
        correct = f"start it, or correct {DATABASE}"
        hint = correct if is_there else "pip install 'yanbao[postgres]'"
        raise HistoryError(
            f"the database of Dagster's history cannot be used: {type(error).__name__}",
            where=DATABASE,
            hint=hint,
        ) from None


def become(words: Sequence[str], settings: Settings) -> NoReturn:
    """Replace this process by a program of our own environment, over the state folder."""
    program, environment = _beside_us(words[0]), _environment(settings)
    os.execve(program, [*words], environment)  # noqa: S606 - what stands beside our interpreter


def serve_behind_guard(words: Sequence[str], settings: Settings, host: str, port: int) -> int:
    """Run a web server of Dagster, given without its address, behind the guard at this one."""
    from yanbao_dagster.web_guard import serve  # noqa: PLC0415

    program, environment = _beside_us(words[0]), _environment(settings)
    return asyncio.run(serve([str(program), *words[1:]], environment, host, port))


def _beside_us(name: str) -> Path:
    return Path(sys.executable).parent / name


def _environment(settings: Settings) -> dict[str, str]:
    settings.make_folders()
    return {**os.environ, **_prepared(settings), "YANBAO_HOME": str(settings.home)}


def _prepared(settings: Settings) -> dict[str, str]:
    """Write the configuration where it is ours, and return the environment that it needs."""
    home, database = settings.dagster_home, secret(settings, DATABASE)
    home.mkdir(parents=True, exist_ok=True)
    wanted = CONFIGURATION + (POSTGRES if database else "")
    file = home / "dagster.yaml"
    present = file.read_text(encoding="utf-8") if file.exists() else OURS
    if present != wanted and _is_ours(present):
        # Several processes may begin at once, in containers even with one process id.
        with NamedTemporaryFile("w", dir=home, delete=False, encoding="utf-8") as draft:
            draft.write(wanted)
        Path(draft.name).replace(file)
    ours = {"DAGSTER_HOME": str(home), "DAGSTER_DISABLE_TELEMETRY": "yes"}
    # SQLAlchemy would take another driver than the one that dagster-postgres brings.
    scheme, separator, rest = database.partition("://")
    if scheme in ("postgres", "postgresql"):
        database = f"postgresql+psycopg2{separator}{rest}"
    return ours | ({DATABASE: database} if database else {})


def _is_ours(text: str) -> bool:
    earlier = [EARLIER_STORAGE.format(module=module) for module in EARLIER_MODULES]
    return text.startswith(OURS) or text in [EARLIER + storage for storage in ("", *earlier)]


def main(words: Sequence[str]) -> int:
    settings = load_settings()
    if words[0] == "dagster-webserver":
        address = argparse.ArgumentParser(add_help=False)
        address.add_argument("--host", "-h", default="127.0.0.1")
        address.add_argument("--port", "-p", type=int, default=3000)
        found, others = address.parse_known_args(words)
        return serve_behind_guard(others, settings, found.host, found.port)
    if "code-server" in words or "dagster-daemon" in words:  # they launch runs
        from yanbao_dagster.lost_runs import end_runs_of_an_earlier_server  # noqa: PLC0415

        with dagster_instance(settings) as instance:
            end_runs_of_an_earlier_server(instance, settings)
    return become(words, settings)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
