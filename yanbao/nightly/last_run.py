"""What the last finished run was made from and what it left, for the run after it.

A run that would be made from the same things builds nothing: the release and its packs stand.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from yanbao.base.durable import write_json
from yanbao.base.errors import YanbaoError
from yanbao.base.settings import PROJECT_ROOT, Settings, house_file
from yanbao.base.yaml_file import read_yaml
from yanbao.quality.staleness import Stale
from yanbao.raw.load import StoredLoad
from yanbao.reporting.nightly_pack import PrintedFile
from yanbao.warehouse.store import Parameters

if TYPE_CHECKING:
    from yanbao.nightly.steps import NightlySteps

PACKAGES = ("yanbao", "yanbao_gx")
PLACES = ("dbt_project.yml", "dbt_project", "models", "reports", "sample_data")
LONGEST_NAME = 255  # of a file, in bytes
DECIDED = ("good", "ungated", "rejected", "held")  # the others add nothing to a release


@dataclass(frozen=True)
class LastRun:
    """``made_from``: a hash by name of input. ``files`` is None until packs are printed."""

    run_id: str
    release_id: str
    is_full_refresh: bool
    stale: tuple[str, ...]
    made_from: Mapping[str, str]
    files: tuple[PrintedFile, ...] | None = None


def write_last_run(work: Path, last: LastRun) -> None:
    write_json(work / "last_run.json", asdict(last))


def read_last_run(work: Path) -> LastRun | None:
    """The last run that published; None before the first, or where it left another record."""
    try:
        return TypeAdapter(LastRun).validate_json((work / "last_run.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def files_read(settings: Settings) -> dict[str, str]:
    """Hashes of every file besides raw that a run reads: the program and the user's own."""
    house = house_file(settings)
    return {
        "the program": _hash(_program()),
        "redistribution.yml": _hash(_existing(settings.redistribution)),
        "settings.yml": _hash(_existing(settings.own_settings), with_named=True),
        "the house style": _hash(_existing(house) if house else (), with_named=True),
    }


def made_from(
    files: Mapping[str, str],
    parameters: Parameters,
    loads: Sequence[StoredLoad],
    stale: Sequence[Stale],
) -> dict[str, str]:
    """Everything that a release and its packs are made from, by name."""
    decided = [
        (one.load.load_id, one.status, one.decided_at) for one in loads if one.status in DECIDED
    ]
    return {
        **files,
        "the day": parameters.slug(),
        "the loads": _hash_of(decided),
        "what is stale": _hash_of([one.line() for one in stale]),
    }


def what_changed(
    steps: NightlySteps, parameters: Parameters, files: Mapping[str, str]
) -> str | None:
    """What is not as the last finished run left it; None where nothing changed."""
    last = read_last_run(steps.settings.work)
    if last is None or last.files is None:
        return "no run has finished yet"
    return _what_is_damaged(steps, last) or _what_is_new(steps, parameters, files, last)


def _what_is_damaged(steps: NightlySteps, last: LastRun) -> str | None:
    current = steps.release_store.current_or_none()
    if current is None or current.release_id != last.release_id:
        return "the current release"
    if any(not one.is_intact(steps.settings.reports) for one in last.files or ()):
        return "a printed file"
    return None


def _what_is_new(
    steps: NightlySteps, parameters: Parameters, files: Mapping[str, str], last: LastRun
) -> str | None:
    if steps.store.built_version() != steps.code_version:
        return "the models, or the work store"
    loads, built = steps.zone.loads(), steps.store.built_loads()
    if any(
        one.status == "ungated" or (one.status == "good" and one.load.load_id not in built)
        for one in loads
    ):
        return "the loads"
    now = made_from(
        files, parameters, loads, steps.stale(parameters.as_of, parameters.known_at)
    )
    changed = [name for name, content in now.items() if last.made_from.get(name) != content]
    return ", ".join(changed) or None


def _program() -> Iterator[Path]:
    for package in PACKAGES:
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from sorted(Path(folder).rglob("*.py"))
    for place in PLACES:
        root = PROJECT_ROOT / place
        yield from [root] if root.is_file() else sorted(root.rglob("*"))


def _existing(path: Path) -> tuple[Path, ...]:
    return (path,) if path.is_file() else ()


def _hash(paths: Iterable[Path], *, with_named: bool = False) -> str:
    """SHA-256 over names and bytes of files, and of the files that they name."""
    digest = hashlib.sha256()
    for path in paths:
        for one in (path, *(_named(path) if with_named else ())):
            if one.is_file():
                digest.update(one.name.encode())
                digest.update(one.read_bytes())
    return digest.hexdigest()


def _named(path: Path) -> Iterator[Path]:
    """Files that a YAML file names beside itself; of a pack also those that it may use."""
    try:
        content = read_yaml(path, YanbaoError)
    except YanbaoError:
        return  # the step that reads it says what is wrong
    for text in _texts(content):
        named = path.parent / text
        if named.is_file():
            yield named
            if named.suffix in (".yml", ".yaml"):
                yield from sorted(named.parent.glob("*.yml"))
                yield from sorted((named.parent / "sections").glob("*.yml"))


def _texts(content: object) -> Iterator[str]:
    if isinstance(content, str) and len(content.encode()) <= LONGEST_NAME:
        yield content
    parts = content.values() if isinstance(content, dict) else content
    for part in parts if isinstance(parts, Iterable) and not isinstance(parts, str) else ():
        yield from _texts(part)


def _hash_of(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()
