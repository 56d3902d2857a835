select
    cast(行业代码 as varchar) as index_code,
    cast({{ call_argument('day') }} as date) as as_of_date,
    'as_printed' as method,
    cast("TTM(滚动)市盈率" as double) as pe_ttm,
    cast(null as double) as ps_ttm,
    cast(市净率 as double) as pb,
    cast(null as varchar) as loss_rule,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('legulegu', 'index_valuations') }}
