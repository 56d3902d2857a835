"""The terms of each load and of each mart, as a release records them.

From the strongest: the desk's own ``redistribution.yml``, the mapping through which a file
came, the declaration of the source or of the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from yanbao.base.errors import UsageError
from yanbao.catalog import BY_NAME
from yanbao.catalog.terms import OF_A_FILE, Terms, parse_terms, strictest
from yanbao.raw.load import StoredLoad
from yanbao.sources.terms import SOURCE_TERMS

OF_THE_SAMPLE = Terms("allowed", "样例数据为虚构，转录的事实注明出处")
_UNDECLARED = Terms("internal", "来源未声明可对外分发")
_LARGEST_FILE = 1024 * 1024
Desk = Mapping[str, Terms]


def read_desk_terms(path: Path) -> dict[str, Terms]:
    """The desk's own terms by ``source`` or ``source/dataset``; empty without the file.

    Raises UsageError naming the key for anything that the file format does not know.
    """
    if not path.is_file():
        return {}
    if path.stat().st_size > _LARGEST_FILE:
        raise UsageError("terms are a short text file", where=path.name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" (line {mark.line + 1})" if mark else ""
        raise UsageError(
            f"the terms cannot be read{line}", where=path.name, hint="is it YAML in UTF-8?"
        ) from error
    if not isinstance(content, dict):
        raise UsageError(
            "the file is not a list of sources",
            where=path.name,
            hint="write inbox/funding_rounds: {permission: allowed, reason: …}",
        )
    for key in content:
        _require_known(str(key), path.name)
    return {str(key): parse_terms(value, str(key), path.name) for key, value in content.items()}


def _require_known(key: str, where: str) -> None:
    source, _, dataset = key.partition("/")
    known = ("inbox", "sample", *SOURCE_TERMS)
    if source not in known:
        error = UsageError.unknown_name("source", source, known)
        raise UsageError(error.what, where=where, hint=error.hint)
    if dataset and dataset not in BY_NAME:
        error = UsageError.unknown_name("dataset", dataset, BY_NAME)
        raise UsageError(error.what, where=where, hint=error.hint)


def terms_of(stored: StoredLoad, desk: Desk) -> Terms:
    """The terms of one load."""
    load = stored.load
    for key in (f"{load.source}/{load.dataset}", load.source):
        if key in desk:
            return desk[key]
    if "redistribution" in load.arguments:
        return Terms(**load.arguments["redistribution"])
    if load.source == "sample":
        return OF_THE_SAMPLE
    if load.source == "inbox":
        dataset = BY_NAME.get(load.dataset)
        return dataset.file_terms if dataset else OF_A_FILE
    return SOURCE_TERMS.get(load.source, _UNDECLARED)


def with_terms(loads: Iterable[StoredLoad], desk: Desk) -> list[dict[str, Any]]:
    """The loads as a release records them, each with its terms."""
    return [stored.as_record() | _fields(terms_of(stored, desk)) for stored in loads]


def dataset_terms(loads: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """Per dataset the strictest terms of its recorded loads, and which source set them."""
    by_dataset: dict[str, dict[Terms, str]] = {}
    for load in loads:
        terms = Terms(load["redistribution"], load["redistribution_reason"], load["licence"])
        by_dataset.setdefault(str(load["dataset"]), {}).setdefault(terms, str(load["source"]))
    found = {}
    for dataset, ones in by_dataset.items():
        terms = strictest(ones)
        label = BY_NAME[dataset].label if dataset in BY_NAME else dataset
        note = f"{label}（{ones[terms]}：{terms.reason}）"
        found[dataset] = {
            "dataset_label": label,
            "redistribution": terms.permission,
            "redistribution_note": note,
        }
    return found


def _fields(terms: Terms) -> dict[str, str]:
    return {
        "redistribution": terms.permission,
        "redistribution_reason": terms.reason,
        "licence": terms.licence,
    }
