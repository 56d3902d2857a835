with source as (

    select * from {{ source('inbox', 'ratings') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(broker as varchar) as broker,
        cast(rated_on as date) as rated_on,
        cast(rating as varchar) as rating,
        cast(target_price as double) as target_price,
        cast(currency as varchar) as currency,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
