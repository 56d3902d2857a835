"""The columns that name one row of each report mart; working papers and traces use them."""

from __future__ import annotations

from functools import cache

from pydantic import RootModel

from yanbao.base.errors import PackError
from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_file import SomeTexts, check, read_yaml

FILE = PROJECT_ROOT / "reports" / "mart_keys.yml"


class MartKeys(RootModel[dict[str, SomeTexts]]):
    """Key columns by mart."""


@cache
def mart_keys() -> dict[str, tuple[str, ...]]:
    """Key columns by mart, as ``mart_keys.yml`` lists them."""
    return check(MartKeys, read_yaml(FILE, PackError), FILE.name, PackError).root
