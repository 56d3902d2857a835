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
