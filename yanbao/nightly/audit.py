"""The audit: proofs over the whole history, which an ordinary night leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from yanbao.base.errors import YanbaoError

if TYPE_CHECKING:
    from yanbao.nightly.steps import NightlySteps
    from yanbao.warehouse.dbt_runner import NodeResult

WHOLE_HISTORY = "tag:full_history"


class AuditError(YanbaoError):
    """The history in the work store, or the current release, is not what it should be."""


def prove(steps: NightlySteps) -> list[NodeResult]:
    """Read every byte of the current release, then test all of core; what was found.

    A store that no night has built with this code is left to that night, which proves it all.
    Raises AuditError for a damaged release.
    """
    release = steps.release_store.current_or_none()
    damaged = steps.release_store.damaged_files(release) if release else []
    if release and damaged:
        raise AuditError(
            f"{len(damaged)} files are damaged: {', '.join(damaged[:3])}",
            where=f"release {release.release_id}",
            hint="publish again with yanbao run; the other releases are still there",
        )
    if steps.store.built_version() != steps.code_version:
        steps.progress("the models changed, or nothing is built: the next run proves all")
        return []
    return steps.dbt.run("test", "--select", WHOLE_HISTORY, check=False)


def require_proven(proofs: Sequence[NodeResult]) -> None:
    """Raise AuditError, which names what did not hold."""
    failed = [one for one in proofs if one.blocks]
    if failed:
        named = ", ".join(one.name for one in failed[:3])
        more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
        raise AuditError(
            f"{len(failed)} of {len(proofs)} proofs did not pass: {named}{more}",
            where="core",
            hint="rebuild it from raw: see Recovery in docs/operations.md",
        )
