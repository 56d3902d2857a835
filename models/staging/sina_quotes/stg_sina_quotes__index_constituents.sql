-- Members without weights, as sh600000.
select
    {{ call_argument('index_code') }} as index_code,
    {{ code_of_exchange_symbol('symbol') }} as code,
    cast({{ call_argument('day') }} as date) as as_of_date,
    cast(null as double) as weight_pct,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina_quotes', 'index_constituents') }}
