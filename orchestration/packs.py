"""From a release, or an ad-hoc build on one, to a printed pack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.releases.shelf import Shelf
from orchestration.settings import Settings, house_file

if TYPE_CHECKING:
    from reports.styling.house import Audience

NIGHTLY_PACK = "galaxy-weekly"
NIGHTLY_FORMATS = ("html", "xlsx")


def build_nightly_pack(settings: Settings, say: Callable[[str], None]) -> dict[str, Path]:
    """Print the nightly pack of the current release into ``reports/<release>/``."""
    from reports.build import build_pack  # noqa: PLC0415
    from reports.release_reader import ReleaseReader  # noqa: PLC0415
    from reports.styling.house import load_house  # noqa: PLC0415

    house = load_house(house_file(settings))
    release = Shelf(settings.releases).current()
    out = settings.reports / release.release_id
    reader = ReleaseReader(release.path)
    return build_pack(NIGHTLY_PACK, reader, out, NIGHTLY_FORMATS, progress=say, house=house)


def build_pack_for(
    pack: str,
    folder: Path,
    formats: Sequence[str],
    out: Path,
    *,
    say: Callable[[str], None],
    given: Mapping[str, str] | None = None,
    house: Path | None = None,
    audience: Audience | None = None,
    templates: Mapping[str, Path | None] | None = None,
) -> dict[str, Path]:
    """Print a pack from any folder in the layout of a release.

    ``given`` are parameters of the pack, ``house`` is the file of its style. ``audience``
    says for whom it is, and ``templates`` (docx, pptx) what is filled, whatever the house says.
    """
    from reports.build import build_pack  # noqa: PLC0415
    from reports.release_reader import ReleaseReader  # noqa: PLC0415
    from reports.styling.house import load_house, with_templates  # noqa: PLC0415

    style = with_templates(load_house(house), **(templates or {}))
    return build_pack(
        pack,
        ReleaseReader(folder),
        out,
        formats,
        progress=say,
        given=given,
        house=replace(style, audience=audience or style.audience),
    )
