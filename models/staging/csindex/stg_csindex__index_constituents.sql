-- Month-end weights in percent, with the publisher's own day.
select
    {{ call_argument('index_code') }} as index_code,
    成分券代码 || case
        when 交易所 like '%上海%' then '.SH'
        when 交易所 like '%深圳%' then '.SZ'
        when 交易所 like '%北京%' then '.BJ'
        when 交易所 like '%香港%' then '.HK'
    end as code,
    cast(日期 as date) as as_of_date,
    cast(权重 as double) as weight_pct,
    cast(null as varchar) as source_note,
    _load_id as load_id,
    _landed_at as landed_at,
    _row as arrival_row
from {{ source('csindex', 'index_constituents') }}
