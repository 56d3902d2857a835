-- Listed and delisted shares. The column named after suspension holds the delisting day;
-- B shares (900) are left out.
select
    coalesce(证券代码, 公司代码) || '.SH' as code,
    coalesce(证券简称, 公司简称) as name,
    cast(上市日期 as date) as listed_on,
    cast(暂停上市日期 as date) as delisted_on,
    case when 公司代码 is null then 'L' else 'D' end as status,
    cast(null as varchar) as board,
    'CNY' as currency,
    cast(null as date) as name_from,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sse', 'securities') }}
where
    left(coalesce(证券代码, 公司代码), 1) = '6'
