with windows as (

    select * from {{ ref('int_windows') }}

),

segments as (

    select * from {{ ref('watch_segments') }}

),

names as (

    select * from {{ ref('int_security_names') }}

),

returns as (

    select *
    from {{ stock_returns(['week', 'previous_week', 'month', 'year']) }} as stocks

),

streaks as (

    select * from {{ ref('int_limit_up_streaks') }}

),

changes as (

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
        returns.week_market_base_on as week_start_date,
        case
            when returns.session_on >= windows.week_starts_on
                then returns.session_on
        end as week_end_date,
        returns.week_return as change_week,
        returns.previous_week_return as change_prev_week,
        returns.month_return as change_month,
        returns.year_return as change_ytd,
        case
            when
                returns.session_on >= windows.week_starts_on
                and returns.adjustment in ('none', 'split')
                then {{ period_change('returns.close', 'returns.week_base') }}
        end as change_price_week,
        case
            when returns.close_adjusted is not null then returns.adjustment
            when returns.year_missing_steps = 0 then 'ex_right_chain'
            else 'price'
        end as price_basis,
        streaks.limit_up_streak,
        case
            when segments.segment_cn is not null
                then cast(count(returns.week_return) over segment as integer)
        end as segment_members,
        case
            when segments.segment_cn is not null
                then cast(count(nullif(returns.week_return > 0, false)) over segment as integer)
        end as segment_rising,
        returns.source_note
    from returns
    cross join windows
    left join segments on returns.code = segments.code
    left join names on returns.code = names.code
    left join streaks on returns.code = streaks.code
    window segment as (partition by segments.segment_cn)

)

select * from changes
order by code
