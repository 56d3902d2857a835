{#-
    Price changes of indices up to the day of the report: one row per index code, with the
    last close, its session, and per window the change, ``<window>_base_on`` and
    ``<window>_base``. Every mart takes its index changes from here.

    ``windows`` are those of window_start. A window ends on the last close; one that is
    over ends on the base of the window after it, which has to be asked for too. A base is
    the last close in the 31 days before its window: one that is older would print another
    window's change. A window without a session has no change.
-#}
{% macro index_returns(windows) -%}
{%- set ends = {'change_prev_week': 'change_week', 'change_prev_year': 'change_ytd'} -%}
(
    with closes as (

        select
            bars.index_code,
            max(bars.trade_date) as session_on,
            max_by(bars.close, bars.trade_date) as close,
            max_by(bars.pe_ttm, bars.trade_date) as pe_ttm,
            max_by(bars.index_name, bars.trade_date) as index_name,
            max_by(bars.source_note, bars.trade_date) as source_note
            {%- for window in windows %}
            {%- set before -%} (where {{ in_base_of(window) }}) {%- endset %},
            max(bars.trade_date) filter {{ before }} as {{ window }}_base_on,
            max_by(bars.close, bars.trade_date) filter {{ before }} as {{ window }}_base
            {%- endfor %}
        from {{ known_versions('index_bars', where=is_bar_of(windows)) }} as bars
        cross join {{ ref('int_windows') }} as windows
        group by bars.index_code

    )

    select
        closes.*
        {%- for window in windows %}
        {%- set end_on = ends[window] ~ '_base_on' if window in ends else 'session_on' %}
        {%- set level = ends[window] ~ '_base' if window in ends else 'close' %},
        case
            when closes.{{ end_on }} >= windows.{{ window_start(window) }}
                then {{ period_change('closes.' ~ level, 'closes.' ~ window ~ '_base') }}
        end as {{ window }}
        {%- endfor %}
    from closes
    cross join {{ ref('int_windows') }} as windows
)
{%- endmacro %}
