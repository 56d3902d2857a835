"""Facts of the market that SQL and Python share: the variables of ``dbt_project.yml``."""

from __future__ import annotations

import csv
from functools import cache
from typing import cast

import yaml

from yanbao.base.settings import PROJECT_ROOT

_PROJECT = (PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8")
_VARS = yaml.safe_load(_PROJECT)["vars"]

# Kind of listing → exchange → how its codes begin.
CODE_RANGES = cast(dict[str, dict[str, list[str]]], _VARS["code_ranges"])
# ISO code → how the currency is written; the first word is the one that is printed.
CURRENCY_WORDS = cast(dict[str, list[str]], _VARS["currency_words"])
CURRENCY_OF_WORD = {word: code for code, words in CURRENCY_WORDS.items() for word in words}
SCALE_WORDS = cast(dict[str, int], _VARS["scale_words"])
# Codes of the sample's made-up market begin like no real one.
MADE_UP = "99"


def exchange_of(digits: str) -> str | None:
    """The mainland exchange that lists six digits; none where no range holds them."""
    for exchanges in CODE_RANGES.values():
        for exchange, ranges in exchanges.items():
            if digits.startswith(tuple(ranges)):
                return exchange
    return None


@cache
def index_codes() -> dict[str, str]:
    """The full code of each index that the seed knows, by what stands before its dot.

    A number is no proof of an index's exchange: 000001 is one in Shanghai, 399001 in Shenzhen
    and 000985 is CSI's, so that a number that two indices share is not in it.
    """
    seed = PROJECT_ROOT / "dbt_project" / "seeds" / "indices.csv"
    with seed.open(encoding="utf-8", newline="") as lines:
        codes = [row["index_code"] for row in csv.DictReader(lines)]
    bare = [code.partition(".")[0] for code in codes]
    return {name: code for name, code in zip(bare, codes) if bare.count(name) == 1}


def share_ranges(exchange: str) -> tuple[str, ...]:
    """How the codes of an exchange's A and B shares begin."""
    kinds = (CODE_RANGES["a_share"], CODE_RANGES["b_share"])
    return tuple(first for kind in kinds for first in kind.get(exchange, ()))
