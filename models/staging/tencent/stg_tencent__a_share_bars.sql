-- The library leaves the volume of Shenzhen's 000 shares in lots, for it takes them for
-- indices; all others are in shares already.
select
    {{ call_argument('code') }} as code,
    cast(date as date) as trade_date,
    cast(open as double) as open,
    cast(high as double) as high,
    cast(low as double) as low,
    cast(close as double) as close,
    cast(volume as double)
    * case
        when {{ call_argument('symbol') }} like 'sz000%' then 100
        else 1
    end as volume_shares,
    cast(amount as double) as amount_cny,
    'none' as adjustment,
    cast(null as double) as reference_close,
    cast(null as double) as market_cap_cny,
    cast(null as double) as pb,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('tencent', 'a_share_bars') }}
