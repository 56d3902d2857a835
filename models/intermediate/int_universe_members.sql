-- Members of every universe of a ranking on the day of the report, as their pool has them.
with universes as (

    select * from {{ ref('universes') }}

),

pool as (

    select * from {{ ref('int_pool') }}

)

select
    universes.universe,
    universes.label_zh,
    universes.benchmark_index,
    universes.ranking_n,
    pool.code,
    coalesce(pool.name, pool.code) as name
from universes
inner join pool on universes.pool = pool.pool
where pool.included
