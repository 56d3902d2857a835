{#- Where a company stands that a taxonomy gives no place. -#}
{% macro unmapped_sub_industry() -%}
    '未分类'
{%- endmacro %}
