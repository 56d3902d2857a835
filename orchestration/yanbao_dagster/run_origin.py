"""Lets the UI re-execute runs of the command line.

The UI asks a run which code location to launch it from. Only a run that was launched through a
server knows one; ``dagster run migrate-repository`` writes it into others in the same way.
"""

import json

from dagster import DagsterInstance, deserialize_value

LOCATION = "yanbao_dagster.definitions"  # as make dev names it
REPOSITORY = "__repository__"


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
