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

if TYPE_CHECKING:
    from orchestration.sources.akshare_client import AkshareClient

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
    """Try each dataset's sources in order; the first that answers serves."""
    from orchestration.sources.akshare_client import AkshareClient  # noqa: PLC0415

    client = AkshareClient()
    summary: Summary = {}
    # The calendar comes first: without it nobody knows which session closed last.
    day = date.fromisoformat(partition) if partition else clock.today_in_beijing()
    if partition is None and "trading_days" in wanted:
        summary["trading_days"] = _fetch(night, client, "trading_days", day)
        day = default_as_of("live", night.zone)
    for dataset in sorted(set(wanted) - summary.keys()):
        summary[dataset] = _fetch(night, client, dataset, day)
        night.say(f"{dataset}: {len(summary[dataset])} calls")
    return summary


def _fetch(night: Night, client: AkshareClient, dataset: str, day: date) -> list[StoredLoad]:
    """Try each source in order; the first whose every call answers serves."""
    from orchestration.sources import fetches_for  # noqa: PLC0415
    from orchestration.sources.call import Request  # noqa: PLC0415

    loads: list[StoredLoad] = []
    for fetch in fetches_for(dataset):
        request = Request(dataset=dataset, day=day, symbols=())
        try:
            for arguments in fetch.plan(request):
                reply = client.call(fetch, arguments)
                loads.append(land_reply(night.zone, reply, day.isoformat()))
        except YanbaoError as error:
            night.say(error.line())
            loads.append(land_failure(night.zone, fetch.source, dataset, fetch.function, error))
            continue
        break
    return loads
