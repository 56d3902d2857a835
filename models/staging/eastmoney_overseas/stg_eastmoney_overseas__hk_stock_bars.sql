select
    {{ call_argument('code') }} as code,
    cast(日期 as date) as trade_date,
    cast(开盘 as double) as open,
    cast(最高 as double) as high,
    cast(最低 as double) as low,
    cast(收盘 as double) as close,
    cast(成交量 as double) as volume_shares,
    'none' as adjustment,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_overseas', 'hk_stock_bars') }}
