with quarters as (

    select * from {{ ref('int_pool_quarter_classes') }}

),

statuses as (

    select * from {{ ref('profit_statuses') }}

),

buckets as (

    select * from {{ ref('growth_buckets') }}

),

-- Three partitions of a pool: profits by status, and revenue and profits by growth.
partitions as (

    select
        'net_profit_attributable' as measure,
        'status' as partition_kind,
        status as class,
        status as label_zh,
        sort_order
    from statuses
    union all
    select
        measures.measure,
        'growth' as partition_kind,
        buckets.bucket as class,
        buckets.label_zh,
        buckets.sort_order
    from buckets
    cross join (values ('revenue'), ('net_profit_attributable')) as measures (measure)

),

totals as (

    select
        pool,
        report_period,
        count(*) as members,
        count(*) filter (where is_compared) as companies_compared,
        max(source_note) as source_note
    from quarters
    group by pool, report_period

),

counts as (

    select
        pool,
        report_period,
        'net_profit_attributable' as measure,
        'status' as partition_kind,
        profit_status as class,
        count(*) as companies
    from quarters
    group by pool, report_period, profit_status
    union all
    select
        pool,
        report_period,
        'net_profit_attributable' as measure,
        'growth' as partition_kind,
        net_profit_bucket as class,
        count(*) as companies
    from quarters
    group by pool, report_period, net_profit_bucket
    union all
    select
        pool,
        report_period,
        'revenue' as measure,
        'growth' as partition_kind,
        revenue_bucket as class,
        count(*) as companies
    from quarters
    group by pool, report_period, revenue_bucket

)

select
    parameters.as_of_date,
    parameters.known_at,
    totals.pool,
    totals.report_period,
    partitions.measure,
    partitions.partition_kind,
    partitions.class,
    partitions.label_zh,
    partitions.sort_order,
    coalesce(counts.companies, 0) as companies,
    totals.companies_compared,
    totals.members,
    round(coalesce(counts.companies, 0) / totals.members, 8) as share,
    totals.source_note
from totals
cross join partitions
cross join run_parameters as parameters
left join counts
    on
        totals.pool = counts.pool
        and totals.report_period = counts.report_period
        and partitions.measure = counts.measure
        and partitions.partition_kind = counts.partition_kind
        and partitions.class = counts.class
order by
    totals.pool asc,
    totals.report_period desc,
    partitions.measure asc,
    partitions.partition_kind asc,
    partitions.sort_order asc
