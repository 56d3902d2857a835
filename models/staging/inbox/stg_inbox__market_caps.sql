with source as (

    select * from {{ source('inbox', 'market_caps') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(company as varchar) as company,
        cast(trade_date as date) as trade_date,
        cast(market_cap as double) as market_cap,
        cast(currency as varchar) as currency,
        cast(cap_basis as varchar) as cap_basis,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
