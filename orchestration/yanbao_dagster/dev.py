"""``make dev``: the Dagster UI and daemon on loopback, over this checkout's state folder."""

from __future__ import annotations

import os
import sys

from yanbao.base.settings import PROJECT_ROOT, load_settings, requested_mode
from yanbao.intake.days_held import days_held
from yanbao_dagster.days import offer
from yanbao_dagster.home import dagster_instance, serve_behind_guard
from yanbao_dagster.lost_runs import end_runs_of_an_earlier_server
from yanbao_dagster.run_origin import LOCATION
from yanbao_dagster.web_guard import LOOPBACK


def main() -> int:
    """Run ``dagster dev`` behind the guard; YANBAO_PORT chooses another port."""
    settings = load_settings()
    with dagster_instance(settings) as instance:
        end_runs_of_an_earlier_server(instance, settings)
        offer(instance, days_held(settings, requested_mode(settings)))
    os.chdir(PROJECT_ROOT)
    port = int(os.environ.get("YANBAO_PORT", "3000"))
    sys.stderr.write(
        f"Yanbao's UI: http://{LOOPBACK}:{port} (the address that Dagster names is behind it)\n"
    )
    words = ["dagster", "dev", "--module-name", LOCATION]
    return serve_behind_guard(words, settings, LOOPBACK, port)


if __name__ == "__main__":
    raise SystemExit(main())
