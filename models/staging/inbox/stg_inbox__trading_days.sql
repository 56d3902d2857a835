with source as (

    select * from {{ source('inbox', 'trading_days') }}

),

renamed as (

    select
        cast(market as varchar) as market,
        cast(trade_date as date) as trade_date,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
