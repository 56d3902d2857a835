"""``make generate``: every generated file of the repository, and nothing stale beside them.

A generator gives the text of files by their path. ``stale_files`` names what differs, for the
one test that holds the committed files equal to what is generated.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.nightly.release import lineage
from yanbao.scaffold import formats_page
from yanbao.scaffold.dataset_files import model_files
from yanbao.scaffold.dbt_words import word_files
from yanbao.scaffold.exposures import exposure_files
from yanbao.scaffold.freshness_files import freshness_files
from yanbao.scaffold.generated import is_generated
from yanbao.scaffold.mart_contracts import mart_contracts
from yanbao.scaffold.schemas import schema_files
from yanbao.scaffold.source_files import source_files
from yanbao.scaffold.staging_files import staging_files
from yanbao.warehouse.dbt_parse import dbt_manifest

logger = logging.getLogger(__name__)

Files = Mapping[Path, str]
Lineage = Sequence[tuple[str, str]]

GENERATORS: tuple[Callable[[], Files], ...] = (
    staging_files,
    model_files,
    freshness_files,
    source_files,
    schema_files,
    mart_contracts,
    word_files,
    exposure_files,
)
# These need dbt's graph too, as (mart, dataset) pairs.
FROM_LINEAGE: tuple[Callable[[Lineage], Files], ...] = (formats_page.page_files,)


def generated_files(of_lineage: Lineage | None) -> dict[Path, str]:
    """Text by path; those that need dbt's graph only where it is given."""
    files = {path: text for make in GENERATORS for path, text in make().items()}
    if of_lineage is not None:
        for make_page in FROM_LINEAGE:
            files.update(make_page(of_lineage))
    return files


def stale_files(files: Files) -> list[Path]:
    """What is missing or differs, and what carries the mark but is no longer generated."""
    differing = [
        path
        for path, text in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return sorted([*differing, *(path for path in _marked() if path not in files)])


def _marked() -> Iterator[Path]:
    """Files below the models that carry the mark."""
    for path in (PROJECT_ROOT / "models").rglob("*.*"):
        if path.suffix in (".sql", ".yml") and is_generated(path.read_text(encoding="utf-8")):
            yield path


def write(files: Files) -> list[Path]:
    """Write what differs and remove what is no longer generated; returns those paths."""
    stale = stale_files(files)
    for path in stale:
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
        else:
            path.unlink()
    return stale


def main() -> None:
    written = write(generated_files(None))
    written += write(generated_files(lineage(dbt_manifest())))
    for path in dict.fromkeys(written):
        logger.info("%s", path.relative_to(PROJECT_ROOT))
