with bars as {{ known_versions('index_bars', where=is_bar_of(['change_week'])) }},

numbered as (

    select
        bars.*,
        sessions.session_number,
        lag(sessions.session_number) over of_index as session_before,
        lag(bars.close) over of_index as close_before
    from bars
    left join {{ ref('int_index_sessions') }} as sessions
        on
            {{ index_market('bars.index_code') }} = sessions.market
            and bars.trade_date = sessions.day
    window of_index as (partition by bars.index_code order by bars.trade_date)

),

-- A change of one day needs the close of the session before: over a gap there is none, and of
-- the days of a week of which one is not known none is the best.
daily as (

    select
        numbered.*,
        numbered.session_number = numbered.session_before + 1 as is_linked,
        {{ period_change('numbered.close', 'numbered.close_before') }} as change
    from numbered

),

weeks as (

    select
        windows.as_of_date,
        windows.known_at,
        daily.index_code,
        {{ value_at_max('daily.index_name', 'daily.trade_date') }} as index_name,
        min(daily.trade_date) as first_session_on,
        max(daily.trade_date) as session_on,
        count(*) as sessions,
        bool_and(coalesce(daily.is_linked, false)) as is_complete,
        max(daily.change) as max_daily_gain,
        {{ value_at_max('daily.trade_date', '(daily.change, daily.trade_date)') }}
            as max_daily_gain_on,
        min(daily.change) as max_daily_loss,
        {{ value_at_min('daily.trade_date', '(daily.change, daily.trade_date)') }}
            as max_daily_loss_on,
        {{ value_at_max('daily.source_note', 'daily.trade_date') }} as source_note
    from daily
    cross join {{ ref('int_windows') }} as windows
    where daily.trade_date >= windows.week_starts_on
    group by windows.as_of_date, windows.known_at, daily.index_code

)

select
    weeks.as_of_date,
    weeks.known_at,
    weeks.index_code,
    coalesce(indices.index_name, weeks.index_name, weeks.index_code) as index_name,
    weeks.first_session_on,
    weeks.session_on,
    cast(weeks.sessions as integer) as sessions,
    {% for side in ['max_daily_gain', 'max_daily_loss'] %}
        case when weeks.is_complete then weeks.{{ side }} end as {{ side }},
        case when not weeks.is_complete then '缺交易日数据' end as {{ side }}_reason,
        case when weeks.is_complete then weeks.{{ side }}_on end as {{ side }}_on,
    {% endfor %}
    weeks.source_note
from weeks
left join {{ ref('indices') }} as indices on weeks.index_code = indices.index_code
order by index_code
