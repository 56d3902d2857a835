{#-
    A text in which letters that a page wrote by their number (``&#20013;``, ``&#x4e2d;``) stand
    as themselves. What is no letter stays; <, > and & are named, for they may be marks of a page.
-#}
{% macro letters_by_number(text) -%}
    {{ return(adapter.dispatch('letters_by_number', 'yanbao')(text)) }}
{%- endmacro %}

{% macro default__letters_by_number(text) -%}
    list_reduce(
        list_distinct(regexp_extract_all({{ text }}, '&#([0-9]{2,7}|[xX][0-9a-fA-F]{2,6});')),
        lambda words, entity: replace(words, entity, {{ letter_of(
            "try_cast(replace(lower(trim(entity, '&#;')), 'x', '0x') as integer)", 'chr({})'
        ) }}),
        {{ text }}
    )
{%- endmacro %}

{% macro spark__letters_by_number(text) -%}
    aggregate(
        array_distinct(
            regexp_extract_all({{ text }}, '&#([0-9]{2,7}|[xX][0-9a-fA-F]{2,6});', 0)
        ),
        {{ text }},
        (words, entity) -> replace(words, entity, {{ letter_of(
            "cast(case
                when lower(entity) like '&#x%' then conv(trim(both '&#xX;' from entity), 16, 10)
                else trim(both '&#;' from entity)
            end as int)",
            "decode(unhex(lpad(hex({}), 8, '0')), 'UTF-32')"
        ) }})
    )
{%- endmacro %}

{#- The letter of an entity's number, by the engine's word for it. -#}
{% macro letter_of(number, as_text) -%}
    case
        when {{ number }} = 38 then '&amp;'
        when {{ number }} = 60 then '&lt;'
        when {{ number }} = 62 then '&gt;'
        when {{ number }} = 160 then ' '
        when
            {{ number }} between 32 and 126 or {{ number }} between 161 and 55295
            or {{ number }} between 57344 and 1114111
            then {{ as_text.format(number) }}
        else entity
    end
{%- endmacro %}
