-- The days for which funds print a NAV: Chinese trading days and both half-year ends,
-- each with the next such day, on which the NAV becomes known.
with trading_days as (

    select distinct trade_date
    from {{ ref('trading_days') }}
    where market = 'CN'

),

half_year_ends as (

    select distinct cast(date_trunc('year', trade_date) + interval 6 month as date) - 1 as day
    from trading_days
    union
    select distinct cast(date_trunc('year', trade_date) + interval 12 month as date) - 1 as day
    from trading_days

),

nav_days as (

    select trade_date as nav_date from trading_days
    union
    select day as nav_date from half_year_ends

)

select
    nav_date,
    lead(nav_date) over (order by nav_date) as next_nav_day
from nav_days
