"""Builds a pack from a release into files: composed once, rendered in each format.

Renderers are imported when their format is asked for, so importing this is cheap.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from orchestration.errors import UsageError
from reports.compose import compose
from reports.pack_loader import load_pack
from reports.printed import PrintedPack
from reports.release_reader import ReportTables

_NOT_A_NAME = re.compile(r"[^\w.-]")
Progress = Callable[[str], None]
Render = Callable[[PrintedPack, Path, Progress | None], None]


def build_pack(
    pack: str,
    release: ReportTables,
    out: Path,
    formats: Sequence[str] = ("html", "xlsx", "csv"),
    progress: Progress | None = None,
    *,
    given: Mapping[str, str] | None = None,
) -> dict[str, Path]:
    """Writes the pack in each format under ``out`` and returns where each one is.

    ``pack`` is a name under ``reports/packs`` or the path of a ``.yml``. CSV is a folder
    with one file per table. Outputs are moved into place only after every format has been
    rendered, each whole: a failure or a kill leaves the earlier ones as they were.
    ``given`` sets parameters of the pack; their values stand in the names of the files.
    """
    for name in formats:
        if name not in RENDERERS:
            raise UsageError.unknown_name("format", name, RENDERERS)
    report = progress or _silent
    spec = load_pack(pack)
    report(f"{spec.name}: composing from release {release.manifest.release_id}")
    printed = compose(spec, release, given)
    report(f"{spec.name}: {len(printed.tables)} tables, {len(printed.charts)} charts")
    out.mkdir(parents=True, exist_ok=True)
    settings = "".join(f"-{_NOT_A_NAME.sub('_', value)}" for value in (given or {}).values())
    stem = f"{spec.name}{settings}-{release.manifest.as_of}"
    # Beside the outputs, so that the final rename stays within one file system.
    with tempfile.TemporaryDirectory(dir=out, prefix=".building-") as building:
        rendered: dict[str, Path] = {}
        for name in dict.fromkeys(formats):
            render, suffix = RENDERERS[name]
            rendered[name] = Path(building) / f"{stem}{suffix}"
            report(f"{spec.name}: {name}")
            render(printed, rendered[name], progress)
        return {name: _publish(path, out / path.name) for name, path in rendered.items()}


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


def _silent(_: str) -> None:
    return None


def _html(pack: PrintedPack, path: Path, progress: Progress | None) -> None:
    from reports.render_html import render_html  # noqa: PLC0415

    render_html(pack, path, progress)


def _xlsx(pack: PrintedPack, path: Path, _: Progress | None) -> None:
    from reports.render_xlsx import render_xlsx  # noqa: PLC0415

    render_xlsx(pack, path)


def _csv(pack: PrintedPack, path: Path, _: Progress | None) -> None:
    from reports.csv_out import write_csv  # noqa: PLC0415

    write_csv(pack, path)


# Format → how it is rendered, and how its file or folder name ends.
RENDERERS: dict[str, tuple[Render, str]] = {
    "html": (_html, ".html"),
    "xlsx": (_xlsx, ".xlsx"),
    "csv": (_csv, "-csv"),
}
