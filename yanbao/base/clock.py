"""The one place that reads the clock; tests inject it through ``YANBAO_CLOCK``."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The current instant in UTC, or the instant that ``YANBAO_CLOCK`` (ISO) holds."""
    injected = os.environ.get("YANBAO_CLOCK")
    if not injected:
        return datetime.now(UTC)
    moment = datetime.fromisoformat(injected)
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def today_in_beijing() -> date:
    """The calendar day in Asia/Shanghai; only freshness and future checks may ask."""
    return now().astimezone(SHANGHAI).date()
