select * from {{ ref('int_pool') }}
order by pool, code
