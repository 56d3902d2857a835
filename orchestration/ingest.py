"""From the night's source mode to loads in the raw zone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from orchestration import clock
from orchestration.datasets import BY_NAME
from orchestration.errors import UsageError, YanbaoError
from orchestration.landing import land_failure, land_reply, land_sample
from orchestration.night import Night, default_as_of
from orchestration.raw.load import StoredLoad
from orchestration.season import disclosing
from orchestration.sessions import (
    HORIZON_WARNING_DAYS,
    chinese_sessions,
    is_open,
    is_week_end,
    last_closed_session,
)

if TYPE_CHECKING:
    from orchestration.sources.akshare_client import AkshareClient
    from orchestration.sources.call import Arguments, Fetch, Reply
    from orchestration.sources.gather import Gathered

Summary = dict[str, list[StoredLoad]]


@dataclass(frozen=True)
class _Due:
    """A night's day; ``past`` and ``trading`` say why undated lists are not asked for it."""

    day: date
    is_week_end: bool
    past: str = ""
    trading: str = ""

    def not_now(self, dataset: str) -> str:
        """Prices change while the market is open; lists of names do not."""
        is_priced = BY_NAME[dataset].partitioning == "trade_date"
        return self.past or (self.trading if is_priced else "")


def ingest(night: Night, wanted: Collection[str], partition: str | None) -> Summary:
    """Bring in what is due for the datasets in ``wanted``; returns loads by dataset.

    sample: the embedded files; live: one call per due fetch, with fallbacks; import and
    replay: nothing, for their loads are in the raw zone already.
    """
    if night.mode == "sample":
        return _sample(night, wanted)
    if night.mode == "live":
        return _live(night, wanted, partition)
    summary: Summary = {}
    for stored in night.zone.loads(known=night.store.built_loads()):
        summary.setdefault(stored.load.dataset, []).append(stored)
    return summary


def _sample(night: Night, wanted: Collection[str]) -> Summary:
    summary: Summary = {}
    for landed in land_sample(night.settings, wanted):
        for line in landed.lines:
            night.say(line)
        summary.setdefault(landed.stored.load.dataset, []).append(landed.stored)
    return summary


def _live(night: Night, wanted: Collection[str], partition: str | None) -> Summary:
    """Ask the upstreams for what is due on a day; closed parts cost no request."""
    from orchestration.sources.akshare_client import AkshareClient  # noqa: PLC0415
    from orchestration.sources.budget import A_SHARES, spent  # noqa: PLC0415

    summary: Summary = {}
    gathered = []
    with AkshareClient() as client:
        # The calendar comes first: without it nobody knows which session closed last.
        day = date.fromisoformat(partition) if partition else clock.today_in_beijing()
        _refuse_future(day)
        if "trading_days" in wanted:
            due = _Due(day, is_week_end(day, night.zone))
            first, summary["trading_days"] = _fetch(night, client, "trading_days", due)
            gathered.append(first)
        due = _due(night, day if partition else default_as_of("live", night.zone))
        for dataset in sorted(set(wanted) - summary.keys()):
            one, summary[dataset] = _fetch(night, client, dataset, due)
            gathered.append(one)
    shares = max((one.rows for one in gathered if one.dataset == "a_share_bars"), default=0)
    night.say(spent(gathered, shares or A_SHARES).line())
    return summary


def _refuse_future(day: date) -> None:
    today = clock.today_in_beijing()
    if day > today:
        raise UsageError(
            f"{day} is in the future: in Beijing it is {today}",
            hint="give a day that is over, or set this machine's clock",
        )


def _fetch(
    night: Night, client: AkshareClient, dataset: str, due: _Due
) -> tuple[Gathered, list[StoredLoad]]:
    """One dataset through its fetches in fallback order; every call leaves one load."""
    from orchestration.sources.call import Request  # noqa: PLC0415
    from orchestration.sources.gather import answered_before, gather  # noqa: PLC0415

    loads: list[StoredLoad] = []
    partition = due.day.isoformat()
    is_short = dataset == "trading_days" and _ends_soon(night, due.day)
    request = Request(
        dataset=dataset,
        day=due.day,
        is_weekly=due.is_week_end or is_short,
        not_now=due.not_now(dataset),
        disclosing=disclosing(night, dataset, due.day),
    )

    def on_reply(fetch: Fetch, reply: Reply) -> None:
        loads.append(land_reply(night.zone, reply, partition))

    def on_failure(fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        loads.append(land_failure(night.zone, fetch, arguments, partition, error))

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
        for stored in night.zone.loads(dataset)
        if stored.status in ("good", "ungated", "repeat", "empty")
        and stored.load.partition == partition
    ]
    gathered = ask(answered_before(request, before))
    if is_short and gathered.sources and _ends_soon(night, due.day):
        more = ask((), without=gathered.sources)
        gathered = replace(gathered, attempts=(*gathered.attempts, *more.attempts))
    said = ", ".join(gathered.sources) or "nothing due"
    missing = f"; no answer for {', '.join(gathered.missing)}" if gathered.missing else ""
    night.say(f"{dataset}: {gathered.rows} rows from {said}{missing}")
    return gathered, loads


def _ends_soon(night: Night, day: date) -> bool:
    """Whether the calendar ends so soon that its second source is asked as well."""
    sessions = chinese_sessions(night.zone)
    return not sessions or sessions[-1] < day + timedelta(days=HORIZON_WARNING_DAYS)


def _due(night: Night, day: date) -> _Due:
    """What a day is to the calendar at this moment."""
    now = clock.now()
    last = last_closed_session(now, night.zone)
    past = f"a list without a date holds the prices of {last}" if day != last else ""
    local = now.astimezone(clock.SHANGHAI)
    trading = ""
    if is_open(local, night.zone):
        trading = f"a list without a date holds prices of the open session {local.date()}"
    return _Due(day, is_week_end(day, night.zone), past, trading)
