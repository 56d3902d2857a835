"""The state folder as a run sees it: settings, source mode, raw zone and work store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from yanbao.base.settings import Settings, SourceMode
from yanbao.raw.zone import RawZone
from yanbao.warehouse.store import WorkStore

Progress = Callable[[str], None]


@dataclass
class StateFolder:
    """One state folder and its source mode; ``progress`` takes one line per step."""

    settings: Settings
    mode: SourceMode
    progress: Progress = field(default=lambda _: None)
    threads: int = 1

    def __post_init__(self) -> None:
        self.zone = RawZone(self.settings.raw)
        self.store = WorkStore(self.settings.work)
