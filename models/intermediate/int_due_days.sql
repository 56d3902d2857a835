-- The session through which the data of a market are due on the day of the report, and the one
-- before it, for what a publisher gives a session later. New York's is that of the day before
-- in Beijing. Where nobody knows the holidays of Hong Kong or New York, the longest run of them
-- in an ordinary year is allowed for.
with markets as (

    select
        markets.market,
        cast(parameters.as_of_date - markets.days_behind as date) as last_day,
        markets.holidays
    from {{ ref('int_run_parameters') }} as parameters
    cross join (values ('CN', 0, 0), ('HK', 0, 3), ('US', 1, 1))
        as markets (market, days_behind, holidays)

),

reached as (

    select
        markets.market,
        calendar.is_certain,
        case
            when calendar.is_certain then markets.last_day
            else cast(markets.last_day - markets.holidays as date)
        end as last_sure_day
    from markets
    inner join {{ ref('int_calendar') }} as calendar
        on markets.market = calendar.market and markets.last_day = calendar.day

),

listed as (

    select
        market,
        max(trade_date) as calendar_to
    from {{ ref('trading_days') }}
    group by market

)

select
    reached.market,
    reached.is_certain,
    listed.calendar_to,
    sessions.day as due_on,
    row_number() over (partition by reached.market order by sessions.day desc) - 1
        as lag_sessions
from reached
inner join {{ ref('int_calendar') }} as sessions
    on reached.market = sessions.market and reached.last_sure_day >= sessions.day
left join listed on reached.market = listed.market
where sessions.is_session
qualify lag_sessions <= 1
