select
    {{ call_argument('market') }} as market,
    cast(strptime(value, '%Y%m%d') as date) as trade_date,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('akshare_bundle', 'trading_days') }}
