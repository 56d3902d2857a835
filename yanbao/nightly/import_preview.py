"""What an import would change, tried on a copy of the state folder by the steps of a run.

The files pass the real reader and the real gate; core and the report marts are built with
them for the day of the current release, and compared with what stands without them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from yanbao.base.check_result import blocking
from yanbao.base.errors import YanbaoError
from yanbao.base.settings import Settings, house_file
from yanbao.intake.landing import Landed, land_or_refuse
from yanbao.nightly.release_gate import release_checks
from yanbao.nightly.scratch import scratch_copy
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.raw.load import StoredLoad
from yanbao.releases.adhoc import released_parameters
from yanbao.releases.mart_changes import CellChange, mart_changes
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.reporting.nightly_pack import pack_file, run_settings
from yanbao.reporting.printed.pack_changes import PrintedChange, printed_changes
from yanbao.warehouse.content_hashes import tables_in
from yanbao.warehouse.core_changes import TableChange, core_changes

if TYPE_CHECKING:
    import pyarrow as pa

    from yanbao.catalog import Dataset
    from yanbao.inbox.mapping import Mapping as VendorMapping

Progress = Callable[[str], None]
Marts = Mapping[str, "pa.Table"]


@dataclass(frozen=True)
class FilePreview:
    """What would become of one file: its load as the gate leaves it, or why it is refused.

    ``reasons`` say why it would wait for a person; it is taken as accepted then.
    """

    path: Path
    landed: Landed | None = None
    stored: StoredLoad | None = None
    reasons: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class ImportPreview:
    """What an import would change. ``release`` is the one that it is compared with; without
    one there are no marts and no printed cells to compare. A file that would wait for a person
    counts as accepted in what follows from it. ``not_compared`` says why printed cells are not.
    """

    files: tuple[FilePreview, ...]
    release: Release | None = None
    tables: tuple[TableChange, ...] = ()
    cells: tuple[CellChange, ...] = ()
    printed: tuple[PrintedChange, ...] = ()
    trouble: tuple[str, ...] = ()
    not_compared: str = ""


def preview_import(
    settings: Settings,
    paths: Sequence[Path],
    *,
    dataset: Dataset | None = None,
    mapping: VendorMapping | None = None,
    progress: Progress = lambda _: None,
) -> ImportPreview:
    """Try an import; the state folder stays as it is, byte by byte."""
    with scratch_copy(settings) as scratch:
        scratch.claim_mode("import")
        scratch.make_folders()
        steps = NightlySteps(scratch, scratch.recorded_mode() or "import", progress)
        steps.recover()
        release = ReleaseStore(settings.releases).current_or_none()
        before = _built_marts(steps, release) if release else {}
        files = [_landed(scratch, path, dataset, mapping) for path in paths]
        ours = [one.landed.stored.load.load_id for one in files if one.landed]
        steps.prepare_models()
        steps.seed_history_for_raw_gate()
        for _ in range(2):  # a file that is accepted for its bad rows is judged after that
            gate_pending(steps.zone, steps.store, progress)
            files = [_decided(steps, one) for one in files]
        if not any(steps.zone.load(load_id).status == "good" for load_id in ours):
            return ImportPreview(tuple(files), release)
        trouble: list[str] = []
        after: Marts = {}
        try:
            if release:
                after = _built_marts(steps, release, trouble)
            else:
                steps.build_core()
        except YanbaoError as error:
            trouble.append(error.line())
        with steps.store.connect() as connection:
            tables = tuple(core_changes(connection, ours))
        cells = tuple(mart_changes(before, after))
        preview = ImportPreview(tuple(files), release, tables, cells, trouble=tuple(trouble))
        if not cells:
            return preview
        try:
            printed = tuple(_printed(settings, scratch, release, before, after))
        except YanbaoError as error:
            # A release of another version lacks the words of what this one builds.
            return replace(preview, not_compared=error.line())
        return replace(preview, printed=printed)


def _landed(
    scratch: Settings, path: Path, dataset: Dataset | None, mapping: VendorMapping | None
) -> FilePreview:
    try:
        return FilePreview(
            path, land_or_refuse(scratch, path, dataset=dataset, mapping=mapping)
        )
    except YanbaoError as error:
        return FilePreview(path, error=error.line())


def _decided(steps: NightlySteps, file: FilePreview) -> FilePreview:
    """The file with its load as the gate left it. One that waits is accepted: who decides about
    it wants to see what follows.
    """
    if file.landed is None:
        return file
    stored = steps.zone.load(file.landed.stored.load.load_id)
    reasons = file.reasons
    if stored.status == "held" and stored.load.rows:
        reasons = (*reasons, stored.reason)
        steps.zone.record_decision(stored.load.load_id, "accept", "preview")
    return replace(file, stored=stored, reasons=reasons)


def _built_marts(
    steps: NightlySteps, release: Release, trouble: list[str] | None = None
) -> Marts:
    """The report marts with every load that is good by now, for the day of a release.

    ``trouble`` takes what would stop a run.
    """
    is_rebuild = steps.prepare_models()
    steps.seed_history_for_raw_gate()
    gate_pending(steps.zone, steps.store, steps.progress)
    built = steps.transform(released_parameters(release), is_rebuild=is_rebuild)
    if trouble is not None:
        trouble += [one.message for one in blocking(release_checks(steps, built))]
    with steps.store.connect() as connection:
        return {
            mart: connection.execute(f'from report."{mart}"').to_arrow_table()
            for mart in tables_in(connection, "report")
        }


def _printed(
    settings: Settings, scratch: Settings, release: Release | None, before: Marts, after: Marts
) -> Iterator[PrintedChange]:
    """The cells that the nightly packs would print otherwise."""
    from yanbao.reporting.composing.compose import compose  # noqa: PLC0415
    from yanbao.reporting.grammar.pack_loader import load_pack  # noqa: PLC0415
    from yanbao.reporting.reading.release_reader import ReleaseReader  # noqa: PLC0415
    from yanbao.reporting.styling.house_style import load_house_style  # noqa: PLC0415

    if release is None:
        return
    house = load_house_style(house_file(settings))
    old, new = (
        ReleaseReader(_as_release(scratch.releases / name, release, marts))
        for name, marts in (("before", before), ("after", after))
    )
    for pack in run_settings(settings).packs:
        spec = load_pack(pack_file(settings, pack))
        yield from printed_changes(
            compose(spec, old, house=house), compose(spec, new, house=house)
        )


def _as_release(folder: Path, release: Release, marts: Marts) -> Path:
    """A folder in the layout of a release that holds other report marts."""
    import pyarrow.parquet as pq  # noqa: PLC0415

    report = folder / "parquet" / "report"
    report.mkdir(parents=True)
    for name, table in marts.items():
        pq.write_table(table, report / f"{name}.parquet")
    (folder / "parquet" / "meta").symlink_to(release.path / "parquet" / "meta")
    shutil.copyfile(release.path / "manifest.json", folder / "manifest.json")
    return folder
