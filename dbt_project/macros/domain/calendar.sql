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

{#-
    The windows of a weekly and of a monthly that end on the report day, one row each;
    ``windows`` is a relation of int_windows' columns.
-#}
{% macro report_periods(windows) -%}
    select
        'week' as period,
        week_starts_on as window_start,
        as_of_date as window_end
    from {{ windows }}
    union all
    select
        'month' as period,
        month_starts_on as window_start,
        as_of_date as window_end
    from {{ windows }}
{%- endmacro %}
