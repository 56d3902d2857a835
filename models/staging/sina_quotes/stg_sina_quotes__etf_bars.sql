-- Two shapes: the list of all ETFs (codes as sz159998), stamped with its session, and the
-- history of one ETF. Volume in units.
select
    coalesce(
        {{ call_argument('code') }},
        {{ code_of_exchange_symbol('代码') }}
    ) as code,
    coalesce(
        cast(date as date),
        cast({{ call_argument('day') }} as date)
    ) as trade_date,
    cast(coalesce(open, 今开) as double) as open,
    cast(coalesce(high, 最高) as double) as high,
    cast(coalesce(low, 最低) as double) as low,
    cast(coalesce(close, 最新价) as double) as close,
    cast(coalesce(volume, 成交量) as double) as volume_shares,
    cast(成交额 as double) as amount_cny,
    'none' as adjustment,
    cast(昨收 as double) as reference_close,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina_quotes', 'etf_bars') }}
where
    (date is null and 最新价 > 0 and 成交量 > 0)
    or cast(date as date)
    between cast({{ call_argument('since') }} as date)
    and cast({{ call_argument('until') }} as date)
