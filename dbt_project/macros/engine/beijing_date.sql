{#- The Beijing calendar day of a UTC timestamp; China keeps UTC+8 all year. -#}
{% macro beijing_date(instant) -%}
    cast({{ instant }} + interval 8 hour as date)
{%- endmacro %}
