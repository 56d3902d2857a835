with sums as (

    select
        as_of_date,
        known_at,
        pool,
        report_period,
        {{ quarter_sums() }}
    from {{ ref('int_pool_quarters') }}
    group by as_of_date, known_at, pool, report_period

)

select
    as_of_date,
    known_at,
    pool,
    report_period,
    {{ quarter_columns() }},
    source_note
from sums
order by pool asc, report_period desc
