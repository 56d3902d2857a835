{#- A text in which each of ``pairs`` is replaced, one after the other: ``&lt;<``. -#}
{% macro replaced_in_turn(text, pairs) -%}
    {{ return(adapter.dispatch('replaced_in_turn', 'yanbao')(text, pairs)) }}
{%- endmacro %}

{% macro default__replaced_in_turn(text, pairs) -%}
    list_reduce(
        ['{{ pairs | join("', '") }}'],
        lambda words, pair: replace(
            words, regexp_extract(pair, '^.*;'), regexp_extract(pair, '[^;]*$')
        ),
        {{ text }}
    )
{%- endmacro %}

{% macro spark__replaced_in_turn(text, pairs) -%}
    aggregate(
        array('{{ pairs | join("', '") }}'),
        {{ text }},
        (words, pair) -> replace(
            words, regexp_extract(pair, '^.*;', 0), regexp_extract(pair, '[^;]*$', 0)
        )
    )
{%- endmacro %}
