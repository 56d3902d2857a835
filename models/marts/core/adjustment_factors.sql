-- Ratio steps of unadjusted Chinese prices: the last close over the next session's reference
-- price, on the sessions where the two differ. Each load that changes one of the two prices
-- gives a version; a step is there once the session before it is.
-- By hand: computed from core, while generated core tables hold a dataset each.
with unioned as (

    select * from {{ ref('int_daily_bars_unioned') }}

),

pending as (

    select distinct load_id from unioned

),

touched as (

    select
        min(trade_date) - 31 as first_on,
        max(trade_date) + 31 as last_on
    from unioned
    where market = 'CN'

),

told as (

    select
        bars.*,
        {{ listed_kind('bars.code') }} as kind
    from {{ ref('daily_bars') }} as bars
    cross join touched
    where
        bars.market = 'CN'
        and bars.trade_date >= touched.first_on
        and bars.trade_date <= touched.last_on

),

sessions as (

    select
        kind,
        trade_date,
        min(load_id) as load_id,
        {{ value_at_min('first_seen_at', 'load_id') }} as first_seen_at
    from told
    where adjustment = 'none'
    group by kind, trade_date

),

calendar as (

    select
        trade_date,
        lag(trade_date) over (order by trade_date) as previous_on
    from (
        select days.trade_date
        from {{ ref('trading_days') }} as days
        cross join touched
        where
            days.market = 'CN'
            and days.trade_date >= touched.first_on
            and days.trade_date <= touched.last_on
        union distinct
        select sessions.trade_date
        from sessions
    ) as days

),

-- Most bars have one version; those of the others are looked at together.
revised as (

    select distinct
        code,
        trade_date
    from told
    where version > 1

),

by_bar as (

    select
        told.code,
        told.kind,
        told.trade_date,
        told.reference_close as lowest_reference,
        told.reference_close as highest_reference,
        told.close as lowest_close,
        told.close as highest_close
    from told
    left join revised
        on told.code = revised.code and told.trade_date = revised.trade_date
    where told.adjustment = 'none' and revised.code is null
    union all
    select
        told.code,
        told.kind,
        told.trade_date,
        min(told.reference_close) as lowest_reference,
        max(told.reference_close) as highest_reference,
        min(told.close) as lowest_close,
        max(told.close) as highest_close
    from told
    inner join revised
        on told.code = revised.code and told.trade_date = revised.trade_date
    where told.adjustment = 'none'
    group by told.code, told.kind, told.trade_date

),

by_day as (

    select
        *,
        lag(trade_date) over of_code as previous_on,
        lag(lowest_close) over of_code as lowest_before,
        lag(highest_close) over of_code as highest_before
    from by_bar
    window of_code as (partition by code order by trade_date)

),

-- The session before each, with the load that completed it, by kind.
sessions_before as (

    select
        calendar.trade_date,
        sessions.kind,
        sessions.load_id,
        sessions.first_seen_at
    from calendar
    inner join sessions on calendar.previous_on = sessions.trade_date

),

-- A night that is missing is not a suspension: the session before must be here for its kind.
days as (

    select
        by_day.code,
        by_day.trade_date,
        by_day.previous_on,
        sessions_before.load_id as session_load_id,
        sessions_before.first_seen_at as session_seen_at
    from by_day
    inner join sessions_before
        on by_day.kind = sessions_before.kind and by_day.trade_date = sessions_before.trade_date
    where
        by_day.previous_on >= by_day.trade_date - 31
        -- On most sessions every version says the same: there is no step to look for.
        and (
            by_day.lowest_reference <> by_day.highest_before
            or by_day.highest_reference <> by_day.lowest_before
        )

),

-- The versions of the few bars that may make a step, and the load that replaced each.
bars as (

    select
        told.*,
        lead(told.load_id) over (
            partition by told.code, told.trade_date order by told.version
        ) as replaced_by
    from told
    where
        (told.code, told.trade_date) in (
            select
                code,
                trade_date
            from days
        )
        or (told.code, told.trade_date) in (
            select
                code,
                previous_on
            from days
        )
    qualify told.adjustment = 'none'

),

-- Both prices as they stood together, from the load that completed the pair.
pairs as (

    select
        later.code,
        later.trade_date as ex_date,
        days.previous_on as close_on,
        earlier.close as close_before,
        later.reference_close,
        round(earlier.close / later.reference_close, 10) as factor_step,
        later.available_on,
        greatest(
            later.first_seen_at, earlier.first_seen_at, days.session_seen_at
        ) as first_seen_at,
        greatest(later.load_id, earlier.load_id, days.session_load_id) as load_id,
        coalesce(later.replaced_by, '~') as later_replaced_by,
        coalesce(earlier.replaced_by, '~') as earlier_replaced_by
    from days
    inner join bars as later
        on days.code = later.code and days.trade_date = later.trade_date
    inner join bars as earlier
        on days.code = earlier.code and days.previous_on = earlier.trade_date
    where later.reference_close > 0

),

steps as (

    select
        pairs.*,
        max(case when pairs.factor_step <> 1 then 1 else 0 end) over (
            partition by pairs.code, pairs.ex_date order by pairs.load_id
            rows between unbounded preceding and current row
        ) as is_step
    from pairs
    where
        pairs.load_id < pairs.later_replaced_by
        and pairs.load_id < pairs.earlier_replaced_by

),

candidates as (

    select
        steps.code,
        steps.ex_date,
        steps.close_on,
        steps.close_before,
        steps.reference_close,
        steps.factor_step,
        'reference_price' as basis,
        steps.available_on,
        steps.first_seen_at,
        steps.load_id,
        1 as arrival_row
    from steps
    inner join pending on steps.load_id = pending.load_id
    where steps.is_step = 1

),

{{ new_versions(
    'candidates',
    key=[
        'code',
        'ex_date'
    ],
    attributes=[
        'close_on',
        'close_before',
        'reference_close',
        'factor_step',
        'basis'
    ], period='ex_date'
) }}

select
    code,
    ex_date,
    close_on,
    close_before,
    reference_close,
    factor_step,
    basis,
    available_on,
    first_seen_at,
    load_id,
    version
from versions
order by ex_date, code, version
