"""The steps of a nightly run, in their order; Dagster's assets call them.

Here: recover, prepare the models, transform. Then ``release_gate`` and ``release``. What one
step leaves for the next is in ``evidence``, what a run leaves for the next in ``last_run``.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Any

from yanbao.base.disk import WORKING_ROOM, require_room
from yanbao.base.errors import ThemesRefusedError
from yanbao.base.faults import fault_point
from yanbao.base.settings import SAMPLE_AS_OF
from yanbao.catalog.themes.checks import require_sound_themes
from yanbao.nightly.evidence import Built, forget_built, write_built
from yanbao.nightly.object_store import object_store
from yanbao.quality.staleness import Stale, expired_rules, stale_datasets
from yanbao.raw.load import StoredLoad
from yanbao.releases.provenance import source_differences
from yanbao.releases.redistribution import read_own_terms
from yanbao.releases.release_store import ReleaseStore
from yanbao.warehouse.code_version import code_version
from yanbao.warehouse.content_hashes import refresh_partitions
from yanbao.warehouse.dbt_command import TransformError, first_lines
from yanbao.warehouse.dbt_runner import DbtProject, NodeResult
from yanbao.warehouse.dbt_selection import selection_of
from yanbao.warehouse.raw_relations import point_at
from yanbao.warehouse.state_folder import StateFolder
from yanbao.warehouse.store import (
    Parameters,
    begin_build,
    set_run_parameters,
)

KNOWN_CODES = "taxonomy_codes_are_known"


class ModelFailedError(TransformError):
    """A model failed; ``built`` says what became of the others."""

    def __init__(self, what: str, *, hint: str, built: Built) -> None:
        super().__init__(what, hint=hint)
        self.built = built


@dataclass
class NightlySteps(StateFolder):
    """The steps of a nightly run over one state folder. The caller holds the writer's lock."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.release_store = ReleaseStore(self.settings.releases)
        self.remote = object_store(self.settings, self.zone)
        self.dbt = DbtProject(self.store, self.threads, self.progress)
        self.terms = read_own_terms(self.settings.redistribution)
        # Good loads that this build is tried without.
        self.left_out: set[str] = set()
        self._differences: dict[date, list[dict[str, Any]]] = {}

    @cached_property
    def code_version(self) -> str:
        """The version of the models, as they stand when the run begins."""
        return code_version()

    def require_room(self) -> None:
        """Raise DiskFullError where a build of the work store and a release may not fit."""
        store = self.store.path.stat().st_size if self.store.path.exists() else 0
        require_room(self.settings.home, WORKING_ROOM + 2 * store)

    def recover(self) -> None:
        """Clear what a killed run left behind; nothing acknowledged is touched."""
        import duckdb  # noqa: PLC0415

        self.settings.make_folders()
        self.require_room()
        self.store.forget_kept()
        self.zone.recover()
        for line in (*self.zone.mend(), *self.release_store.recover()):
            self.progress(line)
        try:
            self._prepare_store()
        except duckdb.Error as error:
            place = self.store.set_aside(str(error))
            self.progress(
                f"the work store was damaged; kept as {place.name}, rebuilding from raw"
            )
            self._prepare_store()

    def take_over(self) -> None:
        """Bring what other machines have written, where there is an object store.

        ``recover`` comes first: it clears what a killed pull has left.
        """
        for line in self.remote.pull(self._make_way) if self.remote else ():
            self.progress(line)

    def hand_over(self) -> None:
        """Bring what this folder has to the object store, where there is one."""
        for line in self.remote.push() if self.remote else ():
            self.progress(line)

    def _make_way(self, load_ids: Collection[str]) -> None:
        """Versions follow the order of loads: the store begins anew for those that came before
        what it has built.
        """
        if min(load_ids) < max(self.store.built_loads(), default=""):
            self.begin_anew()

    def begin_anew(self) -> None:
        """Throw the work store away: the next build makes everything from raw."""
        self.store.discard()
        self._prepare_store()

    def _prepare_store(self) -> None:
        """A store that is there is not made again: then nobody counts the rows of raw."""
        is_new = not self.store.path.exists()
        self.store.prepare(sum(s.load.rows for s in self.zone.loads()) if is_new else 0)

    def prepare_models(self) -> bool:
        """Make sure that the store holds this code's models and no load that was taken back;
        returns whether it is rebuilt.

        Idempotent: a store that was prepared and not yet built stays prepared.
        """
        built = self.store.built_loads()
        taken_back = [
            stored.load.load_id
            for stored in self.zone.loads()
            if stored.status == "retracted" and stored.load.load_id in built
        ]
        if not taken_back:
            if self.store.built_version() == self.code_version:
                return False
            if self.store.prepared_version() == self.code_version:
                return True
        require_sound_themes()
        why = "the models changed or the store is new"
        if taken_back:
            why = f"load {', '.join(taken_back)} was taken back"
        self.progress(f"{why}: building everything from raw")
        forget_built(self.settings.work)
        self.begin_anew()
        with self.store.connect() as connection:
            point_at(connection, [])
            set_run_parameters(connection, Parameters(date.fromisoformat(SAMPLE_AS_OF)))
        # Staging alone, so that the raw gate can read every load as staging sees it.
        self.dbt.run("run", "--select", "staging")
        self.store.mark_prepared(self.code_version)
        return True

    def seed_history_for_raw_gate(self) -> None:
        """On a rebuild, give the raw gate the good history that it compares new loads with."""
        if self.store.built_version() is not None or not self.pending():
            return
        if any(stored.status == "ungated" for stored in self.zone.loads()):
            self.build_core()

    def build_core(self) -> None:
        """Bring core up to date and nothing else; what is pending stays so."""
        loads = self.pending()
        forget_built(self.settings.work)
        with self.store.connect() as connection:
            begin_build(connection, [stored.load.load_id for stored in loads])
            point_at(connection, loads)
        self.dbt.run("seed", "--select", "entity_aliases")
        # With the views that core reads, which a new store does not have yet.
        self.dbt.run("run", "--select", "+marts.core", "--exclude", "staging")

    def pending(self) -> list[StoredLoad]:
        """Good loads that no build has taken in yet."""
        waiting = self.zone.loads(known=self.store.built_loads() | self.left_out)
        return [stored for stored in waiting if stored.status == "good"]

    def transform(
        self,
        parameters: Parameters,
        *,
        is_rebuild: bool,
        only: Collection[str] | None = None,
    ) -> Built:
        """Bring core and report marts up to date; loads count as built only at the end.

        Without a new load, the marts of the same models for the same day stand as they are.
        With ``only`` no other report marts are built than those and what they read.
        """
        self._differences.clear()
        loads = self.pending()
        # A log that opening the store did not clear is torn: the build writes over it.
        if not loads and not is_rebuild and only is None and not self.store.log.exists():
            standing = self.store.marts_built_for(parameters)
            if standing is not None:
                self.progress("the report tables of this day stand; nothing is built")
                kept = tuple(NodeResult(**node) for node in json.loads(standing))
                built = Built(parameters, kept, (), self.code_version, is_full_refresh=False)
                write_built(self.settings.work, built)
                return built
        load_ids = [stored.load.load_id for stored in loads]
        forget_built(self.settings.work)
        with self.store.connect() as connection:
            was_cut_short = begin_build(connection, load_ids)
            point_at(connection, loads)
            set_run_parameters(connection, parameters)
        fault_point("transform.before_dbt")
        self.progress(f"building core and report tables with {len(loads)} new loads")
        selection = selection_of([s.load.dataset for s in loads], only, is_rebuild=is_rebuild)
        nodes = self.dbt.run("build", *selection, check=False)
        fault_point("transform.after_dbt")
        built = Built(parameters, tuple(nodes), tuple(load_ids), self.code_version, is_rebuild)
        failed = [n for n in nodes if n.resource_type != "test" and n.status == "error"]
        if failed:
            raise ModelFailedError(
                f"model {failed[0].name} failed: {first_lines(failed[0].message)}",
                hint="the last release stays current; correct the model and run again",
                built=built,
            )
        self._require_known_codes(nodes)
        is_anew = is_rebuild or was_cut_short
        self.progress("hashing what is new")
        with self.store.connect() as connection:
            refresh_partitions(connection, None if is_anew else load_ids)
            point_at(connection, [])
        fault_point("transform.before_mark")
        # Proofs over the whole history run on a rebuild alone: one that did not pass must not
        # be forgotten by the next run, which would build on and publish.
        is_proven = not any(n.blocks for n in nodes)
        if not is_rebuild or is_proven:
            results = json.dumps([asdict(node) for node in nodes])
            self.store.mark_built(
                [(s.load.load_id, s.load.dataset) for s in loads],
                self.code_version,
                (parameters, results) if is_proven and only is None else None,
            )
        if only is None:
            write_built(self.settings.work, built)
        return built

    def stands(self, built: Built) -> None:
        """Say that the store is what an earlier build of this run left."""
        self._differences.clear()
        write_built(self.settings.work, built)

    def _require_known_codes(self, nodes: Sequence[NodeResult]) -> None:
        """Refuse pools and taxonomies with codes that no source knows; each is named."""
        for node in nodes:
            if node.name == KNOWN_CODES and node.outcome == "fail":
                rows = self.dbt.failing_rows(node)
                named = ", ".join(f"{r['code']} ({r['file']}, {r['belongs_to']})" for r in rows)
                raise ThemesRefusedError.of(
                    f"no source names the code {named}",
                    hint="correct it, or load the securities and the Shenwan membership that"
                    " name it",
                    others=node.failures - len(rows),
                )

    def differences(self, as_of: date) -> list[dict[str, Any]]:
        """Where two sources give different values of one key: for the gate and the release."""
        if as_of not in self._differences:
            with self.store.connect() as connection:
                found = source_differences(connection, self.zone.loads(), as_of)
            self._differences[as_of] = found
        return self._differences[as_of]

    def stale(self, as_of: date, known_at: date | None = None) -> list[Stale]:
        """What is stale, with the report marts that stand in the store."""
        with self.store.connect() as connection:
            stale = stale_datasets(self.zone, connection, as_of, known_at)
        return [*stale, *expired_rules(as_of)]
