{#-
    Price changes of indices up to the day of the report: one row per index code, with the
    last close, its session, and per window the change, ``<window>_base_on`` and
    ``<window>_base``. Every mart takes its index changes from here.

    ``windows`` are keys of ``starts`` below. A window ends on the last close; one that is
    over ends on the base of the window after it, which has to be asked for too. A base is
    the last close in the 31 days before its window: one that is older would print another
    window's change. A window without a session has no change.
-#}
{% macro index_returns(windows) -%}
{%- set starts = {
    'change_week': 'windows.week_starts_on',
    'change_prev_week': 'windows.previous_week_starts_on',
    'change_month': 'windows.month_starts_on',
    'change_ytd': 'windows.year_starts_on',
    'change_prev_year': 'windows.previous_year_starts_on',
    'return_1m': 'windows.one_month_starts_on',
    'return_3m': 'windows.three_months_starts_on',
    'return_12m': 'windows.twelve_months_starts_on',
} -%}
{%- set ends = {'change_prev_week': 'change_week', 'change_prev_year': 'change_ytd'} -%}
{%- set chosen = [] -%}
{%- for window in windows -%}{%- do chosen.append(starts[window]) -%}{%- endfor -%}
(
    with windows as (

        select * from {{ ref('int_windows') }}

    ),

    bars as (

        select *
        from {{ known_versions(
            ref('index_bars'),
            key=['index_code', 'trade_date'],
            where='fact.trade_date <= parameters.as_of_date
                and fact.trade_date >= (select least(' ~ chosen | join(', ') ~ ') - 31 from ' ~ ref('int_windows') ~ ' as windows)'
        ) }} as known

    ),

    closes as (

        select
            bars.index_code,
            max(bars.trade_date) as session_on,
            max_by(bars.close, bars.trade_date) as close,
            max_by(bars.pe_ttm, bars.trade_date) as pe_ttm,
            max_by(bars.index_name, bars.trade_date) as index_name,
            max_by(bars.source_note, bars.trade_date) as source_note
            {%- for window in windows %}
            {%- set before -%}
                (
                    where bars.trade_date < {{ starts[window] }}
                    and bars.trade_date >= {{ starts[window] }} - 31
                )
            {%- endset %},
            max(bars.trade_date) filter {{ before }} as {{ window }}_base_on,
            max_by(bars.close, bars.trade_date) filter {{ before }} as {{ window }}_base
            {%- endfor %}
        from bars
        cross join windows
        group by bars.index_code

    )

    select
        closes.*
        {%- for window in windows %}
        {%- set end_on = ends[window] ~ '_base_on' if window in ends else 'session_on' %}
        {%- set level = ends[window] ~ '_base' if window in ends else 'close' %},
        case
            when closes.{{ end_on }} >= {{ starts[window] }}
                then {{ period_change('closes.' ~ level, 'closes.' ~ window ~ '_base') }}
        end as {{ window }}
        {%- endfor %}
    from closes
    cross join windows
)
{%- endmacro %}
