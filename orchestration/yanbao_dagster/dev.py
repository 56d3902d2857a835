"""``make dev``: the Dagster UI and daemon on loopback, over this checkout's state folder."""

from __future__ import annotations

import os

from yanbao.base.settings import PROJECT_ROOT, load_settings, requested_mode
from yanbao.intake.days_held import days_held
from yanbao_dagster.days import offer
from yanbao_dagster.home import become, dagster_instance
from yanbao_dagster.lost_runs import end_runs_of_an_earlier_server
from yanbao_dagster.run_origin import LOCATION

HOST = "127.0.0.1"


def main() -> None:
    """Replace this process by ``dagster dev``; YANBAO_PORT chooses another port."""
    settings = load_settings()
    with dagster_instance(settings) as instance:
        end_runs_of_an_earlier_server(instance, settings)
        offer(instance, days_held(settings, requested_mode(settings)))
    os.chdir(PROJECT_ROOT)
    words = ["dagster", "dev", "--module-name", LOCATION]
    port = os.environ.get("YANBAO_PORT", "3000")
    become([*words, "--host", HOST, "--port", port], settings)


if __name__ == "__main__":
    main()
