select
    {{ call_argument('index_code') }} as index_code,
    cast(date as date) as trade_date,
    cast(open as double) as open,
    cast(high as double) as high,
    cast(low as double) as low,
    cast(close as double) as close,
    cast(null as double) as pe_ttm,
    cast(null as varchar) as index_name,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney', 'index_bars') }}
