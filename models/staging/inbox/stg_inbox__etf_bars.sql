with source as (

    select * from {{ source('inbox', 'etf_bars') }}

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
        cast(amount_cny as double) as amount_cny,
        cast(adjustment as varchar) as adjustment,
        cast(reference_close as double) as reference_close,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
