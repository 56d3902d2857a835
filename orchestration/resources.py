"""Dagster's handle on the state folder."""

import logging

from dagster import ConfigurableResource

from orchestration.night import Night, Say
from orchestration.settings import Settings, SourceMode, load_settings, requested_mode

PROGRESS = logging.getLogger("yanbao")


class StateFolder(ConfigurableResource):  # type: ignore[type-arg]
    """The state folder and its source mode; empty fields fall back to the environment."""

    home: str = ""
    mode: str = ""
    threads: int = 1

    def settings(self) -> Settings:
        return load_settings(self.home or None)

    def source_mode(self) -> SourceMode:
        return requested_mode(self.settings(), self.mode or None)

    def night(self, say: Say) -> Night:
        """The night's steps; what they say goes to Dagster's log and to the terminal."""

        def both(line: str) -> None:
            say(line)
            PROGRESS.info(line)

        return Night(self.settings(), self.source_mode(), both, self.threads)
