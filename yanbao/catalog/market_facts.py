"""Facts of the market that SQL and Python share: the variables of ``dbt_project.yml``."""

from __future__ import annotations

import csv
import re
from datetime import date
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
# Board of A-shares → the SQL patterns of its codes; the first board that fits counts.
BOARD_CODES = {name: cast(list[str], board["codes"]) for name, board in _VARS["boards"].items()}
PRICE_LIMITS = PROJECT_ROOT / "dbt_project" / "seeds" / "price_limits.csv"
MARKET_CLOSURES = PROJECT_ROOT / "dbt_project" / "seeds" / "market_closures.csv"
SCALE_WORDS = cast(dict[str, int], _VARS["scale_words"])
# Codes of the sample's made-up market begin like no real one.
MADE_UP = "99"
_INDEX_RANGES = cast(dict[str, list[str]], _VARS["index_ranges"])
_DIGITS = 6


@cache
def closed_days(market: str) -> frozenset[date]:
    """The weekdays on which a market was closed, of the years that are known."""
    with MARKET_CLOSURES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return frozenset(
            date.fromisoformat(row["closed_on"]) for row in rows if row["market"] == market
        )


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


def kind_of(code: str) -> str:
    """What a full code lists, in words: an A share, an index; empty for what is unknown."""
    kinds = {
        "an A share": A_SHARE_CODE,
        "a B share": MAINLAND_SHARE_CODE,
        "a listed fund": LISTED_FUND_CODE,
        "an index": EXCHANGE_INDEX_CODE,
    }
    return next((kind for kind, like in kinds.items() if re.fullmatch(like, code)), "")


def _pattern(*kinds: dict[str, list[str]]) -> str:
    """The full codes of some kinds of listing, and those of the made-up market."""
    found: dict[str, list[str]] = {}
    for kind in kinds:
        for exchange, ranges in kind.items():
            digits = (rf"{first}\d{{{_DIGITS - len(first)}}}" for first in ranges)
            found.setdefault(exchange, []).extend(digits)
    parts = [rf"({'|'.join(codes)})\.{exchange}" for exchange, codes in found.items()]
    # 999999 and its neighbours are a vendor's names of Shanghai's indices.
    return f"({'|'.join(parts)}|{MADE_UP}([0-8][0-9]|9[0-8])[0-9]{{2}}\\.(SH|SZ|BJ))"


A_SHARE_CODE = _pattern(CODE_RANGES["a_share"])
MAINLAND_SHARE_CODE = _pattern(CODE_RANGES["a_share"], CODE_RANGES["b_share"])
LISTED_FUND_CODE = _pattern(CODE_RANGES["fund"])
EXCHANGE_INDEX_CODE = _pattern(_INDEX_RANGES)
