"""Who asked for a run, and how the UI can re-execute those of the command line.

The UI asks a run which code location to launch it from. Only a run that was launched through a
server knows one; ``dagster run migrate-repository`` writes it into others in the same way.
"""

import json

from dagster import DagsterInstance, DagsterRun, deserialize_value

from yanbao_dagster.command_line import COMMAND_LINE, STARTED_BY

LOCATION = "yanbao_dagster.definitions"  # as make dev names it
REPOSITORY = "__repository__"

SCHEDULE = "dagster/schedule_name"  # the tag of a run that a tick asked for


def is_of_command_line(run: DagsterRun) -> bool:
    """A re-execution has its parent's tags, but the UI started it."""
    return run.tags.get(STARTED_BY) == COMMAND_LINE and run.parent_run_id is None


def is_by_hand(run: DagsterRun) -> bool:
    """A person pressed a button of the UI, and wants to see something made."""
    return not is_of_command_line(run) and SCHEDULE not in run.tags


def launched_from_the_ui(instance: DagsterInstance, run_id: str) -> None:
    """Let a finished run look as if the UI of this checkout had launched it."""
    run = instance.get_run_by_id(run_id)
    if run is None:
        return
    origin = {
        "__class__": "ExternalPipelineOrigin",
        "external_repository_origin": {
            "__class__": "ExternalRepositoryOrigin",
            "repository_location_origin": {
                "__class__": "RegisteredRepositoryLocationOrigin",
                "location_name": LOCATION,
            },
            "repository_name": REPOSITORY,
        },
        "pipeline_name": run.job_name,
    }
    instance.run_storage.replace_job_origin(run, deserialize_value(json.dumps(origin)))  # type: ignore[arg-type]
