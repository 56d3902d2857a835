select * from {{ ref('int_pool_sub_industries') }}
order by pool, sort_order, code
