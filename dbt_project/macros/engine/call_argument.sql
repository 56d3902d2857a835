{#- One argument of the call that a raw row came from, as text; null where it has none. -#}
{% macro call_argument(name) -%}
    {{ return(adapter.dispatch('call_argument', 'yanbao')(name)) }}
{%- endmacro %}

{% macro default__call_argument(name) -%}
    json_extract_string(_arguments, '$.{{ name }}')
{%- endmacro %}

{% macro spark__call_argument(name) -%}
    get_json_object(_arguments, '$.{{ name }}')
{%- endmacro %}
