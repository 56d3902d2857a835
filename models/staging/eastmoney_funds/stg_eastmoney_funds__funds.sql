-- The share class is the capital letter at the end of the name.
select
    基金代码 || '.OF' as fund_code,
    cast(基金简称 as varchar) as fund_name,
    cast(基金类型 as varchar) as fund_type,
    nullif(regexp_extract(基金简称, '(?:^|[^A-Z])([A-Z])(?:类)?$', 1), '') as share_class,
    cast(null as varchar) as fund_company,
    cast(null as varchar) as listing_code,
    cast(null as date) as established_on,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('eastmoney_funds', 'funds') }}
