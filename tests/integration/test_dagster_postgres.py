"""Dagster's history on a real PostgreSQL server: a cluster of its own, on loopback."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from dagster import asset, materialize
from yanbao_dagster.history import old_runs, remove_runs
from yanbao_dagster.home import DATABASE, HistoryError, dagster_instance

from tests.limits import HANG_SECONDS
from yanbao.base.settings import Settings

ORDINARY_USER = "nobody"  # the server refuses to run as root


def server_binaries() -> Path:
    """Where the server's programs lie; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        pytest.skip("needs the Debian package postgresql")
    return (found[-1] if found else Path(str(on_path))).parent


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a database that only a password opens."""
    binaries = server_binaries()
    user = ORDINARY_USER if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    password = secrets.token_hex(8)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    try:
        (folder / "password").write_text(password, encoding="utf-8")
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)

        def call(program: str, *words: str) -> None:
            command = [str(binaries / program), "-D", str(folder / "data"), *words]
            subprocess.run(
                command, user=user, cwd=folder, check=True, timeout=HANG_SECONDS, stdout=-3
            )

        words = ["--username=desk", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256"]
        call("initdb", *words, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        call("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://desk:{password}@127.0.0.1:{port}/postgres"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def test_one_setting_keeps_the_history_in_postgresql(
    database: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asset
    def counted() -> None: ...

    settings = Settings(home)
    (home / ".env").write_text(f"{DATABASE}={database}\n", encoding="utf-8")
    with dagster_instance(settings) as instance:
        first, second = (materialize([counted], instance=instance).run_id for _ in range(2))
    with dagster_instance(settings) as instance:
        assert {run.run_id for run in instance.get_runs()} == {first, second}
        assert instance.get_latest_materialization_event(counted.key) is not None
        monkeypatch.setenv("YANBAO_CLOCK", "2099-01-01T00:00:00")
        assert {*old_runs(instance)} == {first, second}
        remove_runs(instance, settings.dagster_home, [first])
        assert [run.run_id for run in instance.get_runs()] == [second]
    files = [path for path in settings.dagster_home.rglob("*") if path.is_file()]
    assert not [path for path in files if path.suffix == ".db"], "nothing is kept in SQLite"
    assert not [path for path in files if database.encode() in path.read_bytes()]
    assert DATABASE not in os.environ


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("postgresql://desk:geheim@127.0.0.1:1/x", "DagsterPostgresException"),
        ("geheim", "ArgumentError"),
    ],
)
def test_database_that_does_not_answer_is_named_without_its_password(
    home: Path, monkeypatch: pytest.MonkeyPatch, address: str, why: str
) -> None:
    monkeypatch.setenv(DATABASE, address)
    with pytest.raises(HistoryError) as refused, dagster_instance(Settings(home)):
        pass
    line = refused.value.line()
    assert line.startswith(
        f"{DATABASE}: the database of Dagster's history cannot be used: {why}"
    )
    assert line.endswith(f"→ start it, or correct {DATABASE}")
    assert "geheim" not in line
