with source as (

    select * from {{ source('inbox', 'sw_industry_membership') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(effective_from as date) as effective_from,
        cast(industry_code as varchar) as industry_code,
        cast(updated_on as date) as updated_on,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
