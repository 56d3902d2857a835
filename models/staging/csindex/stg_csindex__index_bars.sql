select
    {{ call_argument('index_code') }} as index_code,
    cast(日期 as date) as trade_date,
    cast(开盘 as double) as open,
    cast(最高 as double) as high,
    cast(最低 as double) as low,
    cast(收盘 as double) as close,
    cast(滚动市盈率 as double) as pe_ttm,
    cast(指数中文简称 as varchar) as index_name,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('csindex', 'index_bars') }}
