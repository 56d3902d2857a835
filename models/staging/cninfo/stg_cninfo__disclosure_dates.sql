with source as (

    select * from {{ source('cninfo', 'disclosure_dates') }}

),

renamed as (

    select
        股票代码 || case
            when left(股票代码, 1) = '6' then '.SH'
            when left(股票代码, 1) in ('0', '3') then '.SZ'
            when left(股票代码, 1) in ('4', '8') or left(股票代码, 2) = '92' then '.BJ'
        end as code,
        cast(json_extract_string(_arguments, '$.report_period') as date) as report_period,
        cast(首次预约 as date) as planned_on,
        cast(实际披露 as date) as announced_on,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source
    where
        left(股票代码, 1) in ('0', '3', '4', '6', '8') or left(股票代码, 2) = '92'

)

select * from renamed
