select
    {{ a_share_code('股票代码') }} as code,
    cast({{ call_argument('report_period') }} as date) as report_period,
    cast(公告日期 as date) as announced_on,
    cast("营业收入-营业收入" as double) as revenue_ytd,
    cast("净利润-净利润" as double) as net_profit_attributable_ytd,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_results', 'earnings_flashes') }}
