-- Consecutive sessions of an A-share that closed at the limit price, up to its last one. What
-- lies behind a session that is not stored is not known, and then neither is the streak.
-- Sixty days are read, so that no streak counts more than about forty sessions.
-- An adjusted series has no limit price.
with sessions as (

    select
        bars.code,
        bars.trade_date,
        bars.close,
        bars.reference_close,
        lag(bars.trade_date) over of_share as previous_on,
        lag(bars.close) over of_share as previous_close,
        row_number() over of_share as session_number
    from {{ known_versions(
        'daily_bars',
        where="fact.trade_date <= parameters.as_of_date
            and fact.trade_date >= parameters.as_of_date - 60
            and fact.market = 'CN' and fact.adjustment = 'none'"
    ) }} as bars
    window of_share as (partition by bars.code order by bars.trade_date)

),

linked as (

    select
        sessions.*,
        coalesce(sessions.reference_close, sessions.previous_close) as base,
        today.sessions_before - before.sessions_before
        - cast(before.is_session as integer) as sessions_between
    from sessions
    left join {{ ref('int_calendar') }} as today
        on today.market = 'CN' and sessions.trade_date = today.day
    left join {{ ref('int_calendar') }} as before
        on before.market = 'CN' and sessions.previous_on = before.day

),

-- A share without a row is suspended, unless its market has none either and the next
-- reference price does not meet the close before.
lost as (

    select distinct
        linked.code,
        linked.trade_date
    from linked
    inner join {{ ref('int_missing_sessions') }} as missing
        on
            missing.market = 'CN'
            and missing.kind = 'share'
            and linked.previous_on < missing.missing_on
            and linked.trade_date > missing.missing_on
    where
        linked.sessions_between > 0
        and (
            missing.is_proven
            or coalesce(abs(linked.reference_close - linked.previous_close) >= 0.005, true)
        )

),

judged as (

    select
        linked.*,
        lost.trade_date is not null as is_behind_lost,
        linked.close = {{ limit_price('linked.base', 'limits.limit_ratio') }} as is_limit_up,
        abs(linked.close - linked.base) > limits.limit_ratio * linked.base + 0.0051 as is_off,
        -- Of shares listed before the read, every session is past the free ones.
        coalesce(
            names.listed_on >= parameters.as_of_date - 60
            and linked.session_number <= limits.free_sessions,
            false
        ) as is_free
    from linked
    cross join {{ ref('int_run_parameters') }} as parameters
    left join lost on linked.code = lost.code and linked.trade_date = lost.trade_date
    {{ join_daily_limits('linked', 'coalesce(dated_names.name, names.name)', 'inner') }}

),

-- Where a streak stops, seen from its last session: at a close off the limit, or at a session
-- of which nothing is known.
stops as (

    select
        code,
        trade_date,
        case
            when is_free or base is null then 'known'
            when
                reference_close is null and not is_limit_up and (is_behind_lost or is_off)
                then 'unknown'
            when not is_limit_up then 'known'
            when
                is_behind_lost
                or (sessions_between > 0 and abs(reference_close - previous_close) >= 0.005)
                then 'unknown'
        end as stop_kind
    from judged

),

-- Limits that went unreviewed for longer than their allowance decide nothing.
rules as (

    select as_of_date > reviewed_until + allowance_days as is_over
    from {{ ref('reviewed_rules') }}
    cross join {{ ref('int_run_parameters') }}
    where rule = 'price_limits'

),

last_stops as (

    select
        code,
        max(trade_date) as trade_date,
        {{ value_at_max('stop_kind', 'trade_date') }} as stop_kind
    from stops
    where stop_kind is not null
    group by code

)

select
    stops.code,
    case
        when coalesce(last_stops.stop_kind, 'known') = 'known' and not bool_or(rules.is_over)
            then cast(
                count(*) filter (
                    where stops.trade_date > last_stops.trade_date
                    or last_stops.trade_date is null
                ) as integer
            )
    end as limit_up_streak,
    case
        when bool_or(rules.is_over) then '涨跌幅规则已过复核期'
        when last_stops.stop_kind = 'unknown' then '缺交易日数据，连板数不能确定'
    end as limit_up_streak_reason
from stops
cross join rules
left join last_stops on stops.code = last_stops.code
group by stops.code, last_stops.code, last_stops.stop_kind, last_stops.trade_date
