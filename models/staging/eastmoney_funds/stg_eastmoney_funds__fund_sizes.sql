-- The size is a text: 7.19亿元（截止至：2024年09月30日）. The page does not say whether it is
-- of the class or of the whole fund.
select
    {{ call_argument('fund_code') }} as fund_code,
    cast(strptime(
        regexp_extract(资产规模, '([0-9]{4}年[0-9]{2}月[0-9]{2}日)', 1), '%Y年%m月%d日'
    ) as date) as as_of_date,
    cast(
        replace(regexp_extract(资产规模, '([0-9.,]+)亿元', 1), ',', '') as double
    ) * {{ var('scale_words')['亿'] }} as fund_size_cny,
    cast(null as varchar) as size_basis,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_funds', 'fund_sizes') }}
where
    regexp_matches(资产规模, '[0-9.,]+亿元.*[0-9]{4}年[0-9]{2}月[0-9]{2}日')
