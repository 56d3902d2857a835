with source as (

    select * from {{ source('inbox', 'hk_stock_bars') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(trade_date as date) as trade_date,
        cast(open as double) as open,
        cast(high as double) as high,
        cast(low as double) as low,
        cast(close as double) as close,
        cast(volume_shares as double) as volume_shares,
        cast(adjustment as varchar) as adjustment,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
