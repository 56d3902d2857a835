"""dbt's models on a Spark session in this process, over what was handed over."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from yanbao.base.errors import SettingsError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.spark.hand_over import STATEMENTS
from yanbao.warehouse.dbt_command import first_lines, run_dbt
from yanbao.warehouse.dbt_parse import NO_STORE

TARGET = "spark"
WAREHOUSE = "warehouse"


@dataclass(frozen=True)
class Built:
    """What became of one model on Spark."""

    name: str
    status: str
    seconds: float
    message: str


def start_session(folder: Path) -> Any:
    """A session with the settings of the profile, whose tables lie below ``folder``.

    dbt-spark asks for the session that is there. Its catalog lives in memory, so that nothing
    is left but Parquet files.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional dependency
    except ImportError:
        raise SettingsError(
            "pyspark is not installed", hint="pip install 'yanbao[spark]', or run make spark"
        ) from None
    builder = SparkSession.builder.appName("yanbao").config(
        map={
            **session_settings(),
            "spark.sql.catalogImplementation": "in-memory",
            "spark.sql.warehouse.dir": str((folder / WAREHOUSE).resolve()),
        }
    )
    return builder.getOrCreate()


def session_settings() -> dict[str, str]:
    """What ``profiles.yml`` asks of a session."""
    profiles = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8"))
    settings: dict[str, str] = profiles["yanbao"]["outputs"][TARGET]["server_side_parameters"]
    return settings


def build_on_spark(handed_over: Path, folder: Path) -> list[Built]:
    """Build steps, core and report marts anew below ``folder``; raises if dbt cannot run."""
    session = start_session(folder)
    for statement in (handed_over / STATEMENTS).read_text(encoding="utf-8").split(";\n"):
        if statement:
            session.sql(statement)
    done = run_dbt(
        "run",
        "--full-refresh",
        "--exclude",
        "path:models/staging",
        target=folder / "dbt",
        store=NO_STORE,
        profile_target=TARGET,
    )
    return [
        Built(
            name=node.node.name,
            status=str(node.status.value),
            seconds=node.execution_time,
            message=first_lines(node.message or ""),
        )
        for node in done.results
    ]
