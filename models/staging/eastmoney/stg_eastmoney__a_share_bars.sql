-- Two shapes: the nightly snapshot of all shares, stamped with its session, and the history
-- of one share, whose code is in the call. Volume comes in lots of 100 shares. A share
-- without a price did not trade and has no bar; one that traded at no readable price is kept
-- for the raw gate to set aside.
select
    coalesce(
        {{ call_argument('code') }},
        {{ a_share_code('代码') }}
    ) as code,
    coalesce(
        cast(日期 as date),
        cast({{ call_argument('day') }} as date)
    ) as trade_date,
    cast(coalesce(开盘, 今开) as double) as open,
    cast(最高 as double) as high,
    cast(最低 as double) as low,
    cast(coalesce(收盘, 最新价) as double) as close,
    cast(成交量 as double) * 100 as volume_shares,
    cast(成交额 as double) as amount_cny,
    'none' as adjustment,
    cast(昨收 as double) as reference_close,
    cast(总市值 as double) as market_cap_cny,
    cast(市净率 as double) as pb,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney', 'a_share_bars') }}
where
    coalesce(收盘, 最新价) is not null
    or 成交量 > 0
