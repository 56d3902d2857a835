"""The release and the report packs: the end of the graph."""

from dataclasses import replace
from typing import Any

from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, asset

from yanbao.base.errors import UsageError
from yanbao.nightly.evidence import read_built, read_files_read, read_gate
from yanbao.nightly.last_run import LastRun, made_from, read_last_run, write_last_run
from yanbao.nightly.release import publish_release
from yanbao.releases.adhoc import released_parameters
from yanbao.reporting.nightly_pack import print_nightly_packs
from yanbao_dagster.days import DAYS
from yanbao_dagster.history import remove_old
from yanbao_dagster.names import OWNER, RELEASE, RELEASE_GATE
from yanbao_dagster.resources import WRITER, StateFolderResource


@asset(
    key=RELEASE,
    group_name="release",
    deps=[RELEASE_GATE],
    partitions_def=DAYS,
    owners=[OWNER],
    kinds={"duckdb", "parquet"},
    pool=WRITER,
)
def release(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Publish the day's marts as an immutable release and swap the pointer to it."""
    run_id = context.run_id
    with state.steps(context) as steps:
        work = steps.settings.work
        built = read_built(work, state.parameters(context))
        checks = read_gate(work, built)
        stale = steps.stale(built.parameters.as_of, built.parameters.known_at)
        published = publish_release(steps, built, checks, stale, run_id)
        files, loads = read_files_read(work, run_id), steps.zone.loads()
        write_last_run(
            work,
            LastRun(
                run_id,
                published.release_id,
                built.is_full_refresh,
                tuple(one.line() for one in stale),
                made_from(files, built.parameters, loads, stale) if files else {},
            ),
        )
    return MaterializeResult(
        metadata={
            "release": published.release_id,
            "folder": MetadataValue.path(published.path),
            "quality page": MetadataValue.path(published.path / "quality.html"),
            "as_of": built.parameters.as_of.isoformat(),
            "stale": ", ".join(one.dataset for one in stale) or "–",
        }
    )


@asset(
    key=["report_pack", "nightly"],
    group_name="release",
    deps=[RELEASE],
    partitions_def=DAYS,
    owners=[OWNER],
    kinds={"xlsx"},
    pool=WRITER,
)
def nightly_pack(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Print the packs of the settings from the release that was just published.

    What is older than the settings keep goes: a night adds no more than it takes away.
    """
    with state.steps(context) as steps:
        settings = steps.settings
        current = steps.release_store.current()
        day = released_parameters(current).as_of.isoformat()
        if day != context.partition_key:
            raise UsageError(
                f"the current release is of {day}",
                hint="run the job nightly for the day, or print it with yanbao report",
            )
        files = print_nightly_packs(settings, current, steps.progress)
        last = read_last_run(settings.work)
        if last is not None and last.release_id == current.release_id:
            write_last_run(settings.work, replace(last, files=files))
        remove_old(context, settings)
    return MaterializeResult(
        metadata={
            f"{one.pack} {one.format}": MetadataValue.path(settings.reports / one.path)
            for one in files
        }
    )
