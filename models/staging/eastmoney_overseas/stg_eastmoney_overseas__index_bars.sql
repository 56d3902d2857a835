-- Three shapes: Hong Kong indices (close called latest), world indices, and the Philadelphia
-- semiconductor index, which has closes only.
select
    {{ call_argument('index_code') }} as index_code,
    coalesce(cast(日期 as date), cast(date as date)) as trade_date,
    cast(coalesce(今开, open) as double) as open,
    cast(coalesce(最高, high) as double) as high,
    cast(coalesce(最低, low) as double) as low,
    cast(coalesce(最新价, latest, 最新值) as double) as close,
    cast(null as double) as pe_ttm,
    cast(null as varchar) as index_name,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_overseas', 'index_bars') }}
where
    coalesce(cast(日期 as date), cast(date as date))
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
