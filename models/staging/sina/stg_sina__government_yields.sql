-- One series per call, in percent; the close of the day's quotes is the yield.
select
    {{ call_argument('country') }} as country,
    {{ call_argument('tenor') }} as tenor,
    cast(date as date) as date,
    cast(close as double) as yield_pct,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina', 'government_yields') }}
where
    cast(date as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
