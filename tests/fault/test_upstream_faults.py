"""Faults of upstreams, U1 to U15: what is recorded, what is said, and what is served.

Each fault meets a state folder with one good live night. A faulty dataset is asked for the
next session up to the raw gate; the release and its bytes stay as they were. What the
whole night makes of faults is in ``test_faulty_nights``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.contract.stand_in import Asked, Response
from yanbao.raw.load import StoredLoad

from .changes import (
    cell,
    edited,
    of_another,
    only_on_page,
    page,
    quotes,
    records,
    status,
    times,
)
from .conftest import GOOD_DAY
from .live_nights import LiveNights, current
from .small_market import Fault, SmallMarket

pytestmark = [pytest.mark.slow]

DAY = date(2024, 10, 30)
A_SHARES = "82.push2.eastmoney.com"
ETFS = "push2delay.eastmoney.com"
SINA_LISTS = "vip.stock.finance.sina.com.cn"
HISTORY = "push2his.eastmoney.com"
NO_SINA = {SINA_LISTS: status(503)}
HALF = 65  # of the small market's shares


@dataclass(frozen=True)
class Upstream:
    """A fault at some addresses, and what becomes of the dataset that is asked there."""

    id: str
    dataset: str
    faults: dict[str, Fault]
    outcome: str
    says: tuple[str, ...]
    keeps: str = "frame.parquet"
    part: str = ""
    silent: dict[str, Fault] = field(default_factory=dict)


def served_yesterday(asked: Asked, told: Response) -> Response:
    return replace(told, body=SmallMarket(day=GOOD_DAY)(asked).body)


def yesterday_in_other_words(asked: Asked, told: Response) -> Response:
    """Yesterday's prices, with another value in a column that nobody reads."""
    changed: Response = cell("f3", 1.23)(asked, served_yesterday(asked, told))
    return changed


def half_of(fault_total: int | None) -> Fault:
    """Half of the list in one page; the total is cut too where one is given."""

    def apply(content: Any) -> None:
        content["data"]["diff"] = content["data"]["diff"][:HALF]
        content["data"]["total"] = fault_total or content["data"]["total"]

    return only_on_page(1, edited(apply))


def no_page(asked: Asked, told: Response) -> Response:
    return quotes(lambda rows: [])(asked, told)


def first_page_again(asked: Asked, told: Response) -> Response:
    """The list re-sorts while it is paged: rows repeat and as many others are missing."""
    again = SmallMarket(day=DAY)(replace(asked, query=asked.query | {"pn": "1"}))
    rows = quotes(lambda found: found[:30])(asked, again)
    return Response(rows.body)


def navs_times(factor: float) -> Fault:
    def apply(asked: Asked, told: Response) -> Response:
        def scaled(found: re.Match[bytes]) -> bytes:
            nav = float(found[2]) * factor
            return b"%s,%f,%f," % (found[1], nav, nav)

        return replace(
            told, body=re.sub(rb"(2024-10-\d\d),([\d.]+),[\d.]+,", scaled, told.body)
        )

    return apply


def percent_as_fraction(content: Any) -> None:
    for row in content["result"]["data"]:
        for name in [name for name in row if name.startswith("EM") and row[name]]:
            row[name] /= 100


def announced_twice(found: list[dict[str, Any]]) -> None:
    found.append({**found[0], "FIELD_15": 7e8})


FAULTS = (
    Upstream(
        "U2 a captcha page with status 200", "a_share_bars", {A_SHARES: page(), **NO_SINA},
        "unavailable", ("not data: <!DOCTYPE html><html><title>访问验证</title>",), "reply.txt",
    ),
    Upstream(
        "U2 a refusal", "a_share_bars", {A_SHARES: status(403), **NO_SINA},
        "unavailable", ("status 403, 1 try",), "",
    ),
    Upstream(
        "U2 a bad gateway with a page", "etf_bars",
        {ETFS: status(502, "<html>bad gateway</html>"), **NO_SINA},
        "unavailable", ("status 502, 3 tries",), "",
    ),
    Upstream(
        "U3 no rows on a trading day", "index_bars",
        {HISTORY: edited(lambda c: c["data"].update(klines=[])), "csindex": status(503),
         "finance.sina.com.cn": status(503)},
        "unavailable", ("without any row",), "", "000300.SH",
    ),
    Upstream(
        "U4 half the pages", "a_share_bars", {A_SHARES: only_on_page(2, no_page), **NO_SINA},
        "rejected", ("100 rows came of 130 announced",),
    ),
    Upstream(
        "U4 a short last page", "a_share_bars",
        {A_SHARES: only_on_page(2, quotes(lambda rows: rows[:-1])), **NO_SINA},
        "rejected", ("129 rows came of 130 announced",),
    ),
    Upstream(
        "U4 a total that is cut with its rows", "a_share_bars",
        {A_SHARES: half_of(HALF), **NO_SINA},
        "rejected", ("completeness", "65 rows", "98 % of the last good batch of 130"),
    ),
    Upstream(
        "U5 a list that re-sorts while it is paged", "a_share_bars",
        {A_SHARES: only_on_page(2, first_page_again), **NO_SINA},
        "rejected", ("30 rows repeat a 代码", "asked once more"),
    ),
    Upstream(
        "U7 prices times 100", "a_share_bars",
        {A_SHARES: times(100, "f2", "f6", "f15", "f16", "f17", "f18", "f20"), **NO_SINA},
        "rejected", ("rule scale(open) failed", "observed 10", "0.5–2 times the last good"),
    ),
    Upstream(
        "U7 amounts in ten thousand yuan", "a_share_bars",
        {A_SHARES: times(1e-4, "f6"), **NO_SINA},
        "rejected", ("rule unit failed",),
    ),
    Upstream(
        "U7 volumes in shares", "etf_bars", {ETFS: times(100, "f5"), **NO_SINA},
        "rejected", ("rule unit failed",),
    ),
    Upstream(
        "U7 net asset values times 10,000", "fund_navs", {"rankhandler": navs_times(10_000)},
        "rejected", ("range(nav)",), part="open funds",
    ),
    Upstream(
        "U7 net asset values times 100", "fund_navs", {"rankhandler": navs_times(100)},
        "rejected", ("rule scale(nav) failed",), part="open funds",
    ),
    Upstream(
        "U7 percent as fractions", "government_yields",
        {"datacenter.eastmoney.com": edited(percent_as_fraction),
         "bond.finance.sina.com.cn": status(503)},
        "rejected", ("rule scale(yield_pct) failed",), part="CN 2Y",
    ),
    Upstream(
        "U7 market values in ten thousand", "market_caps",
        {"RPT_CUSTOM_HKF10": records(
            lambda found: found[0].update(TOTAL_MARKET_CAP=found[0]["TOTAL_MARKET_CAP"] / 1e4)
        )},
        "rejected", ("rule scale(market_cap) failed",), part="0700.HK",
    ),
    Upstream(
        "U8 one company twice with different values", "income_statements",
        {"RPT_DMSK_FN_INCOME": records(announced_twice)},
        "rejected", ("rule unique(code, report_period, announced_on) failed", "2 rows"),
        part="SSE and SZSE 2024-09-30",
    ),
    Upstream(
        "U9 yesterday's list byte by byte", "a_share_bars",
        {A_SHARES: served_yesterday, **NO_SINA},
        "rejected", ("rule new_content failed", "yesterday is served as today"),
    ),
    Upstream(
        "U9 yesterday's prices in a list that looks new", "a_share_bars",
        {A_SHARES: yesterday_in_other_words, **NO_SINA},
        "rejected", ("rule moved failed", "yesterday is served as today"),
    ),
    Upstream(
        "U9 a list that carries yesterday's date", "etf_bars",
        {ETFS: cell("f297", 20241029, rows=100), **NO_SINA},
        "rejected", ("freshness(trade_date)", "2024-10-29", "expected 2024-10-30 or later"),
    ),
    Upstream(
        "U9 a series that ends yesterday", "fx_fixings",
        {HISTORY: of_another(SmallMarket(day=GOOD_DAY)._history), "safe.gov.cn": status(503)},
        "rejected", ("freshness(fixing_date)", "expected 2024-10-30 or later"), part="USDCNY",
    ),
    Upstream(
        "U13 a negative volume", "a_share_bars", {A_SHARES: cell("f5", -5), **NO_SINA},
        "rejected", ("range(volume_shares)", "2 of 130 rows"),
    ),
    Upstream(
        "U13 a price of nothing", "a_share_bars", {A_SHARES: cell("f2", 0), **NO_SINA},
        "rejected", ("range(close)", "2 of 130 rows"),
    ),
    Upstream(
        "U13 an infinite price", "a_share_bars", {A_SHARES: cell("f2", "inf"), **NO_SINA},
        "rejected", ("range(close)",),
    ),
    Upstream(
        "U13 a price of dashes where shares were traded", "a_share_bars",
        {A_SHARES: cell("f2", "--"), **NO_SINA},
        "rejected", ("filled(close)", "2 of 130 cells empty"),
    ),
    Upstream(
        "U13 full-width digits", "etf_bars", {ETFS: cell("f2", "１０．５"), **NO_SINA},
        "rejected", ("close", "1 of 30"),
    ),
    Upstream(
        "U15 too many requests", "a_share_bars",
        {A_SHARES: only_on_page(2, status(429)), **NO_SINA},
        "unavailable", ("status 429, 3 tries",), "",
    ),
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_fault_is_recorded_named_and_never_served(
    fault: Upstream, nights: LiveNights, live_home: Path
) -> None:
    before = current(live_home)
    nights.evening_of(DAY)
    nights.market.faults = fault.faults
    loads = nights.to_gate(live_home, {fault.dataset})
    bad = [one for one in loads if fault.part in ("", *one.load.answers)]
    assert bad
    assert {one.status for one in bad} <= {"rejected", "unavailable"}
    told = [one for one in bad if all(word in one.reason for word in fault.says)]
    assert told, [one.reason for one in bad]
    assert told[0].status == fault.outcome
    assert_one_plain_line(told[0].reason)
    assert not fault.keeps or (told[0].folder / fault.keeps).exists()
    stale = nights.stale(live_home, DAY)[fault.dataset]
    assert stale.last_good == GOOD_DAY
    assert not stale.is_over
    assert f"{fault.dataset}: stale, data to {GOOD_DAY} serve: " in stale.line()
    assert_one_plain_line(stale.line())
    assert current(live_home) == before
    assert_rows_add_up(loads)


def assert_one_plain_line(text: str) -> None:
    """One line that ends in what to do, without traceback and without a local path."""
    assert "\n" not in text
    assert "Traceback" not in text
    assert not re.search(r"(/tmp|/home|/root|/work|site-packages|127\.0\.0\.1)", text)
    assert "→" in text


def assert_rows_add_up(loads: list[StoredLoad]) -> None:
    for one in loads:
        record = one.as_record()
        whole = record["rows"] + record["rows_quarantined"] + record["rows_collapsed"]
        assert record["rows_in"] == whole, record
