with source as (

    select * from {{ source('inbox', 'model_prices') }}

),

renamed as (

    select
        cast(model as varchar) as model,
        cast(api as varchar) as api,
        cast(applies_to as varchar) as applies_to,
        cast(as_of_date as date) as as_of_date,
        cast(price_usd_per_million_tokens as double) as price_usd_per_million_tokens,
        cast(license as varchar) as license,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
