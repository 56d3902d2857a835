with placed as (

    select
        quarters.*,
        places.taxonomy,
        places.sub_industry,
        places.label_zh,
        places.sort_order
    from {{ ref('int_pool_quarters') }} as quarters
    inner join {{ ref('int_pool_sub_industries') }} as places
        on quarters.pool = places.pool and quarters.code = places.code

),

-- A sub-industry without a company is printed too, and 未分类 where a company stands there.
cells as (

    select
        placed.pool,
        placed.report_period,
        placed.taxonomy,
        sub_industries.sub_industry,
        sub_industries.label_zh,
        sub_industries.sort_order
    from placed
    cross join {{ ref('int_run_parameters') }} as parameters
    inner join {{ ref('taxonomy_sub_industries') }} as sub_industries
        on
            placed.taxonomy = sub_industries.taxonomy
            and parameters.as_of_date >= sub_industries.valid_from
            and (
                sub_industries.valid_to is null
                or parameters.as_of_date < sub_industries.valid_to
            )
    union
    select
        pool,
        report_period,
        taxonomy,
        sub_industry,
        label_zh,
        sort_order
    from placed

),

sums as (

    select
        cells.*,
        {{ quarter_sums() }}
    from cells
    left join placed using (pool, report_period, sub_industry)
    group by all

)

select
    parameters.as_of_date,
    parameters.known_at,
    sums.pool,
    sums.taxonomy,
    sums.sub_industry,
    sums.label_zh,
    sums.report_period,
    {{ quarter_columns() }},
    -- Ranked by the unrounded growth, ties by name; what has no growth has no rank.
    {% for rank, line in [
        ('rank_revenue_growth', 'revenue'),
        ('rank_profit_growth', 'net_profit_attributable'),
    ] -%}
        {%- set growth -%}
            case
                when sums.{{ line }}_base > 0 and sums.sub_industry <> {{ unmapped_sub_industry() }}
                    then cast(sums.{{ line }} as double) / sums.{{ line }}_base
            end
        {%- endset -%}
        case
            when {{ growth }} is not null then row_number() over (
                partition by sums.pool, sums.report_period
                order by {{ growth }} desc nulls last, sums.sub_industry
            )
        end as {{ rank }},
    {% endfor -%}
    buckets.label_zh as revenue_growth_class,
    sums.source_note
from sums
cross join {{ ref('int_run_parameters') }} as parameters
left join {{ ref('growth_buckets') }} as buckets
    on {{ in_growth_bucket('sums.revenue', 'sums.revenue_base', 'buckets') }}
order by sums.pool asc, sums.report_period desc, sums.sort_order asc
