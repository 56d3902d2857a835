-- Two shapes: the list of US technology names (codes as 105.NVDA), and one Hong Kong company
-- per call, whose code and name are in the call.
select
    coalesce(
        {{ call_argument('code') }},
        substr(代码, 5) || case left(代码, 3)
            when '105' then '.O'
            when '106' then '.N'
            when '107' then '.A'
        end
    ) as code,
    coalesce(名称, {{ call_argument('company') }}) as company,
    cast({{ call_argument('trade_date') }} as date) as trade_date,
    cast(coalesce(总市值, "总市值(港元)") as double) as market_cap,
    case when 代码 is null then 'HKD' else 'USD' end as currency,
    'all_classes' as cap_basis,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_overseas', 'market_caps') }}
where
    coalesce(总市值, "总市值(港元)") is not null  -- noqa: RF05
