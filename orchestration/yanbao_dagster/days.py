"""Partitions: a day is the day that a run publishes; weeks and months are those of the packs.

Days are offered as the folder gets to have them, so that the UI shows no others: a sample ends
where it ends, an import holds what was imported. Any other day can be asked for by its name.
"""

from collections.abc import Iterable
from datetime import date

from dagster import DagsterInstance, DynamicPartitionsDefinition

DAY, WEEK, MONTH = "day", "week", "month"
DAYS = DynamicPartitionsDefinition(name=DAY)
WEEKS = DynamicPartitionsDefinition(name=WEEK)
MONTHS = DynamicPartitionsDefinition(name=MONTH)


def week_of(day: date) -> str:
    """The ISO week, as in 2024-W44."""
    return f"{day:%G-W%V}"


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"


def offer(instance: DagsterInstance, days: Iterable[date]) -> None:
    """Let the UI choose these days, their weeks and their months beside those it offers."""
    ascending = sorted({*days})
    for partitions, name_of in ((DAY, date.isoformat), (WEEK, week_of), (MONTH, month_of)):
        offered = {*instance.get_dynamic_partitions(partitions)}
        new = [name for name in dict.fromkeys(map(name_of, ascending)) if name not in offered]
        if new:
            instance.add_dynamic_partitions(partitions, new)


def offered(instance: DagsterInstance) -> list[date]:
    """The days that the UI offers, ascending."""
    return sorted(map(date.fromisoformat, instance.get_dynamic_partitions(DAY)))
