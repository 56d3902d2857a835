"""A build that fails with new loads goes on without those that break it, and names them.

Bounds at the door stop what no column can hold. What they let through and a model, a test of
dbt or the release gate cannot take, must not hold the news of every other dataset: the load
waits for a person as one that the raw gate holds, and its dataset is stale until then.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from yanbao.base.check_result import CheckResult, blocking
from yanbao.base.errors import GateBlockedError
from yanbao.catalog.marts import report_marts
from yanbao.nightly.evidence import Built
from yanbao.nightly.release_gate import gate_error, release_checks, structure_checks
from yanbao.nightly.steps import ModelFailedError, NightlySteps
from yanbao.raw.load import BREAKS, StoredLoad
from yanbao.releases.release_store import loads_behind
from yanbao.warehouse.dbt_parse import dbt_manifest
from yanbao.warehouse.dbt_selection import datasets_behind
from yanbao.warehouse.store import Parameters

ADVICE = "correct its file and import it again, or close the matter with yanbao hold reject"


@dataclass(frozen=True)
class Judged:
    """A build of every report mart with all that judges it, and why it may not be published."""

    built: Built
    checks: list[CheckResult]
    error: GateBlockedError | None = None


def build_and_judge(
    steps: NightlySteps,
    parameters: Parameters,
    *,
    is_rebuild: bool,
    only: Collection[str] | None = None,
) -> Judged:
    """Build and judge every report mart, without the new loads that break it.

    Where it fails without any new load too, the cause is elsewhere: every load stays, and the
    error of the first try is the result. With ``only`` no other marts than those and what they
    read are built, and no load is looked for.
    """
    first = _try(steps, parameters, is_rebuild=is_rebuild, only=only)
    if first.error is None or only is not None:
        return first
    steps.store.keep()
    sound = _without_suspects(steps, parameters, first)
    if sound is None:
        steps.store.put_back()
        result = first
    else:
        result = _with_each(steps, parameters, sound)
    steps.left_out = set()
    steps.store.forget_kept()
    return result


def _try(
    steps: NightlySteps,
    parameters: Parameters,
    *,
    is_rebuild: bool,
    only: Collection[str] | None = None,
) -> Judged:
    try:
        built = steps.transform(parameters, is_rebuild=is_rebuild, only=only)
    except ModelFailedError as error:
        return Judged(error.built, structure_checks(steps.dbt, error.built.nodes), error)
    checks = release_checks(steps, built, None if only is None else _marts_of(built))
    return Judged(built, checks, gate_error(checks))


def _marts_of(built: Built) -> set[str]:
    return {
        node.name
        for node in built.nodes
        if node.name in report_marts() and node.status == "success"
    }


def _without_suspects(
    steps: NightlySteps, parameters: Parameters, failed: Judged
) -> Judged | None:
    """The build from raw as if no new load behind a failure had come; None where it fails all
    the same. What fails first may hide another fault, with loads of its own behind it.
    """
    while failed.error is not None:
        suspects = _suspects(steps, failed)
        if not suspects:
            return None
        steps.left_out |= suspects
        steps.progress(failed.error.what)
        steps.progress(f"building without the {len(steps.left_out)} new loads behind it")
        steps.begin_anew()
        failed = _try(steps, parameters, is_rebuild=steps.prepare_models())
    return failed


def _suspects(steps: NightlySteps, failed: Judged) -> set[str]:
    """The loads of a failed build that no release holds, of the datasets behind what failed."""
    release = steps.release_store.current_or_none()
    new = {*failed.built.loads} - (loads_behind(release) if release else set())
    behind = _datasets_behind(failed)
    return {
        stored.load.load_id
        for stored in steps.zone.loads()
        if stored.load.load_id in new and stored.load.dataset in behind
    }


def _datasets_behind(failed: Judged) -> set[str]:
    from yanbao.quality.release_gate import marts_compared  # noqa: PLC0415 - loads the gate

    blocks = [node.unique_id for node in failed.built.nodes if node.blocks]
    for check in blocking(failed.checks):
        marts = {check.subject, *marts_compared(check.check)}
        blocks += [f"model.yanbao.{mart}" for mart in marts]
    manifest = dbt_manifest()
    return {dataset for node_id in blocks for dataset in datasets_behind(manifest, node_id)}


def _with_each(steps: NightlySteps, parameters: Parameters, sound: Judged) -> Judged:
    """Take in what breaks nothing, dataset by dataset; the loads that do are held."""
    left_out = [one for one in steps.zone.loads() if one.load.load_id in steps.left_out]
    left_out.sort(key=lambda stored: (stored.load.dataset, stored.load.load_id))
    waiting = deque(
        [*same] for _, same in groupby(left_out, lambda stored: stored.load.dataset)
    )
    while waiting:
        group = waiting.popleft()
        ids = {stored.load.load_id for stored in group}
        steps.store.keep()
        steps.left_out -= ids
        tried = _try(steps, parameters, is_rebuild=False)
        if tried.error is None:
            sound = tried
            continue
        steps.left_out |= ids
        steps.store.put_back()
        if len(group) > 1:
            waiting.extendleft([stored] for stored in reversed(group))
        else:
            _hold(steps, group[0], tried.error)
    steps.stands(sound.built)
    return sound


def _hold(steps: NightlySteps, stored: StoredLoad, error: GateBlockedError) -> None:
    load = stored.load
    name = load.original_name or load.load_id
    steps.progress(f"{load.dataset}: {name} breaks the build and waits for a person")
    steps.zone.record_decision(
        load.load_id, BREAKS, f"load {load.load_id} breaks the build: {error.what} → {ADVICE}"
    )
