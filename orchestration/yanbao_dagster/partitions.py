"""Partitions of raw assets; the warehouse itself is one unpartitioned step."""

from dagster import TimeWindowPartitionsDefinition

# A back-fill asks a source for one day; the day that has not ended yet is included so that
# a run after the close can fetch it. Weekdays since 2024 only: Dagster lists every key some
# seventy times a run, and older history comes from a source's own history or from files.
RAW_DAYS = TimeWindowPartitionsDefinition(
    start="2024-01-01",
    fmt="%Y-%m-%d",
    cron_schedule="0 0 * * 1-5",
    timezone="Asia/Shanghai",
    end_offset=1,
)
