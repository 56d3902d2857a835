-- Yuan per 100 dollars arrive; the rate is per dollar.
select
    'USDCNY' as pair,
    cast(日期 as date) as fixing_date,
    round(cast(美元 as double) / 100, 6) as rate,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('safe', 'fx_fixings') }}
where
    美元 is not null
    and cast(日期 as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
