with source as (

    select * from {{ source('inbox', 'index_constituents') }}

),

renamed as (

    select
        cast(index_code as varchar) as index_code,
        cast(code as varchar) as code,
        cast(as_of_date as date) as as_of_date,
        cast(weight_pct as double) as weight_pct,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
