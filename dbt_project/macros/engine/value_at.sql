{#- The value in the row where ``by`` is greatest or least, of the rows that have a value. -#}
{% macro value_at_max(value, by) -%}
    {{ return(adapter.dispatch('value_at', 'yanbao')('max_by', value, by)) }}
{%- endmacro %}

{% macro value_at_min(value, by) -%}
    {{ return(adapter.dispatch('value_at', 'yanbao')('min_by', value, by)) }}
{%- endmacro %}

{% macro default__value_at(function, value, by) -%}
    {{ function }}({{ value }}, {{ by }})
{%- endmacro %}

{#- Spark would return the null of a row that has no value. -#}
{% macro spark__value_at(function, value, by) -%}
    {{ function }}({{ value }}, case when {{ value }} is not null then {{ by }} end)
{%- endmacro %}
