"""``make dev``: the Dagster UI and daemon on loopback, over this checkout's state folder."""

from __future__ import annotations

import os

from yanbao.base.settings import PROJECT_ROOT, load_settings
from yanbao_dagster.home import become

HOST = "127.0.0.1"


def main() -> None:
    """Replace this process by ``dagster dev``; YANBAO_PORT chooses another port."""
    settings = load_settings()
    os.chdir(PROJECT_ROOT)
    words = ["dagster", "dev", "--module-name", "yanbao_dagster.definitions"]
    port = os.environ.get("YANBAO_PORT", "3000")
    become([*words, "--host", HOST, "--port", port], settings)


if __name__ == "__main__":
    main()
