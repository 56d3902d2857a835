"""``make dev``: the Dagster UI and daemon on loopback, over this checkout's state folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT, load_settings
from yanbao_dagster.nightly_run import dagster_home

HOST = "127.0.0.1"


def main() -> None:
    """Replace this process by ``dagster dev``; YANBAO_PORT chooses another port."""
    settings = load_settings()
    settings.make_folders()
    port = os.environ.get("YANBAO_PORT", "3000")
    with dagster_home(settings) as home:
        environment = {
            **os.environ,
            "DAGSTER_HOME": str(home),
            "YANBAO_HOME": str(settings.home),
            "DAGSTER_DISABLE_TELEMETRY": "yes",
        }
    dagster = Path(sys.executable).parent / "dagster"
    words = [
        "dagster",
        "dev",
        "--module-name",
        "yanbao_dagster.definitions",
        "--host",
        HOST,
        "--port",
        port,
    ]
    os.chdir(PROJECT_ROOT)
    os.execve(dagster, words, environment)  # noqa: S606 - our own interpreter's dagster


if __name__ == "__main__":
    main()
