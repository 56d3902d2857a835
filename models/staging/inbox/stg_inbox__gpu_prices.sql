with source as (

    select * from {{ source('inbox', 'gpu_prices') }}

),

renamed as (

    select
        cast(gpu as varchar) as gpu,
        cast(marketplace as varchar) as marketplace,
        cast(quoted_on as date) as quoted_on,
        cast(price_new as double) as price_new,
        cast(price_used as double) as price_used,
        cast(currency as varchar) as currency,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
