"""Which dataset a file holds, and which of its columns are which of the dataset's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from yanbao.base.errors import FileRefusedError
from yanbao.catalog import DATASETS, Dataset
from yanbao.inbox.csv_sheet import UNNAMED
from yanbao.inbox.findings import shown
from yanbao.inbox.header_units import split_header
from yanbao.inbox.mapping import Mapping

# Columns that a marked-up copy carries; a repaired copy may come back with them.
OWN_COLUMNS = ("_row", "_rule", "_hint", "_surplus")
STEM_ENDS = "._- "


@dataclass(frozen=True)
class Plan:
    """How a file's columns become a dataset's.

    ``sources`` maps each of our columns to the received header, in received order;
    ``ignored`` are the received headers that the dataset does not know.
    """

    dataset: Dataset
    sources: dict[str, str]
    ignored: tuple[str, ...]
    warnings: tuple[str, ...]


def plan_columns(
    stem: str, headers: tuple[str, ...], dataset: Dataset | None, mapping: Mapping | None
) -> Plan:
    """Decide the dataset and its columns; refuses where a required column is missing."""
    if mapping is not None:
        _check_mapping(headers, dataset, mapping)
        dataset = mapping.dataset
    names = {header: mapping.ours(header) if mapping else header for header in headers}
    chosen = dataset or detect_dataset(stem, tuple(names.values()))
    known = set(chosen.column_names)
    sources: dict[str, str] = {}
    for header, ours in names.items():
        if ours in known:
            if ours in sources:
                both = f"{shown(sources[ours])!r} and {shown(header)!r}"
                raise FileRefusedError(
                    f"columns {both} both give {ours}",
                    "leave one of them out of the file or of the mapping",
                )
            sources[ours] = header
    constants = mapping.constants if mapping else {}
    _refuse_missing(chosen, {*sources, *constants}, headers)
    ignored = tuple(header for header in headers if names[header] not in known)
    if mapping is None:
        _refuse_other_writings(chosen, sources, ignored)
    return Plan(chosen, sources, ignored, _ignored_warnings(chosen, sources, ignored))


def detect_dataset(stem: str, headers: tuple[str, ...]) -> Dataset:
    """The dataset that the file's name begins with, else the only one its header fits."""
    by_name = dataset_of_stem(stem)
    if by_name is not None:
        return by_name
    fitting = [dataset for dataset in DATASETS if has_import_header(dataset, headers)]
    if len(fitting) == 1:
        return fitting[0]
    command = "name the file after its dataset or give --dataset"
    if fitting:
        names = ", ".join(dataset.name for dataset in fitting)
        raise FileRefusedError(f"its columns fit several datasets: {names}", command)
    nearest = sorted(DATASETS, key=lambda dataset: _distance(dataset, headers))[:3]
    names = ", ".join(dataset.name for dataset in nearest)
    raise FileRefusedError(
        f"its columns fit no dataset (nearest: {names}) and no known mapping",
        f"{command}, or write a mapping: yanbao new mapping FILE",
    )


def dataset_of_stem(stem: str) -> Dataset | None:
    """``a_share_bars_2024-10-31`` and ``index_bars.part2`` name their datasets."""
    fitting = [one for one in DATASETS if begins_with(stem, one.name, f"{STEM_ENDS}0123456789")]
    return max(fitting, key=lambda dataset: len(dataset.name), default=None)


def begins_with(stem: str, name: str, ends: str) -> bool:
    """Whether a file's name is ``name``, or goes on behind it with one of ``ends``."""
    stem, name = stem.casefold(), name.casefold()
    return stem == name or stem.startswith(tuple(name + end for end in ends))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The closest known name, whatever its case and however its words are joined."""
    folded = {_folded(candidate): candidate for candidate in known}
    found = get_close_matches(_folded(name), folded, n=1, cutoff=0.55)
    return folded[found[0]] if found else None


def _folded(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def is_unnamed(header: str) -> bool:
    return header.startswith(UNNAMED.split("{", maxsplit=1)[0])


def _is_own(header: str) -> bool:
    return header in OWN_COLUMNS or is_unnamed(header)


def has_import_header(dataset: Dataset, headers: tuple[str, ...]) -> bool:
    """Whether a header has every required column of a dataset, and no unknown one."""
    known = set(dataset.column_names)
    return set(dataset.required_columns) <= set(headers) and all(
        header in known or _is_own(header) for header in headers
    )


def _distance(dataset: Dataset, headers: tuple[str, ...]) -> tuple[int, int, str]:
    missing = set(dataset.required_columns) - set(headers)
    unknown = set(headers) - set(dataset.column_names)
    return len(missing) + len(unknown), len(missing), dataset.name


def _refuse_missing(dataset: Dataset, given: set[str], headers: tuple[str, ...]) -> None:
    missing = [name for name in dataset.required_columns if name not in given]
    if not missing:
        return
    unplaced = [header for header in headers if header not in dataset.column_names]
    parts = []
    for name in missing:
        near = nearest(name, unplaced)
        if near:
            unplaced.remove(near)
        parts.append(f"{name} (did you mean {shown(near)!r}?)" if near else name)
    raise FileRefusedError(
        f"required columns of {dataset.name} are missing: {', '.join(parts)}",
        "rename the columns in the file, or map them with --mapping",
    )


def _refuse_other_writings(
    dataset: Dataset, sources: dict[str, str], ignored: tuple[str, ...]
) -> None:
    """Refuse a column of ours with a unit or in other letters: left out, it would be blank."""
    free = {_folded(name): name for name in dataset.column_names if name not in sources}
    for header in ignored:
        ours = free.get(_folded(split_header(header)[0]))
        if ours:
            raise FileRefusedError(
                f"column {shown(header)!r} is {ours} in another writing",
                f"name it {ours}, in the unit of docs/import_formats.md,"
                " or write a mapping: yanbao new mapping FILE",
            )


def _ignored_warnings(
    dataset: Dataset, sources: dict[str, str], ignored: tuple[str, ...]
) -> tuple[str, ...]:
    parts = []
    free = [name for name in dataset.column_names if name not in sources]
    for header in ignored:
        if _is_own(header):
            continue
        near = nearest(header, free)
        parts.append(f"{shown(header)!r} (nearest: {near})" if near else f"{shown(header)!r}")
    if not parts:
        return ()
    return (f"columns that {dataset.name} does not have are ignored: {', '.join(parts)}",)


def missing_header(what: str, headers: tuple[str, ...], mapping: Mapping) -> FileRefusedError:
    """The refusal of a file that lacks a header of its mapping; it names the nearest one."""
    near = nearest(what, headers)
    known = f"its headers are {shown(', '.join(headers))}; is header_row right?"
    return FileRefusedError(
        f"the file has no column {what!r}, which mapping {mapping.name} names",
        f"did you mean {shown(near)!r}?" if near else known,
    )


def _check_mapping(headers: tuple[str, ...], dataset: Dataset | None, mapping: Mapping) -> None:
    if dataset is not None and dataset.name != mapping.dataset.name:
        raise FileRefusedError(
            f"mapping {mapping.name} is for {mapping.dataset.name}, not {dataset.name}",
            "give the mapping of this dataset, or no --dataset",
        )
    for header in mapping.columns:
        if header not in headers:
            raise missing_header(header, headers, mapping)
    for ours in mapping.constants:
        if ours in {mapping.ours(header) for header in headers}:
            raise FileRefusedError(
                f"the file has a column {ours}, for which mapping {mapping.name} gives"
                " a constant",
                "leave out one of the two",
            )
