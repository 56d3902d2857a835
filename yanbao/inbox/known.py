"""The mappings that a file is compared with: those shipped, and the team's own.

The team's stand in ``YANBAO_HOME/mappings`` and replace a shipped one of the same name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from yanbao.base.errors import FileRefusedError, UsageError
from yanbao.catalog import DATASETS, Dataset
from yanbao.inbox.columns import STEM_ENDS, begins_with, dataset_of_stem, has_import_header
from yanbao.inbox.fitting import fits
from yanbao.inbox.mapping import Mapping
from yanbao.inbox.mapping_file import load_mapping
from yanbao.inbox.received import Sheet

SHIPPED = Path(__file__).parent / "mappings"


def known_mappings(own: Path | None = None) -> tuple[Mapping, ...]:
    """Every mapping that a file can be compared with, the team's own before the shipped."""
    paths = {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}
    if own is not None:
        paths |= {path.stem: path for path in sorted(own.glob("*.yml"))}
    return tuple(load_mapping(path) for path in paths.values())


def named_mapping(name: str, own: Path | None = None) -> Mapping:
    """The mapping in a file, or the known one that is called ``name``."""
    path = Path(name)
    if path.suffix in (".yml", ".yaml") or path.exists():
        return load_mapping(path)
    known = {mapping.name: mapping for mapping in known_mappings(own)}
    if name not in known:
        raise UsageError.unknown_name("mapping", name, known)
    return known[name]


def detected_mapping(
    stem: str,
    known: Iterable[Mapping],
    dataset: Dataset | None,
    opened: Callable[[Mapping | None], Sheet],
) -> Mapping | None:
    """The mapping that a file is of, ``None`` where it is of none.

    A file that is named after a mapping is of that one. Else a file whose header has the
    dataset's own columns needs none; else the one mapping whose headers are all there is
    taken, and a file of several mappings is refused.
    """
    candidates = [m for m in known if dataset is None or m.dataset == dataset]
    named = [mapping for mapping in candidates if begins_with(stem, mapping.name, STEM_ENDS)]
    if named:
        return max(named, key=lambda mapping: len(mapping.name))
    headers: dict[tuple[object, ...], tuple[str, ...]] = {}

    def headers_for(mapping: Mapping | None) -> tuple[str, ...]:
        """The header as the mapping's own rows and sheet show it; empty where there is none."""
        place = (mapping.sheet, mapping.header_lines) if mapping else (None, None)
        if place not in headers:
            try:
                headers[place] = opened(mapping).headers
            except FileRefusedError:
                headers[place] = ()
        return headers[place]

    if in_import_format(stem, headers_for(None), dataset):
        return None
    fitting = [m for m in candidates if fits(m, headers_for(m))]
    if len(fitting) > 1:
        names = ", ".join(mapping.name for mapping in fitting)
        raise FileRefusedError(
            f"its columns fit several mappings: {names}",
            "say which with --mapping NAME, or begin the file's name with it",
        )
    return fitting[0] if fitting else None


def in_import_format(stem: str, headers: tuple[str, ...], dataset: Dataset | None) -> bool:
    """Whether the header is that of the dataset meant, or of any where none is."""
    meant = dataset or dataset_of_stem(stem)
    if meant is not None:
        return set(meant.required_columns) <= set(headers)
    return any(has_import_header(one, headers) for one in DATASETS)
