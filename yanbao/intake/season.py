"""Results season: which report periods have companies that disclose about now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from yanbao.sources.call import Request
from yanbao.sources.plans import periods_due
from yanbao.warehouse.store import has_table

if TYPE_CHECKING:
    from yanbao.warehouse.state_folder import StateFolder

FOLLOWS_THE_CALENDAR = ("income_statements",)
# A company is asked for two weeks after its day, so that the next run makes up for
# missed runs and late sources; one that let its planned day pass, for a month.
AFTER_DISCLOSURE = timedelta(days=14)
OVERDUE = timedelta(days=30)

# A-share companies file by the end of April (year and first quarter), August and October, most
# of them in its last days, Saturdays and Sundays among these.
DEADLINE_MONTHS = (4, 8, 10)


def is_results_season(day: date) -> bool:
    """Whether statements come on every day of the week."""
    return day.month in DEADLINE_MONTHS


def disclosing(state: StateFolder, dataset: str, day: date) -> tuple[date, ...] | None:
    """The periods in which the disclosure calendar has companies due, ascending.

    A period of which the calendar knows no company is due while its filing window is open.
    None where the calendar does not decide: for other datasets, and before the first build.
    """
    if dataset not in FOLLOWS_THE_CALENDAR or not state.store.path.exists():
        return None
    with state.store.connect() as connection:
        if not has_table(connection, "core", "disclosure_dates"):
            return None
        rows = connection.execute(
            "select report_period, coalesce(bool_or("
            "  coalesce(announced_on, planned_on) between $since and $day"
            "  or (announced_on is null and planned_on between $overdue and $day)"
            "), false) from (select * from core.disclosure_dates qualify row_number() over"
            "  (partition by code, report_period order by version desc) = 1)"
            " group by report_period",
            {"day": day, "since": day - AFTER_DISCLOSURE, "overdue": day - OVERDUE},
        ).fetchall()
    known = {period for period, _ in rows}
    due = {period for period, is_due in rows if is_due}
    due |= {period for period in periods_due(Request(dataset, day)) if period not in known}
    return tuple(sorted(due))
