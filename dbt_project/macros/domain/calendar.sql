{#- A week is its ISO Monday. -#}
{% macro week_start(day) -%}
    cast(date_trunc('week', {{ day }}) as date)
{%- endmacro %}

{#- The first day of the month and of the year; a base is the last close before them. -#}
{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro year_start(day) -%}
    cast(date_trunc('year', {{ day }}) as date)
{%- endmacro %}

{#- The column of int_windows that holds the day on which a window of returns begins. -#}
{% macro window_start(window) -%}
    {{ {
        'change_week': 'week_starts_on',
        'change_prev_week': 'previous_week_starts_on',
        'change_month': 'month_starts_on',
        'change_ytd': 'year_starts_on',
        'change_prev_year': 'previous_year_starts_on',
        'return_1m': 'one_month_starts_on',
        'return_3m': 'three_months_starts_on',
        'return_12m': 'twelve_months_starts_on',
    }[window] }}
{%- endmacro %}

{#-
    The sessions in which the base of a window may lie: the 31 days before it. An older close
    would print another window's change.
-#}
{% macro in_base_of(window, row='bars') -%}
    {{ row }}.trade_date < windows.{{ window_start(window) }}
    and {{ row }}.trade_date >= windows.{{ window_start(window) }} - 31
{%- endmacro %}

{#- The column of the day on which the next window begins; empty for a window that goes on. -#}
{% macro next_window_start(window) -%}
    {{ {
        'change_prev_week': 'week_starts_on',
        'change_prev_year': 'year_starts_on',
    }.get(window, '') }}
{%- endmacro %}

{#- The sessions in which the end of a window that is over may lie: its last 31 days. -#}
{% macro in_end_of(window, row='bars') -%}
    {{ in_window(window, row) }}
    and {{ row }}.trade_date >= windows.{{ next_window_start(window) }} - 31
{%- endmacro %}

{#- Whether a day lies in a window. -#}
{% macro in_window(window, row, day='trade_date') -%}
    {{ row }}.{{ day }} >= windows.{{ window_start(window) }}
    {%- if next_window_start(window) %}
    and {{ row }}.{{ day }} < windows.{{ next_window_start(window) }}
    {%- endif %}
{%- endmacro %}

{#-
    Per market and window whether it has had a session whose data are due by the report day,
    ``<window>_has_session``; true where the sessions are not known.
-#}
{% macro windows_with_sessions(windows) -%}
(
    select
        days.market
        {%- for window in windows %},
        bool_or(
            not due.is_certain or (days.day <= due.due_on and {{ in_window(window, 'days', 'day') }})
        ) as {{ window }}_has_session
        {%- endfor %}
    from {{ ref('int_calendar') }} as days
    inner join {{ ref('int_due_days') }} as due
        on days.market = due.market and due.lag_sessions = 0
    cross join {{ ref('int_windows') }} as windows
    where days.is_session
    group by days.market
)
{%- endmacro %}

{#- What a window without a session says instead of a change. -#}
{% macro without_session(window) -%}
    '{{ '区间内无交易日' if next_window_start(window) else '区间内尚无交易日' }}'
{%- endmacro %}

{#- The day on which the longest of some windows begins. -#}
{% macro earliest_start(windows) -%}
    {%- set starts = [] -%}
    {%- for window in windows %}{% do starts.append(window_start(window)) %}{% endfor -%}
    {{ starts[0] if starts | length == 1 else 'least(' ~ starts | join(', ') ~ ')' }}
{%- endmacro %}

{#- Of a core table's bars those that some windows and their bases need. -#}
{% macro is_bar_of(windows) -%}
    fact.trade_date <= parameters.as_of_date
    and fact.trade_date >= (
        select {{ earliest_start(windows) }} - 31
        from {{ ref('int_windows') }}
    )
{%- endmacro %}

{#-
    Of a core table the rows up to the report day and not before another, which is the first of
    the look-back unless it is given.
-#}
{% macro in_look_back(column, since=none) -%}
    fact.{{ column }} <= parameters.as_of_date
    and fact.{{ column }}
    >= {{ since or '(select look_back_from from ' ~ ref('int_windows') ~ ')' }}
{%- endmacro %}
