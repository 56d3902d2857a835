-- B shares and other codes are left out.
select
    {{ a_share_code('symbol') }} as code,
    cast(start_date as date) as effective_from,
    cast(industry_code as varchar) as industry_code,
    cast(update_time as date) as updated_on,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('swsresearch', 'sw_industry_membership') }}
where
    {{ is_a_share('symbol') }}
