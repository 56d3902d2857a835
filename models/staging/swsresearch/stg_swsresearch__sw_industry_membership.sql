-- B shares and other codes are left out.
with source as (

    select * from {{ source('swsresearch', 'sw_industry_membership') }}

),

renamed as (

    select
        symbol || case
            when left(symbol, 1) = '6' then '.SH'
            when left(symbol, 1) in ('0', '3') then '.SZ'
            when left(symbol, 1) in ('4', '8') or left(symbol, 2) = '92' then '.BJ'
        end as code,
        cast(start_date as date) as effective_from,
        cast(industry_code as varchar) as industry_code,
        cast(update_time as date) as updated_on,
        cast(null as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source
    where
        left(symbol, 1) in ('0', '3', '4', '6', '8') or left(symbol, 2) = '92'

)

select * from renamed
