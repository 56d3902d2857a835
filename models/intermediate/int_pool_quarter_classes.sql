-- The compared quarters of a pool's companies in the words of the profit vocabulary and in the
-- growth buckets of their seed.
select
    quarters.*,
    revenue_buckets.bucket as revenue_bucket,
    net_profit_buckets.bucket as net_profit_bucket,
    {{ profit_status(
        'quarters.net_profit_attributable', 'quarters.net_profit_attributable_base'
    ) }} as profit_status
from {{ ref('int_pool_quarters') }} as quarters
left join {{ ref('growth_buckets') }} as revenue_buckets
    on {{ in_growth_bucket('quarters.revenue', 'quarters.revenue_base', 'revenue_buckets') }}
left join {{ ref('growth_buckets') }} as net_profit_buckets
    on {{ in_growth_bucket(
        'quarters.net_profit_attributable',
        'quarters.net_profit_attributable_base',
        'net_profit_buckets'
    ) }}
