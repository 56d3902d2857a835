-- The snapshot in place of the exchanges' lists: names as of its day, undated.
with source as (

    select * from {{ source('eastmoney', 'securities') }}

),

renamed as (

    select
        代码 || case
            when left(代码, 1) = '6' then '.SH'
            when left(代码, 1) in ('0', '3') then '.SZ'
            when left(代码, 1) in ('4', '8') or left(代码, 2) = '92' then '.BJ'
        end as code,
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
    from source
    where
        left(代码, 1) in ('0', '3', '4', '6', '8') or left(代码, 2) = '92'

)

select * from renamed
