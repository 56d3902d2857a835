"""Mapping files: how a vendor's export becomes an import format.

A mapping says everything that changes a value: which header is which column, what is
constant, what is multiplied, and whether codes may be repaired. Nothing is repaired that
no mapping asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from orchestration.datasets import BY_NAME, Dataset
from orchestration.errors import UsageError
from orchestration.inbox.code_repair import SUFFIX_RULES

_LARGEST_MAPPING = 1024 * 1024


@dataclass(frozen=True)
class Mapping:
    """How one vendor's file is read.

    ``columns`` maps received headers to ours, ``constants`` fills columns that the file
    lacks, ``units`` multiplies (亿元 → yuan: 100000000), ``code_suffix`` names the rule
    that derives an exchange suffix, ``header_row`` is the line of the header counted
    from 1, and ``date_format`` is in the notation of ``strptime``. ``sheet`` names the
    sheet of a workbook and says nothing about CSV.
    """

    name: str
    dataset: Dataset
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    units: dict[str, Decimal] = field(default_factory=dict)
    pad_codes: bool = False
    code_suffix: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    date_format: str | None = None

    def ours(self, header: str) -> str:
        """Our name of a received column; a header that is not mapped keeps its own."""
        return self.columns.get(header, header)


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; its name is the file's without the ending.

    Raises UsageError, naming the key, for anything that the file format does not know.
    """
    try:
        if path.stat().st_size > _LARGEST_MAPPING:
            raise UsageError("a mapping is a short text file", where=path.name)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            "the mapping cannot be read", where=path.name, hint="is it UTF-8 text?"
        ) from error
    return parse_mapping(text, path.stem, where=path.name)


def parse_mapping(text: str, name: str, *, where: str) -> Mapping:
    """A mapping from its YAML text; ``where`` names the file in every error."""
    return _Parser(where).mapping(text, name)


class _TextLoader(yaml.BaseLoader):
    """Every scalar stays text: 000001 is a code and 2024-10-31 is written as it stands."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"{key.value!r} is given twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


class _Parser:
    """Checks each key of a mapping file; ``where`` is the file's name."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._fields: dict[str, Callable[[str, object], object]] = {
            "columns": self._texts,
            "constants": self._texts,
            "units": self._units,
            "pad_codes": self._flag,
            "code_suffix": self._suffix_rule,
            "header_row": self._row,
            "sheet": self._text,
            "date_format": self._date_format,
        }

    def mapping(self, text: str, name: str) -> Mapping:
        entries = self._entries(text)
        for key in entries:
            if key not in ("dataset", *self._fields):
                raise self._unknown("mapping key", key, ("dataset", *self._fields))
        if "dataset" not in entries:
            raise self._wrong("dataset", "is missing", "name the dataset that the file holds")
        dataset_name = self._text("dataset", entries.pop("dataset"))
        if dataset_name not in BY_NAME:
            raise self._unknown("dataset", dataset_name, BY_NAME)
        values = {key: self._fields[key](key, value) for key, value in entries.items()}
        mapping = Mapping(name, BY_NAME[dataset_name], **values)  # type: ignore[arg-type]
        self._check_columns(mapping)
        return mapping

    def _entries(self, text: str) -> dict[str, object]:
        try:
            loaded = _TextLoader(text).get_single_data()
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f" (line {mark.line + 1})" if mark else ""
            problem = getattr(error, "problem", None) or "it is not YAML"
            raise UsageError(
                f"the mapping cannot be read{line}: {problem}", where=self._where
            ) from error
        if not isinstance(loaded, dict):
            raise self._wrong("the file", "is not a list of keys", "begin with dataset: NAME")
        return loaded

    def _check_columns(self, mapping: Mapping) -> None:
        """Targets are columns of the dataset, each filled once; only numbers have units."""
        targets = [*mapping.columns.values(), *mapping.constants]
        for target in [*targets, *mapping.units]:
            if target not in mapping.dataset.column_names:
                raise self._unknown(
                    f"column of {mapping.dataset.name}",
                    target,
                    mapping.dataset.column_names,
                )
        for target in targets:
            if targets.count(target) > 1:
                raise self._wrong(target, "is filled twice", "keep one column or constant")
        for target in mapping.units:
            if mapping.dataset.column(target).kind not in ("decimal", "integer"):
                raise self._wrong(f"units.{target}", "is not a number", "drop its unit")
            if target in mapping.constants:
                raise self._wrong(
                    f"units.{target}",
                    "multiplies a constant",
                    "write the constant in its unit",
                )

    def _texts(self, key: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self._wrong(key, "is not a list of names and values", "write NAME: VALUE")
        return {str(name): self._text(f"{key}.{name}", entry) for name, entry in value.items()}

    def _units(self, key: str, value: object) -> dict[str, Decimal]:
        units = {}
        for name, entry in self._texts(key, value).items():
            try:
                units[name] = Decimal(entry)
            except InvalidOperation:
                units[name] = Decimal("nan")
            if not units[name].is_finite() or units[name] == 0:
                raise self._wrong(f"{key}.{name}", "is no multiplier", "for 亿元: 100000000")
        return units

    def _text(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, "needs a value", "write one, or leave the key out")
        return value.strip()

    def _flag(self, key: str, value: object) -> bool:
        if value not in ("true", "false"):
            raise self._wrong(key, "is neither true nor false", "write true or false")
        return value == "true"

    def _row(self, key: str, value: object) -> int:
        text = self._text(key, value)
        if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
            raise self._wrong(key, "is not a line number", "count lines from 1")
        return int(text)

    def _suffix_rule(self, key: str, value: object) -> str:
        rule = self._text(key, value)
        if rule not in SUFFIX_RULES:
            raise self._unknown("code_suffix rule", rule, SUFFIX_RULES)
        return rule

    def _date_format(self, key: str, value: object) -> str:
        text = self._text(key, value)
        if "%" not in text:
            raise self._wrong(key, "has no % parts", "for 2024/10/31: '%Y/%m/%d'")
        return text

    def _wrong(self, key: str, what: str, hint: str) -> UsageError:
        return UsageError(f"{key} {what}", where=self._where, hint=hint)

    def _unknown(self, kind: str, name: str, known: Iterable[str]) -> UsageError:
        error = UsageError.unknown_name(kind, name, known)
        return UsageError(error.what, where=self._where, hint=error.hint)
