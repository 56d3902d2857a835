select
    {{ call_argument('market') }} as market,
    cast(trade_date as date) as trade_date,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina', 'trading_days') }}
