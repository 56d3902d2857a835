"""Dagster's handle on the state folder."""

import logging

from dagster import ConfigurableResource

from yanbao.base.settings import Settings, SourceMode, load_settings, requested_mode
from yanbao.nightly.steps import NightlySteps
from yanbao.warehouse.state_folder import Progress

PROGRESS = logging.getLogger("yanbao")


class StateFolderResource(ConfigurableResource):  # type: ignore[type-arg]
    """The state folder and its source mode; empty fields fall back to the environment."""

    home: str = ""
    mode: str = ""
    threads: int = 1

    def settings(self) -> Settings:
        return load_settings(self.home or None)

    def source_mode(self) -> SourceMode:
        return requested_mode(self.settings(), self.mode or None)

    def night(self, progress: Progress) -> NightlySteps:
        """The night's steps; what they say goes to Dagster's log and to the terminal."""

        def both(line: str) -> None:
            progress(line)
            PROGRESS.info(line)

        return NightlySteps(self.settings(), self.source_mode(), both, self.threads)
