"""Ad-hoc builds: a report mart for any day, from a release."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.unit.small_release import small_work_store
from yanbao.base.settings import PROJECT_ROOT
from yanbao.releases.adhoc import attached
from yanbao.releases.release_store import Release


def test_ad_hoc_builds_compute_with_the_settings_of_a_night(tmp_path: Path) -> None:
    profiles = yaml.safe_load((PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8"))
    settings = profiles["yanbao"]["outputs"]["nightly"]["settings"]
    del settings["memory_limit"]  # no part of what is computed
    release = Release("r000001", tmp_path, {})
    small_work_store(tmp_path).path.rename(release.warehouse)
    with attached(release) as connection:
        for name, value in settings.items():
            now = connection.execute("select current_setting(?)", [name]).fetchall()
            assert str(now[0][0]) == str(value), name
