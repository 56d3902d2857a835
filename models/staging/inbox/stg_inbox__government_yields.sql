with source as (

    select * from {{ source('inbox', 'government_yields') }}

),

renamed as (

    select
        cast(country as varchar) as country,
        cast(tenor as varchar) as tenor,
        cast(date as date) as date,
        cast(yield_pct as double) as yield_pct,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
