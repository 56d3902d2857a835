{%- set windows = ['change_week', 'change_prev_week', 'change_month', 'change_ytd'] -%}
with returns as {{ stock_returns(windows) }},

-- The steps of core, which were told from other rows of the same bars.
ex_rights as (

    select
        code,
        round(exp(sum(ln(factor_step))), 8) as factor
    from (
        select fact.*
        from {{ ref('adjustment_factors') }} as fact
        cross join {{ ref('int_run_parameters') }} as parameters
        where
            {{ is_known('fact', 'parameters') }}
            and fact.ex_date <= parameters.as_of_date
            and fact.ex_date >= {{ week_start('parameters.as_of_date') }}
        qualify
            row_number() over (
                partition by fact.code, fact.ex_date order by fact.version desc
            ) = 1
    ) as steps
    group by code

)

select
    windows.as_of_date,
    windows.known_at,
    segments.segment_cn,
    returns.code,
    coalesce(segments.company, names.name, returns.code) as company,
    returns.market,
    {{ market_currency('returns.market') }} as currency,
    returns.session_on,
    returns.close,
    returns.close_adjusted,
    returns.close_reason,
    returns.adjustment,
    returns.change_week_market_base_on as week_start_date,
    case
        when returns.session_on >= windows.week_starts_on
            then returns.session_on
    end as week_end_date,
    {% for window in windows %}
        {{ with_its_basis('returns', window) }},
    {% endfor %}
    {{ row_basis('returns', windows) }} as price_basis,
    returns.change_week_price as change_price_week,
    returns.change_week_price_reason as change_price_week_reason,
    case
        when returns.session_on >= windows.week_starts_on then coalesce(ex_rights.factor, 1)
    end as ex_right_factor_week,
    case
        when max(returns.session_on) over of_market >= due_days.due_on
            then streaks.limit_up_streak
    end as limit_up_streak,
    case
        when max(returns.session_on) over of_market < due_days.due_on
            then '数据截至 ' || max(returns.session_on) over of_market
        else streaks.limit_up_streak_reason
    end as limit_up_streak_reason,
    -- Where no member has a change, none is seen to rise.
    case
        when segments.segment_cn is not null
            then nullif(cast(count(returns.change_week) over segment as integer), 0)
    end as segment_members,
    case
        when segments.segment_cn is not null and count(returns.change_week) over segment > 0
            then cast(count(nullif(returns.change_week > 0, false)) over segment as integer)
    end as segment_rising,
    returns.source_note
from returns
cross join {{ ref('int_windows') }} as windows
left join {{ listed_today(
    ref('watch_segments'), ['code'], where=is_on_list('listed')
) }} as segments
    on returns.code = segments.code
left join {{ ref('int_security_names') }} as names on returns.code = names.code
left join ex_rights on returns.code = ex_rights.code
left join {{ ref('int_limit_up_streaks') }} as streaks on returns.code = streaks.code
left join {{ ref('int_due_days') }} as due_days
    on returns.market = due_days.market and due_days.lag_sessions = 0
window
    segment as (partition by segments.segment_cn),
    of_market as (partition by returns.market)
order by code
