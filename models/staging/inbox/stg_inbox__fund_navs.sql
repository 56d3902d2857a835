with source as (

    select * from {{ source('inbox', 'fund_navs') }}

),

renamed as (

    select
        cast(fund_code as varchar) as fund_code,
        cast(nav_date as date) as nav_date,
        cast(nav as double) as nav,
        cast(nav_cumulative as double) as nav_cumulative,
        cast(nav_adjusted as double) as nav_adjusted,
        cast(distribution as double) as distribution,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
