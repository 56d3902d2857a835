"""What a nightly run prints: the packs that ``settings.yml`` names, checked before the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from yanbao.base.errors import SettingsError
from yanbao.base.settings import Settings
from yanbao.reporting.nightly_pack import run_settings


def printed(home: Path, text: str | None) -> list[tuple[str, tuple[str, ...]]]:
    if text is not None:
        (home / "settings.yml").write_text(text, encoding="utf-8")
    return [(pack.name, pack.formats) for pack in run_settings(Settings(home)).packs]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, [("galaxy-weekly", ("html", "xlsx"))]),
        ("", [("galaxy-weekly", ("html", "xlsx"))]),
        ("packs: []", []),
        ("packs: [{name: huafu-weekly, formats: [pdf]}]", [("huafu-weekly", ("pdf",))]),
        ("packs: [{name: own/pack.yml, formats: csv}]", [("own/pack.yml", ("csv",))]),
    ],
)
def test_packs_are_those_of_the_settings(
    tmp_path: Path, text: str | None, expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert printed(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("packs: [{name: huafu-wekly, formats: [pdf]}]", "did you mean huafu-weekly"),
        ("packs: [{name: huafu-weekly, formats: [pfd]}]", "did you mean pdf"),
        ("packs: [{name: huafu-weekly, format: [pdf]}]", "did you mean formats"),
        ("pack: []", "did you mean packs"),
    ],
)
def test_a_misspelt_setting_is_refused_with_the_nearest_name(
    tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(SettingsError, match=rf"^settings\.yml.*{words}"):
        printed(tmp_path, text)
