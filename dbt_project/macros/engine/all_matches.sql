{#- All that the first group of a pattern matches, joined by 、; null where it matches nothing. -#}
{% macro all_matches(text, pattern) -%}
    {{ return(adapter.dispatch('all_matches', 'yanbao')(text, pattern)) }}
{%- endmacro %}

{% macro default__all_matches(text, pattern) -%}
    nullif(array_to_string(regexp_extract_all({{ text }}, '{{ pattern }}', 1), '、'), '')
{%- endmacro %}

{% macro spark__all_matches(text, pattern) -%}
    nullif(array_join(regexp_extract_all({{ text }}, '{{ pattern }}', 1), '、'), '')
{%- endmacro %}
