"""The columns that name one row of each report mart; working papers and traces use them."""

from __future__ import annotations

from functools import cache

from yanbao.base.settings import PROJECT_ROOT
from yanbao.base.yaml_block import Block, read_yaml

FILE = PROJECT_ROOT / "reports" / "mart_keys.yml"


@cache
def mart_keys() -> dict[str, tuple[str, ...]]:
    """Key columns by mart, as ``mart_keys.yml`` lists them."""
    block = Block(read_yaml(FILE), "")
    return {str(mart): block.texts(str(mart), required=True) for mart in block.values}
