{#-
    Total returns of shares up to the day of the report: one row per code, with the close,
    the session and per window the change, ``<window>_base_on``, ``<window>_base``
    and ``<window>_market_base_on``, the one base date of the market. Every mart takes its
    stock changes from here, so that a share has one return per window wherever it is
    printed.

    ``windows`` are those of window_start; change_prev_week needs change_week beside it. A
    base is the last close in the 31 days before its window: what was suspended for longer has no
    change. So a window reads its own sessions and those 31 days, never more.
    ``where`` narrows the read of the bars further; it may use ``fact`` and ``parameters``.
-#}
{% macro stock_returns(windows, where='true') -%}
(
    -- A series is never mixed with one that was adjusted in another way.
    with closes as (

        select
            bars.code,
            bars.market,
            bars.adjustment,
            max(bars.trade_date) as session_on,
            max_by(bars.close, bars.trade_date) as close,
            max_by(bars.close_adjusted, bars.trade_date) as close_adjusted,
            max_by(bars.source_note, bars.trade_date) as source_note,
            {% for window in windows %}
            {%- set before -%} (where {{ in_base_of(window) }}) {%- endset %}
            max(bars.trade_date) filter {{ before }} as {{ window }}_base_on,
            max_by(bars.close, bars.trade_date) filter {{ before }} as {{ window }}_base,
            max_by(bars.close_adjusted, bars.trade_date) filter {{ before }}
                as {{ window }}_base_adjusted,
            sum(ln(bars.close / bars.reference_close))
            filter (where bars.trade_date >= windows.{{ window_start(window) }})
                as {{ window }}_ln_steps,
            count(*) filter (
                where bars.trade_date >= windows.{{ window_start(window) }}
                and bars.reference_close is null
            ) as {{ window }}_missing_steps{{ ',' if not loop.last }}
            {%- endfor %}
        from {{ known_versions(
            'daily_bars',
            where=is_bar_of(windows) ~ ' and (' ~ where ~ ')'
        ) }} as bars
        cross join {{ ref('int_windows') }} as windows
        group by bars.code, bars.market, bars.adjustment
        qualify
            row_number() over (
                partition by bars.code order by max(bars.trade_date) desc, bars.adjustment
            ) = 1

    )

    select
        closes.*,
        {% for window in windows %}
        max(closes.{{ window }}_base_on) over (partition by closes.market)
            as {{ window }}_market_base_on,
        {%- set base = 'closes.' ~ window ~ '_base' -%}
        {%- if window == 'change_prev_week' %}
        -- The previous week ends where this week begins: its chain is the difference.
        case
            when {{ base }} is null or closes.change_week_base_on < windows.previous_week_starts_on
                then null
            when {{ base }}_adjusted is not null
                then {{ period_change('closes.change_week_base_adjusted', base ~ '_adjusted') }}
            when closes.change_prev_week_missing_steps = 0
                then {{ chained_change(
                    'closes.change_prev_week_ln_steps - coalesce(closes.change_week_ln_steps, 0)'
                ) }}
            else {{ period_change('closes.change_week_base', base) }}
        end as change_prev_week
        {%- else %}
        case
            when {{ base }} is null or closes.session_on < windows.{{ window_start(window) }}
                then null
            when {{ base }}_adjusted is not null
                then {{ period_change('closes.close_adjusted', base ~ '_adjusted') }}
            when closes.{{ window }}_missing_steps = 0
                then {{ chained_change('closes.' ~ window ~ '_ln_steps') }}
            else {{ period_change('closes.close', base) }}
        end as {{ window }}
        {%- endif %}{{ ',' if not loop.last }}
        {%- endfor %}
    from closes
    cross join {{ ref('int_windows') }} as windows
)
{%- endmacro %}
