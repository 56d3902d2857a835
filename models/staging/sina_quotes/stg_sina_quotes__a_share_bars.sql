-- Codes come as sh600000; volume in shares. Suspended shares come with zeros.
select
    {{ code_of_exchange_symbol('代码') }} as code,
    cast({{ call_argument('day') }} as date) as trade_date,
    cast(今开 as double) as open,
    cast(最高 as double) as high,
    cast(最低 as double) as low,
    cast(最新价 as double) as close,
    cast(成交量 as double) as volume_shares,
    cast(成交额 as double) as amount_cny,
    'none' as adjustment,
    cast(昨收 as double) as reference_close,
    cast(null as double) as market_cap_cny,
    cast(null as double) as pb,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina_quotes', 'a_share_bars') }}
where
    最新价 > 0
    and 成交量 > 0
