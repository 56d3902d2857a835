"""Builds a pack from a release into files: composed once, rendered in each format.

Renderers are imported when their format is asked for, so importing this is cheap.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from yanbao.base.errors import UsageError, YanbaoError
from yanbao.reporting.composing.compose import compose
from yanbao.reporting.formats import RENDERERS
from yanbao.reporting.grammar.pack_loader import load_pack
from yanbao.reporting.printed.pack import PrintedPack, Progress, silent
from yanbao.reporting.reading.release_reader import ReleaseReader
from yanbao.reporting.styling.house_style import HouseStyle

_NOT_A_NAME = re.compile(r"[^\w.-]")


class NotPrintedError(YanbaoError):
    """Some formats could not be printed; ``files`` are those that were all the same."""

    def __init__(self, files: Mapping[str, Path], failures: Mapping[str, Exception]) -> None:
        self.files = dict(files)
        reasons = "; ".join(f"{name}: {reason_of(error)}" for name, error in failures.items())
        printed = f"; printed: {', '.join(files)}" if files else ""
        super().__init__(f"not printed: {reasons}{printed}")


def build_pack(
    pack: str,
    release: ReleaseReader,
    out: Path,
    formats: Sequence[str] = ("html", "xlsx", "csv"),
    *,
    progress: Progress = silent,
    given: Mapping[str, str] | None = None,
    house: HouseStyle | None = None,
) -> dict[str, Path]:
    """Writes the pack in each format under ``out`` and returns where each one is.

    ``pack`` is a name under ``reports/packs`` or the path of a ``.yml``. CSV is a folder
    with one file per table. Each output is moved into place once it is finished: a failure
    or a kill leaves its earlier one as it was. A format that fails does not keep the others
    from being printed; ``NotPrintedError`` then names it, and why. ``given`` sets parameters of
    the pack; their values and the audience stand in the names of the files.
    """
    for name in formats:
        if name not in RENDERERS:
            raise UsageError.unknown_name("format", name, RENDERERS)
    spec = load_pack(pack)
    progress(f"{spec.name}: composing from release {release.manifest.release_id}")
    printed = compose(spec, release, given, house)
    progress(f"{spec.name}: {len(printed.tables)} tables, {len(printed.charts)} charts")
    out.mkdir(parents=True, exist_ok=True)
    settings = "".join(f"-{_NOT_A_NAME.sub('_', value)}" for value in (given or {}).values())
    stem = f"{spec.name}{settings}-{release.manifest.as_of}-{printed.house.audience}"
    # Beside the outputs, so that the final rename stays within one file system.
    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as building:
        files, failures = _render_formats(
            printed, Path(building) / stem, tuple(dict.fromkeys(formats)), progress
        )
    if failures:
        raise NotPrintedError(files, failures) from next(iter(failures.values()))
    return files


def _render_formats(
    printed: PrintedPack, stem: Path, formats: Sequence[str], progress: Progress
) -> tuple[dict[str, Path], dict[str, Exception]]:
    """Renders each format beside ``stem`` and moves it one folder up; what failed, and why."""
    files: dict[str, Path] = {}
    failures: dict[str, Exception] = {}
    for number, name in enumerate(formats, start=1):
        building = stem.with_name(f"{stem.name}{RENDERERS[name].suffix}")
        progress(f"{printed.name}: {name} ({number} of {len(formats)})")
        try:
            RENDERERS[name].load()(printed, building, progress)
            files[name] = _publish(building, stem.parent.parent / building.name)
        except Exception as error:  # noqa: BLE001 (reported below; the other formats stay)
            failures[name] = error
            progress(f"{printed.name}: {name} was not printed: {reason_of(error)}")
    return files, failures


def reason_of(error: Exception) -> str:
    """One line; an unforeseen error names its type as well."""
    if isinstance(error, YanbaoError):
        return error.line()
    return " ".join(f"{type(error).__name__}: {error}".split())


def _publish(finished: Path, target: Path) -> Path:
    """Moves a finished file or folder into place; an older one is moved aside first."""
    if target.is_dir():
        aside = finished.with_name(f"{finished.name}.old")
        target.rename(aside)
        finished.rename(target)
        shutil.rmtree(aside)
    else:
        finished.replace(target)
    return target
