-- The compared quarters of a pool's companies in the words of the profit vocabulary and in the
-- growth buckets of their seed.
with bounds as (

    select * from {{ ref('growth_buckets') }}
    where lower_bound is not null or upper_bound is not null

)

select
    quarters.*,
    {% for line, kind in [
        ('revenue', 'revenue'), ('net_profit_attributable', 'net_profit')
    ] -%}
        case
            when quarters.{{ line }}_base is null then 'not_comparable'
            when quarters.{{ line }}_base <= 0 then 'base_not_positive'
            else {{ kind }}_bounds.bucket
        end as {{ kind }}_bucket,
    {% endfor -%}
    {{ profit_status(
        'quarters.net_profit_attributable', 'quarters.net_profit_attributable_base'
    ) }} as profit_status
from {{ ref('int_pool_quarters') }} as quarters
{% for line, kind in [
    ('revenue', 'revenue'), ('net_profit_attributable', 'net_profit')
] -%}
    left join bounds as {{ kind }}_bounds
        on
            {{ in_growth_bucket(
                'quarters.' ~ line, 'quarters.' ~ line ~ '_base', kind ~ '_bounds'
            ) }}
{% endfor %}
