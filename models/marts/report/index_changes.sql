with windows as (

    select * from {{ ref('int_windows') }}

),

indices as (

    select * from {{ ref('indices') }}

),

bars as (

    select *
    from {{ known_versions(
        ref('index_bars'),
        key=['index_code', 'trade_date'],
        where='fact.trade_date <= parameters.as_of_date
            and fact.trade_date >= (select look_back_from from ' ~ ref('int_windows') ~ ')'
    ) }} as known

),

closes as (

    select
        bars.index_code,
        max(bars.trade_date) as session_on,
        max_by(bars.close, bars.trade_date) as close,
        max_by(bars.pe_ttm, bars.trade_date) as pe_ttm,
        max_by(bars.index_name, bars.trade_date) as index_name,
        max_by(bars.source_note, bars.trade_date) as source_note,
        max(bars.trade_date) filter (where bars.trade_date < windows.week_starts_on)
            as last_week_session_on,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.week_starts_on) as week_base,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.previous_week_starts_on)
            as previous_week_base,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.month_starts_on) as month_base,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.year_starts_on) as year_base,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.previous_year_starts_on)
            as previous_year_base
    from bars
    cross join windows
    group by bars.index_code

),

changes as (

    select
        windows.as_of_date,
        windows.known_at,
        closes.index_code,
        coalesce(indices.index_name, closes.index_name, closes.index_code) as index_name,
        {{ index_market('closes.index_code') }} as market,
        closes.session_on,
        closes.close,
        case
            when closes.session_on >= windows.week_starts_on
                then {{ period_change('closes.close', 'closes.week_base') }}
        end as change_this_week,
        case
            when closes.last_week_session_on >= windows.previous_week_starts_on
                then {{ period_change('closes.week_base', 'closes.previous_week_base') }}
        end as change_last_week,
        case
            when closes.session_on >= windows.month_starts_on
                then {{ period_change('closes.close', 'closes.month_base') }}
        end as change_this_month,
        case
            when closes.session_on >= windows.year_starts_on
                then {{ period_change('closes.close', 'closes.year_base') }}
        end as change_this_year,
        {{ period_change('closes.year_base', 'closes.previous_year_base') }}
            as change_prev_year,
        closes.pe_ttm,
        closes.source_note
    from closes
    cross join windows
    left join indices on closes.index_code = indices.index_code

)

select * from changes
order by index_code
