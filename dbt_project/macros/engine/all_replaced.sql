{#- A text with everything that a pattern of RE2 matches replaced; ``\1`` is its first group. -#}
{% macro all_replaced(text, pattern, by) -%}
    {{ return(adapter.dispatch('all_replaced', 'yanbao')(text, pattern, by)) }}
{%- endmacro %}

{% macro default__all_replaced(text, pattern, by) -%}
    regexp_replace({{ text }}, '{{ pattern }}', '{{ by }}', 'g')
{%- endmacro %}

{#- Java has other words for Chinese characters and for a group. -#}
{% macro spark__all_replaced(text, pattern, by) -%}
    regexp_replace(
        {{ text }},
        '{{ pattern | replace("\\p{Han}", "\\p{IsHan}") }}',
        '{{ by | replace("\\", "$") }}'
    )
{%- endmacro %}
