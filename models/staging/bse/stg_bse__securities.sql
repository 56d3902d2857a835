select
    证券代码 || '.BJ' as code,
    cast(证券简称 as varchar) as name,
    cast(上市日期 as date) as listed_on,
    cast(null as date) as delisted_on,
    'L' as status,
    cast(null as varchar) as board,
    'CNY' as currency,
    cast(null as date) as name_from,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('bse', 'securities') }}
