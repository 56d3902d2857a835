{#- The texts of a group in one, in an order in which nulls are last. -#}
{% macro joined_texts(value, separator, order_by) -%}
    {{ return(adapter.dispatch('joined_texts', 'yanbao')(value, separator, order_by)) }}
{%- endmacro %}

{% macro default__joined_texts(value, separator, order_by) -%}
    string_agg({{ value }}, '{{ separator }}' order by {{ order_by | join(', ') }})
{%- endmacro %}

{#- Spark cannot plan string_agg beside count(distinct …): the texts are sorted as a list. -#}
{% macro spark__joined_texts(value, separator, order_by) -%}
    case
        when count({{ value }}) > 0 then array_join(
            transform(
                array_sort(collect_list(case when {{ value }} is not null then struct(
                    {%- for column in order_by %}
                    {{ column }} is null, {{ column }},
                    {%- endfor %}
                    {{ value }} as joined_text
                ) end)),
                member -> member.joined_text
            ),
            '{{ separator }}'
        )
    end
{%- endmacro %}

{#- The different texts of a group in one, sorted; null where there is none. -#}
{% macro distinct_texts(value, separator) -%}
    {{ return(adapter.dispatch('distinct_texts', 'yanbao')(value, separator)) }}
{%- endmacro %}

{% macro default__distinct_texts(value, separator) -%}
    string_agg(distinct {{ value }}, '{{ separator }}' order by {{ value }})
{%- endmacro %}

{% macro spark__distinct_texts(value, separator) -%}
    case
        when count({{ value }}) > 0
            then array_join(array_sort(collect_set({{ value }})), '{{ separator }}')
    end
{%- endmacro %}
