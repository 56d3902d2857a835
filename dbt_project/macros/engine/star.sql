{#- All columns of a relation but one. -#}
{% macro star_without(relation, column) -%}
    {{ return(adapter.dispatch('star_without', 'yanbao')(relation, column)) }}
{%- endmacro %}

{% macro default__star_without(relation, column) -%}
    {{ relation }}.* exclude ({{ column }})
{%- endmacro %}

{% macro spark__star_without(relation, column) -%}
    {{ relation }}.* except ({{ column }})
{%- endmacro %}

{#- All columns of a relation, some of them computed anew: ``values`` maps those to SQL. -#}
{% macro star_with(relation, values) -%}
    {{ return(adapter.dispatch('star_with', 'yanbao')(relation, values)) }}
{%- endmacro %}

{% macro default__star_with(relation, values) -%}
    {{ relation }}.* replace (
        {%- for column, value in values.items() %}
        {{ value }} as {{ column }}{{ ',' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}

{#- Spark moves these columns to the end, so that no reader may count on their order. -#}
{% macro spark__star_with(relation, values) -%}
    {{ relation }}.* except ({{ values | join(', ') }})
    {%- for column, value in values.items() %},
    {{ value }} as {{ column }}
    {%- endfor %}
{%- endmacro %}
