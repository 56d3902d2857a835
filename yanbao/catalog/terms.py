"""What may be passed on: whether numbers of a source may stand in a pack for outsiders.

Terms never change a number. They travel with the loads into ``meta`` of a release, and a
pack for outsiders leaves out what they do not allow.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Permission = Literal["allowed", "ask", "internal"]
# From the freest to the strictest: a table is as free as the strictest load behind it.
PERMISSIONS: tuple[Permission, ...] = get_args(Permission)


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


# An analyst's file: nobody has declared that its numbers may be passed on.
OF_A_FILE = Terms("internal", "文件未声明可对外分发")
