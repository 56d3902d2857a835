"""From a release, or an ad-hoc build on one, to a printed pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yanbao.base.settings import Settings, house_file
from yanbao.releases.release_store import ReleaseStore

if TYPE_CHECKING:
    from yanbao.reporting.styling.house import Audience

NIGHTLY_PACK = "galaxy-weekly"
NIGHTLY_FORMATS = ("html", "xlsx")


def build_nightly_pack(settings: Settings, progress: Callable[[str], None]) -> dict[str, Path]:
    """Print the nightly pack of the current release into ``reports/<release>/``."""
    from yanbao.reporting.build import build_pack  # noqa: PLC0415
    from yanbao.reporting.reading.release_reader import ReleaseReader  # noqa: PLC0415
    from yanbao.reporting.styling.house import load_house  # noqa: PLC0415

    house = load_house(house_file(settings))
    release = ReleaseStore(settings.releases).current()
    out = settings.reports / release.release_id
    reader = ReleaseReader(release.path)
    return build_pack(
        NIGHTLY_PACK, reader, out, NIGHTLY_FORMATS, progress=progress, house=house
    )


def build_pack_for(
    pack: str,
    folder: Path,
    formats: Sequence[str],
    out: Path,
    *,
    progress: Callable[[str], None],
    given: Mapping[str, str] | None = None,
    house: Path | None = None,
    audience: Audience | None = None,
    templates: Mapping[str, Path | None] | None = None,
) -> dict[str, Path]:
    """Print a pack from any folder in the layout of a release.

    ``given`` are parameters of the pack, ``house`` is the file of its style. ``audience``
    says for whom it is, and ``templates`` (docx, pptx) what is filled; both go before the
    house style.
    """
    from yanbao.reporting.build import build_pack  # noqa: PLC0415
    from yanbao.reporting.reading.release_reader import ReleaseReader  # noqa: PLC0415
    from yanbao.reporting.styling.house import load_house, with_templates  # noqa: PLC0415

    style = with_templates(load_house(house), **(templates or {}))
    return build_pack(
        pack,
        ReleaseReader(folder),
        out,
        formats,
        progress=progress,
        given=given,
        house=style.model_copy(update={"audience": audience or style.audience}),
    )
