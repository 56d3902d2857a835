"""Reading a mapping file: YAML to a ``Mapping``, each key checked and named in errors."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from yanbao.base.errors import UsageError
from yanbao.catalog import BY_NAME, Dataset
from yanbao.catalog.terms import Terms, parse_terms
from yanbao.inbox.code_repair import SUFFIX_RULES
from yanbao.inbox.mapping import Mapping, Week, Wide
from yanbao.inbox.units import is_duration, multiplier

_LARGEST_MAPPING = 1024 * 1024
_FROM_HEADER = "header"


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
    mapping = _Parser(where).mapping(text, name)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return replace(mapping, sha256=digest, unsettled=len(unsettled(text)))


def unsettled(text: str) -> list[str]:
    """The lines of a mapping on which its proposal left something to a person."""
    return [line for line in text.splitlines() if re.search(r"# TODO\b|: TODO$", line)]


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
            "optional_columns": self._texts,
            "constants": self._texts,
            "values": self._translations,
            "printed_numbers": self._flag,
            "empty": self._list,
            "pad_codes": self._flag,
            "code_suffix": self._suffix_rule,
            "sheet": self._text,
            "last_row": self._row,
            "date_format": self._date_format,
            "dates": self._date_formats,
            "week": self._week,
            "wide": self._wide,
            "split": self._naming_patterns,
            "skip_rows": self._patterns,
            "skip_where": self._patterns_by_header,
            "from_title": self._naming_pattern,
            "from_headers": self._naming_pattern,
            "from_file_name": self._naming_pattern,
            "redistribution": self._terms,
        }

    def mapping(self, text: str, name: str) -> Mapping:
        entries = self._entries(text)
        known = ("dataset", "units", "header_row", *self._fields)
        for key in entries:
            if key not in known:
                raise self._unknown("mapping key", key, known)
        if "dataset" not in entries:
            raise self._wrong("dataset", "is missing", "name the dataset that the file holds")
        dataset_name = self._text("dataset", entries.pop("dataset"))
        if dataset_name not in BY_NAME:
            raise self._unknown("dataset", dataset_name, BY_NAME)
        dataset = BY_NAME[dataset_name]
        units = self._texts("units", entries.pop("units", {}))
        first, last = self._rows("header_row", entries.pop("header_row", None))
        values: dict[str, Any] = {k: self._fields[k](k, v) for k, v in entries.items()}
        self._check_unit_columns(dataset, units, values)
        mapping = Mapping(
            name,
            dataset,
            header_row=first,
            header_end=last,
            units=self._units(dataset, units, values.get("constants", {})),
            unit_words={k: v for k, v in units.items() if not is_duration(v)},
            header_units=frozenset(k for k, v in units.items() if v == _FROM_HEADER),
            durations=frozenset(k for k, v in units.items() if is_duration(v)),
            **values,
        )
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
        """Targets are columns of the dataset, each filled once."""
        filled = mapping.filled
        named = [*filled, *mapping.optional_columns.values(), *mapping.dates, *mapping.values]
        for target in named:
            if target not in mapping.dataset.column_names:
                raise self._unknown(
                    f"column of {mapping.dataset.name}",
                    target,
                    mapping.dataset.column_names,
                )
        for target in filled:
            if filled.count(target) > 1:
                raise self._wrong(target, "is filled twice", "keep one column or constant")
        for target in mapping.dates:
            if mapping.dataset.column(target).kind != "date":
                raise self._wrong(f"dates.{target}", "is not a day", "drop its format")

    def _check_unit_columns(
        self, dataset: Dataset, units: dict[str, str], values: dict[str, Any]
    ) -> None:
        """Only numbers of the file have units."""
        for target in units:
            if target not in dataset.column_names:
                raise self._unknown(f"column of {dataset.name}", target, dataset.column_names)
            if dataset.column(target).kind not in ("decimal", "integer"):
                raise self._wrong(f"units.{target}", "is not a number", "drop its unit")
            if target in values.get("constants", {}):
                raise self._wrong(
                    f"units.{target}",
                    "multiplies a constant",
                    "write the constant in its unit",
                )

    def _units(
        self, dataset: Dataset, words: dict[str, str], constants: dict[str, str]
    ) -> dict[str, Decimal]:
        """The multiplier of each column whose unit the mapping itself names."""
        found = {}
        for target, word in words.items():
            column = dataset.column(target)
            if word == _FROM_HEADER:
                continue
            if is_duration(word):
                if column.unit != "seconds":
                    raise self._wrong(f"units.{target}", "is not in seconds", f"drop {word}")
                continue
            number = _number(word)
            if number is None:
                number = multiplier(word, column, constants.get("currency"))
            if number is None or not number.is_finite() or number == 0:
                raise self._wrong(
                    f"units.{target}",
                    f"is no multiplier for {column.unit or 'numbers'}: {word!r}",
                    "write a number or a unit word: for 亿元, 100000000 or 亿元",
                )
            found[target] = number
        return found

    def _texts(self, key: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            raise self._wrong(key, "is not a list of names and values", "write NAME: VALUE")
        return {str(name): self._text(f"{key}.{name}", entry) for name, entry in value.items()}

    def _translations(self, key: str, value: object) -> dict[str, dict[str, str]]:
        if not isinstance(value, dict):
            raise self._wrong(key, "is not a list of columns", "write COLUMN: {THEIRS: OURS}")
        return {str(name): self._texts(f"{key}.{name}", entry) for name, entry in value.items()}

    def _list(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise self._wrong(key, "is not a list", "write [one, two]")
        return tuple(self._text(key, entry) for entry in value)

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
        if not re.fullmatch(r"[1-9]\d{0,6}", text, re.ASCII):
            raise self._wrong(key, "is not a line number", "count lines from 1")
        return int(text)

    def _rows(self, key: str, value: object) -> tuple[int | None, int | None]:
        """One line, or the first and last line of a header: ``3`` or ``2-3``."""
        if value is None:
            return None, None
        match = re.fullmatch(
            r"([1-9]\d{0,5})(?:-([1-9]\d{0,5}))?", self._text(key, value), re.A
        )
        if match is None or int(match[2] or match[1]) - int(match[1]) not in range(5):
            raise self._wrong(key, "is not a line number", "count lines from 1: 3, or 2-3")
        return int(match[1]), int(match[2] or match[1])

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

    def _date_formats(self, key: str, value: object) -> dict[str, str]:
        formats = self._texts(key, value)
        return {name: self._date_format(f"{key}.{name}", f) for name, f in formats.items()}

    def _week(self, key: str, value: object) -> Week:
        return Week(**self._exactly(key, value, ("header", "start", "end")))

    def _wide(self, key: str, value: object) -> Wide:
        given = self._exactly(key, value, ("headers", "value"))
        return Wide(self._naming_pattern(f"{key}.headers", given["headers"]), given["value"])

    def _exactly(self, key: str, value: object, names: tuple[str, ...]) -> dict[str, str]:
        given = self._texts(key, value)
        if set(given) != set(names):
            raise self._wrong(key, f"needs {', '.join(names)}", "give each of them once")
        return given

    def _patterns(self, key: str, value: object) -> tuple[re.Pattern[str], ...]:
        return tuple(self._pattern(key, text) for text in self._list(key, value))

    def _patterns_by_header(self, key: str, value: object) -> dict[str, re.Pattern[str]]:
        texts = self._texts(key, value)
        return {name: self._pattern(f"{key}.{name}", text) for name, text in texts.items()}

    def _pattern(self, key: str, text: str) -> re.Pattern[str]:
        try:
            return re.compile(text)
        except re.error as error:
            raise self._wrong(
                key, f"is no regular expression ({error.msg})", "escape ( ) [ ] with \\"
            ) from error

    def _naming_pattern(self, key: str, value: object) -> re.Pattern[str]:
        pattern = self._pattern(key, self._text(key, value))
        if not pattern.groupindex:
            raise self._wrong(key, "names no column", "write (?P<column>...) in it")
        return pattern

    def _naming_patterns(self, key: str, value: object) -> dict[str, re.Pattern[str]]:
        patterns = self._texts(key, value)
        return {name: self._naming_pattern(f"{key}.{name}", p) for name, p in patterns.items()}

    def _terms(self, key: str, value: object) -> Terms:
        return parse_terms(value, key, self._where)

    def _wrong(self, key: str, what: str, hint: str) -> UsageError:
        return UsageError(f"{key} {what}", where=self._where, hint=hint)

    def _unknown(self, kind: str, name: str, known: Iterable[str]) -> UsageError:
        error = UsageError.unknown_name(kind, name, known)
        return UsageError(error.what, where=self._where, hint=error.hint)


def _number(word: str) -> Decimal | None:
    try:
        return Decimal(word)
    except InvalidOperation:
        return None
