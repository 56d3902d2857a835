"""Dagster's handle on the state folder, and the day that a run is for."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cached_property

from dagster import (
    AssetCheckExecutionContext,
    AssetExecutionContext,
    ConfigurableResource,
    OpExecutionContext,
)

from yanbao.base.errors import UsageError
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings, SourceMode, load_settings, requested_mode
from yanbao.nightly.steps import NightlySteps
from yanbao.warehouse.store import Knowledge, Parameters
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.lost_runs import writer_name

# Runs of one pool go one by one; who writes outside of Dagster is met at the writer's lock.
WRITER = "writer"
WAIT_SECONDS = 3600.0

PROGRESS = logging.getLogger("yanbao.progress")
Context = AssetExecutionContext | AssetCheckExecutionContext | OpExecutionContext


class StateFolderResource(ConfigurableResource):  # type: ignore[type-arg]
    """The state folder, its source mode, and as known on which day its reports are made.

    Empty fields fall back to the environment. The day of a report is the run's partition.
    """

    home: str = ""
    mode: str = ""
    threads: int = 1
    known_at: str = ""
    knowledge: str = "announced"

    def settings(self) -> Settings:
        return load_settings(self.home or None)

    def source_mode(self) -> SourceMode:
        return requested_mode(self.settings(), self.mode or None)

    def parameters(self, context: AssetExecutionContext) -> Parameters:
        """What the report marts are built for: the run's partition is the day."""
        with errors_as_data():
            if not context.has_partition_key:
                raise UsageError("the run is for no day", hint="launch it for a partition")
        knowledge: Knowledge = "seen" if self.knowledge == "seen" else "announced"
        day = date.fromisoformat(context.partition_key)
        return Parameters(day, _date(self.known_at), knowledge)

    @contextmanager
    def steps(self, context: Context) -> Iterator[NightlySteps]:
        """The steps of the run, alone with the work store; errors end the step as data.

        Progress goes to Dagster's log and to the terminal.
        """

        def progress(line: str) -> None:
            context.log.info(line)
            PROGRESS.info(line)

        lock = writer_lock(self.settings().work, writer_name(context.run), WAIT_SECONDS)
        with errors_as_data(self.settings().home), lock:
            self._steps.require_room()
            self._steps.progress = self._steps.dbt.progress = progress
            yield self._steps
            self._steps.hand_over()

    @cached_property
    def _steps(self) -> NightlySteps:
        """One for all steps of a run in this process: they share what they have read."""
        return NightlySteps(self.settings(), self.source_mode(), threads=self.threads)


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
