with source as (

    select * from {{ source('inbox', 'earnings_previews') }}

),

renamed as (

    select
        cast(code as varchar) as code,
        cast(report_period as date) as report_period,
        cast(announced_on as date) as announced_on,
        cast(indicator as varchar) as indicator,
        cast(value_low_cny as double) as value_low_cny,
        cast(value_high_cny as double) as value_high_cny,
        cast(direction as varchar) as direction,
        cast(source_note as varchar) as source_note,
        _load_id as load_id,
        _landed_at as landed_at,
        _row as arrival_row
    from source

)

select * from renamed
