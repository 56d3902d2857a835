"""The release and the report pack: the end of the graph."""

from typing import Any

from dagster import AssetExecutionContext, MaterializeResult, MetadataValue, asset

from yanbao.base.lock import writer_lock
from yanbao.nightly.evidence import read_built, read_checks
from yanbao.nightly.steps import write_last_run
from yanbao.reporting.nightly_pack import NIGHTLY_FORMATS, NIGHTLY_PACK, build_nightly_pack
from yanbao_dagster.gate_assets import RELEASE_GATE
from yanbao_dagster.raw_assets import OWNER
from yanbao_dagster.resources import StateFolderResource


@asset(
    key=["release", "current"],
    group_name="release",
    deps=[RELEASE_GATE],
    owners=[OWNER],
    kinds={"duckdb", "parquet"},
)
def release(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Publish the marts as an immutable release and swap the pointer to it."""
    night = state.night(context.log.info)
    with writer_lock(night.settings.work, "a run"):
        work = night.settings.work
        built = read_built(work, context.run_id)
        checks = [
            *read_checks(work, context.run_id, "raw"),
            *read_checks(work, context.run_id, "release"),
        ]
        stale = night.stale(built.parameters.as_of)
        published = night.publish(built, checks, stale, context.run_id)
        write_last_run(
            work,
            {
                "run_id": context.run_id,
                "release_id": published.release_id,
                "stale": [one.line() for one in stale],
                "is_full_refresh": built.is_full_refresh,
            },
        )
    return MaterializeResult(
        metadata={
            "release": published.release_id,
            "folder": MetadataValue.path(str(published.path)),
            "as_of": built.parameters.as_of.isoformat(),
            "stale": ", ".join(one.dataset for one in stale) or "–",
        }
    )


@asset(
    key=["report_pack", "nightly"],
    group_name="release",
    deps=[release],
    owners=[OWNER],
    kinds={"xlsx"},
)
def nightly_pack(
    context: AssetExecutionContext, state: StateFolderResource
) -> MaterializeResult[Any]:
    """Print the nightly pack from the release that was just published."""
    files = build_nightly_pack(state.settings(), context.log.info)
    return MaterializeResult(
        metadata={
            "pack": NIGHTLY_PACK,
            "formats": ", ".join(NIGHTLY_FORMATS),
            **{name: MetadataValue.path(str(path)) for name, path in files.items()},
        }
    )
