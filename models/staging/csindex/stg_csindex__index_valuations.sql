select
    {{ call_argument('index_code') }} as index_code,
    cast(日期 as date) as as_of_date,
    'as_printed' as method,
    cast(滚动市盈率 as double) as pe_ttm,
    cast(null as double) as ps_ttm,
    cast(null as double) as pb,
    cast(null as varchar) as loss_rule,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('csindex', 'index_valuations') }}
where
    滚动市盈率 is not null
