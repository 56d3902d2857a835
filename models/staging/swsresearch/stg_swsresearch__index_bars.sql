-- The whole history comes each time; only the asked window enters.
select
    {{ call_argument('index_code') }} as index_code,
    cast(日期 as date) as trade_date,
    cast(开盘 as double) as open,
    cast(最高 as double) as high,
    cast(最低 as double) as low,
    cast(收盘 as double) as close,
    cast(null as double) as pe_ttm,
    cast(null as varchar) as index_name,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('swsresearch', 'index_bars') }}
where
    cast(日期 as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
