"""``make dev`` over a state folder, and what a browser asks it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tests.limits import HANG_SECONDS
from yanbao.base.settings import PROJECT_ROOT

ENDED = ("SUCCESS", "FAILURE", "CANCELED")
LOCATION = (
    "{ repositoriesOrError { ... on RepositoryConnection { nodes { location { name } } } } }"
)
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
Found = TypeVar("Found")


@contextmanager
def server(home: Path) -> Iterator[str]:
    """Its address; it is killed with its daemon and its runs, as by a power cut."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "YANBAO_HOME": str(home), "YANBAO_PORT": str(port)}
    environment.pop("DAGSTER_HOME", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "yanbao_dagster.dev"],
        cwd=PROJECT_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=HANG_SECONDS)


def ask(address: str, query: str, **variables: object) -> dict[str, Any]:
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server on loopback
        f"{address}/graphql", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=HANG_SECONDS) as reply:  # noqa: S310
        answer: dict[str, Any] = json.load(reply)
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


def wait_for(look: Callable[[], Found], what: str) -> Found:
    """The first thing that is there."""
    deadline = time.monotonic() + HANG_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(1)
    raise AssertionError(f"{what} never came")


def wait_until_up(address: str) -> str:
    """The name of the code location, once the server has loaded it."""

    def name() -> str:
        try:
            nodes = ask(address, LOCATION)["repositoriesOrError"]["nodes"]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return ""
        return str(nodes[0]["location"]["name"]) if nodes else ""

    return wait_for(name, "the Dagster UI")


def wait_for_run(address: str, run_id: str) -> str:
    def end() -> str:
        status = str(ask(address, STATUS, id=run_id)["runOrError"]["status"])
        return status if status in ENDED else ""

    return wait_for(end, f"the end of run {run_id}")
