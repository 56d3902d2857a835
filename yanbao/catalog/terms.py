"""What may be passed on: whether numbers of a source may stand in a pack for outsiders.

Terms never change a number. They travel with the loads into ``meta`` of a release, and a
pack for outsiders leaves out what they do not allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from yanbao.base.errors import UsageError

Permission = Literal["allowed", "ask", "internal"]
# From the freest to the strictest: a table is as free as the strictest load behind it.
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
KEYS = ("permission", "reason", "licence")


@dataclass(frozen=True)
class Terms:
    """Whether rows may be passed on (``allowed``), only after the source was asked (``ask``)
    or not at all (``internal``). ``reason`` is printed in packs, hence Chinese; ``licence``
    says where the text of the licence is found, empty where none is known.
    """

    permission: Permission
    reason: str
    licence: str = ""


def strictest(terms: Iterable[Terms]) -> Terms:
    """The first of the strictest ones; raises ValueError for none."""
    return max(terms, key=lambda one: PERMISSIONS.index(one.permission))


def parse_terms(value: object, key: str, where: str) -> Terms:
    """Terms from a YAML block; every error names the file and the key."""
    if not isinstance(value, Mapping):
        raise UsageError(
            f"{key} is not a list of {', '.join(KEYS)}",
            where=where,
            hint="write {permission: allowed, reason: …}",
        )
    for name in value:
        if name not in KEYS:
            error = UsageError.unknown_name(f"key of {key}", str(name), KEYS)
            raise UsageError(error.what, where=where, hint=error.hint)
    permission, reason = str(value.get("permission", "")), str(value.get("reason") or "")
    if permission not in PERMISSIONS:
        error = UsageError.unknown_name(f"{key}.permission", permission, PERMISSIONS)
        raise UsageError(error.what, where=where, hint=error.hint)
    if not reason.strip():
        raise UsageError(
            f"{key}.reason is missing", where=where, hint="say why, as a reader may ask"
        )
    return Terms(
        cast(Permission, permission), reason.strip(), str(value.get("licence") or "").strip()
    )


# An analyst's file: nobody has said that its numbers may leave the house.
OF_A_FILE = Terms("internal", "文件未声明可对外分发")
