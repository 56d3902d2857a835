"""Errors that a user can meet: each says what, where, and what to do next.

The command line prints one line and exits with ``exit_code``; it never shows a
traceback for any of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Self

from yanbao.base.file_names import readable

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_PUBLISHED_STALE = 3
EXIT_GATE_BLOCKED = 4
EXIT_LOCKED = 5


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint for a name that is unknown: the nearest known one, else all of them."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(names) or 'none'}"


class YanbaoError(Exception):
    """Base of all expected failures: ``what`` went wrong, ``where``, and the ``hint``.

    ``kind`` is the name of its class, also where it was rebuilt from its record.
    """

    exit_code = EXIT_FAILED

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what, self.where, self.hint = what, where, hint
        self.kind = type(self).__name__
        super().__init__(self.line())

    def record(self) -> dict[str, str | int]:
        """The error as plain values, to be carried through other software."""
        fields = ("kind", "what", "where", "hint", "exit_code")
        return {name: getattr(self, name) for name in fields}

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> YanbaoError:
        """An error with the fields of a record."""
        error = YanbaoError(record["what"], where=record["where"], hint=record["hint"])
        error.kind, error.exit_code = record["kind"], record["exit_code"]
        return error

    def line(self) -> str:
        """One line for stderr: where, what, what to do."""
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text} → {self.hint}" if self.hint else text

    @classmethod
    def unknown_name(
        cls, kind: str, name: object, known: Iterable[str], where: str = ""
    ) -> Self:
        return cls(f"no {kind} is called {name!r}", where=where, hint=nearest(str(name), known))


class UsageError(YanbaoError):
    """The command was given something that it cannot understand."""

    exit_code = EXIT_USAGE


class SettingsError(YanbaoError):
    """The environment or the state folder contradicts itself."""

    exit_code = EXIT_USAGE


class FileRefusedError(YanbaoError):
    """A dropped file cannot be read as any dataset; nothing of it was loaded."""

    def __init__(self, why: str, hint: str, *, where: str = "") -> None:
        super().__init__(why, where=where, hint=hint)

    @classmethod
    @contextmanager
    def named(cls, path: Path) -> Iterator[None]:
        """Whatever is refused inside is this file: its name is added once, here."""
        try:
            yield
        except cls as error:
            raise cls(error.what, error.hint, where=readable(path)) from error


class ThemesRefusedError(YanbaoError):
    """A file of pools or taxonomies contradicts itself; nothing was built from it."""

    @classmethod
    def of(cls, what: str, *, hint: str, others: int, where: str = "") -> ThemesRefusedError:
        """The first fault, with the number of the others."""
        more = f" (and {others} more)" if others else ""
        return cls(f"{what}{more}", where=where, hint=hint)


class SourceUnavailableError(YanbaoError):
    """An upstream did not answer, or refused, within the call's deadline.

    ``requests`` were spent on it, tries included; ``received`` is the head of what came
    instead of data.
    """

    requests: int = 0
    received: str = ""


class SourceSchemaError(YanbaoError):
    """An upstream answered with something that is not the declared contract."""

    requests: int = 0
    received: str = ""

    @classmethod
    def missing_columns(
        cls, function: str, missing: Iterable[str], got: Iterable[str]
    ) -> SourceSchemaError:
        got = [str(name) for name in got]
        parts = []
        for name in sorted(missing):
            near = get_close_matches(name, got, n=1)
            parts.append(f"{name} (nearest: {near[0]})" if near else name)
        return cls(
            f"columns are missing: {', '.join(parts)}",
            where=function,
            hint="the upstream changed; compare its contract test with a fresh reply",
        )


class PackError(YanbaoError):
    """A pack cannot be understood, or does not fit the marts of the release."""

    exit_code = EXIT_USAGE


class LockedError(YanbaoError):
    """Another run holds the one writer's lock."""

    exit_code = EXIT_LOCKED


class GateBlockedError(YanbaoError):
    """The release gate failed or could not check; the last release stays current."""

    exit_code = EXIT_GATE_BLOCKED


class ReleaseError(YanbaoError):
    """A release is missing, damaged, or cannot be written."""
