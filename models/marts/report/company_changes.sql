with windows as (

    select * from {{ ref('int_windows') }}

),

segments as (

    select * from {{ ref('watch_segments') }}

),

names as (

    select * from {{ ref('int_security_names') }}

),

bars as (

    select *
    from {{ known_versions(
        ref('daily_bars'),
        key=['code', 'trade_date'],
        where='fact.trade_date <= parameters.as_of_date
            and fact.trade_date >= (select year_starts_on - 31 from '
            ~ ref('int_windows') ~ ')'
    ) }} as known

),

-- A series is never mixed with one that was adjusted in another way.
closes as (

    select
        bars.code,
        bars.market,
        bars.adjustment,
        max(bars.trade_date) as session_on,
        max_by(bars.close, bars.trade_date) as close,
        max_by(bars.close_adjusted, bars.trade_date) as close_adjusted,
        max_by(bars.source_note, bars.trade_date) as source_note,
        {% for window, starts_on in [
            ('week', 'week_starts_on'),
            ('previous_week', 'previous_week_starts_on'),
            ('month', 'month_starts_on'),
            ('year', 'year_starts_on'),
        ] %}
        max(bars.trade_date)
        filter (where bars.trade_date < windows.{{ starts_on }})
            as {{ window }}_base_on,
        max_by(bars.close, bars.trade_date)
        filter (where bars.trade_date < windows.{{ starts_on }})
            as {{ window }}_base,
        max_by(bars.close_adjusted, bars.trade_date)
        filter (where bars.trade_date < windows.{{ starts_on }})
            as {{ window }}_base_adjusted,
        sum(ln(bars.close / bars.reference_close))
        filter (where bars.trade_date >= windows.{{ starts_on }})
            as {{ window }}_ln_steps,
        count(*) filter (
            where bars.trade_date >= windows.{{ starts_on }}
            and bars.reference_close is null
        ) as {{ window }}_missing_steps{{ ',' if not loop.last }}
    {% endfor %}
    from bars
    cross join windows
    group by bars.code, bars.market, bars.adjustment
    qualify
        row_number() over (
            partition by bars.code order by max(bars.trade_date) desc, bars.adjustment
        ) = 1

),

returns as (

    select
        closes.*,
        {% for window in ['week', 'month', 'year'] %}
            case
                when closes.{{ window }}_base is null then null
                when closes.{{ window }}_base_adjusted is not null
                    then {{ period_change(
                    'closes.close_adjusted', 'closes.' ~ window ~ '_base_adjusted'
                ) }}
                when closes.{{ window }}_missing_steps = 0
                    then {{ chained_change('closes.' ~ window ~ '_ln_steps') }}
                else {{ period_change('closes.close', 'closes.' ~ window ~ '_base') }}
            end as {{ window }}_return,
        {% endfor %}
        -- The previous week ends where this week begins: its chain is the difference.
        case
            when closes.previous_week_base is null then null
            when closes.previous_week_base_adjusted is not null
                then {{ period_change(
                    'closes.week_base_adjusted', 'closes.previous_week_base_adjusted'
                ) }}
            when closes.previous_week_missing_steps = 0
                then {{ chained_change(
                    'closes.previous_week_ln_steps - coalesce(closes.week_ln_steps, 0)'
                ) }}
            else {{ period_change('closes.week_base', 'closes.previous_week_base') }}
        end as previous_week_return
    from closes

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
        returns.week_base_on as week_start_date,
        case
            when returns.session_on >= windows.week_starts_on
                then returns.session_on
        end as week_end_date,
        case
            when returns.session_on >= windows.week_starts_on
                then returns.week_return
        end as change_week,
        case
            when returns.week_base_on >= windows.previous_week_starts_on
                then returns.previous_week_return
        end as change_prev_week,
        case
            when returns.session_on >= windows.month_starts_on
                then returns.month_return
        end as change_month,
        case
            when returns.session_on >= windows.year_starts_on
                then returns.year_return
        end as change_ytd,
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
        returns.source_note
    from returns
    cross join windows
    left join segments on returns.code = segments.code
    left join names on returns.code = names.code

)

select * from changes
order by code
