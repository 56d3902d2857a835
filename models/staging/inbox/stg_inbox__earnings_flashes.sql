with source as (

    select * from {{ source('inbox', 'earnings_flashes') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(report_period as date) as report_period,
        cast(announced_on as date) as announced_on,
        cast(revenue_ytd as double) as revenue_ytd,
        cast(net_profit_attributable_ytd as double) as net_profit_attributable_ytd,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
