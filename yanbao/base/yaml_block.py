"""Reads one YAML mapping key by key and refuses what it does not know.

Every refusal names the place (``sections[0].items[2].columns``), the key, and the nearest
known name, because a misspelt key that is ignored prints a wrong page without a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from yanbao.base.errors import PackError

Scalar = str | int | float | bool | None


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice: the first value would vanish."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.constructor.ConstructorError(
                    problem=f"the key {key!r} is given twice (line {line})"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file: plain values only, no tags, no repeated keys."""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{path.name}:{mark.line + 1}" if mark else path.name
        why = getattr(error, "problem", None) or "not valid YAML"
        raise PackError(str(why), where=place, hint="mend the YAML") from error


def unknown_name(kind: str, name: object, known: Iterable[str], where: str) -> PackError:
    """A refusal that offers the nearest known name, else all of them."""
    names = sorted(known)
    near = get_close_matches(str(name), names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(names)}"
    return PackError(f"no {kind} is called {name!r}", where=where, hint=hint)


class Block:
    """A mapping being read; ``close`` refuses the keys that nobody asked for."""

    def __init__(self, values: Any, path: str) -> None:
        if not isinstance(values, dict):
            raise PackError("a mapping is expected here", where=path)
        self.values: dict[Any, Any] = values
        self.path = path
        self._asked: set[str] = set()

    def place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.values

    def take(self, key: str) -> Any:
        if not self.has(key):
            near = get_close_matches(key, [str(name) for name in self.values], n=1)
            raise PackError(
                f"the key {key!r} is missing",
                where=self.path or "pack",
                hint=f"is {near[0]!r} meant to be it?" if near else "add it",
            )
        return self.values[key]

    def text(self, key: str, default: str | None = None) -> str:
        if default is not None and not self.has(key):
            return default
        value = self.take(key)
        if not isinstance(value, str) or not value.strip():
            raise PackError("a text is expected", where=self.place(key))
        return value

    def whole_number(self, key: str, default: int | None, low: int = 0) -> int | None:
        if not self.has(key):
            return default
        value = self.take(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < low:
            raise PackError(f"a whole number ≥ {low} is expected", where=self.place(key))
        return value

    def number(self, key: str, default: Decimal | None) -> Decimal | None:
        if not self.has(key):
            return default
        value = self.take(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise PackError("a number is expected", where=self.place(key))
        return Decimal(str(value))

    def flag(self, key: str) -> bool:
        """False unless the key says true."""
        value = self.take(key) if self.has(key) else False
        if not isinstance(value, bool):
            raise PackError("true or false is expected", where=self.place(key))
        return value

    def choice(self, key: str, known: Iterable[str], default: str) -> str:
        value = self.text(key, default)
        if value not in (names := list(known)):
            raise unknown_name(key, value, names, self.place(key))
        return value

    def items(self, key: str, *, required: bool = False) -> Sequence[Any]:
        """A list; one plain value stands for a list of one."""
        if not required and not self.has(key):
            return ()
        value = self.take(key)
        entries = value if isinstance(value, list) else [value]
        if required and not entries:
            raise PackError("a list with at least one entry is expected", where=self.place(key))
        return entries

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        entries = self.items(key, required=required)
        for entry in entries:
            if not isinstance(entry, str) or not entry.strip():
                raise PackError("texts are expected", where=self.place(key))
        return tuple(entries)

    def scalars(self, key: str) -> tuple[Scalar, ...]:
        """Values to compare with; YAML dates become ISO text as marts are compared."""
        entries = [
            entry.isoformat() if hasattr(entry, "isoformat") else entry
            for entry in self.items(key, required=True)
        ]
        for entry in entries:
            if isinstance(entry, dict | list):
                raise PackError("plain values are expected", where=self.place(key))
        return tuple(entries)

    def block(self, key: str) -> Block:
        return Block(self.take(key) if self.has(key) else {}, self.place(key))

    def close(self) -> None:
        for key in self.values:
            if key not in self._asked:
                raise unknown_name("key", key, self._asked, self.path or "pack")
