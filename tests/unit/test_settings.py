"""One state folder, one source mode; the clock is Beijing's and can be injected."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from yanbao.base import clock
from yanbao.base.errors import SettingsError
from yanbao.base.settings import Settings, house_file, load_settings, requested_mode


def test_home_is_the_option_then_the_environment_then_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("YANBAO_HOME", raising=False)
    assert load_settings().home == tmp_path / "data"
    monkeypatch.setenv("YANBAO_HOME", str(tmp_path / "other"))
    assert load_settings().home == tmp_path / "other"
    assert load_settings(tmp_path / "chosen").home == tmp_path / "chosen"


def test_all_state_lies_below_the_home(home: Path) -> None:
    settings = load_settings()
    settings.make_folders()
    assert settings.home == home
    assert {path.parent for path in home.iterdir()} == {home}
    assert len([*home.iterdir()]) == 8


def test_folder_keeps_the_mode_that_it_was_first_used_with(home: Path) -> None:
    settings = Settings(home)
    assert settings.recorded_mode() is None
    settings.claim_mode("import")
    settings.claim_mode("import")
    assert Settings(home).recorded_mode() == "import"


@pytest.mark.parametrize("other", ["sample", "live"])
def test_sample_and_real_rows_never_share_a_folder(home: Path, other: str) -> None:
    settings = Settings(home)
    settings.claim_mode("import")
    with pytest.raises(SettingsError, match="holds import data"):
        settings.claim_mode(other)  # type: ignore[arg-type]
    assert settings.recorded_mode() == "import"


def test_replay_leaves_the_mode_of_the_folder(home: Path) -> None:
    settings = Settings(home)
    with pytest.raises(SettingsError, match="nothing to replay"):
        settings.claim_mode("replay")
    settings.claim_mode("live")
    settings.claim_mode("replay")
    assert settings.recorded_mode() == "live"


def test_house_is_the_option_then_the_environment_then_the_folders_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YANBAO_HOUSE", raising=False)
    settings = load_settings(tmp_path)
    assert house_file(settings) is None
    settings.own_house.write_text("watermark: 草稿", encoding="utf-8")
    assert house_file(settings) == tmp_path / "house.yml"
    monkeypatch.setenv("YANBAO_HOUSE", str(tmp_path / "other.yml"))
    assert house_file(settings) == tmp_path / "other.yml"
    assert house_file(settings, tmp_path / "third.yml") == tmp_path / "third.yml"


def test_mode_is_the_option_then_the_environment_then_the_folders_own(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home)
    monkeypatch.delenv("YANBAO_SOURCE", raising=False)
    assert requested_mode(settings) == "sample"
    settings.claim_mode("live")
    assert requested_mode(settings) == "live"
    monkeypatch.setenv("YANBAO_SOURCE", "import")
    assert requested_mode(settings) == "import"
    assert requested_mode(settings, "replay") == "replay"


def test_unknown_mode_is_refused_with_the_known_ones(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANBAO_SOURCE", "ftp")
    with pytest.raises(SettingsError, match="sample, import, live, replay"):
        requested_mode(Settings(home))


@pytest.mark.parametrize(
    ("injected", "utc"),
    [
        ("2024-10-31T18:00:00", "2024-10-31T10:00:00"),
        ("2024-10-31T18:00:00+00:00", "2024-10-31T18:00:00"),
    ],
    ids=["without a zone it is Beijing time", "a zone is obeyed"],
)
def test_injected_clock_is_read_in_utc(
    monkeypatch: pytest.MonkeyPatch, injected: str, utc: str
) -> None:
    monkeypatch.setenv("YANBAO_CLOCK", injected)
    assert clock.now() == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        ("2024-10-31T15:59:59+00:00", date(2024, 10, 31)),
        ("2024-10-31T16:00:00+00:00", date(2024, 11, 1)),
    ],
    ids=["23:59 in Beijing", "midnight in Beijing"],
)
def test_today_is_beijings(monkeypatch: pytest.MonkeyPatch, utc: str, day: date) -> None:
    monkeypatch.setenv("YANBAO_CLOCK", utc)
    assert clock.today_in_beijing() == day


def test_a_new_home_is_its_owners_alone_and_an_old_one_stays_as_it_is(tmp_path: Path) -> None:
    new, old = tmp_path / "a" / "new", tmp_path / "old"
    old.mkdir(mode=0o755)
    for home in (new, old):
        Settings(home).make_folders()
    assert (new.stat().st_mode & 0o777, old.stat().st_mode & 0o777) == (0o700, 0o755)


def test_a_torn_record_of_the_mode_is_told_from_the_loads(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    settings.claim_mode("live")
    (settings.home / "source_mode.json").write_bytes(b"")
    assert settings.recorded_mode() is None
    (settings.raw / "loads" / "eastmoney_funds" / "funds" / "1-funds").mkdir(parents=True)
    assert settings.recorded_mode() == "live"
    (settings.raw / "loads" / "sample" / "funds" / "2-funds").mkdir(parents=True)
    with pytest.raises(SettingsError, match="holds sample data"):
        settings.claim_mode("live")


@pytest.mark.parametrize("layout", [2, "next"])
def test_a_home_of_a_newer_version_is_refused_before_anything_is_written(
    home: Path, layout: object
) -> None:
    record = json.dumps({"source_mode": "live", "layout": layout})
    (home / "source_mode.json").write_text(record, encoding="utf-8")
    with pytest.raises(SettingsError, match="a newer version made this state folder"):
        load_settings()
    assert [path.name for path in home.iterdir()] == ["source_mode.json"]


def test_a_home_from_before_layouts_were_counted_is_taken(home: Path) -> None:
    (home / "source_mode.json").write_text('{"source_mode": "live"}', encoding="utf-8")
    assert load_settings().recorded_mode() == "live"
