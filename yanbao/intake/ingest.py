"""From the source mode of a run to loads in the raw zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from yanbao.base import clock
from yanbao.base.errors import UsageError, YanbaoError
from yanbao.catalog import BY_NAME
from yanbao.intake.landing import land_failure, land_reply, land_sample
from yanbao.intake.season import disclosing
from yanbao.raw.load import StoredLoad
from yanbao.raw.sessions import (
    HORIZON_WARNING_DAYS,
    chinese_sessions,
    default_as_of,
    is_open,
    is_week_end,
    last_closed_session,
)
from yanbao.warehouse.state_folder import StateFolder

if TYPE_CHECKING:
    from yanbao.sources.akshare_client import AkshareClient
    from yanbao.sources.call import Arguments, Fetch, Reply
    from yanbao.sources.gather import Gathered

Summary = dict[str, list[StoredLoad]]


@dataclass(frozen=True)
class _Due:
    """The day of a run; ``past`` and ``trading`` say why undated lists are not asked for it."""

    day: date
    is_week_end: bool
    past: str = ""
    trading: str = ""

    def not_now(self, dataset: str) -> str:
        """Prices change while the market is open; lists of names do not."""
        is_priced = BY_NAME[dataset].partitioning == "trade_date"
        return self.past or (self.trading if is_priced else "")


def ingest(state: StateFolder, wanted: Collection[str], partition: str | None) -> Summary:
    """Bring in what is due for the datasets in ``wanted``; returns loads by dataset.

    sample: the embedded files; live: one call per due fetch, with fallbacks; import and
    replay: nothing, for their loads are in the raw zone already.
    """
    if state.mode == "sample":
        return _sample(state, wanted)
    if state.mode == "live":
        return _live(state, wanted, partition)
    summary: Summary = {}
    for stored in state.zone.loads(known=state.store.built_loads()):
        summary.setdefault(stored.load.dataset, []).append(stored)
    return summary


def _sample(state: StateFolder, wanted: Collection[str]) -> Summary:
    summary: Summary = {}
    for landed in land_sample(state.settings, wanted):
        for line in landed.lines:
            state.progress(line)
        summary.setdefault(landed.stored.load.dataset, []).append(landed.stored)
    return summary


def _live(state: StateFolder, wanted: Collection[str], partition: str | None) -> Summary:
    """Ask the upstreams for what is due on a day; closed parts cost no request."""
    from yanbao.sources.akshare_client import AkshareClient  # noqa: PLC0415
    from yanbao.sources.budget import A_SHARES, spent  # noqa: PLC0415

    summary: Summary = {}
    gathered = []
    with AkshareClient() as client:
        # The calendar comes first: without it nobody knows which session closed last.
        day = date.fromisoformat(partition) if partition else clock.today_in_beijing()
        _refuse_future(day)
        if "trading_days" in wanted:
            due = _Due(day, is_week_end(day, state.zone))
            first, summary["trading_days"] = _fetch(state, client, "trading_days", due)
            gathered.append(first)
        due = _due(state, day if partition else default_as_of("live", state.zone))
        for dataset in sorted(set(wanted) - summary.keys()):
            one, summary[dataset] = _fetch(state, client, dataset, due)
            gathered.append(one)
    shares = max((one.rows for one in gathered if one.dataset == "a_share_bars"), default=0)
    state.progress(spent(gathered, shares or A_SHARES).line())
    return summary


def _refuse_future(day: date) -> None:
    today = clock.today_in_beijing()
    if day > today:
        raise UsageError(
            f"{day} is in the future: in Beijing it is {today}",
            hint="give a day that is over, or set this machine's clock",
        )


def _fetch(
    state: StateFolder, client: AkshareClient, dataset: str, due: _Due
) -> tuple[Gathered, list[StoredLoad]]:
    """One dataset through its fetches in fallback order; every call leaves one load."""
    from yanbao.sources.call import Request  # noqa: PLC0415
    from yanbao.sources.gather import answered_before, gather  # noqa: PLC0415

    loads: list[StoredLoad] = []
    partition = due.day.isoformat()
    is_short = dataset == "trading_days" and _ends_soon(state, due.day)
    request = Request(
        dataset=dataset,
        day=due.day,
        is_weekly=due.is_week_end or is_short,
        not_now=due.not_now(dataset),
        disclosing=disclosing(state, dataset, due.day),
    )

    def on_reply(fetch: Fetch, reply: Reply) -> None:
        loads.append(land_reply(state.zone, reply, partition))

    def on_failure(fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        loads.append(land_failure(state.zone, fetch, arguments, partition, error))

    def ask(already: Collection[str], without: Collection[str] = ()) -> Gathered:
        return gather(
            client,
            request,
            on_reply=on_reply,
            on_failure=on_failure,
            already=already,
            without=without,
        )

    before = [
        (stored.load.function, stored.load.arguments)
        for stored in state.zone.loads(dataset)
        if stored.status in ("good", "ungated", "repeat", "empty")
        and stored.load.partition == partition
    ]
    gathered = ask(answered_before(request, before))
    if is_short and gathered.sources and _ends_soon(state, due.day):
        more = ask((), without=gathered.sources)
        gathered = replace(gathered, attempts=(*gathered.attempts, *more.attempts))
    served = ", ".join(gathered.sources) or "nothing due"
    missing = f"; no answer for {', '.join(gathered.missing)}" if gathered.missing else ""
    state.progress(f"{dataset}: {gathered.rows} rows from {served}{missing}")
    return gathered, loads


def _ends_soon(state: StateFolder, day: date) -> bool:
    """Whether the calendar ends so soon that its second source is asked as well."""
    sessions = chinese_sessions(state.zone)
    return not sessions or sessions[-1] < day + timedelta(days=HORIZON_WARNING_DAYS)


def _due(state: StateFolder, day: date) -> _Due:
    """What a day is to the calendar at this moment."""
    now = clock.now()
    last = last_closed_session(now, state.zone)
    past = f"a list without a date holds the prices of {last}" if day != last else ""
    local = now.astimezone(clock.SHANGHAI)
    trading = ""
    if is_open(local, state.zone):
        trading = f"a list without a date holds prices of the open session {local.date()}"
    return _Due(day, is_week_end(day, state.zone), past, trading)
