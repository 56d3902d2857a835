-- The whole history comes each time; only the asked window enters.
select
    {{ call_argument('code') }} as code,
    cast(date as date) as trade_date,
    cast(open as double) as open,
    cast(high as double) as high,
    cast(low as double) as low,
    cast(close as double) as close,
    cast(volume as double) as volume_shares,
    'none' as adjustment,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina_quotes', 'hk_stock_bars') }}
where
    cast(date as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
