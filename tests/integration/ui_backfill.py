"""A back-fill of days from the UI that is killed, canceled and launched again to its end.

``python -m tests.integration.ui_backfill 20`` does it with the last 20 days before the
sample's, and compares every release with one that ``yanbao run`` makes of the same day.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from yanbao_dagster.days import offered
from yanbao_dagster.home import dagster_instance

from tests.integration.ui_server import ENDED, ask, server, wait_for, wait_until_up
from yanbao.base.errors import EXIT_PUBLISHED_STALE
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.releases.release_store import ReleaseStore

LAUNCH = """
mutation($days: [String!]!, $location: String!, $assets: [AssetKeyInput!]) {
  launchPartitionBackfill(backfillParams: {
    selector: {
      partitionSetName: "nightly_partition_set"
      repositorySelector: {
        repositoryName: "__repository__", repositoryLocationName: $location
      }
    }
    assetSelection: $assets
    partitionNames: $days
  }) { __typename ... on LaunchBackfillSuccess { backfillId } }
}
"""
CANCEL = "mutation($id: String!) { cancelPartitionBackfill(backfillId: $id) { __typename } }"
RUNS = """
query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
  status runs(limit: 1000) { id status tags { key value } }
} } }
"""
ASSETS = """
query($location: String!) { pipelineOrError(params: {
  pipelineName: "nightly", repositoryName: "__repository__", repositoryLocationName: $location
}) { ... on Pipeline { id } }
  assetNodes { assetKey { path } jobNames
    assetPartitionStatuses { ... on DefaultPartitionStatuses { materializedPartitions } } }
}
"""
Hashes = dict[str, Any]
Statuses = dict[str, str]  # of a day's run


def days_before_the_last(home: Path, count: int) -> list[str]:
    with dagster_instance(Settings(home)) as instance:
        return [day.isoformat() for day in offered(instance)[-count - 1 : -1]]


class Backfill:
    """One that the dialog of the job ``nightly`` launches."""

    def __init__(self, address: str, days: Sequence[str], *, only_missing: bool) -> None:
        self.address = address
        location = wait_until_up(address)
        nodes = [
            node
            for node in ask(address, ASSETS, location=location)["assetNodes"]
            if "nightly" in node["jobNames"]
        ]
        # As the dialog does: a day is missing where any asset of the job lacks it.
        filled = [
            {*node["assetPartitionStatuses"].get("materializedPartitions", ())}
            for node in nodes
        ]
        self.days = [
            day for day in days if not (only_missing and all(day in one for one in filled))
        ]
        launched = ask(
            address,
            LAUNCH,
            location=location,
            days=self.days,
            assets=[node["assetKey"] for node in nodes],
        )["launchPartitionBackfill"]
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        self.id = launched["backfillId"]

    def runs(self) -> Statuses:
        """The status of each day that has a run."""
        found = ask(self.address, RUNS, id=self.id)["partitionBackfillOrError"]["runs"]
        tags = [{tag["key"]: tag["value"] for tag in run["tags"]} for run in found]
        return {about["dagster/partition"]: run["status"] for about, run in zip(tags, found)}

    def wait_until_begun(self, count: int) -> None:
        """Until so many days are done and the next one runs."""

        def amid() -> Statuses:
            found = self.runs()
            statuses = [*found.values()]
            is_amid = statuses.count("SUCCESS") >= count and "STARTED" in statuses
            return found if is_amid else {}

        self._wait(amid, f"day {count + 1}")

    def wait_until_ended(self) -> Statuses:
        def ended() -> Statuses:
            found = ask(self.address, RUNS, id=self.id)["partitionBackfillOrError"]
            return self.runs() if found["status"].startswith(("COMPLETED", "CANCELED")) else {}

        return self._wait(ended, "the end of the back-fill")

    def _wait(self, look: Callable[[], Statuses], what: str) -> Statuses:
        """What is there at last. The time limit is a day's, however many there are."""
        for number in range(len(self.days) + 1):
            found = wait_for(partial(self._look_or_ended, look, number), what)
            if isinstance(found, dict):
                return found
        raise AssertionError(f"{what} never came, and all days have ended")

    def _look_or_ended(self, look: Callable[[], Statuses], number: int) -> Statuses | bool:
        ended = sum(status in ENDED for status in self.runs().values())
        return look() or ended > number

    def cancel(self) -> Statuses:
        ask(self.address, CANCEL, id=self.id)
        return self.wait_until_ended()


def interrupted_and_resumed(home: Path, days: Sequence[str]) -> dict[str, list[str]]:
    """The days of each back-fill: one whose machine is killed amid a day, the same canceled
    when it is up again, and one of what is missing.
    """
    third = len(days) // 3
    with server(home) as address:
        first = Backfill(address, days, only_missing=False)
        first.wait_until_begun(third)
    with server(home) as address:
        first.address = address
        wait_until_up(address)
        first.wait_until_begun(max(third, 2 * third - 1))
        ended = first.cancel()
        last = Backfill(address, days, only_missing=True)
        done = last.wait_until_ended()
    assert {*done.values()} == {"SUCCESS"}, done
    return {
        "first": [day for day, status in ended.items() if status == "SUCCESS"],
        "killed": [day for day, status in ended.items() if status == "FAILURE"],
        "last": last.days,
    }


def hashes(home: Path) -> dict[str, Hashes]:
    """What the newest release of each day holds."""
    store = ReleaseStore(home / "releases")
    manifests = [store.release(name).manifest for name in sorted(store.ids())]
    return {one["as_of_date"]: {**one["marts"], "core": one["core_hash"]} for one in manifests}


def main(arguments: Sequence[str]) -> None:
    with TemporaryDirectory() as folder:
        by_ui, by_command = Path(folder) / "by_ui", Path(folder) / "by_command"
        _run(by_ui, "--source", "sample")
        subprocess.run(["cp", "-a", str(by_ui), str(by_command)], check=True)
        days = days_before_the_last(by_ui, int(arguments[0]))
        parts = interrupted_and_resumed(by_ui, days)
        for day in days:
            _run(by_command, "--as-of", day)
        found, wanted = hashes(by_ui), hashes(by_command)
        for day in days:
            made_by = [name for name, part in parts.items() if day in part]
            is_equal = found[day] == wanted[day]
            print(f"{day}  {'equal' if is_equal else 'DIFFERENT'}  {', '.join(made_by)}")
    raise SystemExit(0 if all(found[day] == wanted[day] for day in days) else 1)


def _run(home: Path, *options: str) -> None:
    command = [str(Path(sys.executable).parent / "yanbao"), "run", "-q", *options]
    environment = {**os.environ, "YANBAO_HOME": str(home)}
    code = subprocess.run(command, check=False, cwd=PROJECT_ROOT, env=environment).returncode
    assert code in (0, EXIT_PUBLISHED_STALE), options


if __name__ == "__main__":
    main(sys.argv[1:])
