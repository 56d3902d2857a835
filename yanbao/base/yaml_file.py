"""YAML that a user writes: read without tags and repeated keys, then checked by a model.

A refusal is one line: file, place (``sections[0].items[2].columns``), the wrong key or value,
and what to do, because a misspelt key that is ignored prints a wrong page without a word.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from yanbao.base.errors import YanbaoError, nearest

LARGEST = 1024 * 1024
Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")
_INTERNAL = "no key of the file"
Internal = SkipJsonSchema[Annotated[Value, _INTERNAL]]
# What is wrong by the type of pydantic's error, and the hint, in words of a user.
_EXPECTED = {
    "string_type": ("a text is expected", "write one, in quotes where it looks like a number"),
    "string_pattern_mismatch": ("a text is expected", "write one, or leave the key out"),
    "bool_type": ("true or false is expected", ""),
    "int_type": ("a whole number is expected", ""),
    "greater_than_equal": ("a whole number ≥ {ge} is expected", ""),
    "dict_type": ("a mapping is expected here", "write NAME: VALUE"),
    "tuple_type": ("a list is expected", "write [one, two]"),
    "too_short": ("a list with at least one entry is expected", ""),
}


class _UniqueKeys(yaml.constructor.BaseConstructor):
    """Refuse a key given twice: the first value would vanish."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} is given twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Values(_UniqueKeys, yaml.SafeLoader):
    """Plain values: texts, numbers, days, truth values."""


class _Texts(_UniqueKeys, yaml.BaseLoader):
    """Every value stays text: 000001 is a code and 2024-10-31 stands as it is written."""


class _ProjectValues(_UniqueKeys, yaml.CSafeLoader):
    """The same five times as fast, with less exact places: for the project's own files."""


def read_yaml(path: Path, error: type[YanbaoError]) -> Any:
    """The plain values of a YAML file."""
    return parse_yaml(read_text(path, error), path.name, error)


def read_project_yaml(path: Path, error: type[YanbaoError]) -> Any:
    """The plain values of a YAML file that is part of the project."""
    return _parsed(read_text(path, error), path.name, error, _ProjectValues)


def read_text(path: Path, error: type[YanbaoError]) -> str:
    """The text of a short file."""
    try:
        if path.stat().st_size > LARGEST:
            raise error("the file is too large: a short text is expected", where=path.name)
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as why:
        raise error(
            "the file cannot be read", where=path.name, hint="is it UTF-8 text?"
        ) from why


def parse_yaml(
    text: str, where: str, error: type[YanbaoError], *, as_texts: bool = False
) -> Any:
    return _parsed(text, where, error, _Texts if as_texts else _Values)


def _parsed(text: str, where: str, error: type[YanbaoError], loader: Any) -> Any:
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506 (all are safe)
    except yaml.YAMLError as why:
        mark = getattr(why, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        what = getattr(why, "problem", None) or "this is not valid YAML"
        raise error(str(what), where=place, hint="correct the YAML") from why


class YamlModel(BaseModel):
    """A mapping of a YAML file. An ``Internal`` field is no key of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @classmethod
    def known_keys(cls) -> tuple[str, ...]:
        return tuple(
            field.alias or name
            for name, field in cls.model_fields.items()
            if _INTERNAL not in field.metadata
        )

    @model_validator(mode="before")
    @classmethod
    def _has_known_keys(cls, values: Any) -> Any:
        known = cls.known_keys()
        if not isinstance(values, dict):
            raise wrong("a mapping is expected here", f"its keys are {', '.join(known)}")
        for key in values:
            if isinstance(key, bool):
                raise wrong("YAML reads on, off, yes and no as truth values", "write 'on'")
            if key not in known:
                raise unknown("key", key, known)
        return values


def check(
    model: type[Model],
    content: Any,
    where: str,
    error: type[YanbaoError],
    context: Mapping[str, Any] | None = None,
) -> Model:
    """The content as its model; the first mistake is raised as ``error``."""
    try:
        return model.model_validate(content, context=context)
    except ValidationError as refused:
        first = refused.errors(include_url=False)[0]
        what, hint = _words(first)
        parents = first["loc"][:-1] if first["type"] == "missing" else first["loc"]
        place = ": ".join(filter(None, (where, place_of(parents))))
        raise error(what, where=place, hint=hint) from refused


def place_of(location: Iterable[str | int]) -> str:
    """``sections[0].items[2]``; names of alternatives and functions are left out."""
    place = ""
    for step in location:
        if isinstance(step, int):
            place += f"[{step}]"
        elif not step.startswith(("<", "[")):
            place += f".{step}" if place else step
    return place


def wrong(what: str, hint: str = "") -> PydanticCustomError:
    """What a validator raises."""
    return PydanticCustomError("wrong", "{what}", {"what": what, "hint": hint})


def unknown(kind: str, name: object, known: Iterable[str]) -> PydanticCustomError:
    return wrong(f"no {kind} is called {name!r}", nearest(str(name), known))


def _words(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and the hint."""
    context = error.get("ctx", {})
    if error["type"] == "wrong":
        return context["what"], context["hint"]
    if error["type"] == "missing":
        return f"the key {error['loc'][-1]!r} is missing", "add it"
    if error["type"] == "literal_error":
        known = re.findall(r"'(.*?)'", context["expected"])
        name = error["input"]
        return f"no {error['loc'][-1]} is called {name!r}", nearest(str(name), known)
    expected, hint = _EXPECTED.get(error["type"], (error["msg"], ""))
    expected, given = expected.format(**context), error["input"]
    is_empty = given is None or given in ("", [], (), {})
    return expected if is_empty else f"{expected}, not {_shown(given)}", hint


def _shown(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return "a mapping" if isinstance(value, dict) else "a list"
    return f"{value!r:.60}"


def as_tuple(value: Any) -> Any:
    """A list, or one plain value that stands for a list of one."""
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def as_list(value: Any) -> Any:
    """A list and nothing else; models hold tuples."""
    return tuple(value) if isinstance(value, list) else value


Text = Annotated[str, Field(pattern=r"\S")]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(as_tuple, json_schema_input_type=Text | list[Text])
]
SomeTexts = Annotated[Texts, Field(min_length=1)]
