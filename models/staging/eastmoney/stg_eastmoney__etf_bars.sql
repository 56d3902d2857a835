-- Two shapes: the nightly list of all ETFs, which carries its own day, and the history of one
-- ETF, whose code is in the call. Volume comes in lots of 100 units.
select
    coalesce(
        {{ call_argument('code') }},
        {{ listed_fund_code('代码') }}
    ) as code,
    coalesce(cast(日期 as date), cast(数据日期 as date)) as trade_date,
    cast(coalesce(开盘, 开盘价) as double) as open,
    cast(coalesce(最高, 最高价) as double) as high,
    cast(coalesce(最低, 最低价) as double) as low,
    cast(coalesce(收盘, 最新价) as double) as close,
    cast(成交量 as double) * 100 as volume_shares,
    cast(成交额 as double) as amount_cny,
    'none' as adjustment,
    cast(昨收 as double) as reference_close,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney', 'etf_bars') }}
where
    coalesce(收盘, 最新价) is not null
    or 成交量 > 0
