"""From the night's source mode to loads in the raw zone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from orchestration import clock
from orchestration.errors import YanbaoError
from orchestration.landing import land_failure, land_reply, land_sample
from orchestration.night import Night, default_as_of
from orchestration.raw.load import StoredLoad
from orchestration.sessions import is_week_end

if TYPE_CHECKING:
    from orchestration.sources.akshare_client import AkshareClient
    from orchestration.sources.call import Arguments, Fetch, Reply
    from orchestration.sources.gather import Gathered

Summary = dict[str, list[StoredLoad]]


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
        if partition is None and "trading_days" in wanted:
            first, summary["trading_days"] = _fetch(night, client, "trading_days", day)
            gathered.append(first)
            day = default_as_of("live", night.zone)
        for dataset in sorted(set(wanted) - summary.keys()):
            one, summary[dataset] = _fetch(night, client, dataset, day)
            gathered.append(one)
    shares = max((one.rows for one in gathered if one.dataset == "a_share_bars"), default=0)
    night.say(spent(gathered, shares or A_SHARES).line())
    return summary


def _fetch(
    night: Night, client: AkshareClient, dataset: str, day: date
) -> tuple[Gathered, list[StoredLoad]]:
    """One dataset through its fetches in fallback order; every call leaves one load."""
    from orchestration.sources.call import Request  # noqa: PLC0415
    from orchestration.sources.gather import answered_before, gather  # noqa: PLC0415

    loads: list[StoredLoad] = []
    partition = day.isoformat()
    request = Request(dataset=dataset, day=day, is_weekly=is_week_end(day, night.zone))

    def on_reply(fetch: Fetch, reply: Reply) -> None:
        loads.append(land_reply(night.zone, reply, partition))

    def on_failure(fetch: Fetch, arguments: Arguments, error: YanbaoError) -> None:
        loads.append(land_failure(night.zone, fetch, arguments, partition, error))

    before = [
        (stored.load.function, stored.load.arguments)
        for stored in night.zone.loads(dataset)
        if stored.status in ("good", "ungated", "repeat", "empty")
        and stored.load.partition == partition
    ]
    gathered = gather(
        client,
        request,
        on_reply=on_reply,
        on_failure=on_failure,
        already=answered_before(request, before),
    )
    said = ", ".join(gathered.sources) or "nothing due"
    missing = f"; no answer for {', '.join(gathered.missing)}" if gathered.missing else ""
    night.say(f"{dataset}: {gathered.rows} rows from {said}{missing}")
    return gathered, loads
