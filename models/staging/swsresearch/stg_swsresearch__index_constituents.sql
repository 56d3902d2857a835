with source as (

    select * from {{ source('swsresearch', 'index_constituents') }}

),

renamed as (

    select
        json_extract_string(_arguments, '$.index_code') as index_code,
        证券代码 || case
            when left(证券代码, 1) = '6' then '.SH'
            when left(证券代码, 1) in ('0', '3') then '.SZ'
            when left(证券代码, 1) in ('4', '8') or left(证券代码, 2) = '92' then '.BJ'
        end as code,
        cast(json_extract_string(_arguments, '$.day') as date) as as_of_date,
        cast(最新权重 as double) as weight_pct,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
