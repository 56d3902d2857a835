"""From a file or a source's reply to one load in the raw zone; the only way in."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanbao.base import clock
from yanbao.base.check_result import reason
from yanbao.base.errors import FileRefusedError, SourceSchemaError, YanbaoError
from yanbao.base.file_names import readable
from yanbao.base.settings import PROJECT_ROOT, Settings
from yanbao.catalog import Dataset
from yanbao.raw.load import Load, StoredLoad, repeatable
from yanbao.raw.zone import RawZone

if TYPE_CHECKING:
    from yanbao.inbox.mapping import Mapping
    from yanbao.inbox.reading import ReadFile
    from yanbao.sources.call import Arguments, Fetch, Reply

SAMPLE_FOLDERS = ("transcribed", "made_up")


@dataclass(frozen=True)
class Landed:
    """What became of one file: its load and one line per rule that quarantined rows."""

    path: Path
    stored: StoredLoad
    lines: tuple[str, ...]
    quarantine_file: Path | None = None


def land_file(
    settings: Settings,
    path: Path,
    *,
    dataset: Dataset | None = None,
    mapping: Mapping | None = None,
    source: str = "inbox",
) -> Landed:
    """Read, check and land one file. Bad rows are quarantined, good ones loaded.

    Raises FileRefusedError where nothing of the file can be read as a dataset.
    """
    from yanbao.inbox.known import known_mappings  # noqa: PLC0415
    from yanbao.inbox.quarantine import summarise, write_quarantine  # noqa: PLC0415
    from yanbao.inbox.reading import read_file  # noqa: PLC0415

    zone = RawZone(settings.raw)
    started = clock.now()
    known = known_mappings(settings.mappings) if mapping is None and source == "inbox" else ()
    readings: list[str | None] = [mapping.sha256] if mapping else [None]
    readings += [one.sha256 for one in known]
    repeat = _same_file(zone, path, source, readings)
    if repeat is not None:
        stored = zone.append(_repeat_record(zone, repeat, path, started.isoformat()))
        later = _later_file(zone, repeat, path)
        line = f"{readable(path)}: {stored.reason}; nothing to load{later}"
        return Landed(path, stored, (line,))
    read = read_file(path, dataset, mapping, today=clock.today_in_beijing(), known=known)
    load = Load(
        load_id=zone.new_load_id(read.dataset.name),
        source=source,
        dataset=read.dataset.name,
        function="read_file",
        arguments=_arguments(path, read),
        outcome="held" if read.must_hold else "ok",
        started_at=started.isoformat(),
        finished_at=clock.now().isoformat(),
        rows_in=read.rows_in,
        rows_quarantined=read.quarantined_rows,
        rows_collapsed=read.collapsed_rows,
        original_name=readable(path),
        original_sha256=read.content_sha256,
        encoding=read.encoding,
        mapping=read.mapping.name or None,
        hold_reason=read.must_hold,
    )
    stored = zone.append(load, read.table, original=path)
    kept = write_quarantine(settings.quarantine, load.load_id, read, path)
    return Landed(path, stored, (*summarise(read), *_remarks(read), *read.warnings), kept)


def land_or_refuse(
    settings: Settings,
    path: Path,
    *,
    dataset: Dataset | None = None,
    mapping: Mapping | None = None,
) -> Landed:
    """``land_file``; whatever a file does to its reader refuses that one file."""
    try:
        return land_file(settings, path, dataset=dataset, mapping=mapping)
    except YanbaoError:
        raise
    except Exception as error:
        raise FileRefusedError(
            f"it cannot be read ({reason(error)})",
            "save it anew as .xlsx or CSV UTF-8; if that does not help, report the file",
            where=readable(path),
        ) from error


def land_sample(settings: Settings, wanted: Collection[str]) -> list[Landed]:
    """Land what is new of the embedded sample: transcribed facts and the made-up market."""
    from yanbao.catalog import BY_NAME  # noqa: PLC0415

    before = {one.load.original_sha256 for one in RawZone(settings.raw).loads()}
    landed = []
    for folder in SAMPLE_FOLDERS:
        for path in sorted((PROJECT_ROOT / "sample_data" / folder).glob("*.csv")):
            if path.stem not in wanted or sha256_of(path) in before:
                continue
            one = land_file(settings, path, dataset=BY_NAME[path.stem], source="sample")
            landed.append(one)
    return landed


def land_reply(zone: RawZone, reply: Reply, partition: str | None) -> StoredLoad:
    """Land a source's frame exactly as the library returned it."""
    import pyarrow as pa  # noqa: PLC0415

    frame = pa.Table.from_pandas(reply.frame, preserve_index=False)
    load = replace(
        _call(zone, reply, partition),
        arguments=dict(reply.arguments),
        outcome="ok" if frame.num_rows else "empty",
        rows_in=frame.num_rows,
        announced_total=reply.announced_total,
        library_version=reply.library_version,
        requests=reply.requests,
        answers=reply.answers,
    )
    return zone.append(load, frame if frame.num_rows else None)


def land_failure(
    zone: RawZone, fetch: Fetch, arguments: Arguments, partition: str, error: YanbaoError
) -> StoredLoad:
    """Record a call that gave no usable data. What came is kept: a reply that broke its
    contract as its frame, anything else as the head of its text.
    """
    import pyarrow as pa  # noqa: PLC0415

    reply: Reply | None = getattr(error, "reply", None)
    load = replace(
        _call(zone, fetch, partition),
        arguments=arguments.recorded(),
        outcome="rejected" if isinstance(error, SourceSchemaError) else "unavailable",
        requests=getattr(error, "requests", 0),
        error=error.line(),
        answers=arguments.answers,
    )
    if reply is None:
        return zone.append(load, received=getattr(error, "received", ""))
    load = replace(
        load,
        rows_in=len(reply.frame),
        announced_total=reply.announced_total,
        library_version=reply.library_version,
    )
    return zone.append(load, pa.Table.from_pandas(reply.frame, preserve_index=False))


def _call(zone: RawZone, call: Fetch | Reply, partition: str | None) -> Load:
    """The record of a call that has just ended, before anything is known of its answer."""
    now = clock.now().isoformat()
    return Load(
        load_id=zone.new_load_id(call.dataset),
        source=call.source,
        dataset=call.dataset,
        function=call.function,
        partition=partition,
        outcome="unavailable",
        started_at=now,
        finished_at=now,
    )


def _remarks(read: ReadFile) -> list[str]:
    return [f"the file remarks, kept with the load: {note}" for note in read.notes]


def _arguments(path: Path, read: ReadFile) -> dict[str, Any]:
    """How the file was read; it stands beside every row in raw."""
    arguments: dict[str, Any] = {"file": readable(path)}
    mapping = read.mapping
    if mapping.converted:
        arguments["units"] = mapping.converted
    if mapping.sha256:
        arguments["mapping_sha256"] = mapping.sha256
    if read.notes:
        arguments["notes"] = list(read.notes)
    if mapping.terms:
        arguments["redistribution"] = asdict(mapping.terms)
    return arguments


def _same_file(
    zone: RawZone, path: Path, source: str, readings: Collection[str | None]
) -> Load | None:
    """An earlier load of the same bytes through one of these mappings' texts, if any."""
    if path.is_symlink() or not path.is_file():
        return None
    content = sha256_of(path)
    for stored in repeatable(zone.loads()):
        earlier = stored.load
        if (
            earlier.original_sha256 == content
            and earlier.source == source
            and earlier.arguments.get("mapping_sha256") in readings
        ):
            return earlier
    return None


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _later_file(zone: RawZone, earlier: Load, path: Path) -> str:
    """That a newer file of this name came since: the old bytes do not bring back its values."""
    later = [
        stored.load.load_id
        for stored in zone.loads(earlier.dataset)
        if stored.load.original_name == readable(path)
        and stored.load.repeat_of is None
        and stored.status in ("good", "ungated")
        and stored.load.load_id > earlier.load_id
    ]
    if not later:
        return ""
    return f"; {later[-1]} came later, and its values stay"


def _repeat_record(zone: RawZone, earlier: Load, path: Path, now: str) -> Load:
    return replace(
        earlier,
        load_id=zone.new_load_id(earlier.dataset),
        arguments={"file": readable(path)},
        outcome="ok",
        started_at=now,
        finished_at=now,
        rows_quarantined=0,
        rows_collapsed=0,
        original_name=readable(path),
        repeat_of=earlier.load_id,
        hold_reason=None,
    )
