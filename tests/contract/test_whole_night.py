"""Nightly runs at full size against the stand-in: what is asked, how often, and of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from pytest_socket import enable_socket

from yanbao.base.errors import YanbaoError
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import land_reply
from yanbao.raw.zone import RawZone
from yanbao.sources import SOURCES, fetches_for
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library
from yanbao.sources.breaker import Breaker
from yanbao.sources.budget import spent
from yanbao.sources.call import Arguments, Fetch, Reply, Request
from yanbao.sources.gather import Gathered, answered_before, gather
from yanbao.warehouse.raw_relations import point_at

from .conftest import UNHURRIED, rendered
from .in_process import InProcess
from .night import Night
from .stand_in import StandIn, standing_in

IN_SEASON = date(2024, 10, 31)
ORDINARY = date(2024, 12, 3)
NIGHTLY = sorted({fetch.dataset for fetch in SOURCES if fetch.cadence in ("nightly", "season")})


@dataclass
class Kept:
    """What a run handed over, in order."""

    replies: list[Reply] = field(default_factory=list)
    errors: list[YanbaoError] = field(default_factory=list)

    def reply(self, fetch: Fetch, reply: Reply) -> None:
        self.replies.append(reply)

    def failure(self, fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        self.errors.append(error)


Run = Callable[..., Gathered]


@dataclass
class Harness:
    """The stand-in, a client that talks to it, and what came of it."""

    server: StandIn
    client: AkshareClient
    kept: Kept

    def run(self, dataset: str, day: date = IN_SEASON, **more: object) -> Gathered:
        request = Request(dataset, day, **more)  # type: ignore[arg-type]
        return gather(
            self.client, request, on_reply=self.kept.reply, on_failure=self.kept.failure
        )


@pytest.fixture
def open_harness(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Night], Harness]]:
    """Opens one stand-in per test; the library runs here, so that no pause is waited out."""
    enable_socket()
    running = []

    def start(night: Night) -> Harness:
        context = standing_in(night)
        server = context.__enter__()
        running.append(context)
        monkeypatch.setattr(library.traffic, "route_to", server.url)
        client = AkshareClient(runner=InProcess(library), breaker=Breaker())
        return Harness(server, client, Kept())

    yield start
    for context in running:
        context.__exit__(None, None, None)
    assert library.traffic.pace == UNHURRIED


def staged_rows(replies: list[Reply], folder: Path) -> dict[tuple[str, str], int]:
    """All replies of a run in one raw zone, read by every staging model at once."""
    zone = RawZone(folder)
    connection = duckdb.connect()
    connection.execute("create schema raw")
    point_at(connection, [land_reply(zone, reply, partition=None) for reply in replies])
    relations = {(reply.source, reply.dataset) for reply in replies}
    return {
        (source, dataset): len(connection.sql(rendered(source, dataset)))
        for source, dataset in relations
    }


@pytest.mark.slow
@pytest.mark.parametrize(("day", "limit"), [(ORDINARY, 0.03), (IN_SEASON, 0.04)])
def test_a_run_of_the_whole_market_stays_within_its_requests(
    open_harness: Callable[[Night], Harness], day: date, limit: float, tmp_path: Path
) -> None:
    harness = open_harness(Night(day=day))
    gathered = [harness.run(dataset, day) for dataset in NIGHTLY]
    assert harness.kept.errors == []
    assert [one.dataset for one in gathered if one.missing] == []
    rows = {reply.function: len(reply.frame) for reply in harness.kept.replies}
    assert rows["stock_zh_a_spot_em"] == 5_500
    assert rows["fund_etf_spot_em"] == 1_250
    assert rows["fund_open_fund_rank_em"] == 25_000
    cost = spent(gathered, shares=5_500)
    assert cost.of_run == len(harness.server.asked) == harness.client.requests
    assert cost.requests["weekly"] == 0
    assert cost.limit == limit
    assert cost.per_share <= limit, cost.line()
    assert cost.requests["nightly"] == 142
    staged = staged_rows(harness.kept.replies, tmp_path)
    assert [relation for relation, rows in staged.items() if rows == 0] == []
    assert staged["eastmoney", "a_share_bars"] == 5_500
    assert staged["eastmoney_funds", "fund_navs"] == 26_250


def test_two_periods_in_april_stay_within_the_season_limit(
    open_harness: Callable[[Night], Harness],
) -> None:
    """The year and the first quarter are due together; prices are counted as planned."""
    harness = open_harness(Night(shares=0, etfs=0, funds=0))
    results = ("income_statements", "disclosure_dates", "earnings_previews", "earnings_flashes")
    gathered = [harness.run(dataset, date(2024, 4, 29)) for dataset in results]
    periods = {reply.arguments["report_period"] for reply in harness.kept.replies}
    assert periods == {"2023-12-31", "2024-03-31"}
    season = sum(one.requests for one in gathered)
    ordinary_run = 142  # asserted by the test above
    assert season + ordinary_run <= 0.04 * 5_500


FALLBACKS = {
    "a_share_bars": ("push2.eastmoney.com", "sina_quotes"),
    "etf_bars": ("push2delay.eastmoney.com", "sina_quotes"),
    "hk_stock_bars": ("push2his.eastmoney.com", "sina_quotes"),
    "us_stock_bars": ("push2his.eastmoney.com", "sina_quotes"),
    "index_bars": ("push2his.eastmoney.com", "csindex"),
    "government_yields": ("datacenter.eastmoney.com", "sina"),
    "fx_fixings": ("push2his.eastmoney.com", "safe"),
    "news_items": ("np-weblist.eastmoney.com", "tonghuashun"),
    "disclosure_dates": ("datacenter-web.eastmoney.com", "cninfo"),
    "trading_days": ("finance.sina.com.cn", "akshare_bundle"),
}


@pytest.mark.parametrize("dataset", FALLBACKS)
def test_a_run_completes_from_the_fallback_when_the_primary_is_down(
    open_harness: Callable[[Night], Harness], dataset: str
) -> None:
    host, second = FALLBACKS[dataset]
    harness = open_harness(Night(shares=160, etfs=20, statements=20, down=frozenset({host})))
    gathered = harness.run(dataset, is_weekly=True)
    assert gathered.missing == ()
    assert second in gathered.sources
    assert all("503" in error.what for error in harness.kept.errors)
    assert harness.kept.errors != []


def test_back_fill_of_a_share_falls_back_to_tencent(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night(down=frozenset({"push2his.eastmoney.com"})))
    gathered = harness.run("a_share_bars", symbols=("000001.SZ",), since=date(2024, 1, 1))
    assert (gathered.sources, gathered.missing) == (("tencent",), ())


def test_index_without_any_other_source_is_missing_when_its_host_is_down(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night(down=frozenset({"www.swsresearch.com"})))
    gathered = harness.run("index_bars", symbols=("801750.SI", "000300.SH"))
    assert gathered.missing == ("801750.SI",)
    assert gathered.sources == ("eastmoney",)


def test_host_that_fails_three_calls_is_not_asked_for_the_rest_of_the_run(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night(down=frozenset({"push2his.eastmoney.com"})))
    gathered = harness.run("hk_stock_bars")
    first = [a for a in gathered.attempts if a.source == "eastmoney_overseas"]
    assert [a.requests for a in first] == [3, 3, 3, 0]
    assert "the circuit of" in first[-1].error
    assert len(harness.kept.errors) == 3  # the call that was not made leaves no record
    assert gathered.sources == ("sina_quotes",)


def test_ban_in_the_middle_of_the_pages_ends_the_call_at_once(
    open_harness: Callable[[Night], Harness],
) -> None:
    """Budget under a ban: not one request more than the pages that were served."""
    harness = open_harness(Night(banning={"push2.eastmoney.com": 9}, shares=1_600))
    gathered = harness.run("a_share_bars")
    assert gathered.attempts[0].requests == 10
    assert "status 403, 1 try" in gathered.attempts[0].error
    assert gathered.sources == ("sina_quotes",)
    assert gathered.requests == 10 + 1 + 1_600 // 80 + 1


def test_list_that_moves_between_pages_is_refused_and_asked_once_more(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night(shares=300, repeats_on_page=3))
    gathered = harness.run("a_share_bars")
    refused = [a.error for a in gathered.attempts if a.source == "eastmoney"]
    assert len(refused) == 2
    assert "100 rows repeat a 代码" in refused[0]
    assert gathered.sources == ("sina_quotes",)


def test_short_list_is_refused_by_the_announced_total(
    open_harness: Callable[[Night], Harness], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.contract.night.PAGE", 90)  # pages shrink, totals do not
    night = Night(shares=200)
    harness = open_harness(night)
    monkeypatch.setattr(night, "_share_code", lambda n: f"{600000 + n}")
    original = night._quotes

    def cut(*arguments: object) -> bytes:
        return original(*arguments).replace(b'"total": 200', b'"total": 260')  # type: ignore[arg-type]

    monkeypatch.setattr(night, "_quotes", cut)
    gathered = harness.run("a_share_bars")
    assert "200 rows came of 260 announced" in gathered.attempts[0].error


def test_parts_with_good_loads_cost_no_request(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night())
    request = Request("index_bars", IN_SEASON)
    harness.run("index_bars")
    before = harness.client.requests
    calls = [(reply.function, reply.arguments) for reply in harness.kept.replies]
    again = gather(
        harness.client,
        request,
        on_reply=harness.kept.reply,
        on_failure=harness.kept.failure,
        already=answered_before(request, calls),
    )
    assert harness.client.requests == before
    assert (again.attempts, again.missing) == ((), ())


def test_back_fill_stops_at_its_budget_and_goes_on_where_it_stopped(
    open_harness: Callable[[Night], Harness],
) -> None:
    harness = open_harness(Night())
    codes = tuple(f"{600000 + n}.SH" for n in range(7))
    request = Request("a_share_bars", IN_SEASON, symbols=codes, since=date(2020, 1, 1))
    rounds = []
    while True:
        calls = [(reply.function, reply.arguments) for reply in harness.kept.replies]
        rounds.append(
            gather(
                harness.client,
                request,
                on_reply=harness.kept.reply,
                on_failure=harness.kept.failure,
                already=answered_before(request, calls),
                budget=3,
            )
        )
        if not rounds[-1].missing:
            break
    assert [one.requests for one in rounds] == [3, 3, 1]
    assert [len(one.missing) for one in rounds] == [4, 1, 0]
    assert spent(rounds, shares=5_500).requests["backfill"] == 7
    asked = [reply.arguments["code"] for reply in harness.kept.replies]
    assert asked == list(codes)


def test_fallbacks_stand_on_another_upstream_in_the_declared_order() -> None:
    for name, dataset in BY_NAME.items():
        order = [
            fetch.source for fetch in fetches_for(name) if fetch.source in dataset.upstream
        ]
        places = [dataset.upstream.index(source) for source in order]
        assert all(first <= second for first, second in pairwise(places)), name
