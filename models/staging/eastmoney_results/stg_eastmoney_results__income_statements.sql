-- Two shapes. The income table (Shanghai and Shenzhen) carries the announcement day. Of the
-- results table only Beijing's shares are read; its 最新公告日期 is the last update, never an
-- announcement, so those rows are visible from first sight. Profit is the parent's share.
select
    {{ a_share_code('股票代码') }} as code,
    cast(股票简称 as varchar) as name,
    cast(null as varchar) as company_type,
    cast({{ call_argument('report_period') }} as date) as report_period,
    cast(公告日期 as date) as announced_on,
    cast(最新公告日期 as date) as updated_on,
    'CNY' as currency,
    cast(coalesce(营业总收入, "营业总收入-营业总收入") as double) as revenue_ytd,
    cast(null as double) as operating_revenue_ytd,
    cast(null as double) as net_profit_ytd,
    cast(coalesce(净利润, "净利润-净利润") as double) as net_profit_attributable_ytd,
    cast(null as double) as net_profit_deducted_ytd,
    cast(null as varchar) as statement_kind,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_results', 'income_statements') }}
where
    公告日期 is not null
    or {{ is_beijing_share('股票代码') }}
