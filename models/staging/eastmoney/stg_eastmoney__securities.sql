-- The snapshot in place of the exchanges' lists: names as of its day, undated. A name that an
-- ex-right mark cuts short is no name; its share comes with the next list.
select
    {{ a_share_code('代码') }} as code,
    cast(名称 as varchar) as name,
    cast(null as date) as listed_on,
    cast(null as date) as delisted_on,
    'L' as status,
    cast(null as varchar) as board,
    'CNY' as currency,
    cast(null as date) as name_from,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney', 'securities') }}
where
    {{ is_a_share('代码') }}
    and left(名称, 2) not in ('XD', 'XR', 'DR')
