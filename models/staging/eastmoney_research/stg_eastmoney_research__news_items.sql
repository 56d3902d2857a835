select
    '快讯' as section,
    cast(发布时间 as date) as published_on,
    cast(null as date) as event_on,
    cast(null as varchar) as subject,
    cast(标题 as varchar) as headline,
    '东方财富' as publisher,
    cast(链接 as varchar) as url,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_research', 'news_items') }}
where
    标题 <> ''
