"""The mart that says through which day each dataset has data, from every declaration."""

from __future__ import annotations

from pathlib import Path

from yanbao.base.settings import PROJECT_ROOT
from yanbao.catalog import DATASETS, Dataset
from yanbao.scaffold.generated import sql_file

MART = PROJECT_ROOT / "models" / "marts" / "report" / "data_through.sql"
EXCHANGE = "exchange"  # the suffix of a code, which stands for no column of its own
SEASON = "season_due"
FEED_DAYS = 5


def freshness_files() -> dict[Path, str]:
    """The generated mart, by its path."""
    return {MART: sql_file("yanbao/catalog", data_through_sql())}


def data_through_sql() -> str:
    due = [dataset for dataset in DATASETS if dataset.is_due]
    parts = "\n    union all\n".join(_parts(dataset) for dataset in due)
    return f"""\
with parts as (

{parts}

),

dated as (

    select
        {{{{ star_without('parts', 'due_on') }}}},
        coalesce(parts.due_on, due_days.due_on) as due_on,
        due_days.calendar_to,
        due_days.is_certain,
        (
            select min(sessions.day)
            from {{{{ ref('int_calendar') }}}} as sessions
            where
                sessions.market = parts.market
                and sessions.day > parts.data_through
                and sessions.is_session
                and parts.lag_sessions is not null
        ) as next_session_on
    from parts
    left join {{{{ ref('int_due_days') }}}} as due_days
        on parts.market = due_days.market and parts.lag_sessions = due_days.lag_sessions

)

select
    parameters.as_of_date,
    parameters.known_at,
    dated.dataset,
    dated.dataset_label,
    dated.part,
    dated.part_column,
    dated.data_through,
    dated.due_on,
    case
        when dated.data_through < dated.due_on
            then coalesce(
                dated.next_session_on,
                cast(dated.data_through + 1 + coalesce(dated.due_after_days, 0) as date)
            )
    end as missing_since,
    dated.allowance_days,
    coalesce(dated.data_through < dated.due_on, false) as is_stale,
    case
        when dated.data_through < dated.due_on then {{{{ stale_words('dated') }}}}
    end as stale_reason
from dated
cross join {{{{ ref('int_run_parameters') }}}} as parameters
order by dated.dataset, dated.part
"""


def _parts(dataset: Dataset) -> str:
    """One row per part of a dataset: its newest day, and what says when the next is due."""
    is_season, by = SEASON in dataset.due_on, dataset.parts_by
    own = " and ".join(filter(None, [_up_to_the_day(dataset), dataset.told_by]))
    where = " and ".join(filter(None, [own, "{{ is_known('fact', 'parameters') }}"]))
    relation = f"{{{{ ref('{dataset.core_table}') }}}}"
    if is_season:
        relation = f"{{{{ filed_periods('{dataset.core_table}') }}}}"
    told_as = "season" if is_season else "calendar" if dataset.future_allowed else "days"
    lag = str(dataset.lag_sessions or 0) if dataset.market else ""
    return f"""\
    select
        '{dataset.name}' as dataset,
        '{dataset.label}' as dataset_label,
        {"{{ listing_place('code') }}" if by == EXCHANGE else by or "''"} as part,
        '{"code" if by == EXCHANGE else by}' as part_column,
        {dataset.market or "cast(null as string)"} as market,
        {_integer(lag)} as lag_sessions,
        {_integer(dataset.due_after_days)} as due_after_days,
        {_due_on(dataset)} as due_on,
        {_allowance(dataset)} as allowance_days,
        '{told_as}' as told_as,
        max({_through(dataset)}) as data_through
    from {relation} as fact
    cross join {{{{ ref('int_run_parameters') }}}} as parameters
    where {"true" if is_season else where}
    group by all
    having count(*) > 0"""


def _up_to_the_day(dataset: Dataset) -> str:
    """A calendar reaches beyond the day of the report, which is what it is for."""
    return (
        "" if dataset.future_allowed else f"fact.{dataset.date_column} <= parameters.as_of_date"
    )


def _through(dataset: Dataset) -> str:
    column = dataset.covers_to or f"fact.{dataset.date_column}"
    if dataset.covers_to or dataset.future_allowed:
        return f"least({column}, parameters.as_of_date)"
    return column


def _due_on(dataset: Dataset) -> str:
    if dataset.due_after_days is not None:
        return f"cast(parameters.as_of_date - {dataset.due_after_days} as date)"
    return dataset.due_on or "cast(null as date)"


def _allowance(dataset: Dataset) -> str:
    """A few days from the table of a report are no feed, which alone can stop."""
    if dataset.staleness_days is None:
        return _integer(None)
    days = f"count(distinct fact.{dataset.date_column})"
    return f"case when {days} >= {FEED_DAYS} then {dataset.staleness_days} end"


def _integer(value: object) -> str:
    return "cast(null as integer)" if value in (None, "") else str(value)
