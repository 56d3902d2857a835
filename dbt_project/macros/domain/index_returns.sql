{#-
    Price changes of indices up to the day of the report: one row per index code, with the
    last close, its session, and per window the change, ``<window>_reason`` (why it is missing),
    ``<window>_base_on`` and ``<window>_base``. Every mart takes its index changes from here.

    ``windows`` are those of window_start. A window ends on the last close; one that is
    over ends on the last session before the window after it. A base is the last session of
    the market before the window: an index is never suspended, so that an older close would
    print another window's change. A window without a session has no change.
-#}
{% macro index_returns(windows) -%}
(
    with series as (

        select
            bars.index_code,
            {{ index_market('bars.index_code') }} as market,
            max(bars.trade_date) as session_on,
            {{ value_at_max('bars.close', 'bars.trade_date') }} as close,
            {{ value_at_max('bars.pe_ttm', 'bars.trade_date') }} as pe_ttm,
            {{ value_at_max('bars.index_name', 'bars.trade_date') }} as index_name,
            {{ value_at_max('bars.source_note', 'bars.trade_date') }} as source_note
            {%- for window in windows %}
            {%- set before -%} (where {{ in_base_of(window) }}) {%- endset %}
            {%- set inside -%}
                (where {{ in_end_of(window) if next_window_start(window) else in_window(window, 'bars') }})
            {%- endset %},
            max(bars.trade_date) filter {{ before }} as {{ window }}_base_on,
            {{ value_at_max('bars.close', 'bars.trade_date') }} filter {{ before }} as {{ window }}_base,
            max(bars.trade_date) filter {{ inside }} as {{ window }}_end_on,
            {{ value_at_max('bars.close', 'bars.trade_date') }} filter {{ inside }} as {{ window }}_end
            {%- endfor %}
        from {{ known_versions('index_bars', where=is_bar_of(windows)) }} as bars
        cross join {{ ref('int_windows') }} as windows
        group by bars.index_code

    ),

    -- The last session of each market before a window, and the last one inside.
    sessions as (

        select
            days.market
            {{- last_days(windows) }}
        from {{ ref('int_index_sessions') }} as days
        cross join {{ ref('int_windows') }} as windows
        group by days.market

    ),

    -- The last weekday before a window, and inside it, of which no calendar says whether it was
    -- a session.
    unsure as (

        select
            days.market
            {{- last_days(windows) }}
        from {{ ref('int_calendar') }} as days
        cross join {{ ref('int_windows') }} as windows
        where days.is_session and not days.is_certain
        group by days.market

    ),

    judged as (

        select
            series.*
            {%- for window in windows %},
            case
                when series.{{ window }}_end_on is null and not opened.{{ window }}_has_session
                    then {{ without_session(window) }}
                when series.{{ window }}_end_on is null then '区间内无收盘点位'
                when series.{{ window }}_base_on is null then '无基期收盘点位（此前31日无数据）'
                when series.{{ window }}_base_on < sessions.{{ window }}_base_on
                    then '缺交易日数据（' || sessions.{{ window }}_base_on || '）'
                when series.{{ window }}_base_on < unsure.{{ window }}_base_on
                    then '缺交易日数据或休市（' || unsure.{{ window }}_base_on || '，交易日历未覆盖）'
                {%- if next_window_start(window) %}
                when series.{{ window }}_end_on < sessions.{{ window }}_end_on
                    then '缺交易日数据（' || sessions.{{ window }}_end_on || '）'
                when series.{{ window }}_end_on < unsure.{{ window }}_end_on
                    then '缺交易日数据或休市（' || unsure.{{ window }}_end_on || '，交易日历未覆盖）'
                {%- else %}
                when {{ is_long_ended('series.session_on') }}
                    then '数据截至 ' || series.session_on
                {%- endif %}
            end as {{ window }}_reason
            {%- endfor %}
        from series
        left join sessions on series.market = sessions.market
        left join unsure on series.market = unsure.market
        left join {{ windows_with_sessions(windows) }} as opened on series.market = opened.market

    )

    select
        judged.*
        {%- for window in windows %},
        case
            when {{ window }}_reason is null
                then {{ period_change(window ~ '_end', window ~ '_base') }}
        end as {{ window }}
        {%- endfor %}
    from judged
)
{%- endmacro %}


{% macro last_days(windows) %}
            {%- for window in windows %},
            max(days.day) filter (where days.day < windows.{{ window_start(window) }})
                as {{ window }}_base_on,
            max(days.day) filter (where {{ in_window(window, 'days', 'day') }})
                as {{ window }}_end_on
            {%- endfor %}
{%- endmacro %}
