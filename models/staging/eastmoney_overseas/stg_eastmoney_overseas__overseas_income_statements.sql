-- Two shapes. US companies: single quarters, announced on a New York day, known the next day
-- in Beijing. Hong Kong companies: cumulative periods without an announcement day, for which
-- the exchange's deadline stands (three months after a year's end, two after others).
select
    {{ call_argument('code') }} as code,
    cast(report_date as date) as report_period,
    cast(datediff(
        'month', cast(start_date as date), cast(report_date as date) + 1
    ) as bigint) as months,
    coalesce(
        cast(notice_date as date) + 1,
        last_day(cast(
            cast(report_date as date)
            + to_months(case date_type_code when '001' then 3 else 2 end) as date
        ))
    ) as announced_on,
    cast(report_type as varchar) as fiscal_label,
    cast(currency as varchar) as currency,
    cast(operate_income as double) as revenue,
    cast(
        coalesce(parent_holder_netprofit, holder_profit) as double
    ) as net_profit_attributable,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_overseas', 'overseas_income_statements') }}
