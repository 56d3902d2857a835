select
    {{ a_share_code('股票代码') }} as code,
    cast({{ call_argument('report_period') }} as date) as report_period,
    cast(首次预约 as date) as planned_on,
    cast(实际披露 as date) as announced_on,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('cninfo', 'disclosure_dates') }}
where
    {{ is_a_share('股票代码') }}
