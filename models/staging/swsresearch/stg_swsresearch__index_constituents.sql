select
    {{ call_argument('index_code') }} as index_code,
    {{ a_share_code('证券代码') }} as code,
    cast({{ call_argument('day') }} as date) as as_of_date,
    cast(最新权重 as double) as weight_pct,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('swsresearch', 'index_constituents') }}
