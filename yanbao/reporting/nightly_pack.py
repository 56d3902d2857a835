"""From a release, or an ad-hoc build on one, to printed packs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from yanbao.base.errors import SettingsError
from yanbao.base.settings import PROJECT_ROOT, Settings, house_file
from yanbao.base.yaml_file import Text, Texts, YamlModel, as_list, check, read_yaml, unknown
from yanbao.releases.adhoc import AdHocBuilder
from yanbao.releases.clean_up import nightly_pin
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.reporting.formats import FORMATS
from yanbao.warehouse.store import Parameters


def _known_pack(name: str) -> str:
    known = [path.stem for path in (PROJECT_ROOT / "reports" / "packs").glob("*.yml")]
    if name not in known and not name.endswith((".yml", ".yaml")):
        raise unknown("pack", name, known)
    return name


def _known_formats(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in FORMATS:
            raise unknown("format", name, FORMATS)
    return names


class NightlyPack(YamlModel):
    """A pack of ``reports/packs``, or a ``.yml`` beside the settings, and its formats."""

    name: Annotated[Text, AfterValidator(_known_pack)]
    formats: Annotated[Texts, AfterValidator(_known_formats)]


Packs = Annotated[tuple[NightlyPack, ...], BeforeValidator(as_list)]


def _shipped(name: str) -> Packs:
    return (NightlyPack(name=name, formats=("html", "xlsx")),)


class RunSettings(YamlModel):
    """``settings.yml`` of a state folder: what is printed, and how long it is kept.

    ``keep_days`` is how long the releases of nights are kept; one that a person pinned or
    printed from stays for good.
    """

    packs: Packs = _shipped("galaxy-weekly")
    weekly: Packs = _shipped("galaxy-weekly")
    monthly: Packs = _shipped("galaxy-monthly")
    keep_days: Annotated[int, Field(ge=0)] = 14


@dataclass(frozen=True)
class PrintedFile:
    """A pack in one format: a file or folder below ``reports/``, and its size."""

    pack: str
    format: str
    path: str
    size: int

    def is_intact(self, reports: Path) -> bool:
        """Whether it is still there as it was printed."""
        return _size(reports / self.path) == self.size


def run_settings(settings: Settings) -> RunSettings:
    """The settings of the state folder; without a file, the default ones."""
    path = settings.own_settings
    if not path.is_file():
        return RunSettings()
    return check(RunSettings, read_yaml(path, SettingsError) or {}, path.name, SettingsError)


def pack_file(settings: Settings, pack: NightlyPack) -> str:
    """What the loader of packs is given: a shipped name, or the path of the desk's own file."""
    is_own = pack.name.endswith((".yml", ".yaml"))
    return str(settings.home / pack.name) if is_own else pack.name


def print_nightly_packs(
    settings: Settings, release: Release, progress: Callable[[str], None]
) -> tuple[PrintedFile, ...]:
    """Print the packs of the settings from a release into ``reports/<release>/``.

    The release is pinned before: it stays as long as nights are kept (``keep_days``).
    """
    ReleaseStore(settings.releases).pin(release.release_id, nightly_pin(release.release_id))
    out = settings.reports / release.release_id
    return _printed(settings, run_settings(settings).packs, release.path, out, progress)


def print_packs_of_day(
    settings: Settings,
    packs: Packs,
    parameters: Parameters,
    progress: Callable[[str], None],
) -> tuple[PrintedFile, ...]:
    """Print packs for any day from the current release, which they cite: it is pinned."""
    store = ReleaseStore(settings.releases)
    release = store.current()
    builder = AdHocBuilder(settings.work / "builds", release, parameters)
    folder = release.path if builder.is_released else builder.build_all()
    out = settings.reports / f"{release.release_id}_{parameters.slug()}"
    files = _printed(settings, packs, folder, out, progress)
    for pack in packs:
        store.pin(release.release_id, f"cited by {pack.name} as of {parameters.as_of}")
    return files


def _printed(
    settings: Settings,
    packs: Packs,
    folder: Path,
    out: Path,
    progress: Callable[[str], None],
) -> tuple[PrintedFile, ...]:
    from yanbao.reporting.build import build_pack  # noqa: PLC0415
    from yanbao.reporting.reading.release_reader import ReleaseReader  # noqa: PLC0415
    from yanbao.reporting.styling.house_style import load_house_style  # noqa: PLC0415

    house = load_house_style(house_file(settings))
    files = []
    for pack in packs:
        printed = build_pack(
            pack_file(settings, pack),
            ReleaseReader(folder),
            out,
            pack.formats,
            progress=progress,
            house=house,
        )
        files += [
            PrintedFile(
                Path(pack.name).stem, name, str(path.relative_to(settings.reports)), _size(path)
            )
            for name, path in printed.items()
        ]
    return tuple(files)


def _size(path: Path) -> int:
    """Bytes of a file, or of all files of a folder; 0 where there is nothing."""
    if path.is_dir():
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())
    return path.stat().st_size if path.exists() else 0
