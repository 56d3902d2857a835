-- Every day of the look-back in each market: whether it is a session, and how many sessions lie
-- before it. Days that trading_days cover are as it says. Elsewhere weekdays are sessions,
-- certain where the closures of the year are known.
with covered as (

    select
        market,
        min(trade_date) as first_on,
        max(trade_date) as last_on
    from {{ ref('trading_days') }}
    group by market

),

reviewed as (

    select
        market,
        {{ year_start('min(closed_on)') }} as first_on,
        {{ year_start('max(closed_on)') }} + 365 as last_on
    from {{ ref('market_closures') }}
    group by market

),

listed as (

    select distinct
        market,
        trade_date
    from {{ ref('trading_days') }}

),

days as (

    select
        markets.market,
        cast(windows.look_back_from - 31 + numbers.n as date) as day
    from {{ ref('int_windows') }} as windows
    cross join (values ('CN'), ('HK'), ('US')) as markets (market)
    inner join {{ numbers(900) }} as numbers
        on windows.look_back_from - 31 + numbers.n <= windows.as_of_date

),

told as (

    select
        days.market,
        days.day,
        coalesce(days.day between covered.first_on and covered.last_on, false) as is_covered,
        coalesce(days.day between reviewed.first_on and reviewed.last_on, false) as is_reviewed,
        listed.trade_date is not null as is_listed,
        days.day < {{ week_start('days.day') }} + 5 and closures.closed_on is null as is_open
    from days
    left join covered on days.market = covered.market
    left join reviewed on days.market = reviewed.market
    left join listed
        on days.market = listed.market and days.day = listed.trade_date
    left join {{ ref('market_closures') }} as closures
        on days.market = closures.market and days.day = closures.closed_on

)

select
    market,
    day,
    case when is_covered then is_listed else is_open end as is_session,
    is_covered or is_reviewed as is_certain,
    count(*) filter (where case when is_covered then is_listed else is_open end) over (
        partition by market order by day rows between unbounded preceding and 1 preceding
    ) as sessions_before
from told
