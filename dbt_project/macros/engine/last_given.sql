{#- The window function that takes the last value which is not null. -#}
{% macro last_given(value) -%}
    {{ return(adapter.dispatch('last_given', 'yanbao')(value)) }}
{%- endmacro %}

{% macro default__last_given(value) -%}
    last_value({{ value }} ignore nulls)
{%- endmacro %}

{% macro spark__last_given(value) -%}
    last_value({{ value }}) ignore nulls
{%- endmacro %}
