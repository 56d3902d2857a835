with source as (

    select * from {{ source('inbox', 'sw_industry_codes') }}

),

renamed as (

    select
        cast(industry_code as varchar) as industry_code,
        cast(level1 as varchar) as level1,
        cast(level2 as varchar) as level2,
        cast(level3 as varchar) as level3,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
