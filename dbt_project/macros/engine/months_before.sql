{#- The same day n months earlier, or the month's last day where it is shorter. -#}
{% macro months_before(day, months) -%}
    {{ return(adapter.dispatch('months_before', 'yanbao')(day, months)) }}
{%- endmacro %}

{% macro default__months_before(day, months) -%}
    cast({{ day }} - interval {{ months }} month as date)
{%- endmacro %}

{% macro spark__months_before(day, months) -%}
    add_months({{ day }}, -{{ months }})
{%- endmacro %}
