"""Settings: state folder and source mode; beside clock, faults and dev the only reader of
the environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal, cast, get_args

from dotenv import dotenv_values

from yanbao.base.durable import write_json
from yanbao.base.errors import SettingsError
from yanbao.base.state_file import TornFileError, read_record

SourceMode = Literal["sample", "import", "live", "replay"]

_PACKAGE = Path(__file__).resolve().parents[1]
# Models, seeds, packs and sample: inside the installed package, in a checkout beside it.
PROJECT_ROOT = _PACKAGE / "project" if (_PACKAGE / "project").is_dir() else _PACKAGE.parent
SAMPLE_AS_OF = "2024-10-31"
# Of the state folder's layout: raised when an older version could no longer read or keep it.
LAYOUT = 1


class Settings:
    """Where the state lives: every path derives from ``home``."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.raw = home / "raw"
        self.inbox = home / "inbox"
        # The team's own mappings, which files are compared with beside the shipped ones.
        self.mappings = home / "mappings"
        # The team's own ruling on which sources may be passed on to outsiders.
        self.redistribution = home / "redistribution.yml"
        self.quarantine = home / "quarantine"
        self.work = home / "work"
        self.releases = home / "releases"
        self.reports = home / "reports"
        # The team's own house style: fonts, colours, logo and policies of its packs.
        self.own_house = home / "house.yml"
        # What a nightly run prints.
        self.own_settings = home / "settings.yml"
        self.dagster_home = home / "dagster"
        self._mode_file = home / "source_mode.json"

    def make_home(self) -> None:
        """The folder itself, for its owner alone: it holds secrets, logs and licensed data."""
        if not self.home.exists():
            self.home.mkdir(mode=0o700, parents=True)

    def make_folders(self) -> None:
        self.make_home()
        for folder in (
            self.raw,
            self.inbox,
            self.mappings,
            self.quarantine,
            self.work,
            self.releases,
            self.reports,
            self.dagster_home,
        ):
            folder.mkdir(parents=True, exist_ok=True)

    def recorded_mode(self) -> SourceMode | None:
        """The source mode this state folder was first used with, if any."""
        return self._mode_in_file() or self._mode_of_loads()

    def _mode_in_file(self) -> SourceMode | None:
        try:
            recorded = (read_record(self._mode_file) or {}).get("source_mode")
        except TornFileError:
            return None
        return recorded if recorded in get_args(SourceMode) else None

    def _record_mode(self, mode: SourceMode) -> None:
        write_json(self._mode_file, {"source_mode": mode, "layout": LAYOUT})

    def require_known_layout(self) -> None:
        """Raise SettingsError where a newer version has made this state folder."""
        try:
            layout = (read_record(self._mode_file) or {}).get("layout", 0)
        except TornFileError:
            return
        if not isinstance(layout, int) or layout > LAYOUT:
            raise SettingsError(
                f"a newer version made this state folder (layout {layout}, this one knows"
                f" {LAYOUT}); nothing was read or written",
                where=self.home.name,
                hint="upgrade yanbao, or choose another folder with --home or YANBAO_HOME",
            )

    def _mode_of_loads(self) -> SourceMode | None:
        """What the loads say where the record of the mode is lost or torn."""
        places = [*self.raw.glob("loads/[!.]*/[!.]*")]
        sources = {place.parent.name for place in places if any(place.glob("[!.]*"))}
        if not sources:
            return None
        if "sample" in sources:
            return "sample"
        return "import" if sources == {"inbox"} else "live"

    def claim_mode(self, mode: SourceMode) -> None:
        """Bind the folder to one source mode; sample rows never mix with real ones."""
        recorded = self.recorded_mode()
        if recorded and self._mode_in_file() is None:
            self._record_mode(recorded)
        if mode == "import" and recorded == "live":
            return  # a live folder also takes the files that no free source has
        if mode == "replay":
            if recorded is None:
                raise SettingsError(
                    "there is nothing to replay in this state folder",
                    where=str(self.home.name),
                    hint="run with --source sample, import or live first",
                )
            return
        if recorded is None:
            self.make_home()
            self._record_mode(mode)
        elif recorded != mode:
            raise SettingsError(
                f"this state folder holds {recorded} data and cannot take {mode} data",
                where=str(self.home.name),
                hint="choose another folder with --home or YANBAO_HOME",
            )


def load_settings(home: str | Path | None = None) -> Settings:
    """Settings from ``--home``, else ``YANBAO_HOME``, else ``./data``."""
    chosen = home or os.environ.get("YANBAO_HOME") or "data"
    settings = Settings(home=Path(chosen).expanduser().resolve())
    settings.require_known_layout()
    return settings


def secret(settings: Settings, name: str) -> str:
    """A secret from the environment, else from ``.env`` in the state folder; empty without."""
    own = dotenv_values(settings.home / ".env", interpolate=False)
    return os.environ.get(name) or own.get(name) or ""


def cache_folder() -> Path:
    """What can be made again and belongs to no state folder: ``XDG_CACHE_HOME``."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "yanbao"


def house_file(settings: Settings, explicit: str | Path | None = None) -> Path | None:
    """``--house``, else ``YANBAO_HOUSE``, else the folder's own; None is the shipped one."""
    chosen = explicit or os.environ.get("YANBAO_HOUSE")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return settings.own_house if settings.own_house.is_file() else None


def requested_mode(settings: Settings, explicit: str | None = None) -> SourceMode:
    """The mode asked for, else ``YANBAO_SOURCE``, else the folder's own, else sample."""
    wanted = explicit or os.environ.get("YANBAO_SOURCE") or settings.recorded_mode() or "sample"
    if wanted not in get_args(SourceMode):
        raise SettingsError(
            f"no source mode is called {wanted!r}",
            hint=f"choose one of {', '.join(get_args(SourceMode))}",
        )
    return cast(SourceMode, wanted)
