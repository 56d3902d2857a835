"""The Dagster UI shows the graph, and a run launched from it succeeds."""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.integration.ui_server import ask, server, wait_for_run, wait_until_up
from tests.limits import HANG_SECONDS
from yanbao.base.settings import SAMPLE_AS_OF
from yanbao.releases.release_store import ReleaseStore

pytestmark = [pytest.mark.slow]

DAY, OTHER_DAY = "2024-10-30", "2024-10-29"
FILLED = """
query($path: [String!]!) { assetNodes(assetKeys: [{ path: $path }]) {
  partitionKeys
  assetPartitionStatuses { ... on DefaultPartitionStatuses { materializedPartitions } }
} }
"""
LAUNCH = """
mutation($job: String!, $location: String!, $day: String!, $assets: [AssetKeyInput!]) {
  launchRun(executionParams: {
    selector: {
      jobName: $job, repositoryName: "__repository__", repositoryLocationName: $location,
      assetSelection: $assets
    }
    runConfigData: "{}"
    executionMetadata: { tags: [{ key: "dagster/partition", value: $day }] }
  }) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
    ... on RunConfigValidationInvalid { errors { message } }
  }
}
"""


@pytest.fixture
def address(sample_home: Path) -> Iterator[str]:
    """The address of ``make dev`` over a copy of the sample night."""
    with server(sample_home) as address:
        yield address


def launch(address: str, job: str, day: str, *assets: list[str]) -> str:
    """How a run ended that the UI launched: of a whole job, or of some assets alone."""
    variables: dict[str, object] = {"job": job, "day": day, "location": wait_until_up(address)}
    if assets:
        variables["assets"] = [{"path": path} for path in assets]
    launched = ask(address, LAUNCH, **variables)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    return wait_for_run(address, launched["run"]["runId"])


def days_filled(address: str, *path: str) -> set[str]:
    """The days that the UI shows as filled for an asset; it offers no day to come."""
    (node,) = ask(address, FILLED, path=path)["assetNodes"]
    assert max(node["partitionKeys"]) == SAMPLE_AS_OF
    return set(node["assetPartitionStatuses"]["materializedPartitions"])


def test_runs_launched_from_the_ui_fill_the_day_of_their_partition(
    address: str, sample_home: Path, tmp_path: Path
) -> None:
    releases = ReleaseStore(sample_home / "releases")
    before = releases.current()
    wait_until_up(address)
    terminate = "mutation{terminateRuns(runIds:[]){__typename}}"
    assert status_of(f"{address}/graphql?query={terminate}") == HTTPStatus.FORBIDDEN
    assert (
        status_of(f"{address}/", Host="a.site.that.turns.to.loopback") == HTTPStatus.FORBIDDEN
    )
    assert status_of(f"{address}/", Origin="https://another.site") == HTTPStatus.FORBIDDEN
    assert status_of(f"{address}/", Origin=address) == HTTPStatus.OK
    groups = {
        node["groupName"] for node in ask(address, "{ assetNodes { groupName } }")["assetNodes"]
    }
    assert {"core", "report", "release", "raw_market", "seeds", "staging"} <= groups
    assert launch(address, "nightly", DAY) == "SUCCESS"
    after = releases.current()
    assert after.release_id > before.release_id
    assert after.manifest["as_of_date"] == DAY
    whole = {before.manifest["as_of_date"], DAY}
    assert days_filled(address, "release", "current") == whole
    assert days_filled(address, "core", "index_bars") == whole, "it had no new load on the day"
    # One mart alone.
    mart = ["report", "index_changes"]
    assert launch(address, "__ASSET_JOB", OTHER_DAY, mart) == "SUCCESS"
    assert days_filled(address, *mart) == {*whole, OTHER_DAY}
    assert days_filled(address, "report", "company_changes") == whole
    assert releases.current().release_id == after.release_id
    if shutil.which("chromium"):
        picture = screenshot(f"{address}/asset-groups", tmp_path / "graph.png")
        assert picture.stat().st_size > 20_000


def status_of(url: str, **headers: str) -> int:
    """What the server answers a page that asks with these headers."""
    try:
        with urllib.request.urlopen(  # noqa: S310 - our own server on loopback
            urllib.request.Request(url, headers=headers),  # noqa: S310
            timeout=HANG_SECONDS,
        ) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def screenshot(url: str, target: Path) -> Path:
    """A picture of a page in a real headless browser."""
    subprocess.run(
        [
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--window-size=1600,1000",
            "--virtual-time-budget=20000",
            f"--screenshot={target}",
            url,
        ],
        check=True,
        capture_output=True,
        timeout=HANG_SECONDS,
    )
    return target
