"""Partitions of raw assets; the warehouse itself is one unpartitioned step."""

from dagster import DailyPartitionsDefinition

# A back-fill asks a source for one day; the day that has not ended yet is included so
# that a run after the close can fetch it.
RAW_DAYS = DailyPartitionsDefinition(
    start_date="2018-01-01", timezone="Asia/Shanghai", end_offset=1
)
