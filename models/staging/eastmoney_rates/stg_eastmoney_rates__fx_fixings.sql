-- The latest price of the parity series is the central parity, yuan per dollar.
select
    {{ call_argument('pair') }} as pair,
    cast(日期 as date) as fixing_date,
    cast(最新价 as double) as rate,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_rates', 'fx_fixings') }}
where
    cast(日期 as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
