-- The market's sessions are those on which one of its indices has a close.
with numbered as (

    select
        *,
        dense_rank() over (
            partition by {{ index_market('index_code') }} order by trade_date
        ) as session_number
    from {{ known_versions('index_bars', where=is_bar_of(['change_week'])) }} as known

),

-- A change of one day needs the close of the session before: over a gap there is none.
daily as (

    select
        index_code,
        trade_date,
        index_name,
        source_note,
        case
            when
                session_number = 1 + lag(session_number) over (
                    partition by index_code order by trade_date
                )
                then {{ period_change(
                    'close', 'lag(close) over (partition by index_code order by trade_date)'
                ) }}
        end as change
    from numbered

)

select
    windows.as_of_date,
    windows.known_at,
    daily.index_code,
    coalesce(
        any_value(indices.index_name),
        max_by(daily.index_name, daily.trade_date),
        daily.index_code
    ) as index_name,
    min(daily.trade_date) as first_session_on,
    max(daily.trade_date) as session_on,
    cast(count(*) as integer) as sessions,
    max(daily.change) as max_daily_gain,
    max_by(daily.trade_date, (daily.change, daily.trade_date))
    filter (where daily.change is not null) as max_daily_gain_on,
    min(daily.change) as max_daily_loss,
    min_by(daily.trade_date, (daily.change, daily.trade_date))
    filter (where daily.change is not null) as max_daily_loss_on,
    max_by(daily.source_note, daily.trade_date) as source_note
from daily
cross join {{ ref('int_windows') }} as windows
left join {{ ref('indices') }} as indices on daily.index_code = indices.index_code
where daily.trade_date >= windows.week_starts_on
group by windows.as_of_date, windows.known_at, daily.index_code
order by index_code
