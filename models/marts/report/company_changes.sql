with returns as {{ stock_returns(
    ['change_week', 'change_prev_week', 'change_month', 'change_ytd']
) }}

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
    returns.change_week_market_base_on as week_start_date,
    case
        when returns.session_on >= windows.week_starts_on
            then returns.session_on
    end as week_end_date,
    returns.change_week,
    returns.change_prev_week,
    returns.change_month,
    returns.change_ytd,
    case
        when
            returns.session_on >= windows.week_starts_on
            and returns.adjustment in ('none', 'split')
            then {{ period_change('returns.close', 'returns.change_week_base') }}
    end as change_price_week,
    case
        when returns.close_adjusted is not null then returns.adjustment
        when returns.change_ytd_missing_steps = 0 then 'ex_right_chain'
        else 'price'
    end as price_basis,
    streaks.limit_up_streak,
    case
        when segments.segment_cn is not null
            then cast(count(returns.change_week) over segment as integer)
    end as segment_members,
    case
        when segments.segment_cn is not null
            then cast(count(nullif(returns.change_week > 0, false)) over segment as integer)
    end as segment_rising,
    returns.source_note
from returns
cross join {{ ref('int_windows') }} as windows
left join {{ ref('watch_segments') }} as segments on returns.code = segments.code
left join {{ ref('int_security_names') }} as names on returns.code = names.code
left join {{ ref('int_limit_up_streaks') }} as streaks on returns.code = streaks.code
window segment as (partition by segments.segment_cn)
order by code
