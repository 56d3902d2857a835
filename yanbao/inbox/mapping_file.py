"""Reading a mapping file: its keys by the model, its columns and units by the dataset."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml

from yanbao.base.errors import UsageError
from yanbao.base.yaml_file import check, parse_yaml, read_text
from yanbao.inbox.code_repair import rule_for
from yanbao.inbox.mapping import FROM_HEADER, Mapping
from yanbao.inbox.unit_mentions import mentioned_factor
from yanbao.inbox.units import is_duration


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file; its name is the file's without the ending.

    Raises UsageError, naming the key, for anything that the file format does not know.
    """
    return parse_mapping(read_text(path, UsageError), path.stem, where=path.name)


def parse_mapping(text: str, name: str, *, where: str) -> Mapping:
    """A mapping from its YAML text; ``where`` names the file in every error."""
    content = parse_yaml(text, where, UsageError, as_texts=True)
    mapping = check(Mapping, content, where, UsageError)
    _check_columns(mapping, where)
    return mapping.model_copy(
        update={
            "name": name,
            "multipliers": _multipliers(mapping, where),
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "unsettled": unsettled(text),
            "lines": _lines_of(text),
        }
    )


def unsettled(text: str) -> dict[int, str]:
    """The lines of a mapping that leave something to a person, by their numbers."""
    lines = enumerate(text.splitlines(), start=1)
    return {number: line.strip() for number, line in lines if re.search(r"\bTODO\b", line)}


def _lines_of(text: str) -> dict[str, int]:
    """In which line each column has its constant, else its unit."""
    found: dict[str, int] = {}
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    for key, entries in document.value if document else ():
        if key.value in ("constants", "units") and isinstance(entries, yaml.MappingNode):
            for name, _ in entries.value:
                found.setdefault(name.value, name.start_mark.line + 1)
    return found


def _check_columns(mapping: Mapping, where: str) -> None:
    """Targets are columns of the dataset, each filled once; only numbers have units."""
    dataset, filled = mapping.dataset, mapping.filled
    given = (mapping.optional_columns.values(), mapping.dates, mapping.values)
    for target in (*filled, *mapping.unit_words, *(name for names in given for name in names)):
        if target not in dataset.column_names:
            kind = f"column of {dataset.name}"
            raise UsageError.unknown_name(kind, target, dataset.column_names, where)
    for target in filled:
        if filled.count(target) > 1:
            raise UsageError(
                f"{target} is filled twice", where=where, hint="keep one column or constant"
            )
    patterns = [column.pattern for column in dataset.columns if column.kind == "code"]
    for rule in mapping.code_suffix:
        if not any(rule_for(pattern or "", (rule,)) for pattern in patterns):
            hint = "codes of indices take the rule index, others a_share, fund or hk"
            what = f"code_suffix: {rule} is no rule for the codes of {dataset.name}"
            raise UsageError(what, where=where, hint=hint)
    for target in mapping.dates:
        if dataset.column(target).kind != "date":
            raise UsageError(
                f"dates.{target} is not a day", where=where, hint="drop its format"
            )
    for target in mapping.unit_words:
        place = f"units.{target}"
        if dataset.column(target).kind not in ("decimal", "integer"):
            raise UsageError(f"{place} is not a number", where=where, hint="drop its unit")
        if target in mapping.constants:
            hint = "write the constant in its unit"
            raise UsageError(f"{place} multiplies a constant", where=where, hint=hint)


def _multipliers(mapping: Mapping, where: str) -> dict[str, Decimal]:
    """The multiplier of each column whose unit the mapping itself names."""
    found = {}
    for target, word in mapping.unit_words.items():
        column = mapping.dataset.column(target)
        if is_duration(word) and column.unit != "seconds":
            what = f"units.{target} is not in seconds"
            raise UsageError(what, where=where, hint=f"drop {word}")
        if is_duration(word) or word == FROM_HEADER:
            continue
        number = _number(word)
        if number is None:
            number = mentioned_factor(word, column, mapping.constants.get("currency"))
        if number is None or not number.is_finite() or number == 0:
            raise UsageError(
                f"units.{target} is no multiplier for {column.unit or 'numbers'}: {word!r}",
                where=where,
                hint="write a number or a unit word: for 亿元, 100000000 or 亿元",
            )
        found[target] = number
    return found


def _number(word: str) -> Decimal | None:
    try:
        return Decimal(word)
    except InvalidOperation:
        return None
