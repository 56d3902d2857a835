"""Live nights of a state folder against a small market, in this process.

The steps and their order are those of the asset graph (``yanbao_dagster``). akshare
runs here behind the interception layer, so that no pause is waited out and no process is
started; what only a process can show (deadlines) has its own runner.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Collection, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.contract.in_process import InProcess
from tests.contract.stand_in import StandIn, standing_in
from yanbao.base.lock import writer_lock
from yanbao.base.settings import Settings
from yanbao.catalog import BY_NAME
from yanbao.cli.main import main
from yanbao.intake.ingest import ingest
from yanbao.nightly.evidence import write_raw_gate
from yanbao.nightly.release import publish_release
from yanbao.nightly.release_gate import release_checks
from yanbao.nightly.steps import NightlySteps
from yanbao.quality.gating import gate_pending
from yanbao.quality.staleness import Stale
from yanbao.raw.load import StoredLoad
from yanbao.releases.release_store import Release, ReleaseStore
from yanbao.sources.akshare_client import AkshareClient
from yanbao.sources.akshare_library import Library
from yanbao.sources.breaker import Breaker
from yanbao.sources.symbols import COMPANIES as ALL_COMPANIES
from yanbao.sources.symbols import INDEX_BY_CODE
from yanbao.sources.task import Runner
from yanbao.warehouse.store import Parameters

from .small_market import SmallMarket

FOLLOWED = ("000300.SH", "930713.CSI", "801750.SI", "HSI.HI", "SPX.GI")
COMPANIES = ("NVDA.O", "0700.HK")
ASKING = ("eastmoney", "sina", "csindex", "swsresearch", "eastmoney_overseas", "sina_quotes")
BOARDS = ("人工智能",)
RUN_ID = "live-night"
EVENING = "20:00:00"


@dataclass
class LiveNights:
    """The market, the library that asks it, and the nights of any state folder."""

    market: SmallMarket
    server: StandIn
    library: Library
    monkeypatch: pytest.MonkeyPatch

    def at(self, moment: str) -> None:
        """Set Beijing's clock."""
        self.monkeypatch.setenv("YANBAO_CLOCK", moment)

    def evening_of(self, day: date) -> None:
        self.market.day = day
        self.at(f"{day}T{EVENING}")

    def through(self, runner: Runner | None = None, deadline: float | None = None) -> None:
        """Let nights ask through a runner, by default through the library here."""
        self.library.traffic.route_to = self.server.url

        def client() -> AkshareClient:
            chosen = runner or InProcess(self.library)
            return AkshareClient(runner=chosen, breaker=Breaker(), deadline_seconds=deadline)

        self.monkeypatch.setattr("yanbao.sources.akshare_client.AkshareClient", client)

    def to_gate(
        self, home: Path, wanted: Collection[str], partition: str | None = None
    ) -> list[StoredLoad]:
        """What a night brings in and what the raw gate makes of it; the new loads."""
        night = self._open(home)
        before = {stored.load.load_id for stored in night.zone.loads()}
        self._to_gate(night, wanted, partition or f"{self.market.day}")
        return [one for one in night.zone.loads() if one.load.load_id not in before]

    def whole(self, home: Path, day: date) -> tuple[Release, list[Stale]]:
        """A whole night without the pack; raises what stops the release."""
        night = self._open(home)
        work = night.settings.work
        with writer_lock(work, "a fault test"):
            self._to_gate(night, BY_NAME, None)
            is_rebuild = night.prepare_models()
            built = night.transform(Parameters(day), is_rebuild=is_rebuild)
            checks = release_checks(night, built)
            stale = night.stale(day)
            release = publish_release(night, built, checks, stale, RUN_ID)
        return release, stale

    def command(self, home: Path, *words: str) -> tuple[int, str, str]:
        """A command of ``yanbao`` in this process: its exit code and what it printed."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = main(["--home", str(home), *words])
        return code, out.getvalue(), err.getvalue()

    def stale(self, home: Path, day: date) -> dict[str, Stale]:
        return {one.dataset: one for one in self._open(home).stale(day)}

    def _open(self, home: Path) -> NightlySteps:
        settings = Settings(home)
        settings.claim_mode("live")
        return NightlySteps(settings, "live")

    def _to_gate(
        self, night: NightlySteps, wanted: Collection[str], partition: str | None
    ) -> None:
        night.settings.make_folders()
        night.recover()
        ingest(night, wanted, partition)
        night.prepare_models()
        night.seed_history_for_raw_gate()
        judged = gate_pending(night.zone, night.store, night.progress)
        checks = (check for one in judged for check in one.results)
        write_raw_gate(night.settings.work, checks)


@contextmanager
def live_nights(
    library: Library, market: SmallMarket | None = None, followed: Collection[str] = FOLLOWED
) -> Iterator[LiveNights]:
    """A market of five indices and two companies, and nights on it."""
    market = market or SmallMarket()
    with standing_in(market) as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.sleep", lambda seconds: None)
        for name in (*ASKING, "plans"):
            module = importlib.import_module(f"yanbao.sources.{name}")
            if hasattr(module, "INDICES"):
                patch.setattr(module, "INDICES", tuple(INDEX_BY_CODE[c] for c in followed))
            if hasattr(module, "COMPANIES"):
                chosen = {code: ALL_COMPANIES[code] for code in COMPANIES}
                patch.setattr(module, "COMPANIES", chosen)
        patch.setattr("yanbao.sources.eastmoney_research.BOARDS", BOARDS)
        # Else the gate misses 260 listed shares in every snapshot that follows a weekly list.
        patch.setattr("tests.contract.weekly.LISTED_IN_BEIJING", market.beijing)
        nights = LiveNights(market, server, library, patch)
        nights.through()
        yield nights
        assert market.broken == []


def current(home: Path) -> Release:
    """The current release, after its bytes were verified."""
    store = ReleaseStore(home / "releases")
    release = store.current()
    assert store.damaged_files(release) == []
    return release
