select
    {{ a_share_code('股票代码') }} as code,
    cast({{ call_argument('report_period') }} as date) as report_period,
    cast(首次预约时间 as date) as planned_on,
    cast(实际披露时间 as date) as announced_on,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_results', 'disclosure_dates') }}
