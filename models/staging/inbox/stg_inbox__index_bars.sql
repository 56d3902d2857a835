with source as (

    select * from {{ source('inbox', 'index_bars') }}

),

renamed as (

    select
        cast(index_code as varchar) as index_code,
        cast(trade_date as date) as trade_date,
        cast(open as double) as open,
        cast(high as double) as high,
        cast(low as double) as low,
        cast(close as double) as close,
        cast(pe_ttm as double) as pe_ttm,
        cast(index_name as varchar) as index_name,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
