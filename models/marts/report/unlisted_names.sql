{%- set named = [
    ('web_traffic', 'app', 'product', 'period_end'),
    ('web_traffic', 'owner', 'company', 'period_end'),
    ('app_downloads', 'app', 'product', 'month'),
    ('llm_scores', 'model', 'model', 'as_of_date'),
    ('llm_scores', 'organization', 'company', 'as_of_date'),
    ('model_prices', 'model', 'model', 'as_of_date'),
    ('funding_rounds', 'company', 'company', 'announced_on'),
] -%}
with names as (

    {% for dataset, column, kind, day in named -%}
        select
            parameters.as_of_date,
            parameters.known_at,
            '{{ dataset }}' as dataset,
            '{{ column }}' as column_name,
            '{{ kind }}' as kind,
            fact.{{ column }} as printed_name,
            fact.{{ day }} as day
        from {{ ref(dataset) }} as fact
        cross join {{ ref('int_run_parameters') }} as parameters
        where
            {{ is_unlisted('fact.' ~ column ~ '_id') }}
            and fact.{{ day }} <= parameters.as_of_date
            and {{ is_known('fact', 'parameters') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

)

select
    as_of_date,
    known_at,
    kind,
    printed_name,
    dataset,
    column_name,
    min(day) as first_on,
    max(day) as last_on,
    cast(count(*) as integer) as row_count
from names
group by all
order by kind, printed_name, dataset, column_name
