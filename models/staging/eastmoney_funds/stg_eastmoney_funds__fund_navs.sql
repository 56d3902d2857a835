-- Two shapes arrive here: the nightly tables of all funds (one NAV day per row) and the
-- history of one share class, whose code and window are in the call.
select
    coalesce(
        {{ call_argument('fund_code') }},
        cast(基金代码 as varchar) || '.OF'
    ) as fund_code,
    coalesce(cast(净值日期 as date), cast(日期 as date)) as nav_date,
    cast(单位净值 as double) as nav,
    cast(累计净值 as double) as nav_cumulative,
    cast(null as double) as nav_adjusted,
    cast(null as double) as distribution,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_funds', 'fund_navs') }}
where
    单位净值 is not null
    and (
        cast(日期 as date) is not null
        or cast(净值日期 as date)
        between cast({{ call_argument('since') }} as date)
        and cast({{ call_argument('until') }} as date)
    )
