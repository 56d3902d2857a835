"""``yanbao doctor``: what this machine has, what it lacks, and how to fix it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING

from yanbao.cli.output import print_rows

if TYPE_CHECKING:
    from yanbao.base.settings import Settings

Finding = tuple[str, str, str]

PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "dagster", "great-expectations", "akshare")
ENOUGH_DISK = 2 * 2**30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--test-alerts", action="store_true", help="send an alert to every address"
    )
    parser.add_argument(
        "--repair", action="store_true", help="mend torn state files first, and say how"
    )


def handle(arguments: argparse.Namespace) -> int:
    settings = arguments.settings
    findings = [
        *(("repair", "ok", line) for line in (_repaired(settings) if arguments.repair else ())),
        ("python", "ok", sys.version.split()[0]),
        *((name, "ok", version(name)) for name in PACKAGES),
        *_disk(settings),
        *_fonts(),
        *_pdf(),
        *_lock(settings),
        *_release(settings),
        *_calendar(settings),
        *_rules(),
        *_themes(),
        *_alerts(settings, is_tested=arguments.test_alerts),
    ]
    print_rows(["what", "state", "detail"], findings, "table")
    return 1 if any(state == "bad" for _, state, _ in findings) else 0


def _repaired(settings: Settings) -> list[str]:
    """What was mended; no other writer may be at work meanwhile."""
    from yanbao.base.lock import writer_lock
    from yanbao.raw.zone import RawZone
    from yanbao.releases.release_store import ReleaseStore

    with writer_lock(settings.work, "yanbao doctor --repair"):
        return [
            *RawZone(settings.raw).mend(),
            *ReleaseStore(settings.releases).recover(),
        ] or ["nothing was torn"]


def _disk(settings: Settings) -> Iterator[Finding]:
    place = settings.home if settings.home.exists() else settings.home.parent
    free = shutil.disk_usage(place).free
    state = "ok" if free > ENOUGH_DISK else "bad"
    yield "disk", state, f"{free / 2**30:.1f} GiB free at the state folder"


def _fonts() -> Iterator[Finding]:
    from yanbao.reporting.styling.theme import has_cjk_font

    if has_cjk_font():
        yield "fonts", "ok", "a Chinese font is installed"
    else:
        yield "fonts", "warn", "no Chinese font found: apt-get install fonts-noto-cjk"


def _pdf() -> Iterator[Finding]:
    from yanbao.reporting.pages.render_pdf import lacking_library

    if library := lacking_library():
        yield "pdf", "warn", f"no {library}: packs print in the other formats alone"
    else:
        yield "pdf", "ok", "the libraries that lay out PDF are installed"


def _lock(settings: Settings) -> Iterator[Finding]:
    from yanbao.base.lock import lock_holder

    holder = lock_holder(settings.work)
    yield "writer", "ok", f"busy: {holder}" if holder else "free"


def _release(settings: Settings) -> Iterator[Finding]:
    from yanbao.quality.staleness import line_of
    from yanbao.releases.release_store import ReleaseStore

    store = ReleaseStore(settings.releases)
    release = store.current_or_none()
    if release is None:
        yield "release", "warn", "none yet: publish one with yanbao run"
        return
    damaged = store.damaged_files(release)
    detail = f"{release.release_id} as of {release.manifest['as_of_date']}"
    if damaged:
        detail += f"; damaged: {', '.join(damaged[:3])}; publish again with yanbao run"
    yield "release", "bad" if damaged else "ok", detail
    for one in release.manifest["stale"]:
        yield "data", "warn", line_of(one)
    if not release.manifest["stale"]:
        yield "data", "ok", f"every dataset reaches {release.manifest['as_of_date']}"


def _calendar(settings: Settings) -> Iterator[Finding]:
    from datetime import timedelta

    from yanbao.base import clock
    from yanbao.raw.sessions import HORIZON_WARNING_DAYS, chinese_sessions
    from yanbao.raw.zone import RawZone

    sessions = chinese_sessions(RawZone(settings.raw))
    if not sessions:
        yield "calendar", "warn", "no trading_days yet"
    elif sessions[-1] >= clock.today_in_beijing() + timedelta(days=HORIZON_WARNING_DAYS):
        yield "calendar", "ok", f"ends {sessions[-1]}"
    else:
        yield (
            "calendar",
            "warn",
            f"ends {sessions[-1]}; import the next year's trading_days",
        )


def _rules() -> Iterator[Finding]:
    from yanbao.base import clock
    from yanbao.catalog.reviewed_rules import reviewed_rules

    today = clock.today_in_beijing()
    for one in reviewed_rules():
        if one.is_due(today):
            yield f"rule {one.rule}", "warn", one.advice
        else:
            yield f"rule {one.rule}", "ok", f"reviewed until {one.reviewed_until}"


def _themes() -> Iterator[Finding]:
    from yanbao.catalog.themes.checks import theme_faults

    faults = theme_faults()
    if not faults:
        yield "themes", "ok", "pools and taxonomies agree with themselves"
    for fault in faults:
        yield "themes", "bad", fault.line()


def _alerts(settings: Settings, *, is_tested: bool) -> Iterator[Finding]:
    from yanbao.nightly import alerts

    try:
        found = alerts.addresses(settings)
    except alerts.AlertError as error:
        yield "alerts", "bad", error.line()
        return
    if not found:
        yield "alerts", "ok", f"to nobody: {alerts.SETTING} holds no address"
        return
    refused = alerts.send(settings, "a test", ["Alerts arrive here."]) if is_tested else []
    for line in refused:
        yield "alerts", "bad", line
    if not refused:
        names = ", ".join(one.name for one in found)
        yield "alerts", "ok", f"{'sent to' if is_tested else 'to'} {names}"
