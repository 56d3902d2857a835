{#- One row for each of some values, in the place of a column. -#}
{% macro each_of(values) -%}
    {{ return(adapter.dispatch('each_of', 'yanbao')(values)) }}
{%- endmacro %}

{% macro default__each_of(values) -%}
    unnest([{{ values | join(', ') }}])
{%- endmacro %}

{% macro spark__each_of(values) -%}
    explode(array({{ values | join(', ') }}))
{%- endmacro %}
