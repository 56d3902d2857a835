{#- A value in a box: the box is never null, so that a window can skip rows without one. -#}
{% macro boxed(value) -%}
    {{ return(adapter.dispatch('boxed', 'yanbao')(value)) }}
{%- endmacro %}

{% macro default__boxed(value) -%}
    struct_pack(value := {{ value }})
{%- endmacro %}

{% macro spark__boxed(value) -%}
    named_struct('value', {{ value }})
{%- endmacro %}
