"""What a state folder needs beside its nights: clean-up, and proofs over the whole history."""

from collections.abc import Iterator
from typing import Any

from dagster import (
    Nothing,
    OpExecutionContext,
    Out,
    Output,
    ScheduleDefinition,
    in_process_executor,
    job,
    op,
)

from yanbao.base.lock import writer_lock
from yanbao.nightly.audit import prove, require_proven
from yanbao.nightly.release_gate import structure_checks
from yanbao_dagster.check_events import verdict
from yanbao_dagster.dbt_specs import dbt_checks
from yanbao_dagster.failures import errors_as_data
from yanbao_dagster.history import remove_old
from yanbao_dagster.resources import WAIT_SECONDS, WRITER, StateFolderResource

SUNDAY_MORNING = "0 5 * * 0"
SUNDAY_NOON = "0 12 * * 0"


@op(pool=WRITER)
def remove_what_may_go(context: OpExecutionContext, state: StateFolderResource) -> None:
    """Old releases, ad-hoc builds, and runs of Dagster; never raw, pinned or current."""
    settings = state.settings()
    with errors_as_data(), writer_lock(settings.work, "clean-up", WAIT_SECONDS):
        remove_old(context, settings)


@job(executor_def=in_process_executor, description="As yanbao gc --yes does.")
def clean_up() -> None:
    remove_what_may_go()


@op(out=Out(Nothing), pool=WRITER)
def prove_whole_history(
    context: OpExecutionContext, state: StateFolderResource
) -> Iterator[Any]:
    """dbt's tests of the tag full_history, and every byte of the current release."""
    with state.steps(context) as steps:
        proofs = prove(steps)
        for check in structure_checks(steps.dbt, proofs):
            if check.check in dbt_checks():
                yield verdict(context, dbt_checks()[check.check], [check])
        require_proven(proofs)
    context.log.info(f"{len(proofs)} proofs over the whole history passed")
    yield Output(None)


@job(
    executor_def=in_process_executor,
    description="Proofs that a night leaves out: they read all of core.",
)
def full_audit() -> None:
    prove_whole_history()


clean_up_schedule = ScheduleDefinition(
    job=clean_up, cron_schedule=SUNDAY_MORNING, execution_timezone="Asia/Shanghai"
)
full_audit_schedule = ScheduleDefinition(
    job=full_audit, cron_schedule=SUNDAY_NOON, execution_timezone="Asia/Shanghai"
)
