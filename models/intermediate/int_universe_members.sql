-- Members of every universe of a ranking on the day of the report, as their pool has them.
select
    universes.universe,
    universes.label_zh,
    universes.benchmark_index,
    universes.ranking_n,
    pool.code,
    coalesce(pool.name, pool.code) as name
from {{ ref('universes') }} as universes
inner join {{ ref('int_pool') }} as pool on universes.pool = pool.pool
where pool.included
