{#- Whether a day lies in the window of its call; true for calls that have no window. -#}
{% macro in_asked_window(day) -%}
    ({{ call_argument('since') }} is null or {{ day }}
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date))
{%- endmacro %}
