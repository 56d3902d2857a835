-- Sessions that a dataset lacks between two that it has: a night that never ran, a file that
-- left a day out. What is only listed on some days is no daily series, and has no gaps.
with listings as (

    select
        datasets.dataset,
        '' as part,
        missing.missing_on
    from {{ ref('int_missing_sessions') }} as missing
    inner join (
        values
        ('a_share_bars', 'CN', 'share'),
        ('etf_bars', 'CN', 'fund'),
        ('hk_stock_bars', 'HK', 'share'),
        ('us_stock_bars', 'US', 'share')
    ) as datasets (dataset, market, kind)
        on missing.market = datasets.market and missing.kind = datasets.kind
    where missing.is_proven and missing.is_daily

),

closes as (

    select
        index_code,
        {{ index_market('index_code') }} as market,
        trade_date
    from {{ known_versions('index_bars', where=in_look_back('trade_date')) }} as known

),

series as (

    select
        index_code,
        market,
        min(trade_date) as first_on,
        max(trade_date) as last_on
    from closes
    group by index_code, market

),

indices as (

    select
        series.index_code,
        sessions.day,
        own.trade_date is null as is_missing,
        2 * count(own.trade_date) over (partition by series.index_code)
        > count(*) over (partition by series.index_code) as is_daily
    from series
    inner join {{ ref('int_index_sessions') }} as sessions
        on
            series.market = sessions.market
            and series.first_on <= sessions.day
            and series.last_on >= sessions.day
    left join closes as own
        on series.index_code = own.index_code and sessions.day = own.trade_date

),

nav_days as (

    select
        nav_date,
        count(*) as funds
    from {{ known_versions('fund_navs', where=in_look_back('nav_date')) }} as known
    group by nav_date

),

nav_sessions as (

    select
        days.day,
        coalesce(nav_days.funds, 0) as funds,
        max(nav_days.funds) over (
            order by days.day rows between 5 preceding and 1 preceding
        ) as funds_before,
        max(nav_days.funds) over (
            order by days.day rows between 1 following and 5 following
        ) as funds_after,
        count(nav_days.funds) over () as days_there
    from {{ ref('int_calendar') }} as days
    left join nav_days on days.day = nav_days.nav_date
    where days.market = 'CN' and days.is_session and days.is_certain

),

gaps as (

    select
        dataset,
        part,
        missing_on
    from listings
    union all
    select
        'index_bars' as dataset,
        index_code as part,
        day as missing_on
    from indices
    where is_missing and is_daily
    union all
    select
        'fund_navs' as dataset,
        '' as part,
        day as missing_on
    from nav_sessions
    where funds_before > 2 * funds and funds_after > 2 * funds
    -- NAVs of one day a week are no daily series either.
    qualify days_there > count(*) over ()

)

select
    parameters.as_of_date,
    parameters.known_at,
    gaps.dataset,
    gaps.part,
    gaps.missing_on
from gaps
cross join {{ ref('int_run_parameters') }} as parameters
order by gaps.dataset, gaps.part, gaps.missing_on
