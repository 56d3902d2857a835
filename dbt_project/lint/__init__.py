"""Stand-ins that let sqlfluff render the models without dbt."""

from pathlib import Path
from typing import Any

import yaml

_PROJECT = Path(__file__).resolve().parents[2] / "dbt_project.yml"


def var(name: str) -> Any:
    """The project's variable, as dbt gives it."""
    return yaml.safe_load(_PROJECT.read_text(encoding="utf-8"))["vars"][name]
