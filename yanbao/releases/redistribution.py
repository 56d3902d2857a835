"""The terms of each load and of each mart, as a release records them.

From the strongest: the team's own ``redistribution.yml``, the mapping through which a file
came, the declaration of the source or of the dataset.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, RootModel

from yanbao.base.errors import UsageError
from yanbao.base.yaml_file import check, read_yaml, unknown
from yanbao.catalog import BY_NAME
from yanbao.catalog.declared_terms import DeclaredTerms
from yanbao.catalog.terms import OF_A_FILE, Terms, strictest
from yanbao.raw.load import StoredLoad
from yanbao.sources.terms import SOURCE_TERMS

OF_THE_SAMPLE = Terms("allowed", "样例数据为虚构，转录的事实注明出处")
_UNDECLARED = Terms("internal", "来源未声明可对外分发")
OwnTerms = Mapping[str, Terms]


def _source(key: str) -> str:
    """``source`` or ``source/dataset``."""
    source, _, dataset = key.partition("/")
    known = ("inbox", "sample", *SOURCE_TERMS)
    if source not in known:
        raise unknown("source", source, known)
    if dataset and dataset not in BY_NAME:
        raise unknown("dataset", dataset, BY_NAME)
    return key


class TermsFile(RootModel[dict[Annotated[str, AfterValidator(_source)], DeclaredTerms]]):
    """The team's own terms, by ``source`` or ``source/dataset``."""


def read_own_terms(path: Path) -> dict[str, Terms]:
    """The team's own terms by ``source`` or ``source/dataset``; empty without the file.

    Raises UsageError naming the key for anything that the file format does not know.
    """
    if not path.is_file():
        return {}
    content = read_yaml(path, UsageError)
    content = {} if content is None else content
    declared = check(TermsFile, content, path.name, UsageError).root
    return {key: one.terms for key, one in declared.items()}


def terms_of(stored: StoredLoad, own: OwnTerms) -> Terms:
    """The terms of one load."""
    load = stored.load
    for key in (f"{load.source}/{load.dataset}", load.source):
        if key in own:
            return own[key]
    if "redistribution" in load.arguments:
        return Terms(**load.arguments["redistribution"])
    if load.source == "sample":
        return OF_THE_SAMPLE
    if load.source == "inbox":
        dataset = BY_NAME.get(load.dataset)
        return dataset.file_terms if dataset else OF_A_FILE
    return SOURCE_TERMS.get(load.source, _UNDECLARED)


def with_terms(loads: Iterable[StoredLoad], own: OwnTerms) -> list[dict[str, Any]]:
    """The loads as a release records them, each with its terms."""
    records = []
    for stored in loads:
        terms = terms_of(stored, own)
        records.append(
            {
                **stored.as_record(),
                "redistribution": terms.permission,
                "redistribution_reason": terms.reason,
                "licence": terms.licence,
            }
        )
    return records


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
