select
    as_of_date,
    known_at,
    pool,
    taxonomy,
    code,
    name,
    sub_industry,
    label_zh,
    label_en,
    sort_order,
    is_unmapped,
    valid_from,
    reason
from {{ ref('int_pool_sub_industries') }}
order by pool, sort_order, code
