{#- Says of a CTE that it is made once, where the engine can be told. -#}
{% macro materialized() -%}
    {{ return(adapter.dispatch('materialized', 'yanbao')()) }}
{%- endmacro %}

{% macro default__materialized() -%} materialized {%- endmacro %}

{% macro spark__materialized() -%} {%- endmacro %}
