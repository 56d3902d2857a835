{#- A relation of the whole numbers ``n`` from zero up to one below ``limit``. -#}
{% macro numbers(limit) -%}
    {{ return(adapter.dispatch('numbers', 'yanbao')(limit)) }}
{%- endmacro %}

{% macro default__numbers(limit) -%}
    (select cast(range as integer) as n from range({{ limit }}))
{%- endmacro %}

{% macro spark__numbers(limit) -%}
    (select cast(id as int) as n from range({{ limit }}))
{%- endmacro %}
