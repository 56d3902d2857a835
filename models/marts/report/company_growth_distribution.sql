-- Three partitions of a pool: profits by status, and revenue and profits by growth.
with partitions as (

    select
        'net_profit_attributable' as measure,
        'status' as partition_kind,
        status as class,
        status as label_zh,
        sort_order
    from {{ ref('profit_statuses') }}
    union all
    select
        measures.measure,
        'growth' as partition_kind,
        buckets.bucket as class,
        buckets.label_zh,
        buckets.sort_order
    from {{ ref('growth_buckets') }} as buckets
    cross join (values ('revenue'), ('net_profit_attributable')) as measures (measure)

),

counts as (

    select
        quarters.as_of_date,
        quarters.known_at,
        quarters.pool,
        quarters.report_period,
        partitions.*,
        count(*) filter (
            where partitions.class = case
                when partitions.partition_kind = 'status' then quarters.profit_status
                when partitions.measure = 'revenue' then quarters.revenue_bucket
                else quarters.net_profit_bucket
            end
        ) as companies,
        count(*) filter (where quarters.is_compared) as companies_compared,
        count(*) as members,
        max(quarters.source_note) as source_note
    from {{ ref('int_pool_quarter_classes') }} as quarters
    cross join partitions
    group by all

)

select
    as_of_date,
    known_at,
    pool,
    report_period,
    measure,
    partition_kind,
    class,
    label_zh,
    sort_order,
    companies,
    companies_compared,
    members,
    round(companies / members, 8) as share,
    source_note
from counts
order by
    pool asc, report_period desc, measure asc, partition_kind asc, sort_order asc
