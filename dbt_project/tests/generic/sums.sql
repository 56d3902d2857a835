{#- The parts of each row add up to the whole beside them. -#}
{% test parts_sum_to(model, parts, whole) %}
select * from {{ model }}
where {{ parts | join(' + ') }} <> {{ whole }}
{% endtest %}

{#- The classes of each partition add up to the whole that every class names. -#}
{% test classes_sum_to(model, keys, column, whole) %}
select {{ keys | join(', ') }}, sum({{ column }}) as summed, max({{ whole }}) as whole
from {{ model }}
group by {{ keys | join(', ') }}
having sum({{ column }}) <> max({{ whole }}) or min({{ whole }}) <> max({{ whole }})
{% endtest %}

{#- The rows of each key add up to the row of another model, to the cent. -#}
{% test sums_equal(model, whole, keys, columns) %}
select *
from (
    select
        {{ keys | join(', ') }},
        {% for column in columns -%}
        sum(cast({{ column }} as decimal(24, 2))) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ model }}
    group by {{ keys | join(', ') }}
    except
    select
        {{ keys | join(', ') }},
        {% for column in columns -%}
        cast({{ column }} as decimal(24, 2)) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ whole }}
) as unequal
{% endtest %}
