-- Sessions without data: days on which a market traded, between two days that are stored, and
-- of which next to nothing is. A share without a row on a day that its market has is suspended;
-- on a day that the market lacks, nobody knows. Where fewer than five listings are followed
-- the two cannot be told apart, and the day is not proven to be lost. Neither is a weekday
-- that no calendar covers: it may be a holiday.
with stored as (

    select
        market,
        {{ bar_kind('market', 'code') }} as kind,
        trade_date,
        count(*) as listings
    from {{ known_versions('daily_bars', where=in_look_back(
        'trade_date', '(select look_back_from - 31 from ' ~ ref('int_windows') ~ ')'
    )) }} as known
    group by all

),

followed as (

    select distinct
        market,
        kind
    from stored

),

sessions as (

    select
        calendar.market,
        followed.kind,
        calendar.day,
        calendar.is_certain or coalesce(stored.listings, 0) > 0 as is_certain,
        coalesce(stored.listings, 0) as listings,
        max(stored.listings) over (
            partition by calendar.market, followed.kind
            order by calendar.day rows between unbounded preceding and 1 preceding
        ) as listings_before,
        max(stored.listings) over (
            partition by calendar.market, followed.kind
            order by calendar.day rows between 1 following and unbounded following
        ) as listings_after
    from {{ ref('int_calendar') }} as calendar
    inner join followed
        on calendar.market = followed.market
    left join stored
        on
            calendar.market = stored.market
            and followed.kind = stored.kind
            and calendar.day = stored.trade_date
    where calendar.is_session

),

judged as (

    select
        *,
        listings_before > 2 * listings and listings_after > 2 * listings as is_missing,
        count(nullif(listings, 0)) over (partition by market, kind) as sessions_stored
    from sessions

)

select
    market,
    kind,
    day as missing_on,
    is_certain and least(listings_before, listings_after) >= 5 as is_proven,
    -- Closes of some days, as a desk may import them, are no daily series.
    sessions_stored > count(*) filter (where is_certain) over (partition by market, kind)
        as is_daily,
    case
        when not is_certain then '缺交易日数据或休市（' || day || '，交易日历未覆盖）'
        when least(listings_before, listings_after) >= 5 then '缺交易日数据（' || day || '）'
        else '缺交易日数据或停牌（' || day || '，无法区分）'
    end as reason
from judged
where is_missing
