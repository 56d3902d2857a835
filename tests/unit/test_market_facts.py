"""Codes, currencies and scale words mean the same to SQL, to the inbox and to the lists."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.dbt_macros import as_dbt_renders
from yanbao.catalog import BY_NAME
from yanbao.catalog.market_facts import CURRENCY_WORDS, SCALE_WORDS, kind_of
from yanbao.inbox.code_repair import repair_code
from yanbao.inbox.units import multiplier

A_SHARE = r"\d{6}\.(SH|SZ|BJ)"


def value(macro: str, text: str) -> Any:
    """What a macro of one argument makes of a text."""
    sql = as_dbt_renders("{{ " + f"{macro}('given')" + " }}")
    row = duckdb.execute(f"with one as (select ? as given) select {sql} from one", [text])
    (found,) = row.fetchone() or (None,)
    return found


@pytest.mark.parametrize(
    ("digits", "kind", "code"),
    [
        ("600519", "a_share", "600519.SH"),
        ("688981", "a_share", "688981.SH"),
        ("000001", "a_share", "000001.SZ"),
        ("300750", "a_share", "300750.SZ"),
        ("430047", "a_share", "430047.BJ"),
        ("832317", "a_share", "832317.BJ"),
        ("889001", "a_share", "889001.BJ"),
        ("920799", "a_share", "920799.BJ"),
        ("900901", "b_share", "900901.SH"),
        ("200011", "b_share", "200011.SZ"),
        ("510300", "fund", "510300.SH"),
        ("159819", "fund", "159819.SZ"),
        ("161725", "fund", "161725.SZ"),
        ("400002", None, None),  # the New Third Board: first digit 4, and not of Beijing
        ("820001", None, None),
        ("399001", None, None),  # an index of Shenzhen
        ("113050", None, None),  # a bond of Shanghai: first digit 1, and not of Shenzhen
        ("700001", None, None),
    ],
)
def test_digits_have_one_exchange_in_sql_and_in_files(
    digits: str, kind: str | None, code: str | None
) -> None:
    a_share = code if kind == "a_share" else None
    fund = code if kind == "fund" else None
    assert value("a_share_code", digits) == a_share
    assert value("is_a_share", digits) is (a_share is not None)
    assert value("listed_fund_code", digits) == fund
    assert value("listed_kind", code or digits) == ("fund" if fund else "share")
    assert repair_code(digits, A_SHARE, pad=True, suffix_rule="a_share") == (code or digits)
    if code:
        assert (
            kind_of(code)
            == {"a_share": "an A share", "b_share": "a B share", "fund": "a listed fund"}[kind]
        )


@pytest.mark.parametrize(
    ("text", "number", "scale", "currency"),
    [
        ("超1亿人民币", 1.0, "亿", "CNY"),
        ("近亿元", 1.0, "亿", "CNY"),
        ("3千万美金", 3000.0, "万", "USD"),
        ("$250M", 25_000.0, "万", "USD"),
        ("US$1.5 billion", 15.0, "亿", "USD"),
        ("HK$20mn", 2000.0, "万", "HKD"),
        ("500k EUR", 50.0, "万", "EUR"),
        ("800千元", 80.0, "万", "CNY"),
        ("￥2万亿", 20_000.0, "亿", "CNY"),
        ("数千万港币", None, "万", "HKD"),
        ("100亿韩元", 100.0, "亿", "KRW"),  # 元 is a part of the word
        ("3亿新台币", 3.0, "亿", "TWD"),
        ("5000万加元", 5000.0, "万", "CAD"),
        ("1亿日元", 1.0, "亿", "JPY"),
        ("未披露", None, None, None),
        ("120", 120.0, None, None),
    ],
)
def test_amounts_are_read_by_the_common_words(
    text: str, number: float | None, scale: str | None, currency: str | None
) -> None:
    assert value("amount_number", text) == number
    assert value("amount_scale", text) == scale
    assert value("amount_currency", text) == currency


@pytest.mark.parametrize("word", SCALE_WORDS)
def test_scale_word_is_as_large_in_sql_as_in_a_file(word: str) -> None:
    times = {"万": 10_000, "亿": 100_000_000}[value("amount_scale", f"2{word}")]
    assert value("amount_number", f"2{word}") * times == 2 * SCALE_WORDS[word]
    visits = BY_NAME["web_traffic"].column("visits")
    assert multiplier(word, visits) == Decimal(SCALE_WORDS[word])


@pytest.mark.parametrize("currency", CURRENCY_WORDS)
def test_each_word_of_a_currency_is_that_currency_in_sql_and_in_files(currency: str) -> None:
    price = BY_NAME["gpu_prices"].column("price_new")
    for word in CURRENCY_WORDS[currency]:
        assert value("amount_currency", f"1{word}") == currency, word
        assert multiplier(f"万{word}", price, currency) == 10_000
        assert multiplier(f"万{word}", price, "XAU") is None
