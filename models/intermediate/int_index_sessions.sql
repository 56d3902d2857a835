-- Sessions of each market of indices, numbered: as the calendar has them, and where it does not
-- reach, the days on which one of the market's indices has a close.
with sessions as (

    select
        market,
        day
    from {{ ref('int_calendar') }}
    where is_session and is_certain
    union
    select
        bars.market,
        bars.trade_date as day
    from (
        select distinct
            {{ index_market('index_code') }} as market,
            trade_date
        from {{ known_versions('index_bars', where=in_look_back('trade_date')) }} as known
    ) as bars
    inner join {{ ref('int_calendar') }} as calendar
        on bars.market = calendar.market and bars.trade_date = calendar.day
    where not calendar.is_certain

)

select
    market,
    day,
    row_number() over (partition by market order by day) as session_number
from sessions
