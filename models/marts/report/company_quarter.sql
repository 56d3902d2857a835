select
    quarters.as_of_date,
    quarters.known_at,
    quarters.pool,
    places.taxonomy,
    places.sub_industry,
    quarters.code,
    quarters.name,
    quarters.report_period,
    quarters.is_compared,
    quarters.missing_reason,
    gaps.label_zh as missing_reason_zh,
    cast(quarters.revenue as double) as revenue,
    cast(quarters.revenue_base as double) as revenue_base,
    {{ growth_yoy('quarters.revenue', 'quarters.revenue_base') }} as revenue_growth_yoy,
    quarters.revenue_bucket,
    cast(quarters.net_profit_attributable as double) as net_profit_attributable,
    cast(quarters.net_profit_attributable_base as double) as net_profit_attributable_base,
    {{ growth_yoy(
        'quarters.net_profit_attributable', 'quarters.net_profit_attributable_base'
    ) }} as net_profit_growth_yoy,
    {{ growth_yoy_abs_base(
        'quarters.net_profit_attributable', 'quarters.net_profit_attributable_base'
    ) }} as net_profit_growth_abs_base,
    quarters.profit_status,
    quarters.net_profit_bucket,
    quarters.base_source,
    quarters.filings_to,
    quarters.source_note
from {{ ref('int_pool_quarter_classes') }} as quarters
left join {{ ref('int_pool_sub_industries') }} as places
    on quarters.pool = places.pool and quarters.code = places.code
left join {{ ref('quarter_gaps') }} as gaps on quarters.missing_reason = gaps.missing_reason
order by quarters.pool asc, quarters.report_period desc, quarters.code asc
