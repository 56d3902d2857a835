-- Size of the share class: its units times its unit NAV.
select
    基金代码 || '.OF' as fund_code,
    cast(更新日期 as date) as as_of_date,
    cast(最近总份额 * 单位净值 as double) as fund_size_cny,
    'class' as size_basis,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('sina_quotes', 'fund_sizes') }}
where
    最近总份额 is not null
    and 单位净值 is not null
    and 更新日期 is not null
