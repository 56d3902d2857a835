"""What ``deploy/`` starts exists, and reaches nobody whom it should not."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from yanbao.base.settings import PROJECT_ROOT

DEPLOY = PROJECT_ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
START = ["-m", "yanbao_dagster.home"]


def commands() -> dict[str, list[str]]:
    """By service or unit, what follows ``python -m yanbao_dagster.home``."""
    found = {
        name: shlex.split(service["command"])
        for name, service in COMPOSE["services"].items()
        if "command" in service
    }
    for unit in UNITS:
        _, *words = shlex.split(re.findall("^ExecStart=(.*)$", unit.read_text(), re.M)[0])
        assert words[:2] == START
        found[unit.name] = words[2:]
    return found


@pytest.mark.parametrize("name", commands())
def test_each_service_starts_a_program_and_a_module_that_exist(name: str) -> None:
    words = commands()[name]
    assert (Path(sys.executable).parent / words[0]).exists()
    if "--module-name" in words:
        module = words[words.index("--module-name") + 1]
        assert importlib.util.find_spec(module) is not None
    else:
        assert words[words.index("--workspace") + 1] in {
            volume.split(":")[1] for volume in COMPOSE["x-yanbao"]["volumes"]
        }


def test_image_starts_with_what_the_services_expect() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert f'ENTRYPOINT ["python", "{START[0]}", "{START[1]}"]' in text


def test_web_server_is_reached_from_this_machine_alone() -> None:
    assert COMPOSE["services"]["webserver"]["ports"] == ["127.0.0.1:3000:3000"]
    assert "--host 127.0.0.1" in (DEPLOY / "systemd/yanbao-webserver.service").read_text()


def test_no_secret_stands_in_a_file() -> None:
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"PASSWORD: (\S+)", text)) == {"${POSTGRES_PASSWORD:?choose"}
