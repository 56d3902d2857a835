-- Where a broker gives a range, the target price is its middle.
select
    {{ a_share_code('证券代码') }} as code,
    cast(研究机构简称 as varchar) as broker,
    cast(发布日期 as date) as rated_on,
    cast(投资评级 as varchar) as rating,
    cast(
        (
            coalesce("目标价格-下限", "目标价格-上限")
            + coalesce("目标价格-上限", "目标价格-下限")
        ) / 2 as double
    ) as target_price,
    'CNY' as currency,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('cninfo', 'ratings') }}
where
    {{ is_a_share('证券代码') }}
